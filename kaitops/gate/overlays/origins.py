"""Which file and line brought a value of a built object.

The last patch that sets it, a field of a kustomization, or the file that the object stood in first.

Goes by what kustomize itself notes at each object. Where that leaves a choice, the later one is taken: it is what won.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kaitops.documents import reader
from kaitops.documents.plain import MutableObject, Object, Path, at, items, mapping
from kaitops.errors import BadInput
from kaitops.gate.overlays import fields, patches
from kaitops.gate.overlays.graph import Kustomization
from kaitops.gate.overlays.kustomizing import WRITTEN

Place = tuple[str, int, int]
ORIGIN = "config.kubernetes.io/origin"
CHANGES = "alpha.config.kubernetes.io/transformations"
_AFFIXES = ("namePrefix", "nameSuffix")
# Names that a build is asked for; more than a few levels of prefixes nobody writes.
_MOST_CALLED = 64
_REPLACING = "ReplacementTransformer"
_PATCHES = ("PatchTransformer", "PatchStrategicMergeTransformer", "PatchJson6902Transformer")
_GENERATORS = {"ConfigMapGenerator": "configMapGenerator", "SecretGenerator": "secretGenerator",
               "HelmChartInflationGenerator": "helmCharts"}  # fmt: skip
# The fields that change a value in place, by what kustomize calls their transformer: which values of an object, and
# which key of the kustomization.
_FIELDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "NamespaceTransformer": ((r"(^|.*\.)namespace$", "namespace"),),
    "PrefixTransformer": ((r"(^|.*\.)name$", "namePrefix"),),
    "SuffixTransformer": ((r"(^|.*\.)name$", "nameSuffix"),),
    "ImageTagTransformer": ((r".*\.image$", "images"),),
    "ReplicaCountTransformer": ((r".*\.replicas$", "replicas"),),
    "LabelTransformer": ((r".*(labels|matchLabels|selector)(\.|$)", "labels"), (r".*", "commonLabels")),
    "AnnotationsTransformer": ((r".*annotations(\.|$)", "commonAnnotations"),),
}


class Origins:
    """Where values come from, for the objects of one build.

    Args:
        taken: the kustomizations of it, the root first.
        where: the folder that the tool's paths start from.
        real: follows links.
        copies: by the path of a copy that the tool was given, the file that it was made of.
    """

    def __init__(
        self, taken: Sequence[Kustomization], where: str, real: Callable[[str], str], copies: Mapping[str, str]
    ) -> None:
        self._where = where
        self._real = real
        self._copies = copies
        # Where fields of the root were written into another kustomization, they stand after its own.
        written = copies.get(os.path.join(where, WRITTEN))
        self._over = {os.path.realpath(written): taken[0]} if written else {}
        self._known = {
            os.path.realpath(os.path.join(where, WRITTEN) if one.deploys else one.document.file): one for one in taken
        }
        self._read: dict[str, list[reader.Document]] = {}
        self._files: dict[str, str] = {}
        self._notes: MutableObject = {}
        self._names = {real(file): file for one in taken for file in one.files()}

    def first(self, built: Object, notes: Object) -> tuple[str, str]:
        """The file that an object comes from, and the field of a kustomization that generates it, if one does."""
        told = mapping(self._parsed(notes.get(ORIGIN)))
        generator = _GENERATORS.get(str(at(told, "configuredBy", "kind")), "")
        file = self._file(told.get("configuredIn") if generator else told.get("path"))
        if file:
            return file, generator
        # A patch of all annotations takes the notes along, and then passes for where the object comes from.
        listed = [file for one in self._known.values() for file in one.listed() if self.document(file, built)]
        return next(iter(listed), next(iter(self._known.values())).document.file), ""

    def _changes(self, notes: Object) -> Iterator[tuple[Kustomization, str]]:
        """Who changed an object and how, the last first; all that may have where the notes are gone."""
        origin = mapping(self._parsed(notes.get(ORIGIN)))
        if "path" in origin or at(origin, "configuredBy", "kind") in _GENERATORS:
            for change in reversed(items(self._parsed(notes.get(CHANGES)))):
                file = os.path.realpath(self._file(mapping(change).get("configuredIn")))
                for known in (self._over, self._known):
                    if file in known:
                        yield known[file], str(at(change, "configuredBy", "kind"))
        else:
            yield from ((one, kind) for one in self._known.values() for kind in (*_PATCHES[:1], *_FIELDS))

    def document(self, file: str, built: Object) -> reader.Document | None:
        """The document of a file that became an object; its name may have been changed since."""
        name = str(at(built, "metadata", "name"))
        alike = [one for one in self._documents(file) if mapping(one.data).get("kind") == built.get("kind")]
        named = [one for one in alike if str(at(one.data, "metadata", "name")) in name]
        return next(iter(named or alike), None)

    def place(self, built: Object, notes: Object, path: Path) -> Place:
        """File, line and column of what brought the value at a path of an object."""
        file, generator = self.first(built, notes)
        for one, kind in self._changes(notes):
            found = self._changed(one, kind, built, path)
            if found is not None:
                return found
        if generator:
            return self._generated(file, generator, built, path)
        document = self.document(file, built)
        if document is None:
            return file, 1, 1
        # A merge may have put the entries of a list into another order.
        own = patches.in_patch(document.data, built, path, named=False)
        return (file, *document.locate(path if own is None else own))

    def generator(self, built: Object, notes: Object, path: Path) -> str:
        """The entry of a generator that an object comes from, in words; empty for other objects and for their data."""
        file, key = self.first(built, notes)
        one = self._known.get(os.path.realpath(file)) if key else None
        found = next(self._entries(one, key, built), None) if one is not None else None
        if one is None or found is None or path[:1] in (("data",), ("stringData",), ("binaryData",)):
            return ""
        return f"{key} {mapping(found[1]).get('name')} of {one.document.file}"

    def called(self, name: str) -> Mapping[str, str]:
        """What prefixes and suffixes of the build may make of a name, and the field of one of them."""
        found: dict[str, str] = {name: ""}
        # The innermost ones are put on first, and each of them by its own folder's objects alone.
        for one in reversed(self._known.values()):
            before, after = (_str(one.held.get(key)) for key in _AFFIXES)
            if before or after:
                by = f"{_AFFIXES[0] if before else _AFFIXES[1]} of {one.document.file}"
                found |= {f"{before}{each}{after}": by for each in list(found)[:_MOST_CALLED]}
        return {each: by for each, by in found.items() if by}

    def _changed(self, one: Kustomization, kind: str, built: Object, path: Path) -> Place | None:
        if kind in _PATCHES:
            return next(self._patched(one, built, path), None)
        if kind == _REPLACING:
            return next(self._replaced(one, built, path), None)
        text = ".".join(map(str, path))
        for pattern, key in _FIELDS.get(kind, ()):
            if key in one.held and re.match(pattern, text):
                inner = fields.inner(key, one.held[key], built, path)
                if inner is not None:
                    return (one.document.file, *one.document.locate((key, *inner)))
        return None

    def _replaced(self, one: Kustomization, built: Object, path: Path) -> Iterator[Place]:
        """Where replacements of a kustomization name a field that a value is put into, the last first."""
        for number, entry in reversed(list(enumerate(items(one.held.get("replacements"))))):
            name = mapping(entry).get("path")
            file = os.path.normpath(os.path.join(one.folder, name)) if isinstance(name, str) else one.document.file
            documents = self._documents(file) if isinstance(name, str) else [one.document]
            start: Path = () if isinstance(name, str) else ("replacements", number)
            for document in documents:
                held = document.data if start == () else entry
                for where, target in fields.targets(held):
                    if patches.is_target(target.get("select"), built):
                        for place, field in enumerate(items(target.get("fieldPaths"))):
                            if fields.is_field(str(field), built, path):
                                yield (file, *document.locate((*start, *where, "fieldPaths", place)))

    def _patched(self, one: Kustomization, built: Object, path: Path) -> Iterator[Place]:
        """Where patches of a kustomization set a value, the last first."""
        entries: list[tuple[Path, Any, str, str]] = []
        for key in ("patches", "patchesJson6902"):
            for number, entry in enumerate(items(one.held.get(key))):
                held = mapping(entry)
                entries.append(
                    ((key, number, "patch"), held.get("target"), _str(held.get("path")), _str(held.get("patch")))
                )
        for number, entry in enumerate(one.entries("patchesStrategicMerge")):
            inline = "\n" in entry
            entries.append((("patchesStrategicMerge", number), None, "" if inline else entry, entry if inline else ""))
        for where, target, name, inline in reversed(entries):
            if not patches.is_target(target, built):
                continue
            if name:
                file = os.path.normpath(os.path.join(one.folder, name))
                documents, above = self._documents(file), 0
            else:
                file, above = one.document.file, self._above(one, where)
                documents = _texts(inline, file)
            for document in reversed(documents):
                inner = patches.in_patch(document.data, built, path, named=target is None)
                if inner is not None:
                    line, column = document.locate(inner)
                    yield file, line + above, column

    def _above(self, one: Kustomization, path: Path) -> int:
        """Lines before the text of a block scalar, which starts on the line after its sign."""
        return one.document.locate(path)[0]

    def _generated(self, file: str, key: str, built: Object, path: Path) -> Place:
        one = self._known.get(os.path.realpath(file))
        if one is None:
            return file, 1, 1
        # What merges into it, or takes its place, stands in other kustomizations, and won.
        for other in (each for each in self._known.values() if each is not one):
            for number, entry in self._entries(other, key, built):
                if mapping(entry).get("behavior") in ("merge", "replace"):
                    found = self._of_entry(other, (key, number), mapping(entry), path)
                    if found is not None:
                        return found
        for number, entry in self._entries(one, key, built):
            found = self._of_entry(one, (key, number), mapping(entry), path)
            return found or (file, *one.document.locate((key, number)))
        return (file, *one.document.locate((key,)))

    def _entries(self, one: Kustomization, key: str, built: Object) -> Iterator[tuple[int, Any]]:
        name = str(at(built, "metadata", "name"))
        listed = enumerate(items(one.held.get(key)))
        return ((number, entry) for number, entry in listed if str(mapping(entry).get("name")) in name)

    def _of_entry(self, one: Kustomization, where: Path, entry: Object, path: Path) -> Place | None:
        """Where an entry of a generator has what it puts under a key."""
        wanted = str(path[1]) if len(path) > 1 and path[0] in {"data", "stringData", "binaryData"} else ""
        for each in items(entry.get("files")) if wanted else ():
            called, equals, source = str(each).partition("=")
            if wanted == (called if equals else os.path.basename(called)):
                held = os.path.normpath(os.path.join(one.folder, source or called))
                inner = self._documents(held)[:1] if len(path) > 2 else []
                return (held, *inner[0].locate(path[2:])) if inner else (held, 1, 1)
        for each in (*items(entry.get("envs")), *items([entry.get("env")])) if wanted else ():
            source = os.path.normpath(os.path.join(one.folder, str(each)))
            if each and (line := fields.line_of(source, wanted)):
                return source, line, 1
        for place, each in enumerate(items(entry.get("literals"))):
            if wanted and str(each).partition("=")[0] == wanted:
                return (one.document.file, *one.document.locate((*where, "literals", place)))
        return None

    def _file(self, told: object) -> str:
        """A file that kustomize names, as the walk names it."""
        if not isinstance(told, str):
            return ""
        if told not in self._files:
            real = self._real(os.path.join(self._where, told))
            real = self._real(self._copies[real]) if real in self._copies else real
            self._files[told] = self._names.get(real, real)
        return self._files[told]

    def _parsed(self, text: object) -> Any:
        """A note; most objects of a build have the same."""
        if not isinstance(text, str):
            return None
        if text not in self._notes:
            path = re.fullmatch(r"path: (\S+)\n?", text)
            documents = [] if path else _texts(text, "origin")
            self._notes[text] = {"path": path[1]} if path else documents[0].data if documents else None
        return self._notes[text]

    def _documents(self, file: str) -> list[reader.Document]:
        if file not in self._read:
            try:
                self._read[file] = reader.read_file(file)
            except (BadInput, OSError):
                self._read[file] = []
        return self._read[file]


def _texts(text: str, name: str) -> list[reader.Document]:
    try:
        return reader.read_bytes(text.encode(), name)
    except BadInput:
        return []


def _str(value: object) -> str:
    return value if isinstance(value, str) else ""
