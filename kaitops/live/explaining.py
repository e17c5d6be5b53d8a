"""Why a workload does not serve: the steps, the first that fails with its cause, and what was looked at. Pure.

Everything that others wrote passes through the redaction of reports: what looks like a secret value, or stands as one
in an object, is replaced by its kind and length.
"""

from dataclasses import dataclass, replace
from typing import Any

from kaitops.documents.plain import MutableObject
from kaitops.live import judging
from kaitops.live.finding import Finding
from kaitops.live.redacting import Redaction
from kaitops.live.rules import signs
from kaitops.live.snapshot import name_of, namespace_of
from kaitops.live.steps import Step, steps
from kaitops.live.view import View


@dataclass(frozen=True, slots=True)
class Explanation:
    """What is known of one workload.

    Attributes:
        also: what else was found, further down the chain.
        looked: what was looked at, in words.
    """

    state: judging.State
    steps: tuple[Step, ...]
    also: tuple[Finding, ...]
    looked: tuple[str, ...]

    def plain(self) -> MutableObject:
        """As plain data."""
        found = self.state.finding
        return {
            "name": self.state.subject,
            "state": self.state.phase,
            "rule": self.state.rule,
            "cause": self.state.cause,
            "since": self.state.since,
            "steps": [
                {"step": one.name, "mark": one.mark, "text": one.text, "seconds": one.seconds, "usual": one.usual}
                for one in self.steps
            ],
            "step": found.step if found else "",
            "evidence": list(found.evidence) if found else [],
            "consequence": found.consequence if found else "",
            "remedy": list(found.remedy) if found else [],
            "also": [{"rule": one.rule, "step": one.step, "cause": one.cause} for one in self.also],
            "looked at": list(self.looked),
            "not read": list(self.state.unread),
        }


def explain(view: View) -> Explanation:
    """All that can be said of one workload; for sets and roles, of the part that holds them up."""
    state = judging.judge_one(view)
    culprit = _culprit(view)
    found = [one for one in judging.findings(culprit) if state.finding is None or one.rule != state.finding.rule]
    clean = Redaction(view.snapshot)
    chain = tuple(replace(one, text=clean.text(one.text)) for one in steps(culprit, judging.judge_one(culprit)))
    return Explanation(
        clean.state(state),
        chain,
        tuple(clean.finding(one) for one in found if one.phase == "degraded" and one.step != _step(state)),
        _looked(culprit),
    )


def _step(state: judging.State) -> str:
    return state.finding.step if state.finding else ""


def _culprit(view: View) -> View:
    """The child that a set's or role's state comes from, itself where it has none or fails by itself."""
    states = [(one, judging.judge_one(one)) for one in view.children]
    own = judging.judge_one(view)
    if own.phase == "degraded" and all(own.finding != state.finding for _, state in states):
        return view
    for phase in ("degraded", "progressing"):
        for one, state in states:
            if state.phase == phase:
                return _culprit(one)
    return _culprit(states[0][0]) if states else view


def suspects(view: View) -> list[tuple[str, str, str, bool]]:
    """The logs that would say more: namespace, pod, container, and whether its last run is wanted."""
    culprit = _culprit(view)
    found: dict[str, tuple[str, str, str, bool]] = {}
    # Of several containers the log of one that failed says more.
    for one in sorted(culprit.containers(), key=lambda one: signs.ended(one).get("exitCode") in (None, 0)):
        ended = one.restarts > 0 and one.state != "terminated"
        if one.state in ("running", "terminated") or one.restarts:
            found.setdefault(name_of(one.pod), (namespace_of(one.pod), name_of(one.pod), one.name, ended))
    return list(found.values())[:3]


def _looked(view: View) -> tuple[str, ...]:
    made = view.controller
    parts = [
        f"the status of {view.subject}" if not view.plain else view.subject,
        f"{made['kind']} {name_of(made)}" if made is not None and not view.plain else "",
        _counted(view.pods, "pod"),
        _counted(view.claims, "NodeClaim"),
        _counted(view.nodes, "node"),
        _counted([*view.events(view.obj, *view.pods, *view.claims), *view.claim_events], "event"),
        _counted([one for one in view.pods if view.log(one)], "log"),
    ]
    return tuple(one for one in parts if one)


def _counted(found: list[Any], word: str) -> str:
    return f"{len(found)} {word}{'' if len(found) == 1 else 's'}" if found else ""
