"""Azure Policy watches the cluster."""

from kaitops.policies.azure import CLUSTER, properties
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if properties(document, "addonProfiles", "azurepolicy", "enabled") is not True:
        yield ("properties", "addonProfiles"), "the add-on is off, so assigned policies say nothing of what runs"


RULE = Rule(
    id="KAITO114",
    severity=Severity.MEDIUM,
    title="Azure Policy add-on on",
    why="What the organisation assigns to a subscription then holds within the cluster too.",
    source="Microsoft: Azure Policy for AKS; checkov CKV_AZURE_116 knows it for Terraform only",
    remedy="set addonProfiles.azurepolicy.enabled",
    kinds=(CLUSTER,),
    check=_check,
)
