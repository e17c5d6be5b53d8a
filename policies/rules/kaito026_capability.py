"""Models run on NVIDIA GPUs that the runtime supports."""

from kaitops.policies.anatomy import SERVED
from kaitops.policies.reading import machines
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_LEAST = 8.0


def _check(document: Document, context: Context) -> Found:
    table = context.release.skus(context.cloud)
    for path, size in machines(document):
        sku = table.find(size)
        if sku is None:
            continue
        if not sku.nvidia:
            yield path, f"{size} has no NVIDIA GPU, and KAITO's images are for CUDA"
        elif (sku.compute_capability or _LEAST) < _LEAST:
            yield path, f"{size} has CUDA capability {sku.compute_capability:g}, the runtime asks for {_LEAST:g}"


RULE = Rule(
    id="KAITO026",
    severity=Severity.HIGH,
    title="NVIDIA GPU of CUDA capability 8.0 or more",
    why="KAITO's table still lists AMD sizes, and older GPUs lack what its runtime uses.",
    source="KAITO docs, azure.md; pkg/sku",
    remedy="take a size with A10, A100, H100 or H200",
    kinds=SERVED,
    check=_check,
)
