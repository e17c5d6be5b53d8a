"""Whether a pod finds its place on the machine that it is declared for: processors, memory, GPUs, and its labels."""

import re
from collections.abc import Iterator

from kaitops.documents.plain import Path, mapping
from kaitops.gate.effects import pools, requests
from kaitops.gate.effects.made import SELECTED, Pod
from kaitops.kaito import room
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.release import Release

GPU = "nvidia.com/gpu"
# Letters after the number of processors say what a machine of Azure has; this one, that its processors are Arm's.
_ARM = re.compile(r"Standard_[A-Z]+[0-9]+[a-oq-z]*p|.*_GB[0-9]")


def problems(pod: Pod, release: Release, cloud: str) -> Iterator[tuple[Path, str]]:
    """What the pod asks for that no node of its size has."""
    if not pod.size:
        return
    for key, wanted in requests.requested(pod.spec).items():
        if cloud == "azure" and key in ("cpu", "memory"):
            if text := room.lacking(pod.size, key, wanted):
                yield pod.path, text
        elif key == GPU and not pod.item.data["apiVersion"].startswith(GROUP):
            # Those of KAITO's kinds are a rule's.
            sku = release.skus(cloud).find(pod.size)
            if sku is not None and wanted > sku.gpus:
                text = f"the pod asks for {int(wanted)} GPUs, and {pod.size} has {sku.gpus}, so it is never placed; "
                yield pod.path, f"{text}ask for fewer, or take a larger size"


def selecting(pod: Pod, cloud: str) -> Iterator[tuple[Path, str]]:
    """Labels that the pod wants of its node, and that no machine of the size which KAITO asks for has."""
    if not pod.size or cloud != "azure" or not pod.item.data["apiVersion"].startswith(GROUP):
        return
    offered = {
        SELECTED: pod.size, "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "arm64" if _ARM.match(pod.size) else "amd64",
    }  # fmt: skip
    lost = [
        next((one for one in way if one.key in offered and not pools.is_met(one, [offered[one.key]])), None)
        for way in pools.ways(pod.spec)
    ]
    if (wish := lost[0]) is not None and all(lost):
        chosen = mapping(pod.spec.get("nodeSelector"))
        path = ("nodeSelector", wish.key) if wish.key in chosen else ("affinity",)
        wanted = ", ".join(map(str, wish.values)) if wish.operator == "In" else f"{wish.operator} {wish.values}"
        text = f"wants a node whose {wish.key} is {wanted}, and {pod.size}, which KAITO asks for, has "
        yield (*pod.path, *path), f"{text}{offered[wish.key]}, so the pod is never placed; drop it"
