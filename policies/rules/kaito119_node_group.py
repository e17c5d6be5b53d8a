"""What AKS makes in its own resource group is changed by AKS only."""

from kaitops.policies.azure import CLUSTER, properties
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_PATH = ("nodeResourceGroupProfile", "restrictionLevel")


def _check(document: Document, context: Context) -> Found:
    if properties(document, *_PATH) != "ReadOnly":
        yield ("properties", *_PATH), "people and scripts can change machines behind the cluster's back"


RULE = Rule(
    id="KAITO119",
    severity=Severity.MEDIUM,
    title="node resource group locked",
    why="A change made there is undone by AKS or breaks the nodes at their next upgrade.",
    source="Microsoft: fully managed resource group with node resource group lockdown",
    remedy="set nodeResourceGroupProfile.restrictionLevel ReadOnly; a Karpenter of your own needs an exemption",
    kinds=(CLUSTER,),
    check=_check,
)
