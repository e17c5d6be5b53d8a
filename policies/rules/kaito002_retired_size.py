"""Machine sizes are not retired."""

from kaitops.policies.anatomy import KAITO, MULTIROLE
from kaitops.policies.reading import machines
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    for path, size in machines(document):
        day = context.sizes.get(size, {}).get("retired")
        if day and day <= context.today.isoformat():
            yield path, f"{size} was retired on {day}, so no machine can be had"


RULE = Rule(
    id="KAITO002",
    severity=Severity.HIGH,
    title="machine size not retired",
    why="The webhook admits any size of the N and D families; a retired one is never provisioned.",
    source="azure-compute-docs, sizes/retirement/retired-sizes-list.md",
    remedy="take a size of a current family; kaitops fit lists those that hold the model",
    kinds=(*KAITO, MULTIROLE),
    check=_check,
)
