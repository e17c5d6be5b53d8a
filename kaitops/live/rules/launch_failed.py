"""A machine that is not made for another cause."""

from kaitops.kaito import facts
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    waiting = facts.load(view.version, "health.json")["waiting"]["machine"]
    remedy = tuple(f"kubectl describe nodeclaim {one['metadata']['name']}" for one in view.claims[:1])
    for found in view.troubles:
        # A RAGEngine's word for it is the same while it waits.
        if view.kind == "Workspace" and found.get("type") == "NodeClaimReady" and found.get("reason") not in waiting:
            text = f"no machine: {found.get('reason')}: {signs.short(found.get('message'))}"
            return Said(text, (signs.cited(found),), remedy, str(found.get("lastTransitionTime") or ""))
    for claim, found in signs.claim_trouble(view):
        if found.get("status") == "False" and found.get("reason") not in (*waiting, found.get("type")):
            text = f"no machine: {found.get('reason')}: {signs.short(found.get('message'))}"
            evidence = f"NodeClaim {claim['metadata']['name']}: {signs.cited(found)}"
            return Said(text, (evidence,), remedy, str(found.get("lastTransitionTime") or ""))
    return None


RULE = Rule(
    "launch-failed",
    "machine",
    "degraded",
    "a machine is not made for a cause that no other rule knows",
    "the provisioner tries again; nothing starts before it succeeds",
    _find,
)
