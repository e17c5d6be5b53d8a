"""Changing ``fleet.yaml`` in place: what is written is shown as a diff, and still is a fleet that renders."""

import argparse
import os
import shlex
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import NamedTuple

from kaitops.cli import output, repeating, sizing, standing
from kaitops.cli import render as rendered
from kaitops.documents import source as sources
from kaitops.documents.editing import Edit, edited
from kaitops.documents.plain import mapping
from kaitops.errors import BadInput, KaitopsError
from kaitops.fleet import files, reading
from kaitops.fleet.lock import Lock
from kaitops.fleet.plan import Planner
from kaitops.fleet.workload import ClusterPlan, Workload
from kaitops.kaito.release import Release
from kaitops.render import Rendering, render
from kaitops.tree import single


class Change(NamedTuple):
    """A fleet before and after."""

    path: Path
    before: bytes
    after: bytes
    source: reading.Source
    rendering: Rendering
    lock: Lock

    def show(self) -> None:
        """Print what changes, on standard output."""
        lines = [_lines(each) for each in (self.before, self.after)]
        name = os.fspath(self.path)
        output.difference(unified_diff(lines[0], lines[1], f"a/{name}", f"b/{name}"))

    def of_model(self, name: str) -> Iterator[tuple[ClusterPlan, Workload]]:
        """A model of the fleet in each cluster that it runs in."""
        for plan in self.rendering.plan.clusters:
            for workload in plan.workloads:
                if (workload.group, workload.name) == ("models", name):
                    yield plan, workload

    def explain(self, name: str, release: Release) -> None:
        """Print what a model runs on, and why."""
        for plan, workload in self.of_model(name):
            print("\n".join(sizing.explained(plan, workload, release)))

    def write(self) -> None:
        """Put the new content in place of the old, unless somebody else changed it meanwhile."""
        if sources.read(self.path) != self.before:
            raise BadInput(f"{self.path}: was changed by somebody else meanwhile and was not overwritten; try again")
        single.write_bytes(self.path, self.after)


def add_fleet(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of every command that changes a fleet."""
    parser.add_argument("--fleet", default=repeating.FLEET, metavar="FILE", help="the declaration")
    parser.add_argument("--out", default=repeating.OUT, metavar="DIR", help="where the tree is rendered")
    parser.add_argument("--no-render", action="store_true", help="change the fleet alone")
    parser.add_argument("--dry-run", action="store_true", help="write nothing; show what would be done")


def read(name: str) -> reading.Source:
    """The fleet that is to be changed, which is a file."""
    if name == "-":
        raise BadInput("--fleet -: there is no file to change; name one")
    return files.read_source(name)


def changed(name: str, edits: Sequence[Edit]) -> Change:
    """The fleet with these edits, read and rendered again, for what does not render could not be deployed.

    Raises:
        BadInput, Findings: nothing was written.
    """
    before = sources.read(name)
    after = edited(before, name, edits)
    source = reading.read(after, name)
    fleet = files.whole(source)
    return Change(Path(name), before, after, source, render(fleet), fleet.sizes)


def without(source: reading.Source, group: str, name: str) -> list[Edit]:
    """A workload taken out, and what clusters say of it."""
    edits = [Edit((group, name), None)]
    edits += [
        Edit((*part, group, name), None) for part, declared in source.parts() if name in mapping(declared.get(group))
    ]
    return edits


def finish(change: Change, arguments: argparse.Namespace) -> int:
    """Show the change; write it and render unless it is only to be seen."""
    change.show()
    for line in _standing(change):
        output.note(f"note: {line}")
    if arguments.dry_run:
        output.note(f"{change.path}: nothing was written (--dry-run)")
        return 0
    change.write()
    output.note(f"{change.path}: written")
    if arguments.no_render:
        output.note(f"next: kaitops render{repeating.options(arguments.fleet, arguments.out)}")
        return 0
    for warning in change.rendering.warnings:
        output.note(f"warning: {warning}")
    rendered.put(change.rendering, arguments.out, change.lock, files.base(arguments.fleet) / Lock.FILE)
    base = " --base HEAD" if _is_versioned(Path(arguments.out)) else ""
    output.note(f"next: kaitops gate {shlex.quote(arguments.out)}{repeating.options(arguments.fleet)}{base}")
    return 0


def _standing(change: Change) -> list[str]:
    """What it means for what runs already; nothing where the fleet did not hold together before."""
    try:
        source = reading.read(change.before, os.fspath(change.path))
        fleet = files.whole(source)
        before = standing.of(Planner(source, fleet.release, fleet.sizes).plan())
    except KaitopsError:
        return []
    return list(standing.told(before, standing.of(change.rendering.plan)))


def _is_versioned(folder: Path) -> bool:
    """The folder lies in a work tree of git."""
    here = folder.absolute()
    return any((one / ".git").exists() for one in (here, *here.parents))


def _lines(raw: bytes) -> list[str]:
    return raw.decode("utf-8-sig").splitlines(keepends=True)
