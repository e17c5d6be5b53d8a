"""An object that no controller has looked at."""

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.view import View

_SECONDS = 60


def _find(view: View) -> Said | None:
    if view.plain or at(view.obj, "status", "conditions"):
        return None
    made = at(view.obj, "metadata", "creationTimestamp")
    age = view.snapshot.age(made)
    if age is None or age < _SECONDS:
        return None
    return Said(
        f"KAITO's controller has not reported on it in {age / 60:.0f} minutes",
        ("the object has no status",),
        ("kubectl get deployments -A | grep kaito", "kubectl logs -n kaito-workspace deploy/kaito-workspace --tail=50"),
        str(made),
    )


RULE = Rule(
    "unseen",
    "admitted",
    "progressing",
    "the controller has not looked at the object: it is down, slow or not installed",
    "nothing happens before it does",
    _find,
)
