"""The chain from a declaration to a server that answers, step by step, with the times of each.

Owns what shows that a step is done and when. An estimate stands beside what is observed: one published start
(``start-times.json``), its download scaled by the size of the weights. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kaitops.documents.plain import at, items
from kaitops.kaito import Release, facts
from kaitops.live import machines
from kaitops.live.finding import STEPS, Finding
from kaitops.live.judging import State
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, is_ready, time_of, when
from kaitops.live.view import GPU, View

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


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the objects show of a step.

    Attributes:
        done: None where nothing tells.
        moment: when it was done, or when the last object was that it waits for.
    """

    done: bool | None
    text: str = ""
    moment: datetime | None = None


def steps(view: View, state: State) -> list[Step]:
    """The steps of one workload: what is done, which one holds it up, what comes after."""
    seen = {name: _LOOKS[name](view) for name in STEPS}
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
        elif reached and mark == "ok" and name in ("benchmark", "service", "engine"):
            # What stands behind the step that fails is left from before.
            mark = "wait"
        seconds = None
        if mark == "ok" and one.moment and before:
            seconds = max((one.moment - before).total_seconds(), 0.0)
            before = max(one.moment, before)
        elif mark in ("wait", "fail") and name == held and before:
            seconds = max((view.snapshot.now - before).total_seconds(), 0.0)
        said = one.text or (text if mark in ("ok", "-") else f"not yet: {text}")
        found.append(Step(name, mark, said, seconds, usual.get(name)))
    return found


def expected(view: View) -> dict[str, float]:
    """Seconds of each step by the published start, the download scaled by the weights; an estimate, no promise."""
    table = facts.load(view.version, "start-times.json")
    size = weights_gib(view)
    scale = size / table["weights_gib"] if size else 1.0
    found: dict[str, float] = {}
    for name, row in table["steps"].items():
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


def _latest(moments: Iterable[object]) -> datetime | None:
    found = [one for moment in moments if (one := time_of(moment))]
    return max(found, default=None)


def _admitted(view: View) -> _Seen:
    if view.plain:
        return _Seen(True, "applied", time_of(at(view.obj, "metadata", "creationTimestamp")))
    conditions = items(at(view.obj, "status", "conditions"))
    return _Seen(bool(conditions))


def _configuration(view: View) -> _Seen:
    if view.error:
        return _Seen(False, view.error[:160])
    return _Seen(True if view.plain or items(at(view.obj, "status", "conditions")) else None)


def _machine(view: View) -> _Seen:
    if view.claims:
        launched = [condition(one, "Launched") for one in view.claims]
        done = all(one.get("status") == "True" for one in launched)
        up = sum(one.get("status") == "True" for one in launched)
        return _Seen(
            done,
            f"{up} of {machines.wanted(view)} machines made",
            _latest(one.get("lastTransitionTime") for one in launched),
        )
    ready = view.condition("NodeClaimReady")
    if ready and isinstance(at(view.obj, "status", "targetNodeCount"), int):
        return _Seen(ready.get("status") == "True", "", time_of(ready.get("lastTransitionTime")))
    return _Seen(None, "" if view.snapshot.knows("NodeClaim") else "NodeClaims were not read")


def _node(view: View) -> _Seen:
    nodes = view.nodes
    if nodes:
        up = [one for one in nodes if is_ready(one)]
        gpus = sum(int(str(at(one, "status", "capacity", GPU) or 0)) for one in up)
        moment = _latest(condition(one, "Ready").get("lastTransitionTime") for one in up)
        asked = view.kind not in ("RAGEngine", "Deployment")
        done = len(up) >= machines.wanted(view) and (gpus > 0 or not asked or not view.claims)
        return _Seen(done, f"{len(up)} of {machines.wanted(view)} nodes ready, {gpus} GPUs", moment)
    ready = view.condition("NodesReady")
    if ready and isinstance(at(view.obj, "status", "targetNodeCount"), int):
        return _Seen(ready.get("status") == "True", "", time_of(ready.get("lastTransitionTime")))
    return _Seen(None, "" if view.snapshot.knows("Node") else "nodes were not read")


def _placed(view: View) -> _Seen:
    if not view.pods:
        known = view.snapshot.knows("Pod")
        return _Seen(
            False if known and view.controller is not None else None, "no pod yet" if known else "pods were not read"
        )
    found = [condition(one, "PodScheduled") for one in view.pods]
    done = all(one.get("status") == "True" for one in found) or all(at(one, "spec", "nodeName") for one in view.pods)
    return _Seen(done, "", _latest(one.get("lastTransitionTime") for one in found))


def _image(view: View) -> _Seen:
    containers = list(view.containers(view.pods))
    if not containers:
        return _Seen(None)
    done = all(one.state in ("running", "terminated") or one.restarts or one.last for one in containers)
    pulled = [when(event) for event in view.events(*view.pods) if event.get("reason") == "Pulled"]
    started = [at(one.detail, "startedAt") for one in containers if one.state == "running" and not one.restarts]
    return _Seen(done, "", _latest(pulled) or _latest(started))


def _weights(view: View) -> _Seen:
    mirror = view.condition("ModelMirrorReady")
    if mirror:
        return _Seen(mirror.get("status") == "True", "", time_of(mirror.get("lastTransitionTime")))
    if view.pods and not view.unready:
        return _Seen(True, "loaded")
    told = signs.log_lines(view, r"Loading weights took|Model loading took")
    return _Seen(True if told else None, told[0] if told else "")


def _engine(view: View) -> _Seen:
    if not view.pods:
        return _Seen(None if not view.snapshot.knows("Pod") else False)
    ready = [condition(one, "Ready") for one in view.pods]
    up = sum(one.get("status") == "True" for one in ready)
    done_jobs = sum(at(one, "status", "phase") == "Succeeded" for one in view.pods)
    moment = _latest(one.get("lastTransitionTime") for one in ready)
    return _Seen(up + done_jobs == len(ready), f"{up + done_jobs} of {len(ready)} pods serve", moment)


def _benchmark(view: View) -> _Seen:
    found = view.condition("BenchmarkCompleted")
    if not found:
        return _Seen(None, "none is run, or none yet")
    tokens = at(view.obj, "status", "performance", "metrics", "peakTokensPerMinute", "value")
    text = f"{tokens} tokens per minute at most" if tokens else ""
    return _Seen(found.get("status") == "True", text, time_of(found.get("lastTransitionTime")))


def _service(view: View) -> _Seen:
    service = view.snapshot.find("Service", view.namespace, view.name)
    if not view.snapshot.knows("Service"):
        return _Seen(None, "Services were not read")
    if view.kind in ("InferenceSet", "MultiRoleInference", "ModelMirror") or view.tuning:
        return _Seen(None, "has no Service of its own")
    done = service is not None and bool(view.pods) and not view.unready
    return _Seen(done, f"http://{view.name}.{view.namespace}.svc" if service else "its Service is not there")


_LOOKS = {
    "admitted": _admitted,
    "configuration": _configuration,
    "machine": _machine,
    "node": _node,
    "placed": _placed,
    "image": _image,
    "weights": _weights,
    "engine": _engine,
    "benchmark": _benchmark,
    "service": _service,
}
