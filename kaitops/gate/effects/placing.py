"""Whether a pod finds room on the machine that it is declared for: processors, memory and GPUs."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from kaitops.documents.plain import Path, items, mapping
from kaitops.gate.effects.view import Pod
from kaitops.gate.native.forms import amount
from kaitops.kaito import room
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.release import Release

GPU = "nvidia.com/gpu"


def requested(spec: Mapping[str, Any]) -> dict[str, Fraction]:
    """What the scheduler counts for a pod: all its containers, or the largest of those before them."""
    total: dict[str, Fraction] = {}
    for one in items(spec.get("containers")):
        for key, value in of_container(mapping(one)).items():
            total[key] = total.get(key, Fraction(0)) + value
    for one in items(spec.get("initContainers")):
        lasting = mapping(one).get("restartPolicy") == "Always"
        for key, value in of_container(mapping(one)).items():
            total[key] = total.get(key, Fraction(0)) + value if lasting else max(total.get(key, Fraction(0)), value)
    return total


def of_container(container: Mapping[str, Any]) -> dict[str, Fraction]:
    """Requests of a container; a limit without a request is one."""
    resources = mapping(container.get("resources"))
    held = {**mapping(resources.get("limits")), **mapping(resources.get("requests"))}
    return {key: number for key, value in held.items() if (number := amount(value)) is not None}


def problems(pod: Pod, release: Release, cloud: str) -> Iterator[tuple[Path, str]]:
    """What the pod asks for that no node of its size has."""
    if not pod.size:
        return
    for key, wanted in requested(pod.spec).items():
        if cloud == "azure" and key in ("cpu", "memory"):
            if text := room.lacking(pod.size, key, wanted):
                yield pod.path, text
        elif key == GPU and not pod.item.data["apiVersion"].startswith(GROUP):
            # Those of KAITO's kinds are a rule's.
            sku = release.skus(cloud).find(pod.size)
            if sku is not None and wanted > sku.gpus:
                text = f"the pod asks for {int(wanted)} GPUs, and {pod.size} has {sku.gpus}, so it is never placed; "
                yield pod.path, f"{text}ask for fewer, or take a larger size"
