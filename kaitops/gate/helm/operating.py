"""Which KAITO a tree installs, by the charts of its controllers: version and settings that its objects are judged by.

Where a context file or a fleet says them, a chart that says otherwise is a finding. Where nobody does, the chart does,
unless the change brings it in: whoever writes the change does not choose what it is judged by.
"""

import json
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Protocol

from kaitops.documents.plain import MutableObject, Object, Path
from kaitops.gate.checks import COVERAGE, DRIFT, FIT
from kaitops.gate.fleets import Fleets
from kaitops.gate.helm import installing
from kaitops.gate.helm.installing import Installed
from kaitops.gate.objects import Group
from kaitops.gate.options import Options
from kaitops.kaito import facts
from kaitops.kaito.anatomy import GROUP
from kaitops.report.findings import Report

# Trees of Argo CD and Flux that install no KAITO load nothing of what its values mean.
if TYPE_CHECKING:
    from kaitops.gate.helm.meaning import Meaning

_TRUST = "name the version that counts by --kaito"
_WORKSPACE = "workspace"
_SAY = (
    "say them in the values of the release, which come over it, put what is missing into the tree, or pass "
    "--trust-context to judge by what is known and the options of the command"
)


class _Tree(Protocol):
    """The clusters of a reading, and the repositories that it is of."""

    groups: list[Group]
    bounds: list[str]


def judged() -> list[str]:
    """The versions of KAITO that objects can be judged by."""
    return [version for version in facts.versions() if facts.is_complete(version)]


