"""Names of Flux's and Argo CD's own objects that the tree does not hold, where it shows which are meant.

A source may be made by what is elsewhere, so a name that is nowhere is no fault: one is that differs by a slip from
what is there, or that is there in another namespace or of another kind. Sources: Flux's and Argo CD's API.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kaitops.documents import applications
from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.effects import absent
from kaitops.gate.objects import Item
from kaitops.gate.options import is_assumed
from kaitops.gate.transforming import FLUX

Found = Iterator[tuple[Item, Path, str]]
_RELEASES, _SOURCES = "helm.toolkit.fluxcd.io", "source.toolkit.fluxcd.io"
# The kinds that a reference may name, by the object and the field.
_FROM: Mapping[tuple[str, str], Sequence[tuple[Path, tuple[str, ...]]]] = {
    (FLUX, "Kustomization"): ((("spec", "sourceRef"), ("GitRepository", "OCIRepository", "Bucket")),),
    (_RELEASES, "HelmRelease"): (
        (("spec", "chart", "spec", "sourceRef"), ("HelmRepository", "GitRepository", "Bucket")),
        (("spec", "chartRef"), ("OCIRepository", "HelmChart")),
    ),
    (_SOURCES, "HelmChart"): ((("spec", "sourceRef"), ("HelmRepository", "GitRepository", "Bucket")),),
}
# The kinds that people write and no controller makes.
_WRITTEN = frozenset({"HelmRelease", "Kustomization", "Workspace", "InferenceSet", "MultiRoleInference", "RAGEngine"})


class _Named(NamedTuple):
    """A name that stands in the tree.

    Attributes:
        space: empty where none is written, and whoever applies the object gives it one.
    """

    kind: str
    space: str
    name: str

    def may_be(self, other: "_Named") -> bool:
        """The same namespace, as far as it is known."""
        return not self.space or not other.space or self.space == other.space


def problems(tree: Iterable[Item], tops: Sequence[str], assumed: Container[str] | None = None) -> Found:
    """Each reference that misses.

    Args:
        tops: real paths of the repositories that are under judgement.
        assumed: what the user says is in the cluster, where the tree holds all else that is; None for a part of it.
    """
    every = list(tree)
    known = [_named(one.data) for one in every if _group(one.data) in (FLUX, _RELEASES, _SOURCES)]
    for item in every:
        for path, wanted, kinds in _references(item.data):
            if text := _missed(wanted, kinds, known, assumed):
                yield item, path, text
        if checked := items(at(item.data, "spec", "healthChecks")):
            yield from ((item, path, text) for path, text in _unhealthy(checked, every))
        if item.data["kind"] == "HelmRelease" and at(item.data, "spec", "valuesFrom"):
            yield from ((item, path, text) for path, text in _values(item, every))
    yield from _circles(every)
    bound = [one for one in every if _group(one.data) == applications.GROUP]
    if any(one.data["kind"] == "AppProject" for one in bound):
        from kaitops.gate.reading import permitting

        projects = permitting.Projects(every, tops)
        for item in bound:
            if item.data["kind"] in applications.SPECS:
                yield from projects.problems(item)


def _group(data: Object) -> str:
    return str(data["apiVersion"]).partition("/")[0]


def _named(data: Object) -> _Named:
    return _Named(data["kind"], str(data["metadata"].get("namespace") or ""), str(data["metadata"]["name"]))


def _references(data: Object) -> Iterator[tuple[Path, _Named, tuple[str, ...]]]:
    fields = _FROM.get((_group(data), data["kind"]))
    if fields is None:
        return
    own = str(data["metadata"].get("namespace") or "")
    for path, kinds in fields:
        held = mapping(at(data, *path))
        if held.get("kind") in kinds and absent.is_name(held.get("name")):
            yield (*path, "name"), _Named(held["kind"], str(held.get("namespace") or own), held["name"]), kinds
    for place, one in enumerate(items(at(data, "spec", "dependsOn"))):
        held = mapping(one)
        if absent.is_name(held.get("name")):
            wanted = _Named(data["kind"], str(held.get("namespace") or own), held["name"])
            yield ("spec", "dependsOn", place, "name"), wanted, (data["kind"],)


def _circles(tree: Sequence[Item]) -> Found:
    """Objects that wait for themselves, or for others that wait for them: none of them is ever applied."""
    waiting: dict[_Named, tuple[Item, list[tuple[Path, _Named]]]] = {}
    for item in tree:
        if at(item.data, "spec", "dependsOn"):
            found = [(path, wanted) for path, wanted, _ in _references(item.data) if "dependsOn" in path]
            waiting[_named(item.data)] = item, found
    told: set[_Named] = set()
    for start, (item, first) in waiting.items():
        for path, wanted in first if start not in told else ():
            seen: set[_Named] = set()
            left = [wanted]
            while left and start not in seen:
                one = left.pop()
                if one not in seen:
                    seen.add(one)
                    left += [each for _, each in waiting[one][1]] if one in waiting else []
            if start in seen and start not in told:
                told |= seen
                whom = "itself" if wanted == start else f"{wanted.kind} {wanted.name}, which waits for this one"
                yield item, path, f"has {item.subject} wait for {whom}, so Flux applies none of them; drop one"


def _unhealthy(checked: Sequence[Any], tree: Iterable[Item]) -> Iterator[tuple[Path, str]]:
    """Objects that Flux is to wait for, by a name that differs by a slip from one of the tree.

    Charts and controllers make others, so a name that is nowhere is no fault.
    """
    known = [_named(one.data) for one in tree]
    for place, one in enumerate(checked):
        held = mapping(one)
        if isinstance(held.get("kind"), str) and absent.is_name(held.get("name")):
            wanted = _Named(held["kind"], str(held.get("namespace") or ""), held["name"])
            beside = [each for each in known if each.kind == wanted.kind and each.may_be(wanted)]
            if not any(each.name == wanted.name for each in beside):
                meant = absent.slip(wanted.name, (each.name for each in beside))
                other = next((each for each in known if each[::2] == wanted[::2] and each.kind in _WRITTEN), None)
                text = _absent(wanted)
                if meant:
                    yield ("spec", "healthChecks", place, "name"), f"{text}meant is {meant}?"
                elif other is not None:
                    yield ("spec", "healthChecks", place), f"{text}write namespace: {other.space}"


def _values(item: Item, tree: Iterable[Item]) -> Iterator[tuple[Path, str]]:
    """ConfigMaps and Secrets that a HelmRelease takes values from: under another name, or without the key."""
    known = [one for one in tree if one.data["kind"] in ("ConfigMap", "Secret")]
    own = _named(item.data)
    for place, one in enumerate(items(at(item.data, "spec", "valuesFrom"))):
        held = mapping(one)
        wanted = _Named(str(held.get("kind")), own.space, str(held.get("name")))
        beside = [each for each in known if each.data["kind"] == wanted.kind and _named(each.data).may_be(wanted)]
        found = next((each for each in beside if _named(each.data).name == wanted.name), None)
        path: Path = ("spec", "valuesFrom", place)
        if held.get("optional") is True or not absent.is_name(wanted.name):
            continue
        if found is not None:
            key = held.get("valuesKey") or "values.yaml"
            parts = [mapping(found.data.get(part)) for part in ("data", "stringData", "binaryData")]
            if any(parts) and not any(key in part for part in parts):
                text = f"takes {key} of {found.subject}, which has no such key, so Flux installs nothing; "
                yield path, f"{text}write valuesKey: {sorted(key for part in parts for key in part)[0]}, or add the key"
            continue
        text = f"takes values of {wanted.kind} {wanted.name}, which the tree does not declare; "
        hashed = re.compile(rf"{re.escape(wanted.name)}-[0-9a-z]{{10}}")
        made = next((each for each in beside if hashed.fullmatch(_named(each.data).name)), None)
        if made is not None and (by := made.document.origin(("metadata", "name"))):
            text += f"{by} makes {_named(made.data).name} of it, and kustomize does not know that the field names it; "
            yield (*path, "name"), f"{text}write generatorOptions: {{disableNameSuffixHash: true}} there"
        elif meant := absent.slip(wanted.name, (_named(each.data).name for each in beside)):
            yield (*path, "name"), f"{text}meant is {meant}?"


def _absent(wanted: _Named) -> str:
    where = f" in namespace {wanted.space}" if wanted.space else ""
    return f"names {wanted.kind} {wanted.name}{where}, which the tree does not declare, so Flux waits for ever; "


def _missed(wanted: _Named, kinds: Sequence[str], known: Sequence[_Named], assumed: Container[str] | None) -> str:
    """What a reference says and what the tree has instead; empty where nothing speaks against it."""
    if any((one.kind, one.name) == (wanted.kind, wanted.name) and one.may_be(wanted) for one in known):
        return ""
    text = _absent(wanted)
    for one in known:
        if (one.kind, one.name) == (wanted.kind, wanted.name):
            return f"{text}it is in {one.space}, so write namespace: {one.space}"
    for one in known:
        if one.name == wanted.name and one.kind in kinds and one.may_be(wanted):
            return f"{text}{one.kind} {one.name} is there, so write kind: {one.kind}"
    meant = absent.slip(wanted.name, (one.name for one in known if one.kind == wanted.kind and one.may_be(wanted)))
    if meant or assumed is None:
        return f"{text}meant is {meant}?" if meant else ""
    need = f"{wanted.kind} {wanted.space}/{wanted.name}" if wanted.space else f"{wanted.kind} {wanted.name}"
    return "" if is_assumed(need, assumed) else f"{text}declare it, or {absent.assumed(need)}"
