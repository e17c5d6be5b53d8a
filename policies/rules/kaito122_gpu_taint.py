"""GPU nodes are for pods that ask for them."""

from kaitops.policies.azure import CLUSTER, POOL, gpu_pools
from kaitops.policies.reading import items
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_TAINT = "sku=gpu:NoSchedule"


def _check(document: Document, context: Context) -> Found:
    for path, pool in gpu_pools(document):
        if _TAINT not in items(pool.get("nodeTaints")):
            yield (*path, "nodeTaints"), "any pod may take the memory and the place of a model"


RULE = Rule(
    id="KAITO122",
    severity=Severity.MEDIUM,
    title="GPU pools tainted",
    why="KAITO's pods tolerate the taint; others would sit on the dearest machines and keep them from going.",
    source="Microsoft: use GPUs on AKS",
    remedy="add sku=gpu:NoSchedule to nodeTaints",
    kinds=(CLUSTER, POOL),
    check=_check,
)
