"""What charts do to a reading of a tree: which files they take, and what is said of those that are not rendered."""

import os
from collections.abc import Callable, Sequence
from typing import Protocol

from kaitops.documents.reader import Document
from kaitops.gate import charts, checks
from kaitops.gate.checks import COVERAGE, FORM
from kaitops.gate.objects import Group, Source, take
from kaitops.report.findings import Report

_Read = list[tuple[str, list[Document]]]


class _Tree(Protocol):
    @property
    def documents(self) -> list[Source]: ...


def left(
    read: _Read, report: Report, within: Sequence[str], tree: _Tree, root_of: Callable[[str], str],
    groups: dict[str, Group],
) -> _Read:  # fmt: skip
    """Take what charts are rendered to, each as a tree of its own; returns the files that are judged as they stand.

    Args:
        within: real folders that are under judgement.
        root_of: the folder that says of which cluster a folder is, or nothing.
        groups: the clusters, which are added to.
    """
    every = [os.path.split(file)[0] for file, _ in read if os.path.basename(file) == charts.FILE]
    # A chart within another one is rendered as a part of it.
    folders = [one for one in every if charts.of(f"{one or '.'}/{charts.FILE}", [a for a in every if a != one]) is None]
    documents = [document.data for _, found in read for document in found]
    taken: set[str] = {os.path.normpath(os.path.join(folder, charts.FILE)) for folder in folders}
    for chart in charts.render(folders, documents, within):
        if chart.problem:
            text = f"is a chart, and what the cluster gets of it was not judged: {chart.problem}"
            file = os.path.join(chart.folder, charts.FILE)
            report.findings.append(checks.finding(COVERAGE, file, (1, 1), "", text, unjudged=True))
            continue
        taken |= chart.taken
        root = root_of(chart.folder)
        name = f"{os.path.realpath(chart.folder or '.')}/{chart.release}"
        group = groups.setdefault(root or f"chart {name}", Group(root=root, overlay="" if root else name))
        tree.documents.extend(chart.made)
        for document in chart.made:
            take(document, group, None, report)
    # What is no YAML before it is rendered was refused when it was read; the chart says what came of it.
    report.findings = [
        one
        for one in report.findings
        if not (one.check == FORM and charts.of(one.file, folders) is not None and charts.is_template(one.file))
    ]
    return [(file, found) for file, found in read if os.path.normpath(file) not in taken]
