"""Helm charts that lie in a tree: rendered by helm, where the machine has it, and judged in place of their templates.

The program is found as kustomize is, never in what is judged, and gets no plugins, no home and no way out. Values are
the chart's own, or those of each Argo CD Application that deploys its folder.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import Steps, at, items, mapping
from kaitops.errors import BadInput
from kaitops.gate import offline
from kaitops.gate.walking import lies_in
from kaitops.tree import scratch

FILE = "Chart.yaml"
_FOLDERS = ("templates", "charts", "crds")
_SOURCE = re.compile(r"^# Source: [^/\n]+/(.+)$", re.MULTILINE)
_MARK = b"{{"


@dataclass(frozen=True, slots=True)
class Rendered:
    """One object of a chart; stands where a document of a file stands otherwise.

    Attributes:
        file: the template that it comes from.
        index: of the object among those of the chart.
    """

    data: Any
    file: str
    index: int
    _length: int

    def may_hold(self, values: int) -> bool:
        """Whether it is long enough for so many values."""
        return self._length * 20 >= values

    def locate(self, path: Steps) -> tuple[int, int]:
        """Line and column of the last key of a path that its template names."""
        lines = Path(self.file).read_text("utf-8", "replace").splitlines() if Path(self.file).is_file() else []
        for step in reversed(path):
            for number, line in enumerate(lines, 1):
                if isinstance(step, str) and (found := re.search(rf"(?<![\w.-]){re.escape(step)}[\"']?:", line)):
                    return number, found.start() + 1
        return 1, 1

    def place(self, path: Steps) -> tuple[str, int, int]:
        """File, line and column of a value."""
        return (self.file, *self.locate(path))


class Chart(NamedTuple):
    """A chart as one release of it is rendered.

    Attributes:
        folder: as the tree names it.
        made: its objects.
        taken: the templates, by name, that they came from.
        problem: why there are none; empty where there are.
    """

    folder: str
    release: str
    made: list[Rendered]
    taken: frozenset[str]
    problem: str = ""


class _Release(NamedTuple):
    name: str
    namespace: str
    values: Sequence[Mapping[str, Any]]
    files: Sequence[str]
    parameters: Sequence[str]


def of(file: str, folders: Iterable[str]) -> str | None:
    """The chart that a file is a part of: its templates, its charts and what says its values."""
    for folder in folders:
        within = os.path.relpath(file, folder or ".")
        first, _, rest = within.partition(os.sep)
        if (rest and first in _FOLDERS) or (not rest and (first == FILE or first.startswith("values"))):
            return folder
    return None


def is_template(file: str) -> bool:
    """It is no YAML before it was rendered."""
    try:
        return _MARK in Path(file).read_bytes()
    except OSError:
        return False


def render(folders: Sequence[str], documents: Iterable[Any], within: Sequence[str]) -> Iterator[Chart]:
    """Render the charts of some folders, each once for each Application that deploys it, else with its own values.

    Args:
        folders: that lie in no other chart.
        documents: all that were read, among which Applications are looked for.
        within: real folders that are under judgement.
    """
    found = offline.find("helm", within)
    command = found and os.path.realpath(found)
    held = [mapping(one) for one in documents]
    for folder in folders:
        real = os.path.realpath(folder or ".")
        name = re.sub(r"[^a-z0-9-]", "-", os.path.basename(real).lower()).strip("-")[:50] or "chart"
        for release in list(_applied(held, real, within)) or [_Release(name, "default", (), (), ())]:
            if command is None:
                text = "helm is not on the search path to render it; install helm, or commit what it renders"
                yield Chart(folder, release.name, [], frozenset(), text)
            elif (out := _leading_out(real, within)) is not None:
                yield Chart(folder, release.name, [], frozenset(), f"{out} leads out of the repository; remove it")
            else:
                yield _rendered(command, folder, release)


def _applied(held: Iterable[Mapping[str, Any]], folder: str, within: Sequence[str]) -> Iterator[_Release]:
    for one in held:
        if one.get("kind") != "Application" or not str(one.get("apiVersion")).startswith("argoproj.io/"):
            continue
        spec = mapping(one.get("spec"))
        for source in (mapping(each) for each in (spec.get("source"), *items(spec.get("sources")))):
            path = source.get("path")
            if not isinstance(path, str) or not any(
                os.path.realpath(os.path.join(top, path)) == folder for top in within
            ):
                continue
            helm = mapping(source.get("helm"))
            text = helm.get("values")
            values = [mapping(found.data) for found in _texts(text)] if isinstance(text, str) else []
            values += [mapping(helm["valuesObject"])] if helm.get("valuesObject") else []
            files = [os.path.join(folder, str(name)) for name in items(helm.get("valueFiles"))]
            name = str(helm.get("releaseName") or at(one, "metadata", "name"))
            yield _Release(
                name, str(at(spec, "destination", "namespace") or "default"), values, files,
                [f"{mapping(each).get('name')}={mapping(each).get('value')}" for each in items(helm.get("parameters"))],
            )  # fmt: skip


def _texts(text: str) -> list[reader.Document]:
    try:
        return reader.read_bytes(text.encode(), "values")
    except BadInput:
        return []


def _leading_out(folder: str, within: Sequence[str]) -> str | None:
    for place, below, files in os.walk(folder):
        for name in (*below, *files):
            path = os.path.join(place, name)
            if Path(path).is_symlink() and not any(lies_in(os.path.realpath(path), one) for one in within):
                return os.path.relpath(path, folder)
    return None


def _rendered(command: str, folder: str, release: _Release) -> Chart:
    real = os.path.realpath(folder or ".")
    with scratch.folder("kaitops-helm-") as room:
        home = os.path.realpath(room)
        words = [
            command,
            "template",
            release.name,
            real,
            "--namespace",
            release.namespace,
            "--include-crds",
            "--skip-tests",
        ]
        for name in release.files:
            if not lies_in(os.path.realpath(name), real):
                return Chart(
                    folder, release.name, [], frozenset(), f"{os.path.basename(name)} lies outside of its folder"
                )
            words += ["--values", name]
        for number, one in enumerate(release.values):
            place = Path(home) / f"values-{number}.json"
            place.write_text(json.dumps(one), "utf-8")
            words += ["--values", str(place)]
        for one in release.parameters:
            words += ["--set", one]
        own = {
            "HELM_PLUGINS": f"{home}/none",
            "HELM_CACHE_HOME": home,
            "HELM_CONFIG_HOME": home,
            "HELM_DATA_HOME": home,
        }
        try:
            done = offline.run(words, home, own)
        except (subprocess.TimeoutExpired, OSError) as error:
            return Chart(folder, release.name, [], frozenset(), f"helm does not render it: {type(error).__name__}")
    if done.returncode != 0 or len(done.stdout) > offline.MOST_BYTES:
        said = done.stderr.decode("utf-8", "replace").strip().removeprefix("Error: ") or "it is too much"
        text = f"helm does not render it: {said[-offline.MOST_SAID :]}; correct it until 'helm template' succeeds"
        return Chart(folder, release.name, [], frozenset(), text)
    return _read(folder, release.name, done.stdout.decode("utf-8", "replace"))


def _read(folder: str, release: str, whole: str) -> Chart:
    made: list[Rendered] = []
    taken: set[str] = set()
    for text in re.split(r"^---$", whole, flags=re.MULTILINE):
        source = _SOURCE.search(text)
        file = os.path.join(folder, source[1]) if source else os.path.join(folder, FILE)
        taken.add(os.path.normpath(file))
        try:
            documents = reader.read_bytes(text.encode(), file, strict=True)
        except (BadInput, ValueError) as error:
            return Chart(folder, release, [], frozenset(), f"what helm renders of it cannot be read: {error}")
        made += [Rendered(one.data, file, len(made), len(text)) for one in documents if one.data is not None]
    return Chart(folder, release, made, frozenset(taken))
