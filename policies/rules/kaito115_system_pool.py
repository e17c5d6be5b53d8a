"""The system pool is for what the cluster needs."""

from kaitops.policies.azure import CLUSTER, POOL, pools
from kaitops.policies.reading import items
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_TAINT = "CriticalAddonsOnly=true:NoSchedule"


def _check(document: Document, context: Context) -> Found:
    for path, pool in pools(document):
        if pool.get("mode") == "System" and _TAINT not in items(pool.get("nodeTaints")):
            yield (*path, "nodeTaints"), "model servers may land beside DNS and starve it"


RULE = Rule(
    id="KAITO115",
    severity=Severity.MEDIUM,
    title="system pool for system pods",
    why="A model server that takes the memory of a system node takes the cluster's DNS with it.",
    source="Microsoft: use system node pools in AKS; checkov CKV_AZURE_232 knows it for Terraform only",
    remedy="taint the pool CriticalAddonsOnly=true:NoSchedule, and give KAITO's controller a toleration",
    kinds=(CLUSTER, POOL),
    check=_check,
)
