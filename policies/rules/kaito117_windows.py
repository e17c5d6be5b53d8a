"""Upgrades come in windows that somebody chose."""

from kaitops.policies.azure import CLUSTER, properties
from kaitops.policies.reading import at
from kaitops.policies.rule import Context, Document, Found, Rule, Scope, Severity

_WINDOWS = {
    "upgradeChannel": "aksManagedAutoUpgradeSchedule",
    "nodeOSUpgradeChannel": "aksManagedNodeOSUpgradeSchedule",
}
_OFF = (None, "none", "None", "Unmanaged")


def _check(document: Document, context: Context) -> Found:
    name = at(document, "metadata", "name")
    declared = [at(one, "metadata", "name") for one in context.objects]
    for channel, window in _WINDOWS.items():
        path = ("properties", "autoUpgradeProfile", channel)
        if properties(document, *path[1:]) not in _OFF and f"{name}/{window}" not in declared:
            yield path, f"upgrades by themselves and has no {window}, so models restart at any hour"


RULE = Rule(
    id="KAITO117",
    severity=Severity.MEDIUM,
    title="maintenance windows for upgrades",
    why="An upgrade drains GPU nodes, and a model of many gigabytes takes its time to come back.",
    source="Microsoft: use planned maintenance for AKS",
    remedy="declare the maintenanceConfigurations of that name below the cluster",
    kinds=(CLUSTER,),
    check=_check,
    scope=Scope.AIDED,
)
