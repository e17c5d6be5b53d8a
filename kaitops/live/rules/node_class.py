"""A node class of Karpenter's that is not there, not allowed or not ready."""

from dataclasses import replace

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_REASONS = ("NodeClassNotFound", "NodeClassNotReady", "FailedResolvingNodeClass")


def _find(view: View) -> Said | None:
    remedy = (
        "kubectl get aksnodeclasses",
        "kubectl describe aksnodeclasses",
        "fleet.yaml: clusters.NAME: the node class that your Karpenter serves",
    )
    if said := signs.by_error(view, r"node ?class", "Karpenter's node class cannot be used: {error}", *remedy):
        return said
    if said := signs.launch(view, _REASONS, r"resolving node ?class"):
        return replace(said, cause=f"Karpenter's node class cannot be used: {said.cause}", remedy=remedy)
    return signs.by_condition(
        view.pool or {}, "NodeClassReady", "Karpenter's node class cannot be used: {message}", *remedy
    )


RULE = Rule(
    "node-class",
    "configuration",
    "degraded",
    "the node class is missing, not ready or not allowed",
    "no machine is made until it is mended",
    _find,
)
