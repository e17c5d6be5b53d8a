"""A controller that fails in every reconcile without a word in the status."""

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.view import View

_SECONDS = 60


def _find(view: View) -> Said | None:
    if view.kind != "Workspace" or view.error or not view.status_counts or view.controller is not None:
        return None
    kind = "Job" if view.tuning else "StatefulSet"
    resources = view.condition("ResourceReady")
    # Of 0 nodes it is True as well.
    placed = resources.get("status") == "True" and isinstance(at(view.obj, "status", "targetNodeCount"), int)
    age = view.snapshot.age(resources.get("lastTransitionTime"))
    if not placed or not view.snapshot.knows(kind) or age is None or age < _SECONDS:
        return None
    if view.snapshot.unread.get(kind):
        return None
    runtime = str(at(view.obj, "metadata", "annotations", "kaito.sh/runtime") or "")
    hint = f"; runtime {runtime} lacks parameters for many presets" if runtime else ""
    return Said(
        f"its nodes are there and KAITO makes no {kind} on them{hint}",
        (f"no {kind} {view.namespace}/{view.name} in {age / 60:.0f} minutes, and no error in the status",),
        (
            "kubectl logs -n kaito-workspace deploy/kaito-workspace --tail=200 | grep -A3 -i panic",
            f"fleet.yaml: models.{view.name}: a preset with the runtime{f' {runtime}' if runtime else ''}, or none",
        ),
        str(resources.get("lastTransitionTime") or ""),
    )


RULE = Rule(
    "controller-panics",
    "admitted",
    "degraded",
    "the controller fails in each reconcile without saying so, as with a preset that has no Transformers parameters",
    "no server is ever made",
    _find,
)
