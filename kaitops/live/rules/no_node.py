"""Brought nodes: none that fits is there and ready."""

from kaitops.documents.plain import at, items, mapping
from kaitops.live import machines
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, is_ready, name_of
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    if view.plain or view.claims or machines.size(view) or view.pods or not machines.selector(view):
        return None
    waits = next(signs.conditions(view, ("NodeNotReady", "workspaceResourceStatusNotReady")), mapping(None))
    told = any("no ready nodes" in str(at(one, "message")) for one in items(at(view.obj, "status", "conditions")))
    if not waits and not told:
        return None
    labels = ",".join(f"{key}={value}" for key, value in machines.selector(view).items())
    remedy = (f"kubectl get nodes -l {labels}",)
    if not view.snapshot.knows("Node"):
        evidence = (signs.cited(waits),) if waits else ("KAITO finds no ready node",)
        return Said(f"it waits for nodes with the labels {labels}", evidence, remedy, signs.first_since(view))
    fitting = machines.fitting(view)
    ready = [one for one in fitting if is_ready(one)]
    evidence = tuple(
        f"Node {name_of(one)}: {signs.cited(condition(one, 'Ready'))}" for one in fitting if one not in ready
    )
    text = f"{len(fitting)} nodes have the labels {labels}, {len(ready)} of them ready, {machines.wanted(view)} wanted"
    return Said(text, evidence or (f"selector {labels}",), remedy, signs.first_since(view))


RULE = Rule(
    "no-node",
    "node",
    "progressing",
    "too few brought nodes have the labels, or they are not ready",
    "nothing starts before there are enough",
    _find,
)