class Operating:
    """What the releases of KAITO's charts say of the clusters of a run.

    Args:
        options: what the invoker says of clusters.
        read: reads fleets.
        beside: names the fleet beside a file.
    """

    def __init__(
        self, report: Report, options: Options, read: Fleets, beside: Callable[[str], str | None] = lambda _: None
    ) -> None:
        self._report = report
        self._default = options.settings
        self._named = options.kaito
        self._trusted = options.trust_context
        self._beside = beside
        self._read = read
        self._told: set[tuple[str, Path, str]] = set()

    def judge(self, groups: Sequence[Group], tops: Sequence[str], before: "_Tree | None") -> None:
        """Settle the version and the settings of each cluster that has objects of KAITO and no other word for them.

        Args:
            tops: real paths of the repositories that are under judgement.
            before: the base, where there is one.
        """
        old: set[str] | None = None
        if before is not None:
            found = [_of(group, before.groups, before.bounds) for group in before.groups]
            for group, said in zip(before.groups, found, strict=True):
                self._settle(group, said, None)
            old = {word for said in found for one in said for word in _words(one)}
        every = {id(group): _of(group, groups, tops) for group in groups}
        others = [one for group in groups if not group.context for one in every[id(group)]]
        for group in groups:
            if any(item.data["apiVersion"].startswith(GROUP) for item in group.items):
                own = every[id(group)]
                self._judge(group, own or ([] if group.context else others), None if self._trusted else old)

    def _judge(self, group: Group, said: Sequence[Installed], old: Collection[str] | None) -> None:
        held = group.context.get("kaito")
        if held or self._named:
            for one in said:
                if held and one.version != held:
                    text = (
                        f"installs KAITO {one.version or 'of any version'}, and the cluster is said to run {held}, by "
                        "which everything was judged; make both one version"
                    )
                    self._tell(one, DRIFT, one.path, text)
        else:
            versions = {one.version for one in said}
            for one in said:
                problem = _problem(one.version, versions, old)
                if problem:
                    newest = facts.newest()
                    text = f"{problem}, so objects were judged as for {newest}, which may not be theirs; {_TRUST}"
                    self._tell(one, COVERAGE, one.path, text, unjudged=True)
                    return
        meanings = self._settle(group, said, old)
        if group.kaito and not held:
            self._note(f"{said[0].file}: judged as for KAITO {group.kaito}, which it installs")
        for one, meaning in meanings:
            self._say(group, one, meaning, old)
        charts = [one.chart for one, _ in meanings]
        twice = next((one for one in said if charts.count(one.chart) > 1), None)
        if twice and len({_text(meaning) for one, meaning in meanings if one.chart == twice.chart}) > 1:
            text = (
                "more than one release of it is judged as of the same cluster, and their values differ, so which of "
                "them count is not known; judge each cluster's tree by itself, or pass --trust-context"
            )
            if not self._trusted:
                self._tell(twice, COVERAGE, twice.path, text, unjudged=True)

    def _settle(
        self, group: Group, said: Sequence[Installed], old: Collection[str] | None
    ) -> "list[tuple[Installed, Meaning]]":
        """Give a cluster what its releases say, and return what each of them means."""
        versions = {one.version for one in said}
        known = judged()
        if not group.context.get("kaito") and not self._named:
            group.kaito = min(versions) if len(versions) == 1 and versions <= set(known) else ""
        version = str(group.context.get("kaito") or self._named or group.kaito)
        if version not in known or not said:
            return []
        from kaitops.gate.helm import agreeing
        from kaitops.gate.helm.meaning import Meaning

        found = [(one, Meaning(one, version)) for one in said]
        held = group.context.get("settings")
        if held:
            # What the file leaves open, as far as the change does not bring it in itself.
            more = [agreeing.further(one, held) for _, one in found if old is None or _text(one) in old]
            group.context = {**group.context, "settings": {**_merged(more), **held}}
        elif found:
            settings = [meaning.settings for _, meaning in found]
            is_whole = any(one.chart == _WORKSPACE and not meaning.unknown for one, meaning in found)
            group.settings = _merged([{"childAdmission": True} if is_whole else self._default, *settings])
        return found

    def _say(self, group: Group, one: Installed, meaning: "Meaning", old: Collection[str] | None) -> None:
        """Tell what is wrong with a release, and with believing it."""
        from kaitops.gate.helm import agreeing
        from kaitops.gate.helm.meaning import unknown_texts

        for path, text in meaning.faults:
            self._tell(one, FIT, path or one.path, text)
        for path, text in () if self._trusted else unknown_texts(meaning):
            self._tell(one, COVERAGE, path or one.path, f"{text}; {_SAY}", unjudged=True)
        version = str(group.context.get("kaito") or self._named or group.kaito)
        if group.context.get("settings"):
            for path, text in agreeing.differing(meaning, group.context["settings"], version):
                more = "as is said of the cluster and everything was judged by; make both one"
                self._tell(one, DRIFT, path or one.path, f"installs KAITO with {text}, {more}")
            return
        beside = self._beside(one.file)
        for path, text in agreeing.against_fleet(meaning, version, beside, self._read) if beside else ():
            self._tell(one, DRIFT, path or one.path, f"installs KAITO with {text}; make both one")
        if old is not None and _text(meaning) not in old:
            text = (
                "its values say of KAITO's controllers what the base does not, so objects were judged by what the "
                "change itself says; merge the release by itself first, or pass --trust-context"
            )
            self._tell(one, COVERAGE, one.path, text, unjudged=True)

    def _tell(self, one: Installed, check: str, path: Path, text: str, *, unjudged: bool = False) -> None:
        """Each finding once, though the release governs more than one tree."""
        if (one.file, path, text) not in self._told:
            self._told.add((one.file, path, text))
            self._report.findings.append(one.finding(check, path, text, unjudged=unjudged))

    def _note(self, text: str) -> None:
        if text not in self._report.notes:
            self._report.notes.append(text)


def _of(group: Group, groups: Sequence[Group], tops: Sequence[str]) -> list[Installed]:
    return list(installing.releases(group, groups, tops))


def _problem(version: str, versions: Collection[str], old: Collection[str] | None) -> str:
    known = judged()
    if version not in known:
        return f"installs KAITO {version or 'of any version'}, and what is judged here is {', '.join(known)}"
    if len(versions) > 1:
        others = ", ".join(sorted(one for one in versions if one != version)) or "any version"
        return f"installs KAITO {version}, and what is judged as of the same cluster {others}"
    if old is not None and version not in old:
        return f"installs KAITO {version}, which the base does not"
    return ""


def _merged(settings: Sequence[Object]) -> MutableObject:
    merged: MutableObject = {}
    for one in settings:
        gates = {**merged.get("featureGates", {}), **one.get("featureGates", {})}
        merged = {**merged, **one, "featureGates": gates}
    return merged


def _words(one: Installed) -> list[str]:
    """What the base says by a release: its version, and its settings as they are compared."""
    from kaitops.gate.helm.meaning import Meaning

    return [one.version, _text(Meaning(one, one.version))] if one.version in judged() else [one.version]


def _text(meaning: "Meaning") -> str:
    return json.dumps([meaning.settings, sorted(meaning.unknown)], sort_keys=True, default=str)
