"""One kustomization built by the tool: its objects, as documents that know where their values come from, or why not."""

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path as File
from typing import Any, NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import MutableObject, Object, Path, Steps, at, mapping
from kaitops.errors import BadInput
from kaitops.gate.overlays import flux, inflating, kustomizing, staging, taking, tool, variables
from kaitops.gate.overlays.graph import Kustomization
from kaitops.gate.overlays.origins import CHANGES, ORIGIN, Origins, Place
from kaitops.gate.overlays.view import Deploying

_GIVE = "give it one in spec.postBuild.substitute or a ConfigMap beside it"
_OR = ", or write a default as in ${NAME:=value}"


@dataclass(frozen=True, slots=True)
class Filled:
    """An object before variables were put in, and where each variable's value stands."""

    before: Any
    places: Mapping[str, tuple[Deploying, Path]]

    def place(self, path: Path) -> Place | None:
        """What gave the value at a path: the last variable of its text that has a value; None where none has."""
        text = at(self.before, *path)
        names = variables.names(text) if isinstance(text, str) and "${" in text else []
        for name in reversed(names):
            if name in self.places:
                document, where = self.places[name]
                return document.place(where)
        return None


@dataclass(frozen=True, slots=True)
class Made:
    """One object that a build made; stands where a document of a file stands otherwise.

    Attributes:
        file: that it comes from first.
        index: of the object among those of the build.
    """

    data: Any
    file: str
    index: int
    _notes: Object
    _origins: Origins
    _length: int
    _filled: Filled | None = None

    @property
    def before(self) -> Any:
        """The object as kustomize made it, before variables were put in."""
        return self.data if self._filled is None else self._filled.before

    def may_hold(self, values: int) -> bool:
        """Whether it is long enough for so many values."""
        return self._length * 20 >= values

    def locate(self, path: Steps) -> tuple[int, int]:
        """Line and column of what brought the value, in the file that :meth:`place` names."""
        return self.place(path)[1:]

    def origin(self, path: Steps) -> str:
        """The entry of a generator that a name or a value comes from; empty for what stands in a file as it is."""
        return self._origins.generator(self.data, self._notes, tuple(path))

    def called(self, name: str) -> Mapping[str, str]:
        """What the build may make of a name that stands in the object's file, and by which field."""
        return self._origins.called(name)

    def place(self, path: Steps) -> Place:
        """File, line and column of what brought the value at a path."""
        given = self._filled.place(tuple(path)) if self._filled is not None else None
        return given or self._origins.place(self.data, self._notes, tuple(path))


class Build(NamedTuple):
    """One kustomization that somebody deploys, built.

    Attributes:
        taken: all kustomizations that are part of it.
        problem: why there are no objects, of the key or entry of a kustomization.
        real: follows links; builds of one base ask for the same files again and again.
    """

    root: Kustomization
    taken: list[Kustomization]
    made: list[Made]
    problem: tuple[Kustomization, Path, str] | None = None
    real: Callable[[str], str] = os.path.realpath

    @property
    def files(self) -> set[str]:
        """Real paths of what it took."""
        return {self.real(file) for one in self.taken for file in one.files()}

    @property
    def data(self) -> set[str]:
        """Real paths of what generators took, which is no object and may have any form."""
        return {self.real(file) for one in self.taken for file in one.data()}

    @property
    def patches(self) -> set[str]:
        """Real paths of the patches among them, which are parts of objects."""
        return {self.real(file) for one in self.taken for file in one.patches()}


def run(
    command: list[str], roots: Sequence[tuple[Kustomization, list[Kustomization], str | None]]
) -> Iterator[tool.Built]:
    """Run the tool for each; it is another process, so as many at a time as there are processors.

    Each is handed out as soon as it and those before it are built, so that it is read while others are built.
    """

    def one(pair: tuple[Kustomization, list[Kustomization], str | None]) -> tool.Built:
        root, taken, helm = pair
        return tool.build(command, root.folder, partial(staging.lay, root, staging.own(root, taken)), helm)

    if len(roots) < 2:
        yield from map(one, roots)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        yield from pool.map(one, roots)


