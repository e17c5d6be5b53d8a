"""Whether a tree is what the fleet beside it renders: the render check, made by the gate where a change touches either.

A render costs nearly half of a gate, so without a base, or where neither fleet nor tree differs from it, it is made
only where whoever runs the gate asks for it.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kaitops.documents import source
from kaitops.documents.plain import Object
from kaitops.errors import KaitopsError
from kaitops.fleet.files import Fleet
from kaitops.fleet.image_lock import FILE as IMAGES
from kaitops.fleet.image_lock import ImageLock
from kaitops.fleet.lock import Lock
from kaitops.gate import checks
from kaitops.gate.checks import DRIFT
from kaitops.gate.comparing.base import Base
from kaitops.gate.files.walking import lies_in_any
from kaitops.gate.fleets import Fleets
from kaitops.gate.objects import Group
from kaitops.gate.trust import believing
from kaitops.kaito.release import Release
from kaitops.render import ROOT, render
from kaitops.report.findings import Finding, Report
from kaitops.tree import writing

# A tree may have been rendered in another way than the fleet declares, by options of the command.
_WAYS = tuple((mode, parity) for parity in (False, True) for mode in (None, "operator", "plain"))
_MOST_TOLD = 5
_WAY = "change the fleet and run 'kaitops render', and commit what it writes"


class _Tree(NamedTuple):
    fleet: str
    root: str


def judge(
    groups: Sequence[Group],
    report: Report,
    paths: Sequence[str],
    recorded: Mapping[str, Object],
    *,
    fleet: str | None,
    base: Base | None,
    read: Fleets,
) -> None:
    """Hold the trees of fleets against what these render.

    Args:
        paths: what is judged; what a fleet renders elsewhere is left alone.
        recorded: Hugging Face models that extend the catalogue.
        fleet: that whoever runs the gate named; else the one beside each tree.
        base: the revision that decides whether anything was touched; None to check in any case.
        read: reads fleets.
    """
    if base is not None and fleet is None:
        report.findings += [one for group in groups for one in _orphaned(group, base)]
    for tree in dict.fromkeys(_trees(groups, fleet)):
        if base is None or _is_touched(tree, base):
            report.findings += _drift(tree, [os.path.realpath(name) for name in paths if name != "-"], recorded, read)


def _trees(groups: Sequence[Group], fleet: str | None) -> Iterator[_Tree]:
    for group in groups:
        root = os.path.split(group.root)[0] if group.context else ""
        name = fleet or believing.beside(group.root) if root else None
        if name and os.path.basename(os.path.realpath(root)) == ROOT:
            short = os.path.relpath(root)
            yield _Tree(name, root if short.startswith(os.pardir) else short)


def _orphaned(group: Group, base: Base) -> Iterator[Finding]:
    """A rendered tree that the change edits, and whose fleet it takes away."""
    root = os.path.split(group.root)[0] if group.context else ""
    if not root or os.path.basename(os.path.realpath(root)) != ROOT or believing.beside(group.root):
        return
    names = (believing.FLEET, *(os.path.join(folder, believing.FLEET) for folder in Path(group.root).parents))
    gone = next((name for name in names if base.read(name) is not None), None)
    edited = sorted(_edited(group.root, base)) if gone is not None else []
    if gone is not None and edited:
        text = (
            f"the base has {os.path.relpath(gone)}, which says what this tree holds, and the change takes it away and "
            "edits the tree, so nobody knows whether it is what was declared; put it back, or take it away alone"
        )
        yield checks.finding(DRIFT, os.path.relpath(os.path.join(group.root, edited[0])), (1, 1), "", text)


def _edited(root: str, base: Base) -> Iterator[str]:
    """The files of a folder that are not what the base has there, or that only one of both has."""
    held = base.folder_of(root)
    here = {str(path.relative_to(root)): path for path in Path(root).rglob("*") if path.is_file()}
    yield from held.keys() ^ here.keys()
    yield from (name for name in held.keys() & here.keys() if held[name] != source.read(str(here[name])))


def _is_touched(tree: _Tree, base: Base) -> bool:
    folder = Path(tree.fleet).parent
    for name in (tree.fleet, str(folder / Lock.FILE), str(folder / IMAGES)):
        if base.read(name) != (source.read(name) if os.path.isfile(name) else None):
            return True
    return any(_edited(tree.root, base))


def _drift(tree: _Tree, judged: Sequence[str], recorded: Mapping[str, Object], read: Fleets) -> list[Finding]:
    try:
        made, found = _nearest(tree, judged, recorded, read)
    except KaitopsError as error:
        text = f"cannot be rendered, so nobody knows whether the tree is what it declares ({str(error)[:400]}); mend it"
        return [checks.finding(DRIFT, tree.fleet, (1, 1), "", text)]
    if len(found) > _MOST_TOLD:
        names = ", ".join(os.path.join(tree.root, name) for name in sorted(found)[:_MOST_TOLD])
        text = f"{len(found)} files of {tree.root} are not what it renders: {names}, ...; {_WAY}"
        return [checks.finding(DRIFT, tree.fleet, (1, 1), "", text)]
    return [_told(tree, name, made.get(name)) for name in sorted(found)]


def _nearest(
    tree: _Tree, judged: Sequence[str], recorded: Mapping[str, Object], read: Fleets
) -> tuple[Mapping[str, bytes], set[str]]:
    """What the fleet renders, in the way that the tree is nearest to, and the files that differ from it."""
    declared = read.read(tree.fleet)
    folder = Path(tree.fleet).parent
    images = ImageLock.read(folder / IMAGES)
    release = Release.load(declared.data["kaito"], recorded)
    best: tuple[Mapping[str, bytes], set[str]] | None = None
    for mode, parity in _WAYS:
        sizes = Lock.read(folder / Lock.FILE)
        try:
            made = render(Fleet(declared, release, sizes, images), mode=mode, parity=parity).files
        except KaitopsError:
            if mode is None and not parity:
                raise
            continue  # a way that this fleet cannot be rendered in
        found = {name for name in _differing(tree, made) if _is_judged(os.path.join(tree.root, name), judged)}
        if best is None or len(found) < len(best[1]):
            best = made, found
        if not found:
            break
    return best or ({}, set())


def _differing(tree: _Tree, made: Mapping[str, bytes]) -> list[str]:
    changes = writing.changes(Path(tree.root), made)
    return [*changes.added, *changes.changed, *changes.removed]


def _is_judged(path: str, judged: Sequence[str]) -> bool:
    real = os.path.realpath(path)
    return lies_in_any(real, judged)


def _told(tree: _Tree, name: str, made: bytes | None) -> Finding:
    path = Path(tree.root) / name
    if not path.is_file():
        text = f"renders {path}, which is not there; run 'kaitops render' and commit it"
        return checks.finding(DRIFT, tree.fleet, (1, 1), "", text)
    if made is None:
        text = f"nothing in {tree.fleet} renders it, so the next render takes it away; {_WAY}"
        return checks.finding(DRIFT, str(path), (1, 1), "", text)
    here, there = source.read(str(path)).splitlines(), made.splitlines()
    line = next((n for n, pair in enumerate(zip(here, there, strict=False), 1) if pair[0] != pair[1]), 0)
    line = line or min(len(here), len(there)) + 1
    text = f"is not what {tree.fleet} renders from here on, so the next render undoes it; {_WAY}"
    return checks.finding(DRIFT, str(path), (line, 1), "", text)
