"""Applications of Argo CD and the project that they name: whether the tree has it, and whether it lets them deploy.

Said only of what is written out, and read in favour of whoever wrote it where Argo CD's reading rests on what is not in
the tree. Source: Argo CD's API of projects (IsSourcePermitted, IsDestinationPermitted, IsGroupKindPermitted).
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path as File
from typing import Any

from kaitops.documents import applications
from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate import native
from kaitops.gate.effects import absent
from kaitops.gate.files.walking import home_of, rooted
from kaitops.gate.objects import Item
from kaitops.gate.overlays import argo
from kaitops.gate.overlays.namespaces import is_cluster_wide

Found = Iterator[tuple[Item, Path, str]]
Told = Iterator[tuple[Path, str]]
_HERE = {"server": "https://kubernetes.default.svc", "name": "in-cluster"}
_LOST = "so Argo CD deploys nothing"
# What has Argo CD make something else of a folder than its manifests.
_TOOLS = frozenset(("kustomization.yaml", "kustomization.yml", "kustomization", "chart.yaml"))


class Projects:
    """The projects of a tree, and the folders that what they bind is deployed from.

    Args:
        tops: real paths of the repositories that are under judgement.
    """

    def __init__(self, tree: Sequence[Item], tops: Sequence[str]) -> None:
        self._tree, self._tops = tree, tops
        self._held = [one for one in tree if one.data["kind"] == "AppProject"
                      and str(one.data["apiVersion"]).startswith(f"{applications.GROUP}/")]  # fmt: skip

    def problems(self, item: Item) -> Found:
        """What is wrong with the project of an Application or of a set of them."""
        path = applications.SPECS[item.data["kind"]]
        spec = mapping(at(item.data, *path))
        name = spec.get("project")
        if not self._held or not isinstance(name, str) or not _is_plain(name):
            return
        held = [one for one in self._held if one.data["metadata"]["name"] == name]
        if not held:
            known = [str(one.data["metadata"]["name"]) for one in self._held]
            meant = absent.slip(name, known) or next((one for one in known if one == name.lower()), "")
            if meant and name != "default":
                text = f"names AppProject {name}, which the tree does not declare, {_LOST}; meant is {meant}?"
                yield item, (*path, "project"), text
        elif len(held) == 1:
            # Of clusters that have a project of the name each, nothing says which one is meant.
            bounds = mapping(held[0].data.get("spec"))
            yield from ((item, where, text) for where, text in _refused(spec, path, bounds, name))
            yield from self._kinds(item, spec, path, bounds)

    def _kinds(self, item: Item, spec: Object, path: Path, bounds: Object) -> Found:
        """Objects of the Application's own folder, whose kinds its project does not let it deploy."""
        top = home_of(os.path.realpath(item.document.file), self._tops)
        for _, source in applications.sources_of(spec, path):
            folder = source.get("path")
            if top is None or not isinstance(folder, str) or not _is_plain(folder) or source.get("directory"):
                continue
            real = rooted(folder, top)
            held = self._folders.get(real, ())
            if not held or not argo.is_here(source.get("repoURL"), top) or _is_made(real):
                continue
            for one in held:
                if part := _closed(one.data, bounds):
                    kind, name = one.data["kind"], spec.get("project")
                    text = f"is {kind}, which AppProject {name} does not let {item.subject} deploy; change its {part}"
                    yield one, ("kind",), text

    @cached_property
    def _folders(self) -> Mapping[str, list[Item]]:
        """The objects of each folder, by real path."""
        found: dict[str, list[Item]] = {}
        for one in self._tree:
            found.setdefault(os.path.split(os.path.realpath(one.document.file))[0], []).append(one)
        return found


def _is_made(folder: str) -> bool:
    return any(one.name.lower() in _TOOLS or one.suffix == ".jsonnet" for one in File(folder).iterdir())


def _closed(data: Object, bounds: Object) -> str:
    """The list of a project that keeps an object's kind out; empty where none does, or the kind is not known."""
    wide = is_cluster_wide(data)
    if not wide and not native.is_held(data) and data["kind"] not in _OF_KAITO:
        return ""
    which = "cluster" if wide else "namespace"
    allowed, refused = (items(bounds.get(f"{which}Resource{end}")) for end in ("Whitelist", "Blacklist"))
    if any(_lists(one, data) for one in refused):
        return f"{which}ResourceBlacklist"
    if (wide or allowed) and not any(_lists(one, data) for one in allowed):
        return f"{which}ResourceWhitelist"
    return ""


_OF_KAITO = frozenset(("Workspace", "InferenceSet", "MultiRoleInference", "RAGEngine"))


def _lists(entry: object, data: Object) -> bool:
    group = str(data["apiVersion"]).rpartition("/")[0]
    held = mapping(entry)
    names = str(held.get("group") or ""), str(held.get("kind") or "")
    return all(one == own or _meets(own, one) for one, own in zip(names, (group, data["kind"]), strict=True))


def _refused(spec: Object, path: Path, bounds: Object, name: str) -> Told:
    for where, source in applications.sources_of(spec, path):
        url = source.get("repoURL")
        if isinstance(url, str) and _is_plain(url) and not _permits(url, items(bounds.get("sourceRepos"))):
            text = f"is {url}, which AppProject {name} does not permit, {_LOST}; add it to its sourceRepos"
            yield (*where, "repoURL"), text
    destination = mapping(spec.get("destination"))
    asked = {key: str(destination[key]) for key in ("server", "name", "namespace") if destination.get(key)}
    rows = [mapping(one) for one in items(bounds.get("destinations"))]
    if asked and all(map(_is_plain, asked.values())) and not any(_is_within(asked, one) for one in rows):
        said = ", ".join(f"{key} {value}" for key, value in asked.items())
        text = f"is {said}, which AppProject {name} does not permit, {_LOST}; add it to its destinations"
        yield (*path, "destination"), text


def _is_plain(value: str) -> bool:
    """Nothing fills it in later."""
    return value != "" and "{{" not in value and "$" not in value


def _permits(url: str, patterns: Sequence[Any]) -> bool:
    own = _address(url)
    return any(_meets(own, _address(one)) for one in map(str, patterns) if not one.startswith("!"))


def _address(url: str) -> str:
    """An address as Argo CD compares it: in small letters, without .git, and of one form where it is of SSH."""
    text = url.strip().lower().rstrip("/").removesuffix(".git")
    if text.startswith("ssh://"):
        return text.removeprefix("ssh://")
    return re.sub(r"^([^/:@]+@[^/:]+):", r"\1/", text)


def _is_within(asked: Mapping[str, str], row: Object) -> bool:
    """Whether a line of a project may stand for a destination; which server a name stands for is not known."""
    space = asked.get("namespace")
    if space and not _meets(space, str(row.get("namespace") or "")):
        return False
    own, held = _cluster(asked), _cluster(row)
    shared = own.keys() & held.keys()
    return not shared or any(_meets(own[key], held[key]) for key in shared)


def _cluster(row: Object) -> dict[str, str]:
    """A cluster by server and name, of which the tool's own one has both."""
    found = {key: str(row[key]).rstrip("/") for key in _HERE if row.get(key)}
    return {**_HERE, **found} if any(found.get(key) == value for key, value in _HERE.items()) else found


def _meets(value: str, pattern: str) -> bool:
    """Whether a pattern takes a value. Of its forms only ``*`` is read; with another one it may."""
    return any(sign in pattern for sign in "[{?\\") or fnmatchcase(value, pattern)
