"""The GPUs that one node gives to a Workspace.

Source: ``pkg/sku/helpers.go`` and ``getGPUConfig`` in ``pkg/workspace/inference/preset_inferences.go`` of KAITO. Owns
no table of machine sizes (:mod:`kaitops.kaito.sku`).
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from kaitops.documents.plain import Object
from kaitops.kaito.expansion.declared import Workspace
from kaitops.kaito.expansion.world import NIL_POINTER, Refused, World, part
from kaitops.kaito.golang.quote import quote
from kaitops.kaito.kubernetes.cluster import is_ready
from kaitops.kaito.kubernetes.quantity import GIB
from kaitops.kaito.release_facts import ReleaseFacts
from kaitops.kaito.sku import GpuConfig, mig_slice

_INTEGER = r"[+-]?[0-9]+\Z"
_PROFILE = r"([0-9]+)g\.([0-9.]+)gb\Z"


def config(world: World, workspace: Workspace) -> GpuConfig:
    """What the pod of a preset gets.

    Raises:
        Refused: the size is unknown, no node is ready, or its labels do not say.
    """
    partition, gates = workspace.partition, world.settings.gates
    if partition is not None and partition.get("mode") == "mig" and gates["enableMIG"]:
        return mig(partition.get("profile") or "")
    if not gates["disableNodeAutoProvisioning"]:
        return of_size(world, workspace.instance_type)
    nodes = ready_nodes(world, workspace.match_labels)
    if not nodes:
        raise Refused("no ready nodes found matching the workspace's label selector")
    found = of_node(nodes[0])
    if partition is not None and partition.get("mode") == "accelerator" and gates["enableAccelerator"]:
        return scaled(found, partition.get("count"))
    return found


def of_size(world: World, instance_type: str) -> GpuConfig:
    """All GPUs of a machine size of the cloud."""
    found = _of_size(world.release, world.settings.cloud, instance_type)
    if found is None:
        raise Refused(f"invalid value: Unsupported SKU '{instance_type}' for cloud provider: sku")
    return found


@lru_cache(maxsize=512)
def _of_size(release: ReleaseFacts, cloud: str, instance_type: str) -> GpuConfig | None:
    size = release.skus(cloud).find(instance_type)
    return None if size is None else size.gpu_config()


def mig(profile: str) -> GpuConfig:
    """One slice of a partitioned GPU, its memory rounded down to whole GiB."""
    match = re.match(_PROFILE, profile)
    if match is None:
        raise Refused(
            f"invalid MIG profile: invalid MIG profile format {quote(profile)}: expected format like '1g.10gb'"
        )
    prefix = f"invalid MIG profile: invalid MIG profile {quote(profile)}: "
    try:
        memory = int(float(match[2]))
    except ValueError:
        raise Refused(f"{prefix}cannot parse memory value") from None
    if int(match[1]) == 0:
        raise Refused(f"{prefix}compute slices must be > 0")
    if memory == 0:
        raise Refused(f"{prefix}memory must be > 0")
    return mig_slice(memory)


def ready_nodes(world: World, labels: Mapping[str, str]) -> list[Object]:
    """Ready nodes that carry the labels, by name."""
    return [node for node in world.cluster.nodes(labels) if is_ready(node)]


def of_node(node: Object) -> GpuConfig:
    """The GPUs of a node that brings its own, from the labels of NVIDIA's feature discovery."""
    labels, name = part(node, "metadata", "labels"), part(node, "metadata").get("name", "")
    keys = ("nvidia.com/gpu.product", "nvidia.com/gpu.count", "nvidia.com/gpu.memory")
    if any(key not in labels for key in keys):
        raise Refused(f"missing required nvidia.com labels on node {name}")
    product, count, memory = (labels[key] for key in keys)
    for key, value in ((keys[1], count), (keys[2], memory)):
        if not re.match(_INTEGER, value):
            raise Refused(f"invalid {key} value on node {name}: {value}")
    gibibytes = int(int(memory) / 1024 + 0.5) * int(count)
    layout = labels.get("nvidia.com/mig.config", "")
    sliced = layout not in ("", "all-disabled") and labels.get("nvidia.com/mig.config.state") == "success"
    return GpuConfig("unknown", int(count), gibibytes * GIB, product, is_mig=sliced)


def scaled(found: GpuConfig, count: int | None) -> GpuConfig:
    """A node's configuration cut down to some of its GPUs."""
    if count is None:
        raise Refused(NIL_POINTER)
    if count > found.gpus:
        raise Refused(f"partition.count ({count}) exceeds GPUs available on node ({found.gpus})")
    if found.gpus == 0:
        raise Refused("panic: runtime error: integer divide by zero")
    return found._replace(gpus=count, memory_bytes=found.bytes_per_gpu * count)
