"""The clusters of a tree, judged one after another: as KAITO would, by what becomes of the objects, and by rules."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kaitops.documents.plain import Object
from kaitops.gate import checks, effects
from kaitops.gate.judging.admission import Judge
from kaitops.gate.objects import Group
from kaitops.gate.options import Options
from kaitops.gate.tree import Tree
from kaitops.gate.trust.authority import Authority
from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.report.findings import Report

if TYPE_CHECKING:
    from kaitops.policies.rule import Config, Override, Rule

# The rule on secrets in objects, which those beside them are told under.
_INLINE = "KAITO008"


class Verdicts:
    """What judges all clusters of a run alike.

    Attributes:
        recorded: models beside those of KAITO's catalogue.
        known: ids that findings may have.
        accepted: kinds that may stay unjudged.
    """

    def __init__(self, options: Options, authority: Authority, report: Report) -> None:
        self._options = options
        self._authority = authority
        self._report = report
        self._rule_set: Sequence[Rule] = ()
        self._config: Config | None = None
        self.recorded: Mapping[str, Object] = {}
        self.known: frozenset[str] = frozenset()
        self.accepted: Sequence[str] = options.accepted

    def release(self, group: Group) -> Release:
        """The KAITO version that a cluster runs."""
        version = str(group.context.get("kaito") or self._options.kaito or group.kaito or facts.newest())
        return Release.load(version, self.recorded)

    def judge(self, tree: Tree, step: Callable[[], None], rules_at: Path | None) -> frozenset[int]:
        """Add what is found in a tree; returns the identities of objects that are not admitted.

        Args:
            step: called after each cluster.
            rules_at: where rules of the base may be laid out.
        """
        from kaitops.gate.judging.rules import load, notes

        options, report = self._options, self._report
        config = self._authority.policy(options.policy)
        self.accepted = [*options.accepted, *config.accepted_kinds]
        rules = load(self._authority.rules([*config.rules, *options.rules], rules_at))
        named = notes(rules)
        report.notes += [f"policy: {key} {_override(one)}" for key, one in sorted(config.overrides.items())]
        refused: set[int] = set()
        self._rule_set, self._config = rules, config
        for group in tree.groups:
            refused |= self.judge_group(group, report)
            step()
        secret = next((rule for rule in rules if rule.id == _INLINE), None)
        severity = secret and secret.severity_in(config.environment_of(""), config)
        if tree.commented and severity is not None:
            note = named[_INLINE]._replace(severity=str(severity))
            report.findings += [one.finding(note) for one in tree.commented]
        report.rules = {**named, **report.rules}
        self.known = frozenset(named) | frozenset(checks.notes())
        return frozenset(refused)

    def judge_group(self, group: Group, report: Report) -> set[int]:
        """Add what is found in one cluster, by the rules that the tree is judged by."""
        from kaitops.gate.judging.rules import Jury

        options = self._options
        release = self.release(group)
        settings = group.settings_or(options.settings)
        judge = Judge(release, group, options.settings, options.assumed, complete=options.complete)
        judge.judge(report)
        cloud = str((settings or {}).get("cloud") or "azure")
        group.made = judge.made
        effects.judge(group, release, judge.expansions, report, cloud=cloud, settled=judge.is_settled)
        if self._config is not None:
            jury = Jury(self._rule_set, self._config, release, options.today, options.region, options.accepted)
            jury.judge(group, settings, report, complete=options.complete)
        return judge.refused


def _override(one: "Override") -> str:
    state = f"counts as {one.severity}" if one.severity else "is switched off"
    return f"{state}: {one.reason}"
