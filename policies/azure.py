"""Where things stand in Azure resources: an ARM resource with its type in ``apiVersion`` and ``kind``.

Owns the paths; judges nothing. A value that is an ARM expression is a text like any other: what a rule wants to see
must be written.
"""

from collections.abc import Iterator
from typing import Any

from kaitops.documents.plain import Object, at, items, mapping
from kaitops.policies.rule import Document, Path

CLUSTER = "Microsoft.ContainerService/managedClusters"
POOL = f"{CLUSTER}/agentPools"
WINDOW = f"{CLUSTER}/maintenanceConfigurations"
REGISTRY = "Microsoft.ContainerRegistry/registries"
SPACE = "Microsoft."
_GPU_FAMILY = "standard_n"


def properties(document: Document, *path: str) -> Any:
    """A value of the resource's properties, None where it is not written."""
    return at(document, "properties", *path)


def pools(document: Document) -> Iterator[tuple[Path, Object]]:
    """The node pools that a cluster holds, or the one that a pool of its own is."""
    if document["kind"] == "managedClusters":
        for place, pool in enumerate(items(properties(document, "agentPoolProfiles"))):
            yield ("properties", "agentPoolProfiles", place), mapping(pool)
    else:
        yield ("properties",), mapping(document.get("properties"))


def gpu_pools(document: Document) -> Iterator[tuple[Path, Object]]:
    """The node pools of machines with GPUs: all of Azure's N family."""
    for path, pool in pools(document):
        size = pool.get("vmSize")
        if isinstance(size, str) and size.lower().startswith(_GPU_FAMILY):
            yield path, pool
