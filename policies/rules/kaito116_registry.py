"""The registry of models is private and tidies up."""

from kaitops.policies.azure import REGISTRY, properties
from kaitops.policies.reading import at
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if at(document, "sku", "name") != "Premium":
        yield ("sku", "name"), "only Premium has private endpoints, retention and enough bandwidth for weights"
    if properties(document, "publicNetworkAccess") != "Disabled":
        yield ("properties", "publicNetworkAccess"), "the registry answers the internet"
    if properties(document, "policies", "retentionPolicy", "status") != "enabled":
        yield ("properties", "policies"), "what no tag names is kept and paid for, tens of gigabytes for each model"


RULE = Rule(
    id="KAITO116",
    severity=Severity.MEDIUM,
    title="registry private, Premium, with retention",
    why="Fine-tuned weights are the organisation's own, and each push of them is large.",
    source="Microsoft: Azure Container Registry service tiers; checkov CKV_AZURE_167, for Terraform only",
    remedy="set sku.name Premium, publicNetworkAccess Disabled and policies.retentionPolicy.status enabled",
    kinds=(REGISTRY,),
    check=_check,
)
