"""Which kustomizations use which, which of them nobody uses, and which files each takes.

A kustomization that no other one uses is what somebody deploys: it is judged, and what it uses is judged as part of it.
"""

import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kaitops.documents.plain import Object, at, items, mapping
from kaitops.gate.overlays import kustomizing

# Keys whose values, or whose values' paths, are names of files beside the kustomization.
_LISTS = ("resources", "patchesStrategicMerge", "crds", "configurations", "transformers", "generators", "validators")
_PATHS = ("patches", "patchesJson6902", "replacements")
_PATCHES = ("patches", "patchesJson6902")
_GENERATORS = ("configMapGenerator", "secretGenerator")
_FILES = (".yaml", ".yml", ".json")
# Charts are fetched and run a program of their own.
_CHARTS = ("helmChartInflationGenerator",)


class Kustomization(NamedTuple):
    """One kustomization of the tree.

    Attributes:
        problems: why what it lists cannot be followed; nothing that rests on it is built.
        deploys: the folder that its names start from, where it is no file there but an object of Flux.
    """

    document: kustomizing.Written
    problems: Sequence[kustomizing.Problem] = ()
    deploys: str = ""

    @property
    def folder(self) -> str:
        """The folder that its names start from, empty where it is the working directory."""
        return self.deploys or os.path.split(self.document.file)[0]

    @property
    def is_beside(self) -> bool:
        """It is an object of Flux that deploys to the cluster that it is in itself."""
        deploying = getattr(self.document, "document", None)
        data = mapping(getattr(deploying, "data", None))
        return data.get("kind") == "Kustomization" and not at(data, "spec", "kubeConfig")

    @property
    def held(self) -> Object:
        """Its keys."""
        return mapping(self.document.data)

    @property
    def changes(self) -> bool:
        """Objects come out of it otherwise than they stand in files, or than others make of the same files."""
        if any(key not in kustomizing.FOLLOWED for key in self.held):
            return True
        return bool(self.held.get("namespace")) and any(
            os.path.normpath(one).startswith("..") for one in self.entries("resources")
        )

    @property
    def is_component(self) -> bool:
        """It is only ever part of another one."""
        return self.held.get("kind") == "Component"

    @property
    def climbs(self) -> bool:
        """It takes something that may take it in turn."""
        return any(one.startswith(".") for one in self.entries(*kustomizing.FOLDERS))

    def entries(self, *keys: str) -> Iterator[str]:
        """The texts of some lists."""
        for key in keys:
            yield from (one for one in items(self.held.get(key)) if isinstance(one, str))

    def listed(self) -> Iterator[str]:
        """The files that objects stand in."""
        folder = self.folder
        for name in self.entries("resources"):
            if name and "\0" not in name:
                yield kustomizing.joined(folder, name)

    def files(self) -> Iterator[str]:
        """Every file that it reads by name, itself among them; folders are left to their own kustomization."""
        if not self.deploys:
            yield self.document.file
        names = list(self.entries(*_LISTS))
        names += [path for key in _PATHS for one in items(self.held.get(key)) if (path := _text(one, "path"))]
        yield from self.data()
        yield from self._joined(names)

    def data(self) -> Iterator[str]:
        """The files whose content generators take as it is: text of any form, which becomes a value."""
        for one in self._generators():
            yield from self._joined(str(name).partition("=")[2] or str(name) for name in items(one.get("files")))
        yield from self.environments()

    def environments(self) -> Iterator[str]:
        """The files of lines that generators take apart."""
        for one in self._generators():
            yield from self._joined([*(str(name) for name in items(one.get("envs"))), _text(one, "env")])

    def _generators(self) -> Iterator[Object]:
        yield from (mapping(one) for key in _GENERATORS for one in items(self.held.get(key)))

    def patches(self) -> Iterator[str]:
        """The files of its patches."""
        names = [path for key in _PATCHES for one in items(self.held.get(key)) if (path := _text(one, "path"))]
        yield from self._joined((*names, *self.entries("patchesStrategicMerge")))

    def _joined(self, names: Iterable[str]) -> Iterator[str]:
        """Those that can be names of files, as paths."""
        folder = self.folder
        for name in names:
            if name and "\n" not in name and "\0" not in name:
                yield kustomizing.joined(folder, name)

    def remote(self) -> str | None:
        """What would be fetched, or run, to build it."""
        for key in _CHARTS:
            if self.held.get(key):
                return f"{key}, which helmCharts has taken the place of"
        for name in (*self.files(), *self.entries(*kustomizing.FOLDERS)):
            if "://" in name or ":/" in name or kustomizing.is_address(os.path.basename(name)):
                # As it was written: a path that was joined has lost a slash, and has the folder in front.
                return kustomizing.shown(re.sub(r"^(?:.*/)?([A-Za-z][\w+.-]*:)/+", r"\1//", name))
        return None


