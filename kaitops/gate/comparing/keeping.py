"""What stays in the cluster though the tree has it no more: Argo CD and Flux leave it where they are told to.

They are told so at the object itself, or by what deploys it. Nothing of the tree changes such an object any more, and
its machines cost on.
"""

import os
from collections.abc import Mapping, Sequence

from kaitops.documents.plain import Object, mapping
from kaitops.documents.ref import Ref
from kaitops.fleet.engines import ENGINES
from kaitops.gate.comparing.base import BaseTree
from kaitops.gate.comparing.changes import Pair
from kaitops.gate.comparing.filling import parents
from kaitops.gate.comparing.pruning import Deployer, deployer
from kaitops.gate.files.walking import named
from kaitops.gate.objects import Item
from kaitops.gate.transforming import FLUX
from kaitops.gitops.place import BOOTSTRAP


def kept(before: BaseTree, pairs: Sequence[Pair], gone: Sequence[Item], top: str) -> dict[int, str]:
    """Why objects of the base stay that the head has no more, by the identity of their data.

    Args:
        gone: the objects that their cluster has no more.
        top: real path of the repository.
    """
    there = {item.key for _, side in pairs for item in side.group.items}
    olds = [item for group in before.groups for item in group.items]
    by = [(item, one) for item in olds if (one := deployer(item.data, top))]
    by_hand = [f"{root}/{BOOTSTRAP}/" for root, group in before.contexts() if group.context]
    found: dict[int, str] = {}
    deployed: list[tuple[Item, list[tuple[Item, Deployer]]]] = []
    for item in gone:
        near = _nearest(place := before.place_of(item), by)
        if not near and place.startswith(tuple(by_hand)):
            found[id(item.data)] = "it was applied by hand, and so it has to be deleted"
        # Of an object that nobody is seen to deploy any engine of the tree may be asked to keep it.
        engines = _engines(near or by)
        if why := _annotated(item.data, engines) or _by_deployer(near, there, engines):
            found[id(item.data)] = why
        deployed.append((item, near))
    known = -1
    while known < len(found):
        # What deploys others may be left itself.
        known = len(found)
        for item, near in deployed:
            if near and id(item.data) not in found and all(_is_lost(one, found, top) for one in near):
                found[id(item.data)] = f"{near[0][0].subject} stays, finds its folder no more and deletes nothing"
    return found


def _is_lost(pair: tuple[Item, Deployer], found: Mapping[int, str], top: str) -> bool:
    """What deployed it is left in the cluster, and no folder of its is there."""
    item, one = pair
    return id(item.data) in found and not any(os.path.isdir(named(folder, top)) for folder in one.folders)


def _engines(by: Sequence[tuple[Item, Deployer]]) -> set[str]:
    return {"flux" if str(item.data["apiVersion"]).startswith(FLUX) else "argocd" for item, _ in by}


def _annotated(document: Object, engines: set[str]) -> str:
    """What an object says of itself; Flux reads labels as well.

    Args:
        engines: those that deploy in the tree; any may where none does.
    """
    held = mapping(document.get("metadata"))
    notes = {**mapping(held.get("labels")), **mapping(held.get("annotations"))}
    for name, engine in ENGINES.items():
        key, value = engine.keeping
        text = str(notes.get(key) or "")
        said = [one.strip() for one in (text.lower() if engine.folds else text).split(",")]
        if value in said and (not engines or name in engines):
            return f"it is kept by {key}: {value}"
    return ""


def _nearest(place: str, by: Sequence[tuple[Item, Deployer]]) -> list[tuple[Item, Deployer]]:
    """Those that deploy the nearest folder above a file."""
    above = list(parents(place))
    near = max((_depth(one, above) for _, one in by), default=0)
    return [(item, one) for item, one in by if near and _depth(one, above) == near]


def _by_deployer(near: Sequence[tuple[Item, Deployer]], there: set[Ref], engines: set[str]) -> str:
    """What deployed an object, where it deletes nothing that it no longer finds."""
    if near and all(one.leaves and _stays(item, one, there, engines) for item, one in near):
        return f"{near[0][0].subject}, which deployed it, deletes nothing that it no longer finds"
    return ""


def _depth(one: Deployer, above: Sequence[str]) -> int:
    return max((len(folder) + 1 for folder in one.folders if folder in above), default=0)


def _stays(item: Item, one: Deployer, there: set[Ref], engines: set[str]) -> bool:
    """It is not deleted itself, or takes nothing along."""
    return not one.goes or item.key in there or bool(_annotated(item.data, engines))
