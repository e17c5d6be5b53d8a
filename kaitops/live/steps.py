"""The chain from a declaration to a server that answers, step by step, with the times of each.

Owns what shows that a step is done and when. An estimate stands beside what is observed: one published start
(``start-times.json``), its download scaled by the size of the weights. Pure.
"""

from dataclasses import dataclass
from typing import Literal

from kaitops.documents.plain import at
from kaitops.kaito import Release, facts
from kaitops.live.finding import STEPS, Finding
from kaitops.live.judging import State
from kaitops.live.rules import signs
from kaitops.live.seen import LOOKS
from kaitops.live.snapshot import time_of
from kaitops.live.view import View

# Of these the published start says nothing where a Job trains: it fetches and does other things than a server.
_OF_SERVERS = frozenset({"weights", "engine", "benchmark", "service"})

Mark = Literal["ok", "wait", "fail", "-"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        mark: ``-`` where it does not apply, or nothing that was read tells.
        seconds: that it took, or takes so far; None where nothing tells.
        usual: seconds by the published start; None where there is no figure.
    """

    name: str
    mark: Mark
    text: str
    seconds: float | None = None
    usual: float | None = None


def steps(view: View, state: State) -> list[Step]:
    """The steps of one workload: what is done, which one holds it up, what comes after."""
    seen = {name: LOOKS[name](view) for name in STEPS}
    held = _held(state)
    usual = expected(view)
    found: list[Step] = []
    before = time_of(at(view.obj, "metadata", "creationTimestamp"))
    reached = False
    for name, text in STEPS.items():
        one = seen[name]
        mark: Mark = "ok" if one.done else "-" if one.done is None else "wait"
        if name == held:
            reached, mark = True, "fail" if state.phase == "degraded" else "wait"
        elif state.phase == "healthy":
            mark = "-" if one.done is None else "ok"
        elif reached and mark == "ok" and name in ("benchmark", "service", "route", "engine"):
            # What stands behind the step that fails is left from before.
            mark = "wait"
        seconds = None
        if mark == "ok" and one.moment and before:
            seconds = max((one.moment - before).total_seconds(), 0.0)
            before = max(one.moment, before)
        elif mark in ("wait", "fail") and name == held and before:
            seconds = max((view.snapshot.now - before).total_seconds(), 0.0)
        if view.leaving:
            mark, said = ("fail", "its deletion does not come to its end") if name == held else ("-", one.text or text)
            found.append(Step(name, mark, said))
            continue
        said = one.text or (text if mark in ("ok", "-") else f"not yet: {text}")
        found.append(Step(name, mark, said, seconds, usual.get(name)))
    return found


def expected(view: View) -> dict[str, float]:
    """Seconds of each step by the published start, the download scaled by the weights; an estimate, no promise."""
    table = facts.load(view.version, "start-times.json")
    size = weights_gib(view)
    scale = size / table["weights_gib"] if size else 1.0
    found: dict[str, float] = {}
    trains = signs.tuning_job(view) is not None or at(view.obj, "tuning") is not None
    for name, row in table["steps"].items():
        if trains and name in _OF_SERVERS:
            continue
        part = row.get("of_weights", 0)
        found[name] = row["seconds"] - part + part * scale
    return found


def weights_gib(view: View) -> float | None:
    """The size of the weights, None where the model is of no catalogue."""
    name = at(view.obj, "inference", "preset", "name") or at(
        view.obj, "spec", "template", "inference", "preset", "name"
    )
    preset = Release.load(view.version).catalogue.find(name) if isinstance(name, str) else None
    return preset.size_bytes / 2**30 if preset else None


def _held(state: State) -> str:
    finding: Finding | None = state.finding
    if state.phase in ("healthy", "deleting", "absent", "unknown"):
        return ""
    if finding is not None:
        return finding.step
    name = state.rule.removeprefix("status:")
    return _STATUS_RULES.get(name, "engine")


_STATUS_RULES = {
    "unseen": "admitted",
    "behind": "admitted",
    "refused": "configuration",
    "refused-at-first": "configuration",
    "no-machine": "machine",
    "nodes-lost": "node",
    "no-weights": "weights",
    "no-storage": "weights",
    "download-failed": "weights",
    "benchmark-failed": "benchmark",
}
