"""Presets run on sizes that KAITO can calculate with."""

from kaitops.policies.anatomy import SERVED
from kaitops.policies.reading import machines, models
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if next(models(document), None) is None:
        return
    table = context.release.skus(context.cloud)
    for path, size in machines(document):
        if table.find(size) is None:
            yield path, f"{size} is not in KAITO's table for {context.cloud}, so the preset cannot be sized"


RULE = Rule(
    id="KAITO003",
    severity=Severity.HIGH,
    title="machine size in KAITO's table",
    why="The estimator fails with an unsupported SKU while reconciling, after admission.",
    source="KAITO pkg/sku, pkg/workspace/estimator",
    remedy="take a size that kaitops sizes lists for the cloud",
    kinds=SERVED,
    check=_check,
)
