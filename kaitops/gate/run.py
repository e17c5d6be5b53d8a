"""The whole gate, in order: read, judge as KAITO would, by rules, by checkov, against the base; then exempt and redact.

Pure but for reading what it is told to read: the day, the settings and every path come in.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaitops.documents.plain import mapping
from kaitops.errors import BadInput
from kaitops.gate import checks
from kaitops.gate.collecting import Group, Tree, collect
from kaitops.gate.guarding import guard_all
from kaitops.gate.judging import Judge
from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.report.findings import HIGH, Report

if TYPE_CHECKING:
    from kaitops.change import Change
    from kaitops.cost import Budget
    from kaitops.cost.quota import Quota
    from kaitops.documents import reader
    from kaitops.gate.changes import Side
    from kaitops.gate.server.asking import Server
    from policies.rule import Config, Override

# The rule on secrets in objects, which those beside them are told under.
_INLINE = "KAITO008"
_READINGS = 3


@dataclass(frozen=True, slots=True)
class Options:
    """What to judge and by what.

    Attributes:
        settings: of the controllers, where the tree does not say.
        kaito: version, where the tree does not say; the newest that is known in full where None.
        assumed: what the user says is in the cluster, ``kind/name``.
        recorded: Hugging Face models that extend the catalogue.
        config: what the organisation decides; the defaults where None.
        rules: folders of further rules.
        accepted: kinds, ``group/Kind``, that may stay unjudged.
        exemptions: the file of exemptions.
        complete: the tree is all that its clusters get, so rules may ask for what is not in it.
        checkov: Python of checkov's environment; None where there is none.
        without_checkov: it was switched off by the user.
        base: git reference to compare with.
        cost: work out costs, even without base, budget or quotas.
        server: the API server that is asked as well; none where None.
    """

    paths: Sequence[str]
    today: date
    settings: Mapping[str, Any]
    kaito: str | None = None
    assumed: frozenset[str] = frozenset()
    recorded: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    config: "Config | None" = None
    rules: Sequence[str] = ()
    accepted: Sequence[str] = ()
    exemptions: str | None = None
    complete: bool = False
    threshold: str = HIGH
    checkov: Path | None = None
    without_checkov: bool = False
    require_checkov: bool = False
    base: str | None = None
    region: str | None = None
    budget: "Budget | None" = None
    quotas: "Sequence[Quota]" = ()
    cost: bool = False
    server: "Server | None" = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The report, and the edits that a cluster would refuse and that a plan can be made for."""

    report: Report
    immutable: "Sequence[Change]" = ()


def run(options: Options, started: Callable[[int], Callable[[], None]]) -> Outcome:
    """Judge everything.

    Args:
        started: called with the number of clusters; what it returns is called after each.

    Raises:
        BadInput: an argument or a file beside the tree cannot be used, or the tree holds no object.
        ToolMissing: checkov or git failed.
    """
    report = Report(threshold=options.threshold, rules=checks.notes())
    # The base is mostly the same files: what is parsed here is not parsed there again.
    tree = _collected(options.paths, report, None if options.base is None else {})
    immutable: Sequence[Change] = ()
    known, refused = _judge(options, tree, report, started(len(tree.groups)))
    if not report.seen and not report.findings:
        raise BadInput(f"{', '.join(options.paths)}: no Kubernetes object found, so nothing was checked")
    annotations = _exemptions(options, tree, report, known)
    anchor = tree.sources[0] if tree.sources else options.paths[0]
    with guard_all(anchor, report, "checkov"):
        _checkov(options, tree, report, annotations=annotations)
    if options.server is not None:
        from kaitops.gate.server import asking

        with guard_all(anchor, report, "asking the server"):
            asking.ask(options.server, tree, report, options.kaito or facts.newest())
    if options.base is not None or options.budget or options.quotas or options.cost:
        with guard_all(anchor, report, "comparing with the base, and the cost"):
            immutable = _change(options, tree, report, refused, anchor)
    if options.exemptions or annotations:
        _exempt(options, tree, report, known, annotations=annotations)
    if report.findings or report.needs or report.notes or report.exempted:
        from kaitops.gate.redaction import Redactor

        Redactor(tree.documents, tree.unread).report(report)
    return Outcome(report, immutable)


