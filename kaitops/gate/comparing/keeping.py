"""What stays in the cluster though the tree has it no more: Argo CD and Flux leave it where they are told to.

They are told so at the object itself, or by what deploys it. Nothing of the tree changes such an object any more, and
its machines cost on.
"""

from collections.abc import Sequence

from kaitops.documents.plain import Object, mapping
from kaitops.documents.ref import Ref
from kaitops.fleet.engines import ENGINES
from kaitops.gate.comparing.base import BaseTree
from kaitops.gate.comparing.changes import Pair
from kaitops.gate.comparing.filling import parents
from kaitops.gate.comparing.pruning import Deployer, deployer
from kaitops.gate.objects import Item
from kaitops.gate.transforming import FLUX


def kept(before: BaseTree, pairs: Sequence[Pair], gone: Sequence[Item], top: str) -> dict[int, str]:
    """Why objects of the base stay that the head has no more, by the identity of their data.

    Args:
        gone: the objects that their cluster has no more.
        top: real path of the repository.
    """
    there = {item.key for _, side in pairs for item in side.group.items}
    olds = [item for group in before.groups for item in group.items]
    by = [(item, one) for item in olds if (one := deployer(item.data, top))]
    engines = {"flux" if str(item.data["apiVersion"]).startswith(FLUX) else "argocd" for item, _ in by}
    found: dict[int, str] = {}
    for item in gone:
        if why := _annotated(item.data, engines) or _by_deployer(before.place_of(item), by, there, engines):
            found[id(item.data)] = why
    return found


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


def _by_deployer(place: str, by: Sequence[tuple[Item, Deployer]], there: set[Ref], engines: set[str]) -> str:
    """The nearest of those that deploy the file of an object, where it deletes nothing that it no longer finds."""
    above = list(parents(place))
    near = max((_depth(one, above) for _, one in by), default=0)
    nearest = [(item, one) for item, one in by if near and _depth(one, above) == near]
    if nearest and all(one.leaves and _stays(item, one, there, engines) for item, one in nearest):
        return f"{nearest[0][0].subject}, which deployed it, deletes nothing that it no longer finds"
    return ""


def _depth(one: Deployer, above: Sequence[str]) -> int:
    return max((len(folder) + 1 for folder in one.folders if folder in above), default=0)


def _stays(item: Item, one: Deployer, there: set[Ref], engines: set[str]) -> bool:
    """It is not deleted itself, or takes nothing along."""
    return not one.goes or item.key in there or bool(_annotated(item.data, engines))
