"""What the objects of a workload show of each step: whether it is done, and when. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kaitops.documents.plain import at, items
from kaitops.live import machines, routes
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, is_ready, time_of, when
from kaitops.live.view import View


@dataclass(frozen=True, slots=True)
class Seen:
    """What the objects show of a step.

    Attributes:
        done: None where nothing tells.
        moment: when it was done, or when the last object was that it waits for.
    """

    done: bool | None
    text: str = ""
    moment: datetime | None = None


def _latest(moments: Iterable[object]) -> datetime | None:
    found = [one for moment in moments if (one := time_of(moment))]
    return max(found, default=None)


def _admitted(view: View) -> Seen:
    if view.plain:
        return Seen(True, "applied", time_of(at(view.obj, "metadata", "creationTimestamp")))
    conditions = items(at(view.obj, "status", "conditions"))
    return Seen(bool(conditions))


def _configuration(view: View) -> Seen:
    if view.error:
        return Seen(False, view.error[:160])
    return Seen(True if view.plain or items(at(view.obj, "status", "conditions")) else None)


def _machine(view: View) -> Seen:
    if view.claims:
        launched = [condition(one, "Launched") for one in view.claims]
        done = all(one.get("status") == "True" for one in launched)
        up = sum(one.get("status") == "True" for one in launched)
        return Seen(
            done,
            f"{up} of {machines.wanted(view)} machines made",
            _latest(one.get("lastTransitionTime") for one in launched),
        )
    ready = view.condition("NodeClaimReady")
    if ready and isinstance(at(view.obj, "status", "targetNodeCount"), int):
        return Seen(ready.get("status") == "True", "", time_of(ready.get("lastTransitionTime")))
    return Seen(None, "" if view.snapshot.knows("NodeClaim") else "NodeClaims were not read")


def _node(view: View) -> Seen:
    nodes = view.nodes
    if nodes:
        up = [one for one in nodes if is_ready(one)]
        gpus = sum(map(machines.gpus, up))
        moment = _latest(condition(one, "Ready").get("lastTransitionTime") for one in up)
        asked = view.kind not in ("RAGEngine", "Deployment")
        done = len(up) >= machines.wanted(view) and (gpus > 0 or not asked or not view.claims)
        return Seen(done, f"{len(up)} of {machines.wanted(view)} nodes ready, {gpus} GPUs", moment)
    ready = view.condition("NodesReady")
    if ready and isinstance(at(view.obj, "status", "targetNodeCount"), int):
        return Seen(ready.get("status") == "True", "", time_of(ready.get("lastTransitionTime")))
    return Seen(None, "" if view.snapshot.knows("Node") else "nodes were not read")


def _placed(view: View) -> Seen:
    if not view.pods:
        known = view.snapshot.knows("Pod")
        return Seen(
            False if known and view.controller is not None else None, "no pod yet" if known else "pods were not read"
        )
    found = [condition(one, "PodScheduled") for one in view.pods]
    done = all(one.get("status") == "True" for one in found) or all(at(one, "spec", "nodeName") for one in view.pods)
    return Seen(done, "", _latest(one.get("lastTransitionTime") for one in found))


def _image(view: View) -> Seen:
    containers = list(view.containers(view.pods))
    if not containers:
        return Seen(None)
    done = all(one.state in ("running", "terminated") or one.restarts or one.last for one in containers)
    pulled = [when(event) for event in view.events(*view.pods) if event.get("reason") == "Pulled"]
    started = [at(one.detail, "startedAt") for one in containers if one.state == "running" and not one.restarts]
    return Seen(done, "", _latest(pulled) or _latest(started))


def _weights(view: View) -> Seen:
    mirror = view.condition("ModelMirrorReady")
    if mirror:
        return Seen(mirror.get("status") == "True", "", time_of(mirror.get("lastTransitionTime")))
    if view.pods and not view.unready:
        return Seen(True, "loaded")
    told = signs.log_lines(view, r"Loading weights took|Model loading took")
    return Seen(True if told else None, told[0] if told else "")


def _engine(view: View) -> Seen:
    if not view.pods:
        return Seen(None if not view.snapshot.knows("Pod") else False)
    if (job := signs.tuning_job(view)) is not None:
        done = condition(job, "Complete")
        ended = done.get("status") == "True"
        moment = time_of(done.get("lastTransitionTime")) if ended else None
        return Seen(ended, "the Job is done" if ended else "the Job is not done yet", moment)
    ready = [condition(one, "Ready") for one in view.pods]
    up = sum(one.get("status") == "True" for one in ready)
    done_jobs = sum(at(one, "status", "phase") == "Succeeded" for one in view.pods)
    moment = _latest(one.get("lastTransitionTime") for one in ready)
    return Seen(up + done_jobs == len(ready), f"{up + done_jobs} of {len(ready)} pods serve", moment)


def _benchmark(view: View) -> Seen:
    found = view.condition("BenchmarkCompleted")
    if not found:
        return Seen(None, "none is run, or none yet")
    tokens = at(view.obj, "status", "performance", "metrics", "peakTokensPerMinute", "value")
    text = f"{tokens} tokens per minute at most" if tokens else ""
    return Seen(found.get("status") == "True", text, time_of(found.get("lastTransitionTime")))


def _service(view: View) -> Seen:
    service = view.snapshot.find("Service", view.namespace, view.name)
    if not view.snapshot.knows("Service"):
        return Seen(None, "Services were not read")
    if view.kind in ("InferenceSet", "MultiRoleInference", "ModelMirror") or view.tuning:
        return Seen(None, "has no Service of its own")
    done = service is not None and bool(view.pods) and not view.unready
    return Seen(done, f"http://{view.name}.{view.namespace}.svc" if service else "its Service is not there")


def _route(view: View) -> Seen:
    if not view.snapshot.knows("HTTPRoute"):
        return Seen(None, "HTTPRoutes were not read")
    ways = routes.ways(view)
    if not ways:
        return Seen(None, "no route leads to it")
    leading = [one for one in ways if routes.leads(view.snapshot, one)]
    moment = _latest(one.accepted.get("lastTransitionTime") for one in leading)
    text = f"{len(leading)} of {len(ways)} Gateways lead to it"
    return Seen(len(leading) == len(ways), ", ".join([text, *routes.addresses(view)]), moment)


LOOKS: Mapping[str, Callable[[View], Seen]] = {
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
    "route": _route,
}
"""By step."""
