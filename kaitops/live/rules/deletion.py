"""Rule ``deletion-stuck``."""

from kaitops.documents.plain import at, items
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of
from kaitops.live.view import View

_SECONDS = 900
"""So long machines may take to be drained and given back."""


def _find(view: View) -> Said | None:
    since = str(at(view.obj, "metadata", "deletionTimestamp") or "")
    age = view.snapshot.age(since)
    if age is None or age < _SECONDS:
        return None
    held = [str(one) for one in items(at(view.obj, "metadata", "finalizers"))]
    by = f", held by {', '.join(held)}" if held else ""
    evidence = [f"{view.subject}: being deleted since {since}{by}"]
    if view.claims:
        evidence += [f"NodeClaim {name_of(one)}: {_claim(one)}" for one in view.claims[:3]]
        evidence += [signs.reported(one) for one in view.claim_events[-2:]]
        cause = f"its machine{'s are' if len(view.claims) > 1 else ' is'} not given back"
        remedy = (
            f"kubectl describe nodeclaim {name_of(view.claims[0])}",
            "kubectl get pdb -A (one that allows no eviction holds up the drain of the node)",
        )
    else:
        cause = "the controller that has to take the finalizer away does not"
        remedy = (
            "kubectl get deployments -A | grep -E 'kaito|karpenter|gpu-provisioner' (is it there, and does it run?)",
            "kubectl logs -n kaito-workspace deploy/kaito-workspace --tail=50",
        )
    last = "only where nothing is left that costs: kubectl edit, and take the finalizer out by hand"
    minutes = f"{age / 60:.0f} minutes"
    return Said(f"being deleted for {minutes}{by}: {cause}", tuple(evidence), (*remedy, last), since)


def _claim(one: object) -> str:
    leaving = at(one, "metadata", "deletionTimestamp")
    return f"being deleted since {leaving}" if leaving else "nobody has deleted it"


RULE = Rule(
    "deletion-stuck",
    "admitted",
    "degraded",
    "a deletion has not come to its end in a quarter of an hour: a finalizer is not taken away",
    "its machines may go on to cost, and nothing of its name can be made anew",
    _find,
    of_deletion=True,
)
