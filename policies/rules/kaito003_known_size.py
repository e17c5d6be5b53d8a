"""Presets run on sizes that KAITO can calculate with."""

from kaitops.errors import nearest
from kaitops.kaito.settings import CLOUDS
from kaitops.policies.anatomy import SERVED
from kaitops.policies.reading import machines, models
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

# Sizes differ by few letters: a CPU's is no misspelt GPU's.
_ALIKE = 0.85


def _check(document: Document, context: Context) -> Found:
    table = context.release.skus(context.cloud)
    sized = next(models(document), None) is not None
    for path, size in machines(document):
        known = table.find(size)
        if known is not None and known.name != size:
            text = f"{size} is {known.name} to the cloud, and KAITO waits for a node of the size as it is written"
            yield path, f"{text}, so none is ever ready; nearest: {known.name}"
        elif known is None and sized:
            hint = _hint(context, size)
            yield path, f"{size} is not in KAITO's table for {context.cloud}, so the preset cannot be sized{hint}"


def _hint(context: Context, size: str) -> str:
    others = [one for one in CLOUDS if one != context.cloud and context.release.skus(one).find(size)]
    if others:
        return f"; it is a size of {others[0]}, so name that as the cluster's cloud"
    near = nearest(size, [one.name for one in context.release.skus(context.cloud)], cutoff=_ALIKE)
    return f"; nearest: {near[0]}" if near else ""


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
