"""The control plane has a promise of availability."""

from kaitops.policies.azure import CLUSTER
from kaitops.policies.reading import at
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if at(document, "sku", "tier") not in ("Standard", "Premium"):
        yield ("sku", "tier"), "the free tier has no promise of availability and fewer requests to the API server"


RULE = Rule(
    id="KAITO118",
    severity=Severity.HIGH,
    title="cluster of the Standard or Premium tier",
    why="KAITO's webhooks and autoscaling of nodes stop with the control plane.",
    source="Microsoft: AKS pricing tiers; checkov CKV_AZURE_170 knows it for Terraform only",
    remedy="set sku.tier Standard, or Premium for long-term support",
    kinds=(CLUSTER,),
    check=_check,
    environments={"dev": None, "staging": Severity.LOW},
)
