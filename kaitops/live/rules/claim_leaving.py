"""A machine that is being taken away under a model."""

from kaitops.documents.plain import at
from kaitops.live import machines
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    leaving = [one for one in view.claims if at(one, "metadata", "deletionTimestamp")]
    staying = [one for one in view.claims if one not in leaving]
    if not leaving or len(staying) >= machines.wanted(view):
        return None
    claim = leaving[0]
    spot = any(one.get("reason") == "SpotInterrupted" for one in view.claim_events)
    events = [signs.reported(one) for one in view.claim_events[-2:]]
    since = str(at(claim, "metadata", "deletionTimestamp"))
    evidence = (f"NodeClaim {name_of(claim)}: being deleted since {since}", *events)
    why = machines.TAKEN_BACK if spot else ""
    return Said(f"its machine {name_of(claim)} is being taken away{why}", evidence, ("kubectl get nodeclaims",), since)


RULE = Rule(
    "machine-leaves",
    "machine",
    "degraded",
    "the machine is being taken away: spot eviction, repair, deletion by hand",
    "it stops to serve when the node goes, until another has the model",
    _find,
)