def refused(
    root: Kustomization, taken: list[Kustomization], command: list[str] | None, within: Sequence[str], helm: str | None
) -> Build | None:
    """Why a root is not built at all."""
    for one in taken:
        if any(problem.unjudged for problem in one.problems):
            # Said of the entry itself.
            return Build(root, taken, [], (one, (), ""))
        if remote := one.remote():
            text = f"takes {remote}, which is fetched when the folder is built, so it was not judged; vendor it"
            return Build(root, taken, [], (one, (), text))
        if found := next(_generating(one), ""):
            text = (
                f"generators takes {found} by a configuration of its own, which is not followed; write it under "
                "configMapGenerator or secretGenerator"
            )
            return Build(root, taken, [], (one, ("generators",), text))
        if found := next((each for file in one.environments() if (each := _of_the_machine(file))), None):
            text = (
                f"takes {found} from the environment of whoever builds the folder, so what the cluster gets was not "
                "judged; write its value as NAME=value"
            )
            return Build(root, taken, [], (one, (), text))
    if taking.takes_charts(taken) and (found := inflating.problem(taken, within, helm and os.path.realpath(helm))):
        return Build(root, taken, [], (found[0], (taking.KEY,), found[1]))
    if command is not None:
        return None
    first = next((one for one in taken if one.changes), root)
    key = next((key for key in first.held if key not in kustomizing.FOLLOWED), "namespace")
    text = (
        f"{kustomizing.shown(key)} changes or makes objects, and neither kustomize nor kubectl is on the search "
        "path to build them, so what the cluster gets was not judged; install kustomize, or render the folder first"
    )
    return Build(root, taken, [], (first, (key,) if key in first.held else (), text))


def _generating(one: Kustomization) -> Iterator[str]:
    """What configurations of generators take from files of variables, or are not looked at."""
    for entry in one.entries("generators"):
        name = kustomizing.joined(one.folder, entry) if "\n" not in entry else ""
        if name and os.path.isdir(name):
            yield f"the folder {kustomizing.shown(entry)}"
        try:
            documents = reader.read_file(name) if name else reader.read_bytes(entry.encode(), one.document.file)
        except (BadInput, OSError, ValueError):
            continue  # the tool says what is the matter
        for key in ("env", "envs"):
            yield from (key for document in documents if mapping(document.data).get(key))


def _of_the_machine(file: str) -> str:
    """A line without a value, which kustomize looks for in its own environment."""
    try:
        lines = File(file).read_bytes().decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
    except OSError:
        return ""  # the tool says what is the matter
    bare = (line.strip() for line in lines if "=" not in line)
    return next((kustomizing.shown(line) for line in bare if line and not line.startswith("#")), "")


def assembled(
    root: Kustomization,
    taken: list[Kustomization],
    built: tool.Built,
    given: flux.Variables | None,
    real: Callable[[str], str],
) -> Build:
    """The objects of what the tool wrote.

    Args:
        given: the variables that Flux puts in, where it does.
    """
    if built.error:
        text = (
            f"kustomize does not build it: {built.error}; so the cluster gets nothing of it, and it was not judged; "
            "correct it until 'kustomize build' succeeds"
        )
        return Build(root, taken, [], (root, (), text))
    whole = built.raw.decode("utf-8", "replace")
    texts = [text for text in re.split(r"^---$", whole, flags=re.MULTILINE) if text.strip()]
    if given is not None and given.fault:
        return Build(root, taken, [], (root, ("postBuild",), given.fault))
    origins = Origins(taken, built.where, real, built.copies)
    made: list[Made] = []
    for number, text in enumerate(texts):
        try:
            (document,) = reader.read_bytes(text.encode(), root.document.file, strict=True)
            before: Any = None
            if given is not None and "$" in text and flux.takes_variables(document.data):
                before = document.data
                text, missing = variables.substituted(text, given.known, more=bool(given.unknown))
                if missing:
                    return Build(root, taken, [], (root, ("postBuild",), _said_of(missing, given.unknown)))
                (document,) = reader.read_bytes(text.encode(), root.document.file, strict=True)
        except (BadInput, ValueError) as error:
            return Build(root, taken, [], (root, (), f"what is built of it cannot be read: {error}"))
        data, notes = _without_notes(document.data)
        file = origins.first(mapping(data), notes)[0]
        filled = Filled(before, given.places) if given is not None and before is not None else None
        made.append(Made(data, file, number, notes, origins, len(text), filled))
    return Build(root, taken, made, None, real)


def _said_of(found: Sequence[variables.Unknown], unknown: str) -> str:
    missing = next((one for one in found if one.reason != variables.DEFAULT), found[0])
    hint = f", unless {unknown} has it, which is not among the documents of the tree" if unknown else ""
    more = "" if hint else _OR
    return f"{missing.variable} {missing.reason}{hint}, so what Flux makes of it was not judged; {_GIVE}{more}"


def _without_notes(data: object) -> tuple[Any, MutableObject]:
    """An object without what kustomize noted at it, and the notes."""
    metadata = mapping(mapping(data).get("metadata"))
    annotations = mapping(metadata.get("annotations"))
    notes = {key: annotations[key] for key in (ORIGIN, CHANGES) if key in annotations}
    if not notes:
        return data, {}
    left = {key: value for key, value in annotations.items() if key not in notes}
    inner = {key: value for key, value in metadata.items() if key != "annotations"}
    return {**mapping(data), "metadata": {**inner, "annotations": left} if left else inner}, notes
