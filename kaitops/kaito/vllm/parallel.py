"""How KAITO spreads a vLLM preset over GPUs.

Source: ``pkg/model/interface.go`` of KAITO. Knows nothing of memory.
"""

from collections.abc import Mapping
from math import prod
from typing import NamedTuple

from kaitops.kaito.preset import Preset
from kaitops.kaito.sku import GpuConfig

SPREADING = ("tensor-parallel-size", "pipeline-parallel-size", "data-parallel-size")
"""The flags by which a configuration overrules how many GPUs share each layer, the layers, and the questions."""


class Spread(NamedTuple):
    """Ranks of each kind; their product is the number of GPUs."""

    tensor: int
    pipeline: int
    data: int


def single_gpu(preset: Preset, gpus: GpuConfig) -> bool:
    """The weights take less than half of one GPU of several, so each GPU serves a copy."""
    return gpus.gpus > 1 and preset.size_bytes * gpus.gpus * 2 < gpus.memory_bytes


def spread(preset: Preset, gpus: GpuConfig, nodes: int) -> Spread:
    """Copies on one node where one GPU holds the model; otherwise tensors within a node and layers across nodes."""
    if nodes <= 1 and single_gpu(preset, gpus):
        return Spread(1, 1, gpus.gpus)
    return Spread(gpus.gpus, max(nodes, 1), 1)


def said(flags: Mapping[str, int | None]) -> tuple[int, str]:
    """How many GPUs flags take together, and those of them that take more than one, in words."""
    given = {name: number for name in SPREADING if (number := flags.get(name)) is not None and number > 1}
    return prod(given.values()), " with ".join(f"{name} {number}" for name, number in given.items())


def overspread(wanted: int, size: str, gpus: int, nodes: int) -> str:
    """Why a server does not start that is told to spread over so many GPUs; empty where it may.

    Args:
        gpus: of one machine of the size.
        nodes: that KAITO takes.
    """
    if wanted <= nodes * gpus:
        return ""
    return f"takes {wanted} GPUs, and {nodes} x {size} has {nodes * gpus}, so the server does not start"
