"""Targets of patches and replacements that no built object matches: kustomize says nothing, and nothing is changed.

Held to names as they are when the patch is made, as far as that is known; a pattern may mean anything, and so may any
target where a patch of the same build deletes objects or gives them other names.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.errors import BadInput, nearest
from kaitops.gate.effects import absent
from kaitops.gate.overlays.graph import Kustomization
from kaitops.gate.overlays.making import Build

_RENAMING = ("allowNameChange", "allowKindChange")
_HASHED = ("ConfigMap", "Secret")
_PAIR = re.compile(r"\s*([\w./-]+)\s*={1,2}\s*([\w.-]*)\s*")
_LITERAL = re.compile(r"[\w-]+(?:\.[\w-]+)*")


class _Target(NamedTuple):
    """A target, and where it stands in its kustomization."""

    one: Kustomization
    at: Path
    held: Object


class _Seen(NamedTuple):
    """A built object.

    Attributes:
        names: that it may have had; None where that is not known, and its own holds it.
    """

    data: Object
    names: frozenset[str] | None

    @property
    def kind(self) -> str:
        return str(self.data.get("kind"))

    @property
    def name(self) -> str:
        return str(at(self.data, "metadata", "name"))


def problems(builds: Iterable[Build]) -> Iterator[tuple[Kustomization, Path, str]]:
    """The kustomization, the path in it, and what is said of each target that nothing matches in any build."""
    matched: set[tuple[int, Path]] = set()
    missed: dict[tuple[int, Path], tuple[_Target, list[_Seen]]] = {}
    renaming: dict[tuple[int, str], bool] = {}  # a base is taken by many, and its patches lie in files
    for build in builds:
        targeted = [(one, found) for one in build.taken if (found := list(_targets(one)))]
        for one in build.taken if targeted else ():
            key = (id(one.document), one.folder)
            if key not in renaming:
                renaming[key] = _renames(one)
        sure = build.problem is None and not any(renaming.get((id(one.document), one.folder)) for one in build.taken)
        for one, targets in targeted:
            seen = _seen(build, one) if sure else []
            for target in targets:
                key = (id(one.document), target.at)
                if not sure or any(_matches(target.held, each) for each in seen):
                    matched.add(key)
                else:
                    missed.setdefault(key, (target, seen))
    for key, (target, seen) in missed.items():
        if key not in matched and (text := _said(target, seen)):
            yield target.one, target.at, text


def _targets(one: Kustomization) -> Iterator[_Target]:
    for key in ("patches", "patchesJson6902"):
        for number, entry in enumerate(items(one.held.get(key))):
            if held := mapping(mapping(entry).get("target")):
                yield _Target(one, (key, number, "target"), held)
    for number, entry in enumerate(items(one.held.get("replacements"))):
        for place, target in enumerate(items(mapping(entry).get("targets"))):
            if held := mapping(mapping(target).get("select")):
                yield _Target(one, ("replacements", number, "targets", place, "select"), held)


def _renames(one: Kustomization) -> bool:
    """Whether a patch of it takes objects away, or gives them names that its own targets do not know."""
    if one.held.get("transformers"):
        return True
    texts = [
        str(mapping(target).get("fieldPaths"))
        for entry in items(one.held.get("replacements"))
        for target in items(mapping(entry).get("targets")) or [{"fieldPaths": "metadata.name"}]  # of a file of its own
    ]
    for key in ("patches", "patchesJson6902", "patchesStrategicMerge"):
        for entry in items(one.held.get(key)):
            options = mapping(mapping(entry).get("options"))
            if any(options.get(word) for word in _RENAMING):
                return True
            texts.append(entry if isinstance(entry, str) else str(mapping(entry).get("patch") or ""))
    for file in one.patches():
        try:
            texts += [str(document.data) for document in reader.read_file(file)]
        except (BadInput, OSError):
            return True
    return any("$patch" in text or "metadata.name" in text or "/metadata/name" in text for text in texts)


def _seen(build: Build, one: Kustomization) -> list[_Seen]:
    """The objects of a build, with the names that they may have had when a kustomization of it made its patches."""
    renaming = [each for each in build.taken if each.held.get("namePrefix") or each.held.get("nameSuffix")]
    known = not renaming or (len(renaming) == 1 and renaming[0] is one)
    before, after = (str(one.held.get(key) or "") if renaming else "" for key in ("namePrefix", "nameSuffix"))
    found: list[_Seen] = []
    for made in build.made:
        data = mapping(made.before)
        name = str(at(data, "metadata", "name"))
        own = known and "$" not in name and data.get("kind") not in _HASHED
        found.append(_Seen(data, frozenset({name.removeprefix(before).removesuffix(after)}) if own else None))
    return found


def _matches(target: Object, one: _Seen) -> bool:
    group, _, version = str(one.data.get("apiVersion")).rpartition("/")
    fields = (("kind", one.kind), ("group", group), ("version", version))
    if any(_literal(target.get(key)) not in (None, value) for key, value in fields):
        return False
    name = _literal(target.get("name"))
    if name is not None and (name not in one.names if one.names is not None else name not in one.name):
        return False
    return all(
        _is_selected(target.get(key), mapping(at(one.data, "metadata", part)))
        for key, part in (("labelSelector", "labels"), ("annotationSelector", "annotations"))
    )


def _literal(value: object) -> str | None:
    """A text that means itself alone; None for a pattern, and for none."""
    text = value if isinstance(value, str) else ""
    return text if text and (_LITERAL.fullmatch(text) and "$" not in text) else None


def _is_selected(selector: object, held: Object) -> bool:
    if not isinstance(selector, str) or not selector:
        return True
    pairs = [_PAIR.fullmatch(one) for one in selector.split(",")]
    return not all(pairs) or all(str(held.get(one[1])) == one[2] for one in pairs if one is not None)


def _said(target: _Target, seen: Sequence[_Seen]) -> str:
    """What is wrong with a target; empty where it may be meant for other folders that take it."""
    kind, name = _literal(target.held.get("kind")), _literal(target.held.get("name"))
    alike = [one for one in seen if kind in (None, one.kind)]
    text = f"is a target that nothing which is built here matches, so {_lost(target)}; "
    versioned = {key: value for key, value in target.held.items() if key not in ("group", "version")}
    if fit := next((one for one in alike if _matches(versioned, one)), None):
        return f"{text}{fit.kind} {fit.name} is of {fit.data.get('apiVersion')}, so correct group and version"
    if name is not None and (fit := next((one for one in alike if _matches({"name": name}, one)), None)):
        return f"{text}{fit.kind} {fit.name} has other labels or annotations, so correct the selector"
    if kind is not None and not alike:
        kinds = {one.kind for one in seen}
        near = [one for one in kinds if one.lower() == kind.lower()] or nearest(kind, sorted(kinds), 1, 0.85)
        if near:
            return f"{text}meant is kind {near[0]}?"
    names = sorted({each for one in alike for each in (one.names or {one.name})})
    if name is not None and (meant := absent.slip(name, names) or next(iter(nearest(name, names, 1, 0.8)), "")):
        return f"{text}meant is {meant}?"
    if name is None or target.one.is_component:
        return ""
    there = f"name one of {', '.join(names[:4])}" if names else "add what it is for"
    return f"{text}{there}, or drop it"


def _lost(target: _Target) -> str:
    return "its value is put nowhere" if target.at[0] == "replacements" else "the patch changes nothing"
