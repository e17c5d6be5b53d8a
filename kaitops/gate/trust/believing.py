"""Which context files are believed: what one says of its cluster decides the verdict, and it is part of the change.

Believed is what the base says as well, what the fleet says, or what the invoker vouches for. Everything else is
dropped, and nothing is green because of it.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kaitops.documents.plain import MutableObject, Object
from kaitops.gate import checks
from kaitops.gate.checks import COVERAGE
from kaitops.gate.fleets import Fleets
from kaitops.gate.objects import Group
from kaitops.gate.trust.beside import FLEET
from kaitops.report.findings import MEDIUM, Finding, Report, RuleNote
from kaitops.tree.layout import CONTEXT_FILE

if TYPE_CHECKING:
    from kaitops.gate.comparing.base import Base, BaseTree

_NOTE = RuleNote(
    "KAITOPS-CHANGE-CLUSTER", MEDIUM, "The change leaves the clusters what they are",
    "By what a cluster is every object in it is judged.", "See that the cluster itself changes with it.",
)  # fmt: skip
_WAY = (
    f"render the tree again with {FLEET} beside it or named by --fleet, compare with a base that has the file by "
    "--base, or pass --trust-context where nobody but you writes it"
)


def believe(
    groups: Sequence[Group],
    report: Report,
    *,
    fleet: str | None,
    recorded: Mapping[str, Object],
    trusted: bool,
    base: "Base | None",
    before: "BaseTree | None",
    read: Fleets,
) -> None:
    """Drop the contexts that nobody confirms, and say which changed.

    Args:
        fleet: the file that the invoker named; else the nearest above each tree.
        trusted: the invoker vouches for all context files.
        base, before: of the change, where there is one.
        read: reads fleets, for whoever else asks for them as well.
    """
    known = dict(before.contexts()) if before is not None else {}
    places = {id(group): base.place(group.root) if base is not None and group.root else None for group in groups}
    fleets = _Fleets(fleet, recorded, read)
    for group in groups:
        old = known.get(places[id(group)] or "\0")
        if not group.context:
            continue
        changed = [key for key in _KEYS if old is not None and old.context.get(key) != group.context.get(key)]
        if old is not None and not changed and old.context == group.context:
            continue
        problem = None if trusted else _problem(group, groups, fleets)
        if problem is not None:
            _doubt(group, problem, report)
        elif old is not None and changed:
            text = f"the change makes {' and '.join(changed)} of cluster {old.name} another"
            report.findings.append(_finding(_file(group), text))
            report.rules[_NOTE.id] = _NOTE
        if old is not None:
            group.others = (old.name,)
    _removed(groups, known, base, report)


_KEYS = ("kaito", "cluster", "region", "settings", "nodes")


def _problem(group: Group, groups: Sequence[Group], fleets: "_Fleets") -> str | None:
    above = next((str(one) for one in Path(group.root).parents if (one / CONTEXT_FILE).is_file()), None)
    if above is not None:
        return f"lies below another one, {os.path.relpath(above)}/{CONTEXT_FILE}, so one of both is wrong; remove it"
    name = group.name
    same = [one for one in groups if one is not group and name and one.name == name]
    if same:
        return f"is of cluster {name}, and so is {os.path.relpath(same[0].root)}/{CONTEXT_FILE}; remove one of both"
    return fleets.why_not(group)


def _doubt(group: Group, problem: str, report: Report) -> None:
    file = _file(group)
    text = f"what it says of its cluster is not confirmed: {problem}; it was judged as production without it; {_WAY}"
    report.findings.append(checks.finding(COVERAGE, file, (1, 1), "", text, unjudged=True))
    group.context = {}
    group.doubted = True


def _file(group: Group) -> str:
    return group.document.file if group.document is not None else os.path.join(group.root, CONTEXT_FILE)


def _removed(groups: Sequence[Group], known: Mapping[str, Group], base: "Base | None", report: Report) -> None:
    """Objects of a cluster that is no longer said to be one are judged by its old name as well."""
    if base is None:
        return
    present = {base.place(group.root) for group in groups if group.root and (group.context or group.doubted)}
    for root, old in known.items():
        if root in present or not old.root:
            continue  # it is said of as before, or was a kustomization of no cluster that is named
        for group in groups:
            if any(_lies_in(base.place(item.document.file), root) for item in group.items):
                group.others = (*group.others, old.name)
                text = f"the change takes away what is said of cluster {old.name}, and its objects stay"
                report.findings.append(_finding(f"{root}/{CONTEXT_FILE}", text))
                report.rules[_NOTE.id] = _NOTE


def _lies_in(place: str | None, root: str) -> bool:
    return place is not None and (not root or place.startswith(f"{root}/"))


def _finding(file: str, text: str) -> Finding:
    return Finding("change", _NOTE.id, _NOTE.severity, file, 1, 1, "", text, _NOTE.remedy)


class _Fleets:
    """The fleets that confirm, each held once."""

    def __init__(self, named: str | None, recorded: Mapping[str, Object], read: Fleets) -> None:
        self._named = named
        self._recorded = recorded
        self._files = read
        self._held: MutableObject = {}

    def why_not(self, group: Group) -> str | None:
        name = self._named or beside(group.root)
        if name is None:
            return f"there is no {FLEET} in the folder of the command or above the file"
        if name not in self._held:
            from kaitops.gate.trust.confirming import Fleet

            self._held[name] = Fleet(name, self._recorded, self._files)
        return self._held[name].why_not(group.context, os.path.basename(group.root))


def fleets(groups: Sequence[Group]) -> set[str]:
    """The fleets that what context files say is held against, where the invoker named none."""
    return {name for group in groups if (name := beside(group.root or "."))}


def beside(root: str) -> str | None:
    """The fleet in the folder of the command, else the nearest above a tree within its repository."""
    if os.path.isfile(FLEET):
        return FLEET
    for folder in Path(root).parents:
        if (folder / FLEET).is_file():
            return str(folder / FLEET)
        if (folder / ".git").exists():
            break
    return None