def listed(kustomizations: Iterable[Kustomization]) -> set[str]:
    """Real paths of the files that they list."""
    return {os.path.realpath(file) for one in kustomizations for file in one.listed()}


class Graph:
    """The kustomizations of a tree.

    Args:
        known: by folder.
        deployed: what Flux's objects make of folders.
        kept: real paths of folders that are deployed by themselves, whoever else takes them.
    """

    def __init__(
        self, known: Mapping[str, Kustomization], deployed: Sequence[Kustomization] = (), kept: Container[str] = ()
    ) -> None:
        self._known = {os.path.realpath(folder or "."): one for folder, one in known.items()}
        self._deployed, self._kept = deployed, kept
        # Files are not asked for: most entries are some, and few folders are called like one.
        self._is_file = _FILES if not any(folder.endswith(_FILES) for folder in known) else ()
        self._used = {below for one in (*self._known.values(), *deployed) for below in self._below(one)}

    def _is_root(self, folder: str, one: Kustomization) -> bool:
        return not one.is_component and (folder not in self._used or folder in self._kept)

    def alone(self) -> set[str]:
        """The folders, by real path, that are deployed by themselves."""
        return {folder for folder, one in self._known.items() if self._is_root(folder, one)}

    def reached(self, folders: Iterable[str]) -> set[str]:
        """The files, by real path, that the kustomizations of folders take."""
        return listed(each for folder in folders if folder in self._known for each in self._closure(folder))

    def circles(self) -> list[Kustomization]:
        """Those that take each other in a ring, or themselves, so that kustomize builds none of them."""
        lower = {folder: set(self._below(one)) for folder, one in self._known.items()}
        upper: dict[str, set[str]] = {folder: set() for folder in lower}
        for folder, below in lower.items():
            for one in below:
                upper[one].add(folder)
        for way, back in ((lower, upper), (upper, lower)):
            # What leads to nothing that is left is no part of a ring.
            waiting = [folder for folder, others in way.items() if not others]
            while waiting:
                gone = waiting.pop()
                for one in back[gone]:
                    way[one].discard(gone)
                    if not way[one]:
                        waiting.append(one)
        return [self._known[folder] for folder in lower if lower[folder] and upper[folder]]

    def roots(self) -> list[tuple[Kustomization, list[Kustomization]]]:
        """Those that nobody uses and that need the tool, each with all that it takes, itself first."""
        found = [
            (one, [one, *(each for below in self._below(one) for each in self._closure(below))])
            for one in self._deployed
        ]
        for folder, one in self._known.items():
            if self._is_root(folder, one):
                taken = self._closure(folder)
                if any(each.changes or each.is_component for each in taken):
                    found.append((one, taken))
        return found

    def deployed_files(self) -> dict[str, str]:
        """The one folder among those that are deployed by themselves that takes a file, by real paths."""
        found: dict[str, str] = {}
        shared: set[str] = set()
        for folder in self.alone():
            for one in self._closure(folder):
                for file in map(os.path.realpath, one.files()):
                    if found.setdefault(file, folder) != folder:
                        shared.add(file)
        return {file: folder for file, folder in found.items() if file not in shared}

    def plain(self) -> set[str]:
        """The files, by real path, of those that need no tool: they stay judged as they stand."""
        return {
            os.path.realpath(file)
            for folder, one in self._known.items()
            if self._is_root(folder, one)
            for taken in [self._closure(folder)]
            if not any(each.changes or each.is_component for each in taken)
            for each in taken
            for file in each.files()
        }

    def _below(self, one: Kustomization) -> Iterator[str]:
        for name in one.entries(*kustomizing.FOLDERS):
            if "\0" not in name and not name.endswith(self._is_file):
                real = os.path.realpath(os.path.join(one.folder, name))
                if real in self._known:
                    yield real

    def _closure(self, folder: str) -> list[Kustomization]:
        found: dict[str, Kustomization] = {}
        waiting = [folder]
        while waiting:
            place = waiting.pop()
            if place not in found:
                found[place] = self._known[place]
                waiting += self._below(self._known[place])
        return list(found.values())


def _text(entry: object, key: str) -> str:
    value = mapping(entry).get(key)
    return value if isinstance(value, str) else ""
