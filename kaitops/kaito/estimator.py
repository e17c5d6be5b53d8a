"""How many nodes KAITO gives to a vLLM preset, with the arithmetic shown.

Source: ``pkg/workspace/estimator/nodesestimator/estimator.go`` of KAITO 0.12. The order of the floating-point
operations is KAITO's, because a boundary case turns on the last bit.
"""

from typing import NamedTuple

from kaitops.kaito.kubernetes.quantity import GIB
from kaitops.kaito.sku import GpuConfig

DEFAULT_CONTEXT = 2048
UTILISATION = 0.84
WEIGHT_EXPANSION = 1.02
BASE_OVERHEAD_GIB = 2.3
OVERHEAD_PER_WEIGHT = 0.05


class DoesNotFit(ValueError):
    """The GPUs cannot hold the model at this context; the text is KAITO's."""


class Arithmetic(NamedTuple):
    """The estimate with its terms, in bytes.

    Attributes:
        weights: the model once loaded.
        per_gpu: memory of one GPU.
        usable: the share of it that vLLM takes.
        overhead: fixed cost on each GPU.
        kv_cache: KV cache of the context on each GPU.
        for_weights: what is left for weights on each GPU; not positive where nothing is left.
        gpus: GPUs needed, 0 where the model does not fit.
        nodes: nodes needed, 0 where the model does not fit.
    """

    context: int
    gpus_per_node: int
    weights: float
    per_gpu: int
    usable: float
    overhead: float
    kv_cache: float
    for_weights: float
    gpus: int
    nodes: int


# Four bits of sixteen: a qlora job loads them so, a lora job may not.
_QUANTISED = 4


def trained(size_bytes: int, method: str) -> int:
    """Least bytes of weights on each GPU of a tuning job: each has a process that loads all of them."""
    return size_bytes // _QUANTISED if method.lower() == "qlora" else size_bytes


# In bytes, more than there is: a file may hold numbers that are too large to count with.
_MOST = 1 << 100


def arithmetic(size_bytes: int, bytes_per_token: int, gpu: GpuConfig, context: int = 0) -> Arithmetic:
    """Work out an estimate and keep its terms; ``nodes`` is 0 where the fixed costs leave no memory.

    Args:
        size_bytes: weights on disk.
        bytes_per_token: KV-cache bytes of one token over all GPUs.
        gpu: the GPUs of one node; at least one, with memory.
        context: tokens; 0 means KAITO's default of 2048.
    """
    context = context or DEFAULT_CONTEXT
    weights = min(size_bytes, _MOST) * WEIGHT_EXPANSION
    per_gpu = gpu.bytes_per_gpu
    usable = per_gpu * UTILISATION
    overhead = BASE_OVERHEAD_GIB * GIB
    kv_cache = min(context * bytes_per_token, _MOST) / gpu.gpus
    reserve = overhead + kv_cache
    left = (usable - reserve) / (1 + OVERHEAD_PER_WEIGHT)
    gpus = 0 if usable <= reserve else int(weights / left) + 1
    nodes = (gpus + gpu.gpus - 1) // gpu.gpus
    return Arithmetic(context, gpu.gpus, weights, per_gpu, usable, overhead, kv_cache, left, gpus, nodes)


def node_count(size_bytes: int, bytes_per_token: int, gpu: GpuConfig, context: int = 0, mig_profile: str = "") -> int:
    """Nodes that KAITO asks for.

    Raises:
        DoesNotFit: with KAITO's message.
    """
    sums = arithmetic(size_bytes, bytes_per_token, gpu, context)
    reserve = sums.overhead + sums.kv_cache
    if not sums.nodes:
        raise DoesNotFit(
            f"GPU memory {sums.per_gpu:.0f} bytes is too small, needs at least {reserve / GIB:.1f} GB overhead "
            f"(base: {BASE_OVERHEAD_GIB:.1f}GB + KV Cache: {sums.kv_cache / GIB:.1f} GB)"
        )
    if gpu.is_mig and sums.nodes > 1:
        overhead = reserve + OVERHEAD_PER_WEIGHT * sums.weights
        raise DoesNotFit(
            f"model needs {(sums.weights + overhead) / GIB:.1f}GB (weights {sums.weights / GIB:.1f}GB "
            f"+ overhead {overhead / GIB:.1f}GB) but MIG profile {mig_profile} only provides "
            f"{sums.per_gpu / GIB:.0f}GB ({sums.usable / GIB:.1f}GB available after vLLM gpu-memory-utilization)"
        )
    return sums.nodes
