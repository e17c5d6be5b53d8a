"""Helm charts that lie in a tree: rendered by helm, where the machine has it, and judged in place of their templates.

The program is found as kustomize is, never in what is judged, and gets no plugins, no home and no way out. Which
releases there are of a chart, and with which values, is in ``helm``.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from kaitops.documents import reader
from kaitops.documents.plain import Steps, at
from kaitops.errors import BadInput
from kaitops.gate.files import leading
from kaitops.gate.files.sniffing import CHART
from kaitops.gate.helm import sourcing
from kaitops.gate.helm.release import Release
from kaitops.gate.rendering import offline, probing
from kaitops.tree import scratch

_FOLDERS = ("templates", "charts", "crds")
_SOURCE = re.compile(r"^# Source: [^/\n]+/(.+)$", re.MULTILINE)
_MARK = b"{{"
_MOST_RENDERED, _MOST_SECONDS = 200, 120
_HOOK, _TESTS = "helm.sh/hook", {"test", "test-success", "test-failure"}


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
    _folder: str = ""
    _release: Release | None = None

    def may_hold(self, values: int) -> bool:
        """Whether it is long enough for so many values."""
        return self._length * 20 >= values

    def locate(self, path: Steps) -> tuple[int, int]:
        """Line and column of the last key of a path that its template names."""
        found = self._line(path)
        return (found[0], found[1]) if found else (1, 1)

    def _line(self, path: Steps) -> tuple[int, int, str, Steps] | None:
        """Line, column, its text, and the steps of the path that it is not of."""
        lines = Path(self.file).read_text("utf-8", "replace").splitlines() if os.path.isfile(self.file) else []
        for left, step in enumerate(reversed(path)):
            for number, line in enumerate(lines, 1):
                if isinstance(step, str) and (found := re.search(rf"(?<![\w.-]){re.escape(step)}[\"']?:", line)):
                    return number, found.start() + 1, line, tuple(path)[len(path) - left :]
        return None

    def place(self, path: Steps) -> tuple[str, int, int]:
        """File, line and column of a value."""
        return (self.file, *self.locate(path))

    def called(self, name: str) -> Mapping[str, str]:
        """Nothing: a chart gives its objects their names itself."""
        del name
        return {}

    def origin(self, path: Steps) -> str:
        """Key and giver of the value that the template puts in; empty where it does not say so plainly."""
        found = self._line(path) if self._release is not None else None
        if found is None or self._release is None or any(isinstance(step, str) for step in found[3]):
            return ""
        return sourcing.origin(found[2], self.file, self._folder, self._release)


class Chart(NamedTuple):
    """A chart as one release of it is rendered.

    Attributes:
        folder: as the tree names it.
        made: its objects.
        taken: the templates, by name, that they came from.
        problem: why there are none; empty where there are.
        further: what another answer of the cluster makes of it, as far as it differs.
    """

    folder: str
    release: str
    made: list[Rendered]
    taken: frozenset[str]
    problem: str = ""
    further: Sequence[Rendered] = ()


def of(file: str, folders: Iterable[str]) -> str | None:
    """The chart that a file is a part of: its templates, its charts and what says its values."""
    for folder in folders:
        within = os.path.relpath(file, folder or ".")
        first, _, rest = within.partition(os.sep)
        if (rest and first in _FOLDERS) or (not rest and (first == CHART or first.startswith("values"))):
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
        self._templates: dict[str, list[tuple[str, str]]] = {}
        self._count, self._end = 0, monotonic() + _MOST_SECONDS

    def render(self, folder: str, release: Release | None) -> Chart:
        """One release of the chart of a folder; without one it has its own values."""
        real = os.path.realpath(folder or ".")
        own = re.sub(r"[^a-z0-9-]", "-", os.path.basename(real).lower()).strip("-")[:50] or "chart"
        release = release or Release(own, "default")
        problem = release.problem
        for text in (release.name, release.namespace):
            if not problem and not offline.is_name(text):
                problem = f"{text[:80]} can be the name of no release and no namespace; correct it"
        if not problem and self._command is None:
            problem = "helm is not on the search path to render it; install helm, or commit what it renders"
        elif not problem and (out := leading.out_of(real, self._within)) is not None:
            problem = f"{out} leads out of the repository; remove it"
        elif release.problem:
            problem = f"{problem}; have it deployed with values that the tree holds, or commit what helm renders"
        asked = probing.Asked()
        if not problem:
            asked = self._asked(real, release)
            problem = asked.problem and f"{asked.problem}; give it as a value, or commit what helm renders"
        if problem or self._command is None:
            return Chart(folder, release.name, [], frozenset(), problem)
        chart = self._rendered(self._command, folder, release, ())
        for way in () if chart.problem else asked.ways():
            other = self._rendered(self._command, folder, release, way)
            if other.problem:
                return other
            held = [one.data for one in (*chart.made, *chart.further)]
            further = [one for one in other.made if one.data not in held]
            chart = chart._replace(further=[*chart.further, *further], taken=chart.taken | other.taken)
        return chart

    def _asked(self, real: str, release: Release) -> probing.Asked:
        """What the chart asks where it is deployed."""
        try:
            if real not in self._templates:
                self._templates[real] = probing.templates(real)
            values = "\n".join((probing.told(release.values), *release.words))
        except OSError as error:
            return probing.Asked(f"it cannot be read: {error.strerror or error}")
        return probing.asked([*self._templates[real], ("its values", values)], offline=release.offline)

    def _rendered(self, command: str, folder: str, release: Release, way: Sequence[str]) -> Chart:
        self._count += 1
        if self._count > _MOST_RENDERED or monotonic() > self._end:
            text = f"more than {_MOST_RENDERED} renderings, or {_MOST_SECONDS} s of them, are asked for; judge parts"
            return Chart(folder, release.name, [], frozenset(), text)
        return _rendered(command, folder, release, way)


def _rendered(command: str, folder: str, release: Release, way: Sequence[str]) -> Chart:
    real = os.path.realpath(folder or ".")
    with scratch.folder("kaitops-helm-") as room:
        home = os.path.realpath(room)
        words = [command, "template", release.name, real, "--namespace", release.namespace]
        words += ["--include-crds"] if release.crds else []
        for number, one in enumerate(release.values):
            if isinstance(one, str):
                words += ["--values", one]
                continue
            place = Path(home) / f"values-{number}.json"
            place.write_text(json.dumps(one), "utf-8")
            words += ["--values", str(place)]
        words += [*release.words, *way]
        try:
            done = offline.run(words, home, offline.of_helm(home))
        except (subprocess.TimeoutExpired, OSError) as error:
            return Chart(folder, release.name, [], frozenset(), f"helm does not render it: {type(error).__name__}")
    if done.returncode != 0 or len(done.stdout) > offline.MOST_BYTES:
        said = offline.said(done).removeprefix("Error: ") or "it is too much"
        text = f"helm does not render it: {said[-offline.MOST_SAID :]}; correct it until 'helm template' succeeds"
        return Chart(folder, release.name, [], frozenset(), text)
    return _read(folder, release, done.stdout.decode("utf-8", "replace"))


def _read(folder: str, release: Release, whole: str) -> Chart:
    made: list[Rendered] = []
    taken: set[str] = set()
    for text in re.split(r"^---$", whole, flags=re.MULTILINE):
        source = _SOURCE.search(text)
        inner = os.path.normpath(source[1]) if source else CHART
        # What stands there is text of the template, which may write such a line of its own.
        file = os.path.join(folder, CHART if inner.startswith((os.pardir, "/")) else inner)
        taken.add(os.path.normpath(file))
        try:
            documents = reader.read_bytes(text.encode(), file, strict=True)
        except (BadInput, ValueError) as error:
            return Chart(folder, release.name, [], frozenset(), f"what helm renders of it cannot be read: {error}")
        kept = (one.data for one in documents if one.data is not None and (release.tested or not _is_test(one.data)))
        made += [Rendered(data, file, len(made), len(text), folder, release) for data in kept]
    return Chart(folder, release.name, made, frozenset(taken))


def _is_test(data: object) -> bool:
    """It is only ever made by `helm test`: a hook that is for something else as well is deployed."""
    hooks = at(data, "metadata", "annotations", _HOOK)
    return isinstance(hooks, str) and {one.strip() for one in hooks.split(",")} <= _TESTS
