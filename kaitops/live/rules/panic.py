"""A controller that fails in every reconcile without a word in the status."""

from kaitops.documents.plain import at
from kaitops.kaito import Release
from kaitops.live.finding import Rule, Said
from kaitops.live.view import View

_SECONDS = 20
_LOG = "kubectl logs -n kaito-workspace deploy/kaito-workspace --tail=200 | grep -A3 -i panic"


def _find(view: View) -> Said | None:
    if view.kind != "Workspace" or view.error or not view.status_counts or view.controller is not None:
        return None
    kind = "Job" if view.tuning else "StatefulSet"
    resources = view.condition("ResourceReady")
    # Of 0 nodes it is True as well.
    placed = resources.get("status") == "True" and isinstance(at(view.obj, "status", "targetNodeCount"), int)
    if not placed or not view.snapshot.knows(kind) or view.snapshot.unread.get(kind):
        return None
    age = view.snapshot.age(resources.get("lastTransitionTime")) or 0.0
    lacking = _lacks_parameters(view)
    if age < _SECONDS and not lacking:
        return None
    hint = f"; its preset has no parameters for the runtime {lacking}" if lacking else ""
    return Said(
        f"its nodes are there and KAITO makes no {kind} on them{hint}",
        (f"no {kind} {view.namespace}/{view.name} {age:.0f} s after its nodes were ready, and no error in the status",),
        (_LOG, f"fleet.yaml: {view.entry}: a preset with the runtime{f' {lacking}' if lacking else ''}, or none"),
        str(resources.get("lastTransitionTime") or ""),
    )


def _lacks_parameters(view: View) -> str:
    """The runtime that is asked for and that the preset has nothing for; empty where it has."""
    runtime = at(view.obj, "metadata", "annotations", "kaito.sh/runtime")
    name = at(view.obj, "inference", "preset", "name")
    preset = Release.load(view.version).catalogue.find(name) if isinstance(name, str) else None
    return "transformers" if runtime == "transformers" and preset is not None and not preset.transformers else ""


RULE = Rule(
    "controller-panics",
    "admitted",
    "degraded",
    "the controller fails in each reconcile without saying so, as with a preset that has no Transformers parameters",
    "no server is ever made",
    _find,
)
