"""Pods that name a PriorityClass which differs from one of the tree by a slip: the server refuses them, one by one."""

from collections.abc import Iterator

from kaitops.documents.plain import Path
from kaitops.gate.effects import absent
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """Each such pod."""
    known = {str(one.data["metadata"]["name"]) for one in state.items if one.data["kind"] == "PriorityClass"}
    for pod in state.pods:
        name = pod.spec.get("priorityClassName")
        if not isinstance(name, str) or name in known:
            continue
        need = f"PriorityClass {name}"
        asked = absent.slipped(need, known)
        if asked and not state.settled(need):
            text = f"names PriorityClass {name}, which the tree does not declare, so no pod is made; {asked}"
            yield pod.item, (*pod.path, "priorityClassName"), text
