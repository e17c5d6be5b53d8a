"""The GPUs of nodes that the user brings, as their labels tell."""

from collections.abc import Mapping

from kaitops.kaito.admission.review import Document, Review
from kaitops.kaito.golang.text import atoi
from kaitops.kaito.kubernetes import quantity
from kaitops.kaito.kubernetes.field_errors import FieldError, generic
from kaitops.kaito.sku import GpuConfig

GPU_LABELS = _PRODUCT, _COUNT, _MEMORY = "nvidia.com/gpu.product", "nvidia.com/gpu.count", "nvidia.com/gpu.memory"
"""Labels by which NVIDIA's feature discovery tells a node's GPUs: product, number, memory of each in MiB."""


def uniform_gpus(review: Review, selector: Document | None) -> tuple[int, GpuConfig | None, FieldError | None]:
    """Number of matching nodes and the GPUs of each, or why they cannot be used."""
    honoured = review.honoured_labels(selector)
    nodes = review.cluster.nodes(honoured)
    if not nodes:
        error = generic("No nodes found matching the specified label selector")
        labels = ",".join(f"{key}={value}" for key, value in honoured.items())
        return 0, None, review.not_found("Node", "", labels, error)
    first: GpuConfig | None = None
    for node in nodes:
        name = node["metadata"]["name"]
        try:
            gpus = gpus_from_labels(name, node["metadata"].get("labels") or {})
        except ValueError as error:
            return 0, None, generic(f"Failed to get GPU config from nvidia labels on node {name}: {error}")
        if first is None:
            first = gpus
        elif problem := _difference(name, gpus, first):
            return 0, None, generic(problem)
    return len(nodes), first, None


def gpus_from_labels(node: str, labels: Mapping[str, str]) -> GpuConfig:
    """The GPUs that the feature-discovery labels of one node tell of.

    Raises:
        ValueError: a label is missing or no number; the message is KAITO's.
    """
    if not (_PRODUCT in labels and _COUNT in labels and _MEMORY in labels):
        raise ValueError(f"missing required nvidia.com labels on node {node}")
    numbers: list[int] = []
    for key in (_COUNT, _MEMORY):
        try:
            numbers.append(atoi(labels[key]))
        except ValueError:
            raise ValueError(f"invalid {key} value on node {node}: {labels[key]}") from None
    count, memory_mib = numbers
    memory_gib = int(memory_mib / 1024 + 0.5) * count
    return GpuConfig("unknown", count, memory_gib * quantity.GIB, labels[_PRODUCT])


def _difference(node: str, gpus: GpuConfig, first: GpuConfig) -> str | None:
    if gpus.model != first.model:
        return (
            f"Non-uniform GPU product: node {node} has {gpus.model} GPUs, but previous node has {first.model} GPUs, "
            "all nodes must have the same GPU product for homogeneous placement"
        )
    if gpus.gpus != first.gpus:
        return f"Non-uniform GPU count: node {node} has {gpus.gpus} GPUs, but previous node has {first.gpus} GPUs"
    if gpus.memory_bytes != first.memory_bytes:
        ours, theirs = (quantity.canonical(each.memory_bytes, binary=True) for each in (gpus, first))
        return f"Non-uniform GPU memory: node {node} has {ours} memory, but previous node has {theirs} memory"
    return None
