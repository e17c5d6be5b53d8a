"""Pods that name a PriorityClass by a slip, or a number that is not their class's: the server refuses them."""

from collections.abc import Iterator

from kaitops.documents.plain import Path
from kaitops.gate.effects import absent
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """Each such pod."""
    known = {str(one.data["metadata"]["name"]): one.data.get("value") for one in state.items
             if one.data["kind"] == "PriorityClass"}  # fmt: skip
    for pod in state.pods:
        name, number = pod.spec.get("priorityClassName"), pod.spec.get("priority")
        if isinstance(name, str) and name in known and number not in (None, known[name]):
            text = f"priority is {number}, and PriorityClass {name} has {known[name]}, so no pod is made; drop it"
            yield pod.item, (*pod.path, "priority"), text
        if not isinstance(name, str) or name in known:
            continue
        need = f"PriorityClass {name}"
        asked = absent.slipped(need, known)
        if asked and not state.settled(need):
            text = f"names PriorityClass {name}, which the tree does not declare, so no pod is made; {asked}"
            yield pod.item, (*pod.path, "priorityClassName"), text
