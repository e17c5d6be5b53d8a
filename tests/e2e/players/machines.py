"""Machines as nodes: what a node of a given size says of itself.

Owns the form of a node object. Figures come from the tables that kaitops itself ships: GPUs and their memory from the
sizes that KAITO knows, processors and memory from the price tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kaitops import prices
from kaitops.kaito import Release
from tests.version import KAITO

PLAYED = "kaitops.test/machine"
"""Label of the nodes that kwok plays."""

MIB_PER_GIB = 1024


@dataclass(frozen=True)
class Machine:
    """A machine size.

    Attributes:
        size: its name, like `Standard_NC24ads_A100_v4`.
        gpus: how many.
        gpu_memory_mib: of one GPU.
        product: of the GPUs, as the feature discovery would label it.
        cpus: virtual processors.
        memory_gib: of the machine.
    """

    size: str
    gpus: int
    gpu_memory_mib: int
    product: str
    cpus: int
    memory_gib: int

    def capacity(self) -> dict[str, str]:
        """What the scheduler can give away."""
        found = {
            "cpu": str(self.cpus),
            "memory": f"{self.memory_gib}Gi",
            "pods": "110",
            "ephemeral-storage": "2Ti",
        }
        return found | ({"nvidia.com/gpu": str(self.gpus)} if self.gpus else {})

    def labels(self) -> dict[str, str]:
        """What the cloud and the feature discovery say of it."""
        found = {"node.kubernetes.io/instance-type": self.size, "kubernetes.io/os": "linux", PLAYED: "kwok"}
        if self.gpus:
            found |= {
                "accelerator": "nvidia",
                "nvidia.com/gpu.count": str(self.gpus),
                "nvidia.com/gpu.memory": str(self.gpu_memory_mib),
                "nvidia.com/gpu.product": self.product,
            }
        return found

    def node(
        self, name: str, labels: Mapping[str, str], taints: Sequence[Mapping[str, Any]] = (), provider: str = "test"
    ) -> dict[str, Any]:
        """The node object; its conditions are kwok's."""
        return {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {"name": name, "labels": {**self.labels(), "kubernetes.io/hostname": name, **labels}},
            "spec": {"providerID": f"{provider}://{name}", "taints": [dict(taint) for taint in taints]},
            "status": {"capacity": self.capacity(), "allocatable": self.capacity()},
        }


def azure(size: str, version: str = KAITO) -> Machine | None:
    """The machine of an Azure size; None for a size that is in no table."""
    known = Release.load(version).skus("azure").find(size)
    rest = prices.size(size)
    if known is None and not rest:
        return None
    gpus = known.gpus if known else 0
    return Machine(
        size=size,
        gpus=gpus,
        gpu_memory_mib=known.memory_gib * MIB_PER_GIB // known.gpus if known and gpus else 0,
        product=known.model.replace(" ", "-") if known else "",
        cpus=int(rest.get("vcpus", 24)),
        memory_gib=int(rest.get("memory_gib", 220)),
    )
