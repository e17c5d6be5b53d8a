"""Machines that are on their way."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    for claim, found in signs.claim_trouble(view):
        since = str(found.get("lastTransitionTime") or "")
        evidence = f"NodeClaim {name_of(claim)}: {signs.cited(found)}"
        return Said(f"its machine is on the way: {found.get('reason')}", (evidence,), since=since)
    waits = view.condition("NodeClaimReady")
    if waits.get("status") in ("False", "Unknown"):
        since = str(waits.get("lastTransitionTime") or "")
        return Said(f"its machine is on the way: {waits.get('reason')}", (signs.cited(waits),), since=since)
    if view.pool is not None and not view.claims and view.snapshot.knows("NodeClaim") and view.unready:
        return Said(
            "Karpenter has made no NodeClaim for its NodePool yet", (f"NodePool {view.pool_name}: no NodeClaim",)
        )
    return None


RULE = Rule(
    "machine-waits",
    "machine",
    "progressing",
    "the machine is being made or boots",
    "some five to ten minutes are usual",
    _find,
)
