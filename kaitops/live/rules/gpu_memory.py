"""The GPU's memory is too small for what the server was told."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = (
    r"CUDA out of memory|torch\.(cuda\.)?OutOfMemoryError|No available memory for the cache blocks"
    r"|larger than the maximum number of tokens that can be stored in KV cache|less than desired GPU memory utilization"
    r"|KV cache is needed, which is larger than|CUDA error: out of memory|CUBLAS_STATUS_ALLOC_FAILED"
    r"|cudaErrorMemoryAllocation|Cuda failure 2 "
)
_WAYS = (
    (
        r"warming up sampler|lower(ing)? .?max_num_seqs|exceeds available Mamba cache blocks",
        "so many requests at a time do not fit",
        "fleet.yaml: {entry}.vllm.max-num-seqs: a smaller number, such as 64",
    ),
    (
        r"Error in memory profiling|memory used by other processes",
        "another process on the same GPU holds a part of it",
        "kubectl get pods -A -o wide (what else runs on its node?), and the pod that shares the GPU moved",
    ),
)


def _find(view: View) -> Said | None:
    cause = "the GPU's memory does not hold weights and context"
    if said := signs.by_ways(view, _WAYS, cause):
        return said
    return signs.by_crash(
        view,
        _PATTERN,
        cause,
        f"fleet.yaml: {view.entry}.context: a smaller number ('kaitops fit' says what the size serves)",
        f"fleet.yaml: {view.entry}.gpu: a size with more GPU memory",
    )


RULE = Rule(
    "gpu-memory",
    "engine",
    "degraded",
    "the GPU is out of memory: context or weights are too large for it",
    "the server ends on every start",
    _find,
)
