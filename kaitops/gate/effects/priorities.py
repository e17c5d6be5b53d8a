"""Pods that name a class by a slip, of priority or runtime, or a number that is not their class's: none is made."""

from collections.abc import Iterator

from kaitops.documents.plain import Path
from kaitops.gate.effects import absent
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item

_CLASSES = ("PriorityClass", "priorityClassName"), ("RuntimeClass", "runtimeClassName")


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """Each such pod."""
    known = {
        kind: {str(one.data["metadata"]["name"]): one.data.get("value") for one in state.items
               if one.data["kind"] == kind}
        for kind, _ in _CLASSES
    }  # fmt: skip
    values = known["PriorityClass"]
    for pod in state.pods:
        name, number = pod.spec.get("priorityClassName"), pod.spec.get("priority")
        if isinstance(name, str) and name in values and number not in (None, values[name]):
            text = f"priority is {number}, and PriorityClass {name} has {values[name]}, so no pod is made; drop it"
            yield pod.item, (*pod.path, "priority"), text
        for kind, field in _CLASSES:
            named, need = pod.spec.get(field), f"{kind} {pod.spec.get(field)}"
            if not isinstance(named, str) or named in known[kind] or not (asked := absent.slipped(need, known[kind])):
                continue
            if not state.settled(need):
                text = f"names {need}, which the tree does not declare, so no pod is made; {asked}"
                yield pod.item, (*pod.path, field), text
