"""An InferenceSet whose template was changed, which KAITO does not roll out."""

from kaitops.documents.plain import at, mapping
from kaitops.live.finding import Rule, Said
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    wanted = mapping(at(view.obj, "spec", "template", "inference"))
    if view.kind != "InferenceSet" or not wanted:
        return None
    old = [one.name for one in view.children if not _within(wanted, one.obj.get("inference"))]
    if not old:
        return None
    return Said(
        f"its template was changed, and {len(old)} replicas run the old one",
        tuple(f"Workspace {view.namespace}/{name} is not of the template" for name in old[:3]),
        tuple(f"kubectl delete workspace -n {view.namespace} {name}" for name in old[:1]),
    )


def _within(wanted: object, there: object) -> bool:
    """All that is wanted is there; what controllers add counts for nothing."""
    if isinstance(wanted, dict):
        found = mapping(there)
        return all(_within(one, found.get(key)) for key, one in mapping(wanted).items() if one != {})
    return wanted == there


RULE = Rule(
    "template-differs",
    "service",
    "progressing",
    "the template of an InferenceSet was changed, and replicas run the old one",
    "KAITO rolls nothing out: a replica is of the new template only once it was deleted and made anew",
    _find,
    True,
)
