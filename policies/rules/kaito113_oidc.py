"""What signs pods in to Azure has an issuer."""

from kaitops.policies.azure import CLUSTER, properties
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if properties(document, "oidcIssuerProfile", "enabled") is True:
        return
    if properties(document, "aiToolchainOperatorProfile", "enabled") is True:
        yield ("properties", "oidcIssuerProfile"), "the KAITO add-on signs in by the issuer, which is off"
    elif properties(document, "securityProfile", "workloadIdentity", "enabled") is True:
        yield ("properties", "oidcIssuerProfile"), "workload identity signs in by the issuer, which is off"


RULE = Rule(
    id="KAITO113",
    severity=Severity.CRITICAL,
    title="OIDC issuer on where it is needed",
    why="Without it the add-on's provisioner and workload identities get no token, so no GPU node and no weights come.",
    source="Microsoft: deploy an AI model on AKS with the AI toolchain operator",
    remedy="set oidcIssuerProfile.enabled",
    kinds=(CLUSTER,),
    check=_check,
)
