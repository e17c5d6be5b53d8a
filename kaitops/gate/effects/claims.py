"""Claims of a class by a slip, and those that more pods mount than access mode and kind of storage allow.

A disk belongs to one machine at a time. What a class is made by is known where the tree declares it, or where the cloud
begins each cluster with it.
"""

from collections.abc import Iterator

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.pods import ENDING
from kaitops.documents.ref import namespace_of
from kaitops.gate.effects import absent
from kaitops.gate.effects.made import Pod
from kaitops.gate.effects.state import State
from kaitops.gate.native.forms import amount
from kaitops.gate.objects import Item
from kaitops.kaito import facts

Found = Iterator[tuple[Item, Path, str]]
_ONE_NODE, _ONE_POD, _MANY = "ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"
_WRITTEN = frozenset((_ONE_NODE, _ONE_POD, _MANY))
_SIZE: Path = ("resources", "requests", "storage")
_FILES = "Filesystem"
_MODES: Path = ("spec", "accessModes")
_INDEX: Path = ("spec", "storage", "persistentVolume", "persistentVolumeClaim")


def problems(state: State) -> Found:
    """What is wrong with the claims of a tree for their class, and for the pods that mount them."""
    known: Object = facts.load(".", "storage.json")
    classes = {
        **known["classes"].get(state.cloud, {}),
        **{one.data["metadata"]["name"]: one.data.get("provisioner") for one in state.items
           if one.data["kind"] == "StorageClass"},
    }  # fmt: skip
    volumes = {one.data["metadata"]["name"]: one for one in state.items if one.data["kind"] == "PersistentVolume"}
    for item in state.items:
        if item.data["kind"] != "PersistentVolumeClaim":
            continue
        if (bound := volumes.get(at(item.data, "spec", "volumeName"))) is not None:
            yield from ((item, path, text) for path, text in _unbound(item.data, bound))
        modes = items(at(item.data, *_MODES))
        name = at(item.data, "spec", "storageClassName")
        for pod in state.pods if at(item.data, "spec", "volumeMode") == "Block" else ():
            if _mounts(pod, item) and (volume := _folder(pod, item)):
                text = (
                    f"is Block, and {pod.item.subject} mounts volume {volume} of it as a folder, so its pod waits for "
                )
                yield item, ("spec", "volumeMode"), f"{text}ever; write Filesystem"
        need = f"StorageClass {name}"
        is_known = not isinstance(name, str) or name in classes or state.settled(need)
        if not is_known and (asked := absent.slipped(need, classes)):
            text = f"names {need}, which neither the tree declares nor the cloud brings, so the claim is never bound; "
            yield item, ("spec", "storageClassName"), f"{text}{asked}"
        of_engine = "RAGEngine", namespace_of(item.data), item.data["metadata"]["name"]
        for one in state.items if modes and not _WRITTEN.intersection(map(str, modes)) else ():
            if (one.data["kind"], namespace_of(one.data), at(one.data, *_INDEX)) == of_engine:
                yield item, _MODES, f"lets nobody write, and {one.subject} keeps its index there; write {_ONE_NODE}"
        is_disk = isinstance(name, str) and classes.get(name) in known["disks"]
        if is_disk and _MANY in modes and at(item.data, "spec", "volumeMode") != "Block":
            text = f"asks for {_MANY}, and {name} makes disks, which one machine at a time mounts, so the claim is "
            yield item, _MODES, f"{text}never bound; take a class of file shares, or write {_ONE_NODE}"
        elif modes == [_ONE_POD] and len(sharing := _lasting(item, state)) > 1:
            text = (
                f"is {_ONE_POD}, and {' and '.join(one.item.subject for one in sharing[:2])} mount the claim, of which "
            )
            yield item, _MODES, f"{text}one pod starts; take {_MANY} of a class of file shares, or a claim for each"
        elif modes == [_ONE_POD] or (is_disk and modes == [_ONE_NODE]):
            which = "one starts" if modes == [_ONE_POD] else "those on one machine start"
            for pod in state.pods:
                if _mounts(pod, item) and pod.replicas > 1 and (modes == [_ONE_POD] or not _is_together(pod)):
                    text = f"is {modes[0]}, and {pod.item.subject} has {pod.replicas} pods that mount the claim, of "
                    text += f"which {which}; take {_MANY} of a class of file shares, or one pod"
                    yield item, _MODES, text


def _unbound(claim: Object, volume: Item) -> Iterator[tuple[Path, str]]:
    """Why a claim is never bound to the volume that it names. Source: Kubernetes' checkVolumeSatisfyClaim.

    A volume that names its claim is bound to it unasked.
    """
    spec, held, by = mapping(claim["spec"]), mapping(volume.data.get("spec")), volume.subject
    if held.get("claimRef"):
        return
    size, room = amount(at(spec, *_SIZE)), amount(at(held, "capacity", "storage"))
    lost = "so the claim is never bound"
    if size is not None and room is not None and size > room:
        text = f"is {at(spec, *_SIZE)}, and {by}, which it names, has {at(held, 'capacity', 'storage')}, {lost}; "
        yield ("spec", *_SIZE), f"{text}ask for no more"
    # Where none is written the cluster fills in its own, unless a volume is named for which there is none.
    own, its = spec.get("storageClassName"), held.get("storageClassName") or ""
    if isinstance(own, str) and own != its:
        text = f"is {own or 'empty'}, and {by}, which it names, is of class {its or 'none'}, {lost}; write the same "
        yield ("spec", "storageClassName"), f"{text}in both"
    wanted, offered = (items(one.get("accessModes")) for one in (spec, held))
    if offered and any(one not in offered for one in wanted):
        text = f"asks for {', '.join(map(str, wanted))}, and {by}, which it names, has {', '.join(map(str, offered))}, "
        yield _MODES, f"{text}{lost}; write one of these"
    if (spec.get("volumeMode") or _FILES) != (held.get("volumeMode") or _FILES):
        yield ("spec", "volumeMode"), f"is not that of {by}, which it names, {lost}; write the same in both"


def _folder(pod: Pod, claim: Item) -> str:
    """The volume of a claim that a container of the pod mounts; empty where none does."""
    volumes = [str(mapping(one).get("name")) for one in items(pod.spec.get("volumes"))
               if at(one, "persistentVolumeClaim", "claimName") == claim.data["metadata"]["name"]]  # fmt: skip
    mounted = {at(one, "name") for part in ("containers", "initContainers") for container in items(pod.spec.get(part))
               for one in items(mapping(container).get("volumeMounts"))}  # fmt: skip
    return next((one for one in volumes if one in mounted), "")


def _mounts(pod: Pod, claim: Item) -> bool:
    if pod.namespace != namespace_of(claim.data):
        return False
    named = (at(one, "persistentVolumeClaim", "claimName") for one in items(pod.spec.get("volumes")))
    return claim.data["metadata"]["name"] in named


def _lasting(claim: Item, state: State) -> list[Pod]:
    """The workloads that mount a claim and do not end by themselves, as a Job does before others start."""
    return [one for one in state.pods if one.replicas > 0 and _mounts(one, claim)
            and one.item.data["kind"] not in ENDING and "tuning" not in one.item.data]  # fmt: skip


def _is_together(pod: Pod) -> bool:
    """All of its pods are put on one machine."""
    wanted = at(pod.spec, "affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    on_one = any(mapping(one).get("topologyKey") == "kubernetes.io/hostname" for one in items(wanted))
    return on_one or bool(mapping(pod.spec.get("nodeSelector")).get("kubernetes.io/hostname"))
