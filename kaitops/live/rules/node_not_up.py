"""A machine that joined the cluster and does not become a node that takes pods."""

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, is_ready, name_of
from kaitops.live.view import View

_SECONDS = 15 * 60
_TAINTS = ("StartupTaintsExist", "KnownEphemeralTaintsExist")
"""Karpenter's words for a taint that whoever put it there has to take away."""
_REASONS = ("NodeNotReady", *_TAINTS)


def _find(view: View) -> Said | None:
    for claim in view.claims:
        joined, found = condition(claim, "Registered"), condition(claim, "Initialized")
        since = str(joined.get("lastTransitionTime") or "")
        age = view.snapshot.age(since)
        is_late = joined.get("status") == "True" and age is not None and age > _SECONDS
        if not is_late or found.get("status") == "True" or found.get("reason") not in _REASONS:
            continue
        name = str(at(claim, "status", "nodeName") or "")
        node = view.snapshot.find("Node", "", name) if name else None
        evidence = [f"NodeClaim {name_of(claim)}: {signs.cited(found)}"]
        if node is not None and not is_ready(node):
            evidence.append(f"Node {name}: {signs.cited(condition(node, 'Ready'))}")
        what = (
            f"keeps a taint of its start: {signs.short(found.get('message'))}"
            if found.get("reason") in _TAINTS
            else "is not ready"
        )
        return Said(
            f"the machine of NodeClaim {name_of(claim)} has joined the cluster, and {what}",
            tuple(evidence),
            (
                f"kubectl describe node {name or 'NAME'} (its conditions and taints say what is missing)",
                f"kubectl get pods -A --field-selector spec.nodeName={name or 'NAME'} (do the pods of its network and "
                "of who set the taint run?)",
            ),
            since,
        )
    return None


RULE = Rule(
    "node-not-up",
    "node",
    "degraded",
    "a machine has joined, and its node is not ready or keeps a taint of its start after 15 minutes",
    "no pod is placed on it, and it costs",
    _find,
)
