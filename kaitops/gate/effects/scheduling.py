"""Whether a pod finds its place on the machine that it is declared for: processors, memory, GPUs, and its labels."""

import re
from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Path, items, mapping
from kaitops.errors import nearest
from kaitops.gate.effects import pools, requests
from kaitops.gate.effects.made import SELECTED, Pod
from kaitops.kaito import room
from kaitops.kaito.anatomy import GROUP, SELECTORS
from kaitops.kaito.release import Release

GPU = "nvidia.com/gpu"
# What the plugins of NVIDIA and AMD give to nodes, beside slices of a GPU.
_DEVICES = (GPU, "nvidia.com/gpu.shared", "amd.com/gpu")
_COUNT = "nvidia.com/gpu.count"
# Letters after the number of processors say what a machine of Azure has; this one, that its processors are Arm's.
_ARM = re.compile(r"Standard_[A-Z]+[0-9]+[a-oq-z]*p|.*_GB[0-9]")

_NUMBERS = frozenset(("Gt", "Lt"))
_VERBS = {"In": "is", "NotIn": "is not", "Gt": "is more than", "Lt": "is less than"}


def problems(pod: Pod, release: Release, cloud: str, known: Sequence[pools.Pool] = ()) -> Iterator[tuple[Path, str]]:
    """What the pod asks for that no node of its sizes has.

    Args:
        known: pools of the tree, which the pod may name.
    """
    lost = [list(_lacking(pod, size, release, cloud)) for size in pools.sizes(pod, known)]
    if lost and all(lost):
        yield from ((pod.path, text) for text in lost[0])


def _lacking(pod: Pod, size: str, release: Release, cloud: str) -> Iterator[str]:
    for key, wanted in requests.requested(pod.spec).items():
        if cloud == "azure" and key in ("cpu", "memory"):
            if text := room.lacking(size, key, wanted):
                yield text
        elif key == GPU and not pod.item.data["apiVersion"].startswith(GROUP):
            # Those of KAITO's kinds are a rule's.
            gpus = release.gpus(cloud, size)
            if gpus is not None and wanted > gpus:
                text = f"the pod asks for {int(wanted)} GPUs, and {size} has {gpus or 'none'}, so it is never placed; "
                yield f"{text}ask for fewer, or take a larger size"


def unknown(pod: Pod, known: Sequence[str] = _DEVICES) -> Iterator[tuple[Path, str]]:
    """Devices by a name that no plugin gives to nodes, and that differs little from one that is.

    Of a template of KAITO's a rule says that nobody asks for its GPUs.
    """
    if pod.item.data["apiVersion"].startswith(GROUP):
        return
    for part in ("containers", "initContainers"):
        for number, one in enumerate(map(mapping, items(pod.spec.get(part)))):
            for key in mapping(mapping(one.get("resources")).get("limits")):
                if "/" in key and key not in known and (near := nearest(key.lower(), known, 1, 0.85)):
                    text = f"asks for {key}, which no node has, so the pod is never placed; meant is {near[0]}?"
                    yield (*pod.path, part, number, "resources", "limits", key), text


def selecting(pod: Pod, release: Release, cloud: str) -> Iterator[tuple[Path, str]]:
    """Labels that the pod wants of its node, and that no node has at once, or no machine of its size has."""
    ways = pools.ways(pod.spec)
    clashes = [_clash(way) for way in ways]
    if (clash := next(iter(clashes), None)) is not None and all(clashes):
        text = (
            f"wants a node whose {clash[0].key} {_said(clash[0])} and {_said(clash[1])}, which no node is, so the pod "
        )
        yield _place(pod, clash[0]), f"{text}is never placed; drop one of both"
        return
    if cloud == "azure" and not pod.item.data["apiVersion"].startswith(GROUP):
        misspelt = {size: room.meant(size) for size in pools.sizes(pod)}
        if misspelt and all(misspelt.values()):  # of sizes of KAITO's kinds a rule speaks
            size, meant = next(iter(misspelt.items()))
            text = (
                f"wants a node whose {SELECTED} is {size}, which the cloud calls {meant}, so the pod is never placed; "
            )
            yield _place(pod, pools.Wish(SELECTED, "In", [size])), f"{text}write {meant}"
            return
    found = [_unlike(pod, size, ways, release, cloud) for size in pools.sizes(pod) if cloud == "azure"]
    if found and (first := found[0]) is not None and all(found):
        yield first


def _unlike(
    pod: Pod, size: str, ways: Sequence[Sequence[pools.Wish]], release: Release, cloud: str
) -> tuple[Path, str] | None:
    """A label that the pod wants and that no machine of a size has, in whatever way."""
    by_kaito = pod.item.data["apiVersion"].startswith(GROUP)
    offered = {"kubernetes.io/os": "linux", "kubernetes.io/arch": "arm64" if _ARM.match(size) else "amd64"}
    if (sku := release.skus(cloud).find(size)) is not None:
        offered[_COUNT] = str(sku.gpus)
    if by_kaito:
        offered[SELECTED] = size
    lost = [
        next((one for one in way if one.key in offered and not pools.is_met(one, [offered[one.key]])), None)
        for way in ways
    ]
    wish = next(iter(lost), None)
    if wish is None or not all(lost):
        return None
    had = f"{size}, which {'KAITO asks for' if by_kaito else 'it names'}, has {offered[wish.key]}"
    text = f"wants a node whose {wish.key} {_said(wish)}, and {had}, so the pod is never placed; drop it"
    return _place(pod, wish), text


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
    if pod.made:
        return (*SELECTORS[pod.item.data["kind"]], "matchLabels", wish.key)
    chosen = mapping(pod.spec.get("nodeSelector"))
    return (*pod.path, *(("nodeSelector", wish.key) if wish.key in chosen else ("affinity",)))


def _said(wish: pools.Wish) -> str:
    if not wish.values:
        return "is there" if wish.operator == "Exists" else "is not there"
    return f"{_VERBS.get(wish.operator, wish.operator)} {', '.join(map(str, wish.values))}"
