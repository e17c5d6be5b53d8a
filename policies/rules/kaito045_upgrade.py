"""Automatic upgrades in production keep the model up."""

from kaitops.policies import cel
from kaitops.policies.anatomy import INFERENCESET
from kaitops.policies.reading import at, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    policy = at(document, "spec", "autoUpgrade")
    if at(policy, "enabled") is not True:
        return
    if at(policy, "strategy") != "Surge":
        yield ("spec", "autoUpgrade", "strategy"), "an upgrade in place takes the replica down while weights load"
    if not text(at(policy, "maintenanceWindow", "schedule")):
        yield ("spec", "autoUpgrade", "maintenanceWindow"), "upgrades run at any time"


_UPGRADE = "object.spec.autoUpgrade"

RULE = Rule(
    id="KAITO045",
    severity=Severity.LOW,
    title="automatic upgrades surge within a window",
    why="In place is the default and means downtime.",
    source="KAITO api/v1beta1/inferenceset_types.go, AutoUpgradePolicy",
    remedy="set strategy: Surge and a maintenanceWindow",
    kinds=(INFERENCESET,),
    check=_check,
    environments={"dev": None, "staging": None},
    cel=cel.same(
        cel.unless(
            f"{_UPGRADE}.enabled",
            f"{_UPGRADE}.enabled != true || ("
            + cel.given(f"{_UPGRADE}.strategy", f"{_UPGRADE}.strategy == 'Surge'")
            + " && "
            + cel.given(f"{_UPGRADE}.maintenanceWindow.schedule", f"{_UPGRADE}.maintenanceWindow.schedule != ''")
            + ")",
        )
    ),
)
