"""Machine sizes that KAITO knows, and the GPU memory that a workload gets on them.

Owns KAITO's own table per cloud (whole-machine memory, as KAITO counts it). Prices, quota families and retirements
are ours, not KAITO's: ``kaitops.prices``.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kaitops.documents.plain import Object
from kaitops.errors import nearest
from kaitops.kaito.kubernetes import quantity


class GpuConfig(NamedTuple):
    """The GPUs that one node gives to one workload.

    Attributes:
        gpus: number of GPUs, at least 0.
        memory_bytes: memory of all of them.
        is_mig: the workload gets one slice that cannot be combined with others.
    """

    sku: str
    gpus: int
    memory_bytes: int
    model: str = ""
    nvme: bool = False
    is_mig: bool = False

    @property
    def bytes_per_gpu(self) -> int:
        """Whole bytes of memory of one GPU."""
        return self.memory_bytes // self.gpus if self.gpus else 0


class Sku(NamedTuple):
    """One machine size. ``memory_gib`` is the GPU memory of the whole machine."""

    name: str
    gpus: int
    model: str
    memory_gib: int
    nvme: bool
    nvidia: bool
    compute_capability: float | None

    def is_named(self, name: str) -> bool:
        """By a word of its name or of its GPU's, for A10 is no A100; by any part where that has an underscore."""
        name, size = name.lower(), self.name.lower()
        return not name or ("_" in name and name in size) or name in {*size.split("_"), *self.model.lower().split()}

    def gpu_config(self) -> GpuConfig:
        """All GPUs of the machine."""
        return GpuConfig(self.name, self.gpus, self.memory_gib * quantity.GIB, self.model, self.nvme)


class SkuTable:
    """The sizes of one cloud; look-up ignores case, as KAITO's does."""

    def __init__(self, rows: Sequence[Object]) -> None:
        self._skus = [Sku(**row) for row in rows]
        self._by_name = {sku.name.lower(): sku for sku in self._skus}

    def find(self, name: str) -> Sku | None:
        """The size of that name in any case, or None."""
        return self._by_name.get(name.lower())

    def nearest(self, name: str, count: int = 3) -> list[str]:
        """Known names that a given one is a word of, or looks like, best first."""
        # A100:2 is how machines are asked for elsewhere.
        word = name.partition(":")[0]
        if named := [sku.name for sku in self._skus if word and sku.is_named(word)]:
            return named[:count]
        if part := [sku.name for sku in self._skus if len(word) > 2 and word.lower() in sku.name.lower()]:
            return part[:count]
        close = nearest(name.lower(), self._by_name, count, 0.5)
        return [self._by_name[match].name for match in close]

    def hint(self, name: str) -> str:
        """What a message about a size that is not known ends with."""
        near = self.nearest(name)
        return f"nearest: {', '.join(near)}" if near else "'kaitops sizes' lists them"

    def __iter__(self) -> Iterator[Sku]:
        return iter(self._skus)

    def __len__(self) -> int:
        return len(self._skus)


def mig_slice(memory_gib: int) -> GpuConfig:
    """One slice of a partitioned GPU."""
    return GpuConfig("unknown", 1, memory_gib * quantity.GIB, is_mig=True)
