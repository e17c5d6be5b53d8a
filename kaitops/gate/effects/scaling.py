"""Who owns a number of replicas: a scaler, the declaration, or both, which set it against each other."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from kaitops.documents.plain import Path, at, count, mapping
from kaitops.documents.ref import namespace_of
from kaitops.gate.effects import absent, scaled
from kaitops.gate.effects.scaled import SCALERS
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item
from kaitops.kaito.autoscaling import AUTO, LEAST, MOST

Found = Iterator[tuple[Item, Path, str]]
_SCALED = ("InferenceSet", "Deployment", "StatefulSet", "ReplicaSet")
# Kinds that run pods and whose number nobody can set.
_FIXED = frozenset(("DaemonSet", "Job", "CronJob", "Pod"))
_ONE = 1


class _Scaler(NamedTuple):
    item: Item
    path: Path
    least: int | None
    most: int | None


def problems(state: State) -> Found:
    """What is wrong with scalers and what they scale."""
    targets = {(one.data["kind"], namespace_of(one.data), one.data["metadata"].get("name")): one for one in state.items}
    owners: dict[int, _Scaler] = {}
    for item in state.items:
        if item.data["kind"] in SCALERS:
            scaler, (kind, name) = _scaler(item), scaled.target(item.data)
            if item.data["kind"] == "ScaledObject":  # of the other one the server says it
                yield from _bounds(scaler)
            target = targets.get((kind, namespace_of(item.data), name))
            if kind in _FIXED:
                text = f"names a {kind}, which has no replicas to scale, so nothing comes of it; name what has"
                yield item, ("spec", "scaleTargetRef", "kind"), text
                continue
            if target is None or kind == "Workspace":
                yield from _untargeted(item, kind, name, targets, state)
                continue
        elif item.data["kind"] == "InferenceSet" and at(item.data, "metadata", "annotations", AUTO) == "true":
            from kaitops.gate.effects import scaler as own

            scaler, target = _annotated(item), item
            state.needs.add("Deployment keda/keda-kaito-scaler")
            wrong = list(own.problems(item.data, state.release))
            yield from ((item, path, text) for path, text in wrong)
            if not wrong:
                yield from _bounds(scaler)
        else:
            continue
        first = owners.setdefault(id(target.data), scaler)
        if first is not scaler:
            text = f"scales {target.subject}, which {first.item.subject} scales as well, so they set its replicas "
            yield item, scaler.path, f"{text}against each other; keep one"
            continue
        yield from _owned(target, scaler)


def _scaler(item: Item) -> _Scaler:
    low, high, fewest, many = SCALERS[item.data["kind"]]
    least, most = at(item.data, "spec", low), at(item.data, "spec", high)
    path: Path = ("spec", "scaleTargetRef")
    return _Scaler(item, path, least if isinstance(least, int) else fewest, most if isinstance(most, int) else many)


def _annotated(item: Item) -> _Scaler:
    notes = mapping(at(item.data, "metadata", "annotations"))
    least, most = (str(notes.get(key) or "") for key in (LEAST, MOST))
    path: Path = ("metadata", "annotations", AUTO)
    fewest = count(least)
    return _Scaler(item, path, _ONE if fewest is None else fewest, count(most))


def _bounds(scaler: _Scaler) -> Found:
    if scaler.least is not None and scaler.most is not None and scaler.least > scaler.most:
        text = f"has at least {scaler.least} replicas and at most {scaler.most}, so it never scales; correct the bounds"
        low = SCALERS[scaler.item.data["kind"]][0] if scaler.item.data["kind"] in SCALERS else ""
        yield scaler.item, ("spec", low) if low else scaler.path, text


def _untargeted(item: Item, kind: str, name: str, targets: Mapping[Any, Item], state: State) -> Found:
    place: Path = ("spec", "scaleTargetRef", "name")
    space = namespace_of(item.data)
    near = [(key, one) for key, one in targets.items() if key[2] == name and key[0] in (*_SCALED, "Workspace")]
    if kind == "Workspace":
        text = "names a Workspace, which has no replicas to scale, so it does nothing; declare an InferenceSet"
        yield item, place, text
    elif near:
        text = f"names {kind} {space}/{name}, and the tree declares {near[0][1].subject} instead, so nothing is scaled"
        remedy = "declare an InferenceSet" if near[0][0][0] == "Workspace" else "name that"
        yield item, place, f"{text}; {remedy}"
    elif kind in _SCALED and not state.settled(need := f"{kind} {space}/{name}"):
        there = [key[2] for key in targets if key[:2] == (kind, space)]
        if asked := absent.slipped(need, there, item):
            yield item, place, f"names {need}, which the tree does not declare, so nothing is scaled; {asked}"
        else:
            state.needs.add(need)


def _owned(target: Item, scaler: _Scaler) -> Found:
    replicas = at(target.data, "spec", "replicas")
    by = scaler.item.subject if scaler.item is not target else "KAITO's scaler"
    if isinstance(replicas, int):
        text = f"is {replicas}, and {by} owns the number, so each sync of the tree sets it back; drop it"
        yield target, ("spec", "replicas"), text
    limit = at(target.data, "spec", "nodeCountLimit")
    if target.data["kind"] == "InferenceSet" and isinstance(limit, int) and scaler.most and scaler.most > limit:
        text = f"is {limit}, and {by} goes up to {scaler.most} replicas, each on a node or more; raise it or lower that"
        yield target, ("spec", "nodeCountLimit"), text
