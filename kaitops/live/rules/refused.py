"""Any other error of the controller's reconcile."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    if view.error:
        return signs.by_error(
            view,
            "",
            "KAITO cannot carry it out: {error}",
            f"kubectl describe {view.kind.lower()} -n {view.namespace} {view.name}",
        )
    ready = view.condition("Ready")
    if view.kind == "MultiRoleInference" and ready.get("reason") == "ReconcileFailed":
        text = signs.short(ready.get("message"))
        if "object has been modified" in text:
            return None
        remedy = ("delete or rename the object that is in the way, or rename the model in fleet.yaml",)
        since = str(ready.get("lastTransitionTime") or "")
        return Said(f"KAITO cannot carry it out: {text}", (signs.cited(ready),), remedy, since)
    return None


RULE = Rule(
    "refused",
    "configuration",
    "degraded",
    "the controller's reconcile ends in an error that no other rule knows",
    "it is tried again for ever, and nothing changes until the cause is gone",
    _find,
)
