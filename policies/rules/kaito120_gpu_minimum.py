"""A pool of GPU nodes never shrinks to nothing."""

from kaitops.policies.azure import CLUSTER, POOL, gpu_pools
from kaitops.policies.reading import number
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    for path, pool in gpu_pools(document):
        key = "minCount" if pool.get("enableAutoScaling") is True else "count"
        if (number(pool.get(key)) or 0) < 1:
            yield (*path, key), "without a node KAITO cannot tell the GPU, so it never asks for the first one"


RULE = Rule(
    id="KAITO120",
    severity=Severity.HIGH,
    title="GPU pools keep a node",
    why="KAITO reads the GPU of brought nodes from a ready one; at none it and the autoscaler wait for each other.",
    source="KAITO's estimator of nodes",
    remedy="set minCount (without autoscaling count) to 1 or more",
    kinds=(CLUSTER, POOL),
    check=_check,
)
