"""People and pipelines sign in to the cluster with Entra ID, and only so."""

from kaitops.policies.azure import CLUSTER, properties
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if properties(document, "disableLocalAccounts") is not True:
        yield ("properties", "disableLocalAccounts"), "a certificate that nobody can revoke opens the cluster"
    if properties(document, "aadProfile", "managed") is not True:
        yield (
            ("properties", "aadProfile"),
            "the cluster does not know Entra ID, so nobody can be given or denied access",
        )
    elif properties(document, "aadProfile", "enableAzureRBAC") is not True:
        yield ("properties", "aadProfile", "enableAzureRBAC"), "rights within the cluster are not seen or kept in Azure"


RULE = Rule(
    id="KAITO112",
    severity=Severity.HIGH,
    title="sign-in by Entra ID only",
    why="The local administrator has no name, no second factor and no end.",
    source="Microsoft: manage local accounts in AKS",
    remedy="set disableLocalAccounts, aadProfile.managed and aadProfile.enableAzureRBAC",
    kinds=(CLUSTER,),
    check=_check,
)
