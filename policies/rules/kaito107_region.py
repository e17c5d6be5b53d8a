"""Machine sizes are sold in the cluster's region."""

from kaitops.errors import nearest
from kaitops.policies.anatomy import RAGENGINE, SERVED
from kaitops.policies.reading import machines
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if not context.region:
        return
    for path, size in machines(document):
        places = context.offers.get(size, ())
        if context.region in places or not places:
            continue
        known = {region for regions in context.offers.values() for region in regions}
        if context.region in known:
            yield path, f"{size} has no price in {context.region}, only in {', '.join(sorted(places)[:5])} and so on"
        elif near := nearest(context.region, known):
            yield path, f"nothing has a price in {context.region}, so {size} may not be sold there; meant is {near[0]}?"


RULE = Rule(
    id="KAITO107",
    severity=Severity.HIGH,
    title="machine size sold in the region",
    why="A machine that its region does not sell never comes, and KAITO waits for it without end.",
    source="the dated price tables of presets/prices",
    remedy="take a size that the region sells, as kaitops sizes --region lists them, or another region",
    kinds=(*SERVED, RAGENGINE),
    check=_check,
)
