"""Resource checks are not bypassed."""

from kaitops.policies import cel
from kaitops.policies.anatomy import SERVED
from kaitops.policies.reading import annotations
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_KEY = "kaito.sh/bypass-resource-checks"


def _check(document: Document, context: Context) -> Found:
    for path, notes in annotations(document):
        if _KEY in notes:
            yield (*path, _KEY), 'resource checks are off: the mere presence counts, even with "false"'


RULE = Rule(
    id="KAITO007",
    severity=Severity.HIGH,
    title="resource checks not bypassed",
    why="KAITO only asks whether the annotation is there; a model that cannot fit is then admitted.",
    source="KAITO api/v1beta1/workspace_validation.go",
    remedy="drop the annotation",
    kinds=SERVED,
    check=_check,
    cel=cel.annotation(_KEY, "false"),
)
