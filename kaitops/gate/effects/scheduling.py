"""Whether a pod finds its place on the machine that it is declared for: processors, memory, GPUs, and its labels."""

import re
from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Path, mapping
from kaitops.gate.effects import pools, requests
from kaitops.gate.effects.made import SELECTED, Pod
from kaitops.kaito import room
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.release import Release

GPU = "nvidia.com/gpu"
# Letters after the number of processors say what a machine of Azure has; this one, that its processors are Arm's.
_ARM = re.compile(r"Standard_[A-Z]+[0-9]+[a-oq-z]*p|.*_GB[0-9]")

_NUMBERS = frozenset(("Gt", "Lt"))
_VERBS = {"In": "is", "NotIn": "is not", "Gt": "is more than", "Lt": "is less than"}


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
    """Labels that the pod wants of its node, and that no node has at once, or no machine of its size has."""
    ways = pools.ways(pod.spec)
    clashes = [_clash(way) for way in ways]
    if (clash := next(iter(clashes), None)) is not None and all(clashes):
        text = (
            f"wants a node whose {clash[0].key} {_said(clash[0])} and {_said(clash[1])}, which no node is, so the pod "
        )
        yield _place(pod, clash[0]), f"{text}is never placed; drop one of both"
        return
    if not pod.size or cloud != "azure":
        return
    by_kaito = pod.item.data["apiVersion"].startswith(GROUP)
    offered = {"kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64" if _ARM.match(pod.size) else "amd64"}
    if by_kaito:
        offered[SELECTED] = pod.size
    lost = [
        next((one for one in way if one.key in offered and not pools.is_met(one, [offered[one.key]])), None)
        for way in ways
    ]
    if (wish := next(iter(lost), None)) is not None and all(lost):
        size = f"{pod.size}, which {'KAITO asks for' if by_kaito else 'it names'}, has {offered[wish.key]}"
        text = f"wants a node whose {wish.key} {_said(wish)}, and {size}, so the pod is never placed; drop it"
        yield _place(pod, wish), text


def _clash(way: Sequence[pools.Wish]) -> tuple[pools.Wish, pools.Wish] | None:
    """Two wishes of one way that no value of a label meets both."""
    for place, first in enumerate(way):
        for one in way[:place]:
            if one.key != first.key or {one.operator, first.operator} & _NUMBERS:
                continue
            chosen, other = (one, first) if one.operator == "In" else (first, one)
            if chosen.operator == "In":
                if not any(pools.is_met(other, [value]) for value in chosen.values):
                    return one, first
            elif {one.operator, first.operator} == {"Exists", "DoesNotExist"}:
                return one, first
    return None


def _place(pod: Pod, wish: pools.Wish) -> Path:
    chosen = mapping(pod.spec.get("nodeSelector"))
    return (*pod.path, *(("nodeSelector", wish.key) if wish.key in chosen else ("affinity",)))


def _said(wish: pools.Wish) -> str:
    if not wish.values:
        return "is there" if wish.operator == "Exists" else "is not there"
    return f"{_VERBS.get(wish.operator, wish.operator)} {', '.join(map(str, wish.values))}"
