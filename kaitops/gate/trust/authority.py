"""Whose word decides: policy, exemptions, rules, budget, prices, quotas and recorded models.

What lies outside of the repository is the invoker's. What lies in it is part of the change: with a base the base's
version counts, and that the change touches it is a finding. Without a base there is no other version than the one
found; folders of rules, which are programs, are then taken only if they were named on the command line, themselves or
by a policy that was.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kaitops.documents import source
from kaitops.documents.plain import Object
from kaitops.errors import BadInput
from kaitops.gate import checks
from kaitops.gate.checks import AUTHORITY, COVERAGE
from kaitops.gate.trust.beside import EXEMPTIONS, FLEET, POLICY
from kaitops.kaito import recordings
from kaitops.report.findings import Finding, Report

if TYPE_CHECKING:
    from kaitops.gate.comparing.base import Base
    from kaitops.gate.options import Options
    from kaitops.policies.rule import Config

_T = TypeVar("_T")


def deciding(options: "Options") -> list[str]:
    """What has a say in the verdict, by name; some of it may not be there."""
    from kaitops.fleet.lock import Lock

    # A fleet decides nothing by itself; whether a change touches it is asked of the base.
    fleet = os.path.split(options.fleet or FLEET)[0]
    beside = [options.fleet or FLEET, *(os.path.join(fleet, name) for name in (Lock.FILE, "images.lock"))]
    named = [options.budget, options.prices, options.baseline, *beside, *options.quotas, *options.rules]
    store = [] if options.store else [str(recordings.STORE)]
    found = [options.policy or POLICY, options.exemptions or EXEMPTIONS, *store, *(one for one in named if one)]
    if options.policy is None:
        return found
    from kaitops.policies.config import read

    return [*found, *read(options.policy).rules]


class Authority:
    """Reads what decides, each from where it may come from.

    Args:
        base: of the change, where one was named.
        report: takes the findings about what the change does to it.
    """

    def __init__(self, base: "Base | None", report: Report) -> None:
        self._base = base
        self._report = report

    def policy(self, named: str | None) -> "Config":
        """What the organisation decides, folders of rules resolved.

        Raises:
            BadInput: the file cannot be read, or holds something else.
        """
        from kaitops.policies.config import parse
        from kaitops.policies.rule import Config

        name = named or POLICY
        config = self._read(name, parse, named=named is not None)
        if config is None:
            return Config()
        if config.rules and named is None:
            text = (
                "names folders of rules, which are programs, and nobody named the file: they were not run; name it by "
                "--policy where it is yours"
            )
            self._report.findings.append(checks.finding(COVERAGE, name, (1, 1), "", text, unjudged=True))
            config = config._replace(rules=())
        return config

    def exemptions(self, named: str | None, parse: Callable[[bytes, str], _T]) -> _T | None:
        """The exemptions; None where there are none."""
        return self._read(named or EXEMPTIONS, parse, named=named is not None)

    def excusing(self, name: str, parse: Callable[[bytes, str], _T]) -> _T | None:
        """A file that the invoker named and that can make a verdict milder; None where only the change has it.

        Raises:
            BadInput: it cannot be read, or is none of its kind.
        """
        return self._read(name, parse, named=True)

    def named(self, name: str, parse: Callable[[bytes, str], _T]) -> _T:
        """A file that the invoker named and that can only make a verdict harder.

        Raises:
            BadInput: it cannot be read, or is none of its kind.
        """
        found = self._read(name, parse, named=True)
        return parse(source.read(name), name) if found is None else found

    def rules(self, folders: Sequence[str], into: Path | None) -> list[str]:
        """Where the folders of rules lie that are run: with a base, the base's version of those in the repository.

        Args:
            into: an empty folder for what comes from the base; None without one.
        """
        found: list[str] = []
        for number, name in enumerate(folders):
            if self._base is None or into is None or self._base.is_ours(name):
                found.append(name)
                continue
            held, here = self._base.folder_of(name), self._base.contents(Path(name))
            if held != here:
                self._tell(name, "the rules of the base were run")
            if held:
                found.append(str(_laid_out(held, into / str(number))))
        return found

    def recorded(self, store: str | None) -> dict[str, Object]:
        """Recorded models by repository; where the invoker did not name their folder, those of a base before others.

        Args:
            store: the folder of a fleet that the invoker named.

        Raises:
            BadInput: a file is no recording.
        """
        folder = Path(store or ".") / recordings.STORE
        if store is not None:
            return {**recordings.read(folder)}
        found: dict[str, Object] = {}
        held = {} if self._base is None else self._base.folder_of(str(folder))
        here = {path.name: source.read(path) for path in sorted(folder.glob("*.json"))} if folder.is_dir() else {}
        for key in sorted({*here, *(key for key in held if key.endswith(".json") and "/" not in key)}):
            name = str(folder / key)
            if self._base is not None and here.get(key) != held.get(key) and not self._base.is_ours(name):
                said = "what the base has was believed" if key in held else "nobody but the change says what it holds"
                self._tell(name, f"{said}; name its folder by --store where it is yours")
            repo, document = recordings.parse(held.get(key, here.get(key, b"")), name)
            found[repo] = document
            if (problem := recordings.implausible(document)) is not None:
                text = (
                    f"{problem}, so nothing that serves {repo[:120]} is judged well; record it again, or name its "
                    "folder by --store where it is yours"
                )
                self._report.findings.append(checks.finding(COVERAGE, name, (1, 1), "", text, unjudged=True))
        return found

    def _read(self, name: str, parse: Callable[[bytes, str], _T], *, named: bool) -> _T | None:
        here = source.read(name) if named or os.path.lexists(name) else None
        if here is None and (self._base is None or self._base.place(name) is None):
            return None
        held = None if self._base is None else self._base.read(name)
        if held == here or self._base is None or self._base.is_ours(name):
            return None if here is None else parse(here, name)
        self._tell(
            name, "the base's version was held to" if held is not None else "the base has none, so it excuses nothing"
        )
        if held is None:
            return None
        try:
            return parse(held, name)
        except BadInput:
            # It must be possible to mend it; without it nothing is excused.
            return None

    def _tell(self, name: str, how: str) -> None:
        text = f"the change touches what it is judged by; {how}"
        self._report.findings.append(_finding(name, text))


def _finding(name: str, text: str) -> Finding:
    note = checks.note(AUTHORITY)
    return Finding(AUTHORITY, note.id, note.severity, name, 1, 1, "", text, note.remedy)


def _laid_out(files: Mapping[str, bytes], folder: Path) -> Path:
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return folder