def _collected(paths: Sequence[str], report: Report, parsed: "dict[bytes, list[reader.Document]] | None") -> Tree:
    """The tree; read anew where a render beside us put another one in its place meanwhile."""
    for _ in range(_READINGS):
        tree = collect(paths, report, parsed)
        gone = any(one.unjudged and not os.path.lexists(one.file) for one in report.findings)
        if not gone or "-" in paths:
            break
        report.findings, report.notes, report.seen = [], [], []
    else:
        tree = collect(paths, report, parsed)
    return tree


def _release(options: Options, group: Group) -> Release:
    version = str(group.context.get("kaito") or options.kaito or facts.newest())
    return Release.load(version, options.recorded)


def _judge(
    options: Options, tree: Tree, report: Report, step: Callable[[], None]
) -> tuple[frozenset[str], frozenset[int]]:
    """By KAITO and by rules; returns the ids of all rules, and the identities of objects that are not admitted."""
    from kaitops.gate.rules import Jury, load, notes
    from policies.rule import Config

    config = options.config or Config()
    rules = load([*config.rules, *options.rules])
    named = notes(rules)
    report.notes += [f"policy: {key} {_override(one)}" for key, one in sorted(config.overrides.items())]
    refused: set[int] = set()
    for group in tree.groups:
        release = _release(options, group)
        settings = group.context.get("settings") or options.settings
        judge = Judge(release, group, options.settings, options.assumed)
        judge.judge(report)
        refused |= judge.refused
        jury = Jury(rules, config, release, options.today, options.region, options.accepted)
        jury.judge(group, settings, report, complete=options.complete)
        step()
    secret = next((rule for rule in rules if rule.id == _INLINE), None)
    severity = secret and secret.severity_in(config.environment_of(""), config)
    if tree.commented and severity is not None:
        note = replace(named[_INLINE], severity=str(severity))
        report.findings += [one.finding(note) for one in tree.commented]
    report.rules = {**named, **report.rules}
    return frozenset(named) | frozenset(checks.notes()), frozenset(refused)


def _override(one: "Override") -> str:
    state = f"counts as {one.severity}" if one.severity else "is switched off"
    return f"{state}: {one.reason}"


def _exemptions(options: Options, tree: Tree, report: Report, known: frozenset[str]) -> bool:
    """Are exemptions by annotation allowed? Those that are not become findings."""
    if options.exemptions:
        from kaitops.gate import exemptions

        if exemptions.read(options.exemptions, known).annotations:
            return True
    marked = [
        item
        for group in tree.groups
        for item in group.items
        if any(map(checks.exempts, mapping(item.data["metadata"].get("annotations"))))
    ]
    if marked:
        from kaitops.gate import exemptions

        exemptions.annotated(marked, report, known, allowed=False)
    return False


def _checkov(options: Options, tree: Tree, report: Report, *, annotations: bool) -> None:
    if options.without_checkov:
        return
    from kaitops.gate import checkov

    if options.checkov is None:
        checkov.not_run(options.require_checkov, report)
    else:
        checkov.check(options.checkov, tree, report, honour_skips=annotations)


def _change(options: Options, tree: Tree, report: Report, refused: frozenset[int], anchor: str) -> "Sequence[Change]":
    from kaitops.gate import changes

    head: list[Side] = [
        changes.Side(
            changes.name_of(group), _release(options, group), group.context.get("settings") or options.settings, group
        )
        for group in tree.groups
    ]
    base = changes.read_base(options.base, options.paths, tree.parsed) if options.base is not None else None
    immutable = changes.judge(base, head, report, anchor) if base is not None else []
    changes.judge_cost(
        base,
        head,
        report,
        refused=refused,
        anchor=anchor,
        region=options.region,
        today=options.today,
        budget=options.budget,
        quotas=options.quotas,
    )
    return immutable


def _exempt(options: Options, tree: Tree, report: Report, known: frozenset[str], *, annotations: bool) -> None:
    from kaitops.gate import exemptions

    listed = exemptions.read(options.exemptions, known).entries if options.exemptions else []
    if annotations:
        found = [item for group in tree.groups for item in group.items]
        listed = [*listed, *exemptions.annotated(found, report, known, allowed=True)]
    exemptions.apply(listed, report, options.today.isoformat())
