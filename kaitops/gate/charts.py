"""Helm charts that lie in a tree: rendered by helm, where the machine has it, and judged in place of their templates.

The program is found as kustomize is, never in what is judged, and gets no plugins, no home and no way out. Which
releases there are of a chart, and with which values, is in ``helm``.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from kaitops.documents import reader
from kaitops.errors import BadInput
from kaitops.gate import leading, offline
from kaitops.gate.helm.release import Release
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

    def locate(self, path: Sequence[str | int]) -> tuple[int, int]:
        """Line and column of the last key of a path that its template names."""
        lines = Path(self.file).read_text("utf-8", "replace").splitlines() if Path(self.file).is_file() else []
        for step in reversed(path):
            for number, line in enumerate(lines, 1):
                if isinstance(step, str) and (found := re.search(rf"(?<![\w.-]){re.escape(step)}[\"']?:", line)):
                    return number, found.start() + 1
        return 1, 1

    def place(self, path: Sequence[str | int]) -> tuple[str, int, int]:
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


class Renderer:
    """Renders charts by the helm of the machine.

    Args:
        within: real folders that are under judgement.
    """

    def __init__(self, within: Sequence[str]) -> None:
        found = offline.find("helm", within)
        self._command = found and os.path.realpath(found)
        self._within = within

    def render(self, folder: str, release: Release | None) -> Chart:
        """One release of the chart of a folder; without one it has its own values."""
        real = os.path.realpath(folder or ".")
        own = re.sub(r"[^a-z0-9-]", "-", os.path.basename(real).lower()).strip("-")[:50] or "chart"
        release = release or Release(own, "default")
        problem = release.problem
        if not problem and self._command is None:
            problem = "helm is not on the search path to render it; install helm, or commit what it renders"
        elif not problem and (out := leading.out_of(real, self._within)) is not None:
            problem = f"{out} leads out of the repository; remove it"
        elif release.problem:
            problem = f"{problem}; write values that the tree holds, or commit what helm renders"
        if problem or self._command is None:
            return Chart(folder, release.name, [], frozenset(), problem)
        return _rendered(self._command, folder, release)


def _rendered(command: str, folder: str, release: Release) -> Chart:
    real = os.path.realpath(folder or ".")
    with scratch.folder("kaitops-helm-") as room:
        home = os.path.realpath(room)
        words = [command, "template", release.name, real, "--namespace", release.namespace, "--skip-tests"]
        words += ["--include-crds"] if release.crds else []
        for number, one in enumerate(release.values):
            if isinstance(one, str):
                words += ["--values", one]
                continue
            place = Path(home) / f"values-{number}.json"
            place.write_text(json.dumps(one), "utf-8")
            words += ["--values", str(place)]
        words += release.words
        try:
            done = offline.run(words, home, offline.of_helm(home))
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
