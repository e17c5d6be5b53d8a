"""Any other error of the controller's reconcile."""

import re

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_UNKNOWN = r"no matches for kind \W*(\w+)"
_BRINGS = {
    "InferencePool": "the definitions of the Gateway API's Inference Extension",
    "HelmRelease": "Flux's helm-controller, with its definitions",
    "OCIRepository": "Flux's source-controller, with its definitions",
}


def _find(view: View) -> Said | None:
    ready = view.condition("Ready")
    failed = view.kind == "MultiRoleInference" and ready.get("reason") == "ReconcileFailed"
    text = view.error or (signs.short(ready.get("message")) if failed else "")
    if unknown := re.search(_UNKNOWN, text):
        kind = unknown.group(1)
        what = _BRINGS.get(kind, f"what defines {kind}")
        evidence = signs.cited(ready) if failed and not view.error else f"reconcile error: {signs.short(text)}"
        return Said(
            f"the cluster does not know the kind {kind}, which KAITO makes for it: {signs.short(text)}",
            (evidence,),
            (f"install {what}, or switch off the feature gate of KAITO that asks for it", "kubectl api-resources"),
            signs.first_since(view),
        )
    if view.error:
        return signs.by_error(
            view,
            "",
            "KAITO cannot carry it out: {error}",
            f"kubectl describe {view.kind.lower()} -n {view.namespace} {view.name}",
        )
    if failed:
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
