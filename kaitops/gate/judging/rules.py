"""Judging the objects by rules: the ones that come with kaitops and those in folders of the user's.

Owns how rules meet objects, and that none is passed over: a rule that raised, a folder without rules, an object that
no rule is for. What the rules say is theirs.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from kaitops.documents.plain import MutableObject
from kaitops.gate import native
from kaitops.gate.checks import COVERAGE, RULE
from kaitops.gate.forms.templates import is_resource
from kaitops.gate.guarding import guard, settle
from kaitops.gate.judging.kinds import is_known, unknown_kind
from kaitops.gate.objects import Group, Item
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.release import Release
from kaitops.report.findings import Report, RuleNote

if TYPE_CHECKING:
    from kaitops.policies.registry import Meant
    from kaitops.policies.rule import Config, Context, Rule


def load(folders: Sequence[str]) -> "list[Rule]":
    """All rules.

    Raises:
        BadInput: a folder holds no rule, one that cannot be loaded, or an id twice; nothing is left out silently.
    """
    from kaitops.policies import registry

    return registry.load(folders)


def notes(rules: "Sequence[Rule]") -> dict[str, RuleNote]:
    """What reports say of the rules, by id."""
    return {one.id: _note(one, str(one.severity)) for one in rules}


def _note(rule: "Rule", severity: str) -> RuleNote:
    return RuleNote(rule.id, severity, rule.title, rule.why, rule.remedy, rule.source)


class Jury:
    """Judges the objects of one cluster by all rules that count in its environment.

    Args:
        region: of clusters, whatever their context says.
        accepted: kinds that may stay unjudged, as ``group/Kind``, beside those of the configuration.
    """

    def __init__(
        self,
        rules: "Sequence[Rule]",
        config: "Config",
        release: Release,
        today: date,
        region: str | None = None,
        accepted: Sequence[str] = (),
    ) -> None:
        self._rules = rules
        self._config = config
        self._release = release
        self._today = today
        self._region = region
        self._accepted = frozenset([*accepted, *config.accepted_kinds])

    def judge(self, group: Group, settings: object, report: Report, *, complete: bool) -> None:
        """Add what the rules find, and what they could not judge."""
        from kaitops.policies.reading import declares_pod, group_kind
        from kaitops.policies.registry import meant
        from kaitops.policies.rule import Scope

        environment = self._environment(group)
        severities = {rule.id: rule.severity_in(environment, self._config) for rule in self._rules}
        # A rule about the whole bundle says nothing unless it sees all of it, so it judges nobody either.
        active = [
            rule
            for rule in self._rules
            if severities[rule.id] is not None and (complete or rule.scope is not Scope.BUNDLE)
        ]
        named = {rule.id: _note(rule, str(severities[rule.id])) for rule in active}
        by_kind: dict[tuple[str, bool], tuple[Meant, bool]] = {}

        def prepare(left_out: frozenset[int]) -> "Context":
            objects = [item.data for item in group.items if id(item.data) not in left_out]
            return self._context(group, settings, environment, complete, objects)

        def alone(item: Item) -> object:
            return self._context(group, settings, environment, complete, [item.data])

        anchor = group.items[0].document.file
        context = settle(prepare, group.items, alone, report, "reading the cluster for the rules", anchor)
        if context is None:
            return
        for item in group.items:
            kind = group_kind(item.data)
            alike = (kind, declares_pod(item.data))
            if alike not in by_kind:
                by_kind[alike] = (meant(active, item.data, severities), any(kind in rule.kinds for rule in active))
            asked, judged = by_kind[alike]
            self._cover(item, kind, report, judged=judged)
            with guard(item, report, "judging by the rules"):
                self._judge(item, asked, context, named, report)

    def _cover(self, item: Item, kind: str, report: Report, *, judged: bool) -> None:
        """Say of an object that nothing judged it, unless whoever started the gate accepts its kind."""
        version, name = item.data["apiVersion"], item.data["kind"]
        problem = unknown_kind(self._release.version, version, name)
        if problem is None and not judged and not is_known(version, name) and not is_resource(item.data):
            problem = (
                f"nothing knows what {kind} can do, so nothing judged it but by its text; add a rule by --rules, or "
                f"accept it by --accept-kind {kind}"
            )
        own = version.startswith(GROUP)
        if problem is None:
            report.by_rules += not own and not native.is_held(item.data)
        elif kind in self._accepted and not own:
            report.accepted += 1
            note = f"accepted unjudged: objects of kind {kind}, which nothing here knows"
            if note not in report.notes:
                report.notes.append(note)
        else:
            report.findings.append(item.finding(COVERAGE, ["kind"], problem, unjudged=True))

    def _environment(self, group: Group) -> str:
        """That of the cluster; of several names it has or had, the one that is judged hardest."""
        from kaitops.policies.rule import ENVIRONMENTS

        if group.doubted:
            return ENVIRONMENTS[-1]
        names = (str(group.context.get("cluster") or ""), *group.others)
        return max((self._config.environment_of(name) for name in names), key=ENVIRONMENTS.index)

    def _context(
        self, group: Group, settings: Any, environment: str, complete: bool, objects: list[MutableObject]
    ) -> "Context":
        from kaitops.policies import facts

        return facts.context(
            self._release, self._today, settings=settings, config=self._config, environment=environment,
            objects=objects, complete=complete,
            region=self._region or str(group.context.get("region") or ""),
        )  # fmt: skip

    def _judge(
        self, item: Item, asked: "Meant", context: "Context", named: dict[str, RuleNote], report: Report
    ) -> None:
        from kaitops.policies.registry import RuleFailed, ask

        try:
            found = ask(asked, item.data, context)
        except RuleFailed as failure:
            if len(asked) > 1:
                # One by one, so that the others are heard and each failure is named.
                for one in asked:
                    self._judge(item, [one], context, named, report)
                return
            text = f"{failure}; the object was not judged by it, so the rule must be mended"
            report.findings.append(item.finding(COVERAGE, ["kind"], text, unjudged=True))
            return
        for one in found:
            report.findings.append(item.violation(RULE, named[one.rule.id], one.path, one.message))
