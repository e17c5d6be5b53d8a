"""GPU nodes have room for weights."""

from kaitops.policies.azure import CLUSTER, POOL, gpu_pools
from kaitops.policies.reading import number
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_GIB = 300


def _check(document: Document, context: Context) -> Found:
    for path, pool in gpu_pools(document):
        if (number(pool.get("osDiskSizeGB")) or 0) < _GIB and pool.get("kubeletDiskType") != "Temporary":
            yield (*path, "osDiskSizeGB"), f"weights and images go to the OS disk, which has less than {_GIB} GB"


RULE = Rule(
    id="KAITO121",
    severity=Severity.HIGH,
    title="OS disk of GPU pools for weights",
    why="KAITO with nodes of one's own keeps weights on the kubelet's disk; a full one evicts the model that fills it.",
    source="KAITO's default node classes have 300 GB",
    remedy="set osDiskSizeGB to 300 or more, or kubeletDiskType Temporary where the machine has a temporary disk",
    kinds=(CLUSTER, POOL),
    check=_check,
)
