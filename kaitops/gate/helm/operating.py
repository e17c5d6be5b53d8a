"""Which KAITO a tree installs, by the chart of its operator: the version that its objects are judged by.

Where a context file says the version, a chart that installs another one is a finding. Where nobody says it, the chart
does, unless the change brings it in: whoever writes the change does not choose what it is judged by.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from kaitops.documents.plain import Path, at, items, mapping
from kaitops.gate.checks import COVERAGE, DRIFT
from kaitops.gate.helm.flux import is_release
from kaitops.gate.objects import Group, Item
from kaitops.kaito import facts
from kaitops.kaito.anatomy import GROUP
from kaitops.report.findings import Report

_CHARTS = ("workspace", "kaito-workspace")
_WORD = "kaito"
_TRUST = "name the version that counts by --kaito"


class _Said(NamedTuple):
    """A release of KAITO's operator.

    Attributes:
        path: of its version.
    """

    item: Item
    path: Path
    version: str


def judged() -> list[str]:
    """The versions of KAITO that objects can be judged by."""
    return [version for version in facts.versions() if facts.is_complete(version)]


def judge(
    groups: Sequence[Group], before: Sequence[Group] | None, report: Report, *, named: str | None, trusted: bool
) -> None:
    """Settle the version of each cluster that has objects of KAITO and no other word for it.

    Args:
        before: the clusters of the base, where there is one.
        named: the version that the invoker says.
        trusted: the invoker vouches for what is said of clusters.
    """
    old = None if before is None else {one.version for group in before for one in _releases(group)}
    for group in before or ():
        _settle(group, {one.version for one in _releases(group)})
    for group in groups:
        if any(item.data["apiVersion"].startswith(GROUP) for item in group.items):
            _judge(group, list(_releases(group)), None if trusted else old, named, report)


def _judge(group: Group, said: Sequence[_Said], old: Collection[str] | None, named: str | None, report: Report) -> None:
    held = group.context.get("kaito")
    if held or named:
        for one in said:
            if held and one.version != held:
                text = (
                    f"installs KAITO {one.version or 'of any version'}, and the cluster is said to run {held}, by "
                    "which everything was judged; make both one version"
                )
                report.findings.append(one.item.finding(DRIFT, one.path, text))
        return
    versions = {one.version for one in said}
    for one in said:
        problem = _problem(one.version, versions, old)
        if problem:
            text = f"{problem}, so objects were judged as for {facts.newest()}, which may not be theirs; {_TRUST}"
            report.findings.append(one.item.finding(COVERAGE, one.path, text, unjudged=True))
            return
    _settle(group, versions)
    if group.kaito:
        report.notes.append(f"{said[0].item.document.file}: judged as for KAITO {group.kaito}, which it installs")


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


def _settle(group: Group, versions: Collection[str]) -> None:
    known = [one for one in versions if one in judged()]
    group.kaito = known[0] if len(known) == len(versions) == 1 else ""


def _releases(group: Group) -> Iterator[_Said]:
    for item in group.items:
        spec = mapping(item.data.get("spec"))
        if is_release(item.data) and not spec.get("suspend"):
            chart = mapping(at(spec, "chart", "spec"))
            about = (item.data["metadata"]["name"], spec.get("releaseName"), spec.get("targetNamespace"),
                     at(chart, "sourceRef", "name"))  # fmt: skip
            if _is_kaito(chart.get("chart"), about):
                yield _Said(item, ("spec", "chart", "spec", "version"), _plain(chart.get("version")))
        elif item.data["kind"] == "Application" and item.data["apiVersion"].startswith("argoproj.io/"):
            for path in (("spec", "source"), *(("spec", "sources", n) for n in range(len(items(spec.get("sources")))))):
                source = mapping(at(item.data, *path))
                if _is_kaito(source.get("chart"), (source.get("repoURL"), item.data["metadata"]["name"])):
                    yield _Said(item, (*path, "targetRevision"), _plain(source.get("targetRevision")))


def _is_kaito(chart: Any, about: Sequence[Any]) -> bool:
    return chart in _CHARTS and any(isinstance(one, str) and _WORD in one for one in (chart, *about))


def _plain(version: Any) -> str:
    return version.removeprefix("v") if isinstance(version, str) else ""
