"""A pod that its node did not take although the scheduler had placed it there."""

import re

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of
from kaitops.live.view import View

_REASONS = re.compile(
    r"UnexpectedAdmissionError|NodeAffinity|NodePorts|OutOf.+|TopologyAffinityError|Terminated|NodeShutdown"
)
_WAYS = (
    (
        r"device|nvidia\.com/gpu",
        "its GPU is not healthy or not free",
        "kubectl describe node {node}, and replace the node",
    ),
    (r"shutdown", "the node is shut down", "kubectl get nodes; the pod is made anew on another one"),
    (r"NodeAffinity", "the node's labels are not those that it wants", "kubectl get node {node} --show-labels"),
    (r"OutOf|Insufficient", "the node has less room than the scheduler believed", "kubectl describe node {node}"),
)


def _find(view: View) -> Said | None:
    for pod in view.unready:
        reason = str(at(pod, "status", "reason") or "")
        if at(pod, "status", "phase") != "Failed" or not _REASONS.fullmatch(reason):
            continue
        text = f"{reason}: {signs.short(at(pod, 'status', 'message'))}"
        node = str(at(pod, "spec", "nodeName") or "NAME")
        cause, way = signs.way(_WAYS, text, re.IGNORECASE) or (text, "kubectl describe node {node}")
        return Said(
            f"its node refused the pod: {cause}", (f"pod {name_of(pod)}: {text}",), (way.format(node=node),),
            str(at(pod, "status", "startTime") or "") or signs.first_since(view),
        )  # fmt: skip
    return None


RULE = Rule(
    "pod-rejected",
    "placed",
    "degraded",
    "the node refused the pod that was placed on it: unhealthy GPU, shutdown, labels, room",
    "it is made anew, and refused again while the node is as it is",
    _find,
)
