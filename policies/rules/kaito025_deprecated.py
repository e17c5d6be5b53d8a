"""No deprecated version or field."""

from kaitops.policies.anatomy import KAITO
from kaitops.policies.reading import at, inference
from kaitops.policies.rule import Context, Document, Found, Path, Rule, Severity

_PRESET: tuple[Path, ...] = (("accessMode",), ("presetOptions", "image"))


def _check(document: Document, context: Context) -> Found:
    if document["apiVersion"] == "kaito.sh/v1alpha1":
        yield ("apiVersion",), "v1alpha1 is served for compatibility; its kinds are in v1beta1"
    machine: Path = ("spec", "compute") if document["kind"] == "RAGEngine" else ("resource",)
    fields = [(*machine, "count"), (*machine, "preferredNodes")]
    for base in (inference(document)[0], ("tuning",)):
        fields += [(*base, "preset", *field) for field in _PRESET]
    for path in fields:
        if at(document, *path) is not None:
            yield path, f"{path[-1]} is deprecated in v1beta1 and will be ignored or removed"


RULE = Rule(
    id="KAITO025",
    severity=Severity.LOW,
    title="no deprecated version or field",
    why="Deprecated fields change meaning or vanish with an upgrade.",
    source="KAITO api/v1beta1, deprecation notes",
    remedy="use kaito.sh/v1beta1 and drop the field",
    kinds=KAITO,
    check=_check,
)
