"""The whole gate, in order: read, judge as KAITO would, by rules, by checkov, against the base; then exempt and redact.

Pure but for reading what it is told to read: the day, the settings and every path come in.
"""

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kaitops.documents.plain import mapping
from kaitops.errors import BadInput
from kaitops.gate import checks
from kaitops.gate.files import nested
from kaitops.gate.fleets import Fleets
from kaitops.gate.guarding import guard_all
from kaitops.gate.options import Options
from kaitops.gate.reading.collecting import collect
from kaitops.gate.transforming import DEPLOYING
from kaitops.gate.tree import Tree
from kaitops.gate.trust import believing
from kaitops.gate.trust.authority import Authority, deciding
from kaitops.gate.verdicts import Verdicts
from kaitops.kaito import facts
from kaitops.report.findings import Finding, Report

if TYPE_CHECKING:
    from kaitops.change import Change
    from kaitops.documents import reader
    from kaitops.gate.comparing.base import Base, BaseTree
    from kaitops.gate.comparing.changes import Side
    from kaitops.gate.trust.exemptions import Exemptions


_READINGS = 3
# What a tree may install KAITO's controllers by.
_INSTALLING = frozenset({"HelmRelease", "Application", "ApplicationSet"})


class Outcome(NamedTuple):
    """The report, and the edits that a cluster would refuse and that a plan can be made for.

    Attributes:
        baseline: the text of a baseline of what was found, where one was asked for.
    """

    report: Report
    immutable: "Sequence[Change]" = ()
    baseline: str = ""


def run(options: Options, started: Callable[[int], Callable[[], None]]) -> Outcome:
    """Judge everything.

    Args:
        started: called with the number of clusters; what it returns is called after each.

    Raises:
        BadInput: an argument or a file beside the tree cannot be used, or the tree holds no object.
        ToolMissing: checkov or git failed.
    """
    if options.base is None:
        return _Run(options, None, None).outcome(started)
    from kaitops.tree import scratch

    with scratch.folder("kaitops-base-") as room:
        folder = room / "base"
        folder.mkdir()
        from kaitops.gate.comparing.base import Base

        base = Base(options.base, options.paths, deciding(options), folder)
        return _Run(options, base, room / "rules").outcome(started)


