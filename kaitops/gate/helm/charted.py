"""What charts do to a reading of a tree: which files they take, and what is said of those that are not rendered."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from kaitops.documents import applications
from kaitops.documents.plain import Object, at, mapping
from kaitops.documents.reader import Document
from kaitops.documents.ref import Ref
from kaitops.gate import checks
from kaitops.gate.checks import COVERAGE, FORM, REFERENCE
from kaitops.gate.files.sniffing import CHART
from kaitops.gate.files.walking import home_of
from kaitops.gate.helm import argo_releases, charts, flux_releases, giving, unused
from kaitops.gate.helm.release import Release
from kaitops.gate.objects import Group, Source, take
from kaitops.gate.overlays import taking
from kaitops.gate.overlays.graph import Kustomization
from kaitops.report.findings import Report

_Read = list[tuple[str, list[Document]]]


def _every(read: _Read) -> list[str]:
    return [os.path.split(file)[0] for file, _ in read if os.path.basename(file) == CHART]


def _folders(read: _Read) -> list[str]:
    every = _every(read)
    # A chart within another one is rendered as a part of it.
    return [one for one in every if charts.of(f"{one or '.'}/{CHART}", [a for a in every if a != one]) is None]


def others(read: _Read) -> _Read:
    """The files of a reading that are no part of a chart."""
    folders = _folders(read)
    return [pair for pair in read if charts.of(pair[0], folders) is None]


def _is_made_of(held: Object, made: Object) -> bool:
    """An object is what a file holds, but for where it was put and what was added to it."""
    rest = {key: value for key, value in held.items() if key != "metadata"}
    notes = [(key, mapping(at(held, "metadata", key))) for key in ("labels", "annotations")]
    return (
        at(held, "metadata", "name") == made["metadata"]["name"]
        and rest == {key: value for key, value in made.items() if key != "metadata"}
        and all(mapping(made["metadata"].get(key)).items() >= value.items() for key, value in notes)
    )


class Charts:
    """The charts of a reading.

    Args:
        known: the kustomizations, of which some take charts.
        within: real folders that are under judgement.
        root_of: the folder that says of which cluster a folder is, or nothing.
    """

    def __init__(
        self, read: _Read, known: Iterable[Kustomization], within: Sequence[str], report: Report,
        root_of: Callable[[str], str],
    ) -> None:  # fmt: skip
        self._every, self._folders = _every(read), _folders(read)
        self._held = [pair for pair in read if charts.of(pair[0], self._folders) is not None]
        known = list(known)
        self._inflated = taking.folders(known)
        held = {os.path.realpath(file) for file, _ in self._held}
        # What a kustomization lists it takes as it stands.
        self._listed = {real for one in known for file in one.listed() if (real := os.path.realpath(file)) in held}
        self._within = within
        self._report = report
        self._root_of = root_of

    @property
    def held(self) -> set[str]:
        """Real paths of the files of charts that hold objects as they stand."""
        return {os.path.realpath(file) for file, found in self._held if any(at(one.data, "kind") for one in found)}

    def judge(self, groups: dict[str, Group], documents: list[Source]) -> _Read:
        """Take what charts are rendered to, each release as a tree of its own; returns what is judged as it stands.

        Args:
            groups: the clusters with all their other objects, which are added to.
            documents: all that was read, which is added to.
        """
        renderer = charts.Renderer(self._within)
        taken: set[str] = {os.path.normpath(os.path.join(folder, CHART)) for folder in self._folders}
        rendered: list[charts.Rendered] = []
        for file, folder, release in self._todo(list(groups.values())):
            chart = renderer.render(folder, release)
            if chart.problem:
                text = f"is a chart, and what the cluster gets of it was not judged: {chart.problem}"
                self._report.findings.append(checks.finding(COVERAGE, file, (1, 1), "", text, unjudged=True))
                continue
            for text in unused.problems(folder, release):
                self._report.findings.append(checks.finding(REFERENCE, file, (1, 1), "", text))
            taken |= chart.taken
            rendered += [*chart.made, *chart.further]
            documents.extend(chart.made)
            group = (release and release.group) or self._group_of(chart, groups)
            home = release.namespace if release else ""
            for document in chart.made:
                take(document, group, None, self._report, home=home)
            self._take_further(chart, group, groups, home)
        self._report.findings += giving.problems(groups.values(), {id(one) for one in rendered})
        # What is no YAML before it is rendered was refused when it was read; the chart says what came of it.
        self._report.findings = [one for one in self._report.findings if not self._is_of_template(one.check, one.file)]
        objects = [one.data for one in rendered]
        left = [
            (file, found)
            for file, found in self._held
            if os.path.normpath(file) not in taken or self._is_more(file, found, objects)
        ]
        made = [item.data for group in groups.values() for item in group.items] if self._inflated else []
        return [(file, found) for file, found in left if not self._is_inflated(file, found, made)]

    def _is_more(self, file: str, found: Sequence[Document], rendered: Sequence[Object]) -> bool:
        """A kustomization lists a template, which holds what no rendering makes."""
        is_listed = bool(self._listed) and os.path.realpath(file) in self._listed
        return is_listed and not all(any(_is_made_of(mapping(one.data), each) for each in rendered) for one in found)

    def _is_inflated(self, file: str, found: Sequence[Document], made: Sequence[Object]) -> bool:
        """A kustomization makes of a chart what a file of it holds, so that it was judged."""
        folder = charts.of(file, self._folders)
        if os.path.realpath(folder or ".") not in self._inflated:
            return False
        is_crds = os.path.relpath(file, folder or ".").startswith(f"crds{os.sep}")
        if is_crds and all(at(one.data, "kind") == "CustomResourceDefinition" for one in found):
            return True  # made of it or not, as the kustomization has it
        return all(any(_is_made_of(mapping(one.data), each) for each in made) for one in found)

    def _take_further(self, chart: charts.Chart, group: Group, groups: dict[str, Group], home: str) -> None:
        """What another answer of the cluster adds is beside the rest; what it changes is of a cluster of its own."""
        names = {Ref.of(mapping(one.data)).local for one in chart.made}
        for number, document in enumerate(chart.further):
            if Ref.of(mapping(document.data)).local in names:
                title = f"chart {chart.folder}/{chart.release} {number}"
                group = groups.setdefault(title, Group(overlay=title))
            take(document, group, None, self._report, home=home)

    def _is_of_template(self, check: str, file: str) -> bool:
        is_of_chart = check == FORM and charts.of(file, self._folders) is not None
        return is_of_chart and charts.is_template(file) and os.path.realpath(file) not in self._listed

    def _group_of(self, chart: charts.Chart, groups: dict[str, Group]) -> Group:
        root = self._root_of(chart.folder)
        name = f"{os.path.realpath(chart.folder or '.')}/{chart.release}"
        return groups.setdefault(root or f"chart {name}", Group(root=root, overlay="" if root else name))

    def _todo(self, groups: Sequence[Group]) -> Iterator[tuple[str, str, Release | None]]:
        """The file to name, the folder, and the release of each chart that is to be rendered."""
        # One within another is rendered as a part of that, and by itself where something deploys it.
        places = {os.path.realpath(folder or "."): folder for folder in self._every}
        found: dict[str, list[Release]] = {real: [] for real in places}
        for one in flux_releases.deployed(groups, self._within):
            if one.folder:
                places.setdefault(one.folder, os.path.relpath(one.folder))
                found.setdefault(one.folder, []).append(one.release)
            else:
                self._tell_gone(one)
        sets = [item.data for group in groups for item in group.items if item.data["kind"] in applications.SPECS]
        for real, folder in places.items():
            found[real] += self._of_sets(real, sets)
            file = os.path.join(folder, CHART)
            if found[real]:
                yield from ((file, folder, release) for release in found[real])
            elif real not in self._inflated and folder in self._folders:
                yield file, folder, None

    def _of_sets(self, real: str, sets: Sequence[Mapping[str, object]]) -> Iterator[Release]:
        top = home_of(real, self._within)
        for data in sets if top is not None else ():
            yield from argo_releases.releases(data, real, top or "")

    def _tell_gone(self, one: flux_releases.Deployed) -> None:
        path = ("spec", "chart", "spec", "chart") if at(one.item.data, "spec", "chart") else ("spec", "chartRef")
        text = (
            "is taken from this repository, and no chart lies there, so what the cluster gets of it was not judged; "
            "name the folder of a chart from the top of the repository"
        )
        self._report.findings.append(one.item.finding(COVERAGE, path, text, unjudged=True))
