"""A fault of the GPU while the server ran."""

import re

from kaitops.documents.plain import Object, at, items, mapping
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import time_of, when
from kaitops.live.view import View

_PATTERN = (
    r"illegal memory access|device-side assert|CUDA error|Xid|uncorrectable ECC|NCCL (error|WARN)|ncclInternalError"
    r"|GPU is lost|fallen off the bus"
)
_OF_A_NODE = r"\bXID\b|XIDError|GPUMissing|NVLinkStatusInactive|IBLinkFlapping|fallen off the bus"
"""What the detector of problems that AKS runs on nodes writes, as a condition or an event."""


def _find(view: View) -> Said | None:
    cause = "the GPU or the way between GPUs failed"
    remedy = (
        *signs.commands(view, "logs --previous"),
        "where it comes back on one node only, take that node out: kubectl cordon NODE, then delete the pod",
    )
    if said := signs.by_crash(view, _PATTERN, cause, *remedy):
        return said
    for one in view.containers():
        end = signs.ended(one)
        evidence = _told_of_node(view, one.pod) if end and end.get("exitCode") != 0 else ()
        if evidence:
            since = str(end.get("finishedAt") or "") or signs.first_since(view)
            return Said(cause, (*evidence, signs.shown(one)), remedy, since)
    return None


def _told_of_node(view: View, pod: Object) -> tuple[str, ...]:
    """What was told of the GPUs of the pod's node since the pod is there."""
    name, made = str(at(pod, "spec", "nodeName") or ""), time_of(at(pod, "metadata", "creationTimestamp"))
    node = view.snapshot.find("Node", "", name) if name else None
    if node is None or made is None:
        return ()
    events = [
        signs.reported(one)
        for one in view.snapshot.events("Node", "", name)
        if re.search(_OF_A_NODE, f"{one.get('reason')} {one.get('message')}", re.IGNORECASE)
        and (moment := time_of(when(one))) is not None
        and moment >= made
    ]
    found = (mapping(one) for one in items(at(node, "status", "conditions")))
    conditions = [
        f"Node {name}: {signs.cited(one)}"
        for one in found
        if one.get("status") == "True" and re.search(_OF_A_NODE, str(one.get("type")), re.IGNORECASE)
    ]
    return (*conditions, *events[-2:])


RULE = Rule(
    "gpu-fault",
    "engine",
    "degraded",
    "a CUDA or NCCL error ended the server",
    "it may come back on the same node",
    _find,
)