class _Run:
    """One run of the gate."""

    def __init__(self, options: Options, base: "Base | None", rules: Path | None) -> None:
        self._options = options
        self._base = base
        self._rules = rules
        self._report = Report(threshold=options.threshold, rules=checks.notes(), unfolded=options.unfolded)
        self._authority = Authority(base, self._report)
        self._fleets = Fleets()
        self._verdicts = Verdicts(options, self._authority, self._report)

    def outcome(self, started: Callable[[int], Callable[[], None]]) -> Outcome:
        options, report = self._options, self._report
        # The base is mostly the same files: what is parsed here is not parsed there again.
        parsed: dict[bytes, list[reader.Document]] = {}
        before = None if self._base is None else self._base.tree(parsed)
        # A change takes no folder out of judgement by having another one list it.
        kept = None if before is None else before.alone
        tree = _collected(options, report, None if self._base is None else parsed, kept)
        for folder, text in nested.modules(tree.sources, options.paths):
            report.findings.append(checks.finding(checks.COVERAGE, folder, (1, 1), "", text, unjudged=True))
        if tops := [top for top in tree.bounds if os.path.lexists(os.path.join(top, ".git"))]:
            from kaitops.gate.files import attributes

            read = {*tree.sources, *tree.unread, *tree.taken(), *attributes.beside(tree.sources)}
            for file, line, text in attributes.rewritten(sorted(read - {"-"}), tops):
                report.findings.append(checks.finding(checks.COVERAGE, file, (line, 1), "", text, unjudged=True))
        recorded = self._verdicts.recorded = self._authority.recorded(options.store)
        believing.believe(
            tree.groups, report, fleet=options.fleet, recorded=recorded, trusted=options.trust_context,
            base=self._base, before=before, read=self._fleets,
        )  # fmt: skip
        if not _INSTALLING.isdisjoint(tree.kinds) or any(group.inflating for group in tree.groups):
            from kaitops.gate.helm.operating import Operating

            settled = Operating(report, options, self._fleets, lambda file: options.fleet or believing.beside(file))
            settled.judge(tree.groups, tree.bounds, before)
        refused = self._verdicts.judge(tree, started(len(tree.groups)), self._rules)
        # A change that takes the last object away is judged by what it deletes.
        emptied = before is not None and any(group.items for group in before.groups)
        if not report.seen and not report.findings and not emptied:
            raise BadInput(f"{', '.join(options.paths)}: no Kubernetes object found, so nothing was checked")
        excused = self._authority.exemptions(options.exemptions, self._exemptions)
        annotations = excused is not None and excused.annotations
        if not annotations:
            self._refuse_annotations(tree)
        anchor = tree.sources[0] if tree.sources else options.paths[0]
        with guard_all(anchor, report, "checkov"):
            _checkov(options, tree, report, annotations=annotations)
        if options.server is not None:
            from kaitops.gate.server import asking

            with guard_all(anchor, report, "asking the server"):
                asking.ask(options.server, tree, report, options.kaito or facts.newest())
        immutable: Sequence[Change] = ()
        if self._base is not None or options.budget or options.prices or options.quotas or options.cost:
            with guard_all(anchor, report, "comparing with the base, and the cost"):
                immutable = self._change(tree, before, refused, anchor)
        if excused is not None:
            self._exempt(tree, excused)
        if options.check_render or (options.check_render is None and self._base is not None):
            from kaitops.gate.trust import drifting

            with guard_all(anchor, report, "rendering the fleet"):
                base = None if options.check_render else self._base
                drifting.judge(
                    tree.groups, report, options.paths, recorded, fleet=options.fleet, base=base, read=self._fleets
                )
        written = self._sort(tree, before) if self._is_sorted() else ""
        report.needs = list(dict.fromkeys(report.needs))
        if report.findings or report.needs or report.notes or report.exempted:
            from kaitops.gate.redaction import Redactor

            Redactor(tree.documents, tree.unread).report(report)
        return Outcome(report, immutable, written)

    def _is_sorted(self) -> bool:
        options = self._options
        given = options.select or options.ignore or options.baseline or options.write_baseline
        return bool(given) or len(self._report.findings) > (0 if self._base is not None else 1)

    def _sort(self, tree: Tree, before: "BaseTree | None") -> str:
        """Choose, compare with base and baseline, and tell each cause once; returns the baseline to be written."""
        from kaitops.gate import sorting

        options = self._options
        given = sorting.Given(options.select, options.ignore, options.baseline, options.write_baseline)
        if self._base is not None and before is not None:
            past = sorting.Past(self._base, before, lambda: self._past(before))
            return sorting.sort(self._report, tree, given, self._authority, self._verdicts.known, past)
        return sorting.sort(self._report, tree, given, self._authority, self._verdicts.known)

    def _past(self, before: "BaseTree") -> "Sequence[Finding]":
        """What is found in the base, judged as the head is."""
        past = Report(findings=list(before.told))
        for group in before.groups:
            self._verdicts.judge_group(group, past)
        return past.findings

    def _exemptions(self, raw: bytes, name: str) -> "Exemptions":
        from kaitops.gate.trust import exemptions

        return exemptions.parse(raw, name, self._verdicts.known, self._options.today)

    def _refuse_annotations(self, tree: Tree) -> None:
        marked = [
            item
            for group in tree.groups
            for item in group.items
            if any(map(checks.exempts, mapping(item.data["metadata"].get("annotations"))))
        ]
        if marked:
            from kaitops.gate.trust import exemptions

            exemptions.annotated(marked, self._report, self._verdicts.known, self._options.today, allowed=False)

    def _change(
        self, tree: Tree, before: "BaseTree | None", refused: frozenset[int], anchor: str
    ) -> "Sequence[Change]":
        from kaitops.gate.comparing import changes, costing, following
        from kaitops.gate.trust import limits

        options, report = self._options, self._report
        head: list[Side] = [
            changes.Side(group.name, self._verdicts.release(group), group.settings_or(options.settings), group)
            for group in tree.groups
        ]
        pairs = changes.sides(before, head, self._verdicts.release) if before is not None else []
        immutable: list[Change] = []
        kept: Mapping[int, str] = {}
        if before is not None:
            if self._base is not None and (gone := changes.gone(pairs)):
                from kaitops.gate.comparing import keeping

                kept = keeping.kept(before, pairs, gone, self._base.top)
            unlisted = {*tree.unlisted, *self._orphaned(tree, before)}
            immutable = changes.judge(before, pairs, report, anchor, str(options.base), unlisted, kept)
        if before is not None and self._base is not None:
            following.judge(
                [item for group in before.groups for item in group.items],
                [item for group in tree.groups for item in group.items],
                self._base,
                report,
                paths=options.paths,
                contexts=[group.root for group in tree.groups if group.root],
                fleets={options.fleet} if options.fleet else believing.fleets(tree.groups),
                accepted=self._verdicts.accepted,
                read=self._fleets,
            )
        with limits.prices(options.prices, self._authority):
            costing.judge(
                pairs if before is not None else None,
                # Where nothing is left the machines of before are counted against none.
                head or [side for _, side in pairs],
                report,
                refused=refused,
                anchor=anchor,
                region=options.region,
                today=options.today,
                budget=limits.budget(options.budget, self._authority),
                quotas=limits.quotas(options.quotas, self._authority),
                kept=kept,
            )
        return immutable

    def _orphaned(self, tree: Tree, before: "BaseTree") -> "Collection[str]":
        old = [item for group in before.groups for item in group.items if item.data["kind"] in DEPLOYING]
        if not old or self._base is None:
            return ()
        from kaitops.gate.comparing import pruning

        head = [item for group in tree.groups for item in group.items]
        return pruning.orphaned(old, head, self._base, self._base.top, tree.reached)

    def _exempt(self, tree: Tree, excused: "Exemptions") -> None:
        from kaitops.gate.trust import exemptions

        listed = excused.entries
        if excused.annotations:
            found = [item for group in tree.groups for item in group.items]
            listed = [
                *listed,
                *exemptions.annotated(found, self._report, self._verdicts.known, self._options.today, allowed=True),
            ]
        exemptions.apply(listed, self._report, self._options.today.isoformat(), complete=self._options.complete)


def _collected(
    options: Options,
    report: Report,
    parsed: "dict[bytes, list[reader.Document]] | None",
    kept: "Mapping[str, frozenset[str]] | None",
) -> Tree:
    """The tree; read anew where a render beside us put another one in its place meanwhile."""
    paths, assumed = options.paths, options.assumed if options.complete else None
    for _ in range(_READINGS):
        tree = collect(paths, report, parsed, kept=kept, assumed=assumed)
        gone = any(one.unjudged and not os.path.lexists(one.file) for one in report.findings)
        if not gone or "-" in paths:
            break
        report.findings, report.notes, report.seen = [], [], []
    else:
        tree = collect(paths, report, parsed, kept=kept, assumed=assumed)
    return tree


def _checkov(options: Options, tree: Tree, report: Report, *, annotations: bool) -> None:
    if options.without_checkov:
        return
    from kaitops.gate import checkov

    if options.checkov is None:
        checkov.not_run(options.require_checkov, report)
    else:
        checkov.check(options.checkov, tree, report, honour_skips=annotations)
