"""The situations that `status` and `why` are held to: recorded statuses, and these with the objects that tell more.

A recorded status is what KAITO wrote; what stands beside it is played by `tests.live.world`, as the controllers, the
kubelet and Karpenter write it. Situations without a recording of their own are derived from one that is the same by
its status, as the recordings say.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kaitops.kaito import Release
from kaitops.live.snapshot import Snapshot, time_of
from tests.live import world as w
from tests.live.around import AROUND
from tests.live.crashes import CRASHES
from tests.live.held_back import HELD
from tests.recorded import load
from tests.version import KAITO

Object = dict[str, Any]
RECORDED: dict[str, dict[str, Any]] = {row["id"]: row for row in load("status")}
EVERYTHING = (
    "Workspace", "InferenceSet", "RAGEngine", "MultiRoleInference", "ModelMirror", "StatefulSet", "Deployment", "Job",
    "Pod", "Service", "PersistentVolumeClaim", "Event", "Node", "NodeClaim", "NodePool",
    "HTTPRoute", "Gateway", "Workload",
)  # fmt: skip
LATER = "2026-11-21T08:20:00Z"


@dataclass(frozen=True)
class Situation:
    """A cluster with one workload.

    Attributes:
        recording: of the workload's status.
        beside: what else there is.
        edit: changes the recorded object, where the situation is derived.
        log: of the pod's server.
        now: the moment of the look.
    """

    recording: str
    phase: str
    rule: str
    beside: Callable[[Object], list[Object]] = lambda _: []
    edit: Callable[[Object], object] = lambda _: None
    log: str = ""
    now: str = w.NOW

    def obj(self) -> Object:
        found = copy.deepcopy(RECORDED[self.recording]["object"])
        self.edit(found)
        return found

    def snapshot(self) -> Snapshot:
        obj = self.obj()
        objects: dict[str, list[Any]] = {kind: [] for kind in EVERYTHING}
        for one in [obj, *self.beside(obj)]:
            objects[one["kind"]].append(one)
        now = time_of(self.now)
        assert now is not None
        logs = {("models", f"{obj['metadata']['name']}-0"): self.log} if self.log else {}
        return Snapshot(objects, now=now, logs=logs)


@dataclass
class _Pods:
    """One pod and its StatefulSet on a ready node."""

    state: Object | None = None
    events: list[tuple[str, str]] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    def __call__(self, obj: Object) -> list[Object]:
        pod = w.pod(obj, self.state, **self.more)
        events = [w.event(pod, reason, text) for reason, text in self.events]
        return [w.controller(obj), pod, w.node(), w.service(obj), *events]


def pods(state: Object | None = None, *events: tuple[str, str], **more: Any) -> _Pods:
    return _Pods(state, list(events), more)


def _child(
    recording: str, *others: str, beside: Callable[[Object], list[Object]] = lambda _: []
) -> Callable[[Object], list[Object]]:
    def make(obj: Object) -> list[Object]:
        names = (*others, recording)
        children = [w.replica(obj, copy.deepcopy(RECORDED[one]["object"]), number) for number, one in enumerate(names)]
        for child in children:
            if obj["kind"] == "InferenceSet" and "inference" in child:
                child["inference"] = {**child["inference"], **copy.deepcopy(obj["spec"]["template"]["inference"])}
        return [*children, *beside(children[-1])]

    return make


def _roles(
    recording: str, labels: bool = False, beside: Callable[[Object], list[Object]] = lambda _: []
) -> Callable[[Object], list[Object]]:
    def make(obj: Object) -> list[Object]:
        made: list[Object] = []
        for role in ("prefill", "decode"):
            child = copy.deepcopy(
                RECORDED["is-byo-0-of-3" if role == "decode" or labels else "is-byo-3-of-3"]["object"]
            )
            child["metadata"] |= {"name": f"{obj['metadata']['name']}-{role}", "ownerReferences": w.owner(obj)}
            child["spec"]["replicas"] = 1
            replica = copy.deepcopy(RECORDED[recording if role == "decode" else "ws-byo-ready-after-edit"]["object"])
            if labels:
                replica = copy.deepcopy(RECORDED["ws-byo-node-not-ready"]["object"])
                replica["resource"]["labelSelector"]["matchLabels"] |= {"kaito.sh/inference-role": role}
            replica["inference"] = copy.deepcopy(child["spec"]["template"]["inference"])
            replica = w.replica(child, replica)
            made += [child, replica, *(beside(replica) if role == "decode" else [])]
        return made

    return make


def _rag(
    state: Object | None = None,
    ready: bool = False,
    edited: bool = False,
    status: Mapping[str, Any] | None = None,
    **more: Any,
) -> Callable[[Object], list[Object]]:
    def make(obj: Object) -> list[Object]:
        before = copy.deepcopy(obj)
        if edited:
            before["spec"]["inferenceService"]["url"] = "http://before.models/v1/chat/completions"
        made = next(
            one
            for one in Release.load(KAITO).expand([before], {"nodeProvisioner": "byo"}).objects
            if one["kind"] == "Deployment"
        )
        deployment = w.controller(
            obj,
            "Deployment",
            ready=int(ready),
            **{"template": made["spec"]["template"], "replicas": 1, **(status or {})},
        )
        return [deployment, w.pod(obj, state, ready=ready, **more), w.node(), w.service(obj)]

    return make


def _job(
    failed: int = 0, *conditions: Object, state: Object | None = None, **more: Any
) -> Callable[[Object], list[Object]]:
    def make(obj: Object) -> list[Object]:
        job = w.controller(obj, "Job", failed=failed, active=0 if conditions else 1, conditions=list(conditions))
        return [job, *([w.pod(obj, state, **more)] if state else []), w.node()]

    return make


def _scaled(obj: Object) -> list[Object]:
    return [w.controller(obj, replicas=0), w.service(obj)]


def _edited_template(obj: Object) -> None:
    obj["spec"]["template"]["inference"]["preset"]["name"] = "phi-4"


def _old_template(obj: Object) -> list[Object]:
    found: list[Object] = []
    for number in range(3):
        replica = w.replica(obj, copy.deepcopy(RECORDED["ws-byo-ready-after-edit"]["object"]), number)
        found += [replica, w.controller(replica, ready=1), w.pod(replica, w.RUNNING, ready=True)]
    return [*found, w.node()]


def _error(text: str) -> Callable[[Object], None]:
    def edit(obj: Object) -> None:
        for one in obj["status"]["conditions"]:
            if one["status"] != "True" or "(last" in one["message"]:
                one["message"] = f"{one['message'].partition(' (last')[0]} (last reconcile error: {text})"

    return edit


def _unready(reason: str, message: str) -> Callable[[Object], None]:
    def edit(obj: Object) -> None:
        others = [one for one in obj["status"]["conditions"] if one["type"] != "Ready"]
        obj["status"]["conditions"] = [*others, w.condition("Ready", "False", reason, message)]

    return edit


def _gone(obj: Object) -> list[Object]:
    name = ("NodeClaim", "", f"models-{obj['metadata']['name']}-9zk4d")
    return [
        w.pool(obj),
        w.event(
            name,
            "InsufficientCapacityError",
            "creating nodeclaim, all requested instance types were unavailable during launch",
        ),
    ]


def _rolling(obj: Object) -> list[Object]:
    return [w.controller(obj, revision="1"), w.pod(obj, w.RUNNING, ready=True), w.node(), w.service(obj)]


def _rolling_out(obj: Object) -> list[Object]:
    made = w.controller(obj, currentRevision="phi4-a", updateRevision="phi4-b")
    return [made, w.pod(obj, w.RUNNING, made=LATER, ready_at=LATER), w.node(), w.service(obj)]


def _lost(obj: Object) -> list[Object]:
    return [w.controller(obj), w.pod(obj, w.RUNNING, ready_at=LATER), w.node(), w.service(obj)]


def _drifting(obj: Object) -> list[Object]:
    drifted = w.condition("Drifted", "True", "NodePoolDrifted", at=LATER)
    old = w.claim(
        obj, *(w.condition(one) for one in ("Launched", "Registered", "Initialized", "Ready")), drifted, node_name="n0"
    )
    new = w.claim(obj, name="models-x-new", node_name="n1")
    return [w.controller(obj), old, new, w.node("n0"), w.node("n1"), w.pod(obj, w.RUNNING, made=LATER, ready_at=LATER)]


def _taken_away(obj: Object) -> list[Object]:
    return [
        w.controller(obj, ready=1),
        w.claim(obj, node_name="n1", deleted=LATER),
        w.node(),
        w.pod(obj, w.RUNNING, ready=True),
    ]


def _reclaimed(obj: Object) -> list[Object]:
    claim = w.claim(obj, node_name="n1", deleted=LATER)
    told = w.event(claim, "SpotInterrupted", "Spot interruption warning was triggered", LATER)
    return [w.controller(obj, ready=1), claim, w.node(), w.pod(obj, w.RUNNING, ready=True), told]


def _down(obj: Object) -> list[Object]:
    return [
        w.controller(obj, ready=1),
        w.pod(obj, w.RUNNING, ready=True),
        w.node(ready=False, at=LATER),
        w.service(obj),
    ]


def _away(obj: Object) -> list[Object]:
    return [w.controller(obj, ready=1), w.pod(obj, w.RUNNING, ready=True), w.service(obj)]


def _unplaced_for(why: str) -> Callable[[Object], list[Object]]:
    scheduled = w.condition("PodScheduled", "False", "Unschedulable", why)
    return lambda obj: [w.controller(obj), w.pod(obj, node="", phase="Pending", scheduled=scheduled), w.node()]


def _stays(obj: Object) -> list[Object]:
    pod = w.pod(obj, w.RUNNING)
    pod["metadata"] |= {"deletionTimestamp": w.T0, "finalizers": ["acme.example/ticket"]}
    return [w.controller(obj), pod, w.node()]


def _launch(reason: str, message: str) -> Callable[[Object], list[Object]]:
    """Karpenter leaves a failed launch at Unknown."""
    return lambda obj: [w.claim(obj, w.condition("Launched", "Unknown", reason, message))]


def _not_joined(at: str) -> Callable[[Object], list[Object]]:
    return lambda obj: [w.claim(
        obj, w.condition("Launched", at=at), w.condition("Registered", "Unknown", "NodeNotFound", "Node not registered with cluster", at=at))]  # fmt: skip


def _unplaced(obj: Object) -> list[Object]:
    why = "0/3 nodes are available: 1 node(s) had untolerated taint {sku: gpu}, 2 Insufficient nvidia.com/gpu."
    pod = w.pod(obj, node="", phase="Pending", scheduled=w.condition("PodScheduled", "False", "Unschedulable", why))
    return [w.controller(obj), pod, w.node(gpus=0)]


def _no_driver(at: str) -> Callable[[Object], list[Object]]:
    return lambda obj: [
        w.claim(obj, node_name="n1"),
        w.node(gpus=0, at=at),
        w.controller(obj),
        w.pod(obj, node="", phase="Pending"),
    ]


def _unknown_size(obj: Object) -> list[Object]:
    return [w.pool(obj, "Standard_NC25ads_A100_v4")]


def _mirror(pod: bool, *events: tuple[str, str]) -> Callable[[Object], list[Object]]:
    def make(obj: Object) -> list[Object]:
        name, place = obj["metadata"]["name"], obj["spec"]["jobNamespace"]
        claim = {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": name, "namespace": place},
            "status": {"phase": "Pending"},
        }
        told = [w.event(claim, reason, text) for reason, text in events]
        if not pod:
            return [claim, *told]
        meta = {
            "name": f"{name}-download-x",
            "namespace": place,
            "labels": {"kaito.sh/model-mirror-name": name},
            "creationTimestamp": w.T0,
        }
        labels = {"job-name": meta["name"]}
        job = {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": meta,
            "spec": {"selector": {"matchLabels": labels}},
            "status": {"active": 1},
        }
        made = w.pod(obj | {"metadata": {"name": name, "namespace": place}}, w.waiting("ImagePullBackOff", "not found"))
        made["metadata"]["labels"] = labels
        return [claim, job, made, w.node()]

    return make


def _volume(obj: Object) -> list[Object]:
    volume = {"name": "weights", "persistentVolumeClaim": {"claimName": "weights"}}
    return [w.controller(obj), w.pod(obj, w.waiting("ContainerCreating"), volumes=[volume]), w.node()]


def _routed(*beside: Object, **route: Any) -> Callable[[Object], list[Object]]:
    """A workload that serves, with a route to it."""
    said = route.pop("said", (w.condition("Accepted"), w.condition("ResolvedRefs")))
    return lambda obj: [*pods(w.RUNNING, ready=True)(obj), w.route(obj, *said, **route), *beside]


def _no_pods(said: str) -> Callable[[Object], list[Object]]:
    """A controller whose pods the API server refuses."""

    def beside(obj: Object) -> list[Object]:
        made = w.controller(obj)
        text = f"create Pod x-0 in StatefulSet x failed error: pods is forbidden: {said}"
        return [made, w.service(obj), w.event(made, "FailedCreate", text)]

    return beside


def _before_it(obj: Object) -> list[Object]:
    """A container before the server ends again and again."""
    pod = w.pod(obj, w.waiting("PodInitializing"))
    before = {"name": "pull-adapter", "ready": False, "restartCount": 4, "state": w.waiting("CrashLoopBackOff")}
    pod["status"]["initContainerStatuses"] = [{**before, "lastState": {"terminated": w.ended(1)}}]
    return [pod, w.controller(obj), w.node(), w.service(obj)]


def _puller(log_name: str = "puller-support") -> Callable[[Object], list[Object]]:
    """A container that fetches an adapter before the server, and ends again and again."""

    def make(obj: Object) -> list[Object]:
        pod = w.pod(obj, w.waiting("PodInitializing"))
        before = {"name": log_name, "ready": False, "restartCount": 4, "state": w.waiting("CrashLoopBackOff")}
        pod["status"]["initContainerStatuses"] = [{**before, "lastState": {"terminated": w.ended(1)}}]
        return [pod, w.controller(obj), w.node(), w.service(obj)]

    return make


def _elsewhere(obj: Object) -> list[Object]:
    why = "0/3 nodes are available: 1 node(s) had volume node affinity conflict, 2 Insufficient nvidia.com/gpu."
    pod = w.pod(obj, node="", phase="Pending", scheduled=w.condition("PodScheduled", "False", "Unschedulable", why))
    return [w.controller(obj), pod, w.node()]


def _killed_by_its_node(obj: Object) -> list[Object]:
    pod = w.pod(obj, CRASH, restarts=3, last=w.ended(137))
    told = w.event(w.node(), "SystemOOM", "System OOM encountered, victim process: python3, pid: 4711")
    return [w.controller(obj), pod, w.node(), w.service(obj), told]


def _limited(obj: Object) -> list[Object]:
    pod = w.pod(obj, CRASH, restarts=3, last=w.ended(137, "OOMKilled"))
    pod["spec"]["containers"][0]["resources"]["limits"]["memory"] = "8Gi"
    return [w.controller(obj), pod, w.node(), w.service(obj)]


def _not_bound(obj: Object) -> list[Object]:
    meta = {"name": "weights", "namespace": obj["metadata"]["namespace"]}
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": meta, "status": {"phase": "Pending"}}
    text = "no persistent volumes available for this claim and no storage class is set"
    return [*_volume(obj), claim, w.event(claim, "FailedBinding", text)]


def _deleted(obj: Object) -> None:
    obj["metadata"] |= {"deletionTimestamp": w.T0, "finalizers": ["workspace.finalizer.kaito.sh"]}


CRASH = w.waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container")
CRASHED = pods(CRASH, restarts=5, last=w.ended(1))
SECRET = w.waiting("CreateContainerConfigError", 'secret "hf-token" not found')

PLAYED: dict[str, Situation] = {
    # Recorded statuses that do not tell, with what does.
    "ws-byo-startup-probe-failing": Situation("ws-byo-startup-probe-failing", "degraded", "probe", pods(
        w.RUNNING, ("Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 503"), restarts=2, last=w.ended(137))),
    "ws-byo-crash-loop-between": Situation("ws-byo-crash-loop-between", "degraded", "crash", pods(w.RUNNING, restarts=4, last=w.ended(1))),
    "ws-byo-multi-node-worker-lost": Situation("ws-byo-multi-node-worker-lost", "degraded", "lost-readiness", _lost),
    "ws-byo-crash-loop-unseen": Situation("ws-byo-crash-loop-unseen", "degraded", "crash", CRASHED),
    "ws-byo-missing-secret-pod": Situation("ws-byo-missing-secret-pod", "degraded", "missing-secret", pods(SECRET)),
    "ws-byo-lost-readiness": Situation("ws-byo-lost-readiness", "degraded", "lost-readiness", _lost),
    "ws-byo-spec-changed-seen": Situation("ws-byo-spec-changed-seen", "progressing", "rollout", _rolling),
    "ws-byo-transformers-controller-panic": Situation("ws-byo-transformers-controller-panic", "degraded", "controller-panics"),
    "ws-karp-insufficient-capacity-claim-removed": Situation("ws-karp-insufficient-capacity-claim-removed", "degraded", "capacity", _gone),
    "ws-karp-tuning-first-failure": Situation("ws-karp-tuning-first-failure", "progressing", "job-retries", _job(
        1, state=w.RUNNING, restarts=0, last=w.ended(1))),
    "ws-karp-tuning-retry-running": Situation("ws-karp-tuning-retry-running", "progressing", "job-retries", _job(1, state=w.RUNNING)),
    "tuning-that-trains": Situation("ws-karp-tuning-job-pending", "progressing", "job-runs", _job(state=w.RUNNING)),
    "ws-karp-tuning-succeeded-after-retry": Situation("ws-karp-tuning-succeeded-after-retry", "healthy", "job-done", _job(
        1, w.condition("Complete"))),
    "is-byo-replica-crash-loop": Situation("is-byo-replica-crash-loop", "degraded", "gpu-fault", _child(
        "ws-byo-is-child-crash", "ws-byo-ready-after-edit", "ws-byo-ready-after-edit", beside=CRASHED)),
    "is-byo-unknown-preset": Situation("is-byo-unknown-preset", "degraded", "unknown-preset", _child("ws-byo-unknown-preset")),
    "is-karp-0-of-2-quota": Situation("is-karp-0-of-2-quota", "degraded", "quota", _child("ws-karp-quota-exceeded", "ws-karp-nodepool-created")),
    "is-karp-1-of-2": Situation("is-karp-1-of-2", "degraded", "quota", _child("ws-karp-quota-exceeded", "ws-byo-ready-after-edit")),
    "mri-byo-decode-crash-loop": Situation("mri-byo-decode-crash-loop", "degraded", "crash", _roles("ws-byo-crash-loop", beside=CRASHED)),
    "mri-byo-edit-seen": Situation("mri-byo-edit-seen", "degraded", "crash", _roles("ws-byo-crash-loop-between", beside=CRASHED)),
    "rag-crash-loop": Situation("rag-crash-loop", "degraded", "crash", _rag(CRASH, restarts=4, last=w.ended(1))),
    "rag-nodeclaim-no-capacity": Situation("rag-nodeclaim-no-capacity", "degraded", "capacity", lambda obj: [w.claim(
        obj, w.condition("Launched", "False", "InsufficientCapacityError", "no capacity for Standard_NC24ads_A100_v4"))]),
    "rag-lost-readiness": Situation("rag-lost-readiness", "degraded", "lost-readiness", _rag(w.RUNNING, ready_at=LATER)),
    "rag-edit-unseen": Situation("rag-edit-unseen", "progressing", "rag-edit", _rag(w.RUNNING, ready=True, edited=True)),
    "rag-edit-seen": Situation("rag-edit-seen", "progressing", "rollout", _rag(
        w.RUNNING, made=LATER, ready_at=LATER, status={"updatedReplicas": 0})),
    # The same by their status as a recorded one.
    "ws-byo-crash-first-exit": Situation("ws-byo-crash-loop-unseen", "degraded", "crash", pods({"terminated": w.ended(1)})),
    "ws-byo-gpu-too-small": Situation("ws-byo-context-does-not-fit", "degraded", "does-not-fit"),
    "ws-byo-hf-model-unreachable": Situation("ws-byo-unknown-preset", "degraded", "hub-unreachable", edit=_error(
        "failed to get model by name: failed to download config of model example-org/private-7b: unexpected status code 401")),
    "ws-byo-missing-configmap": Situation("ws-byo-container-creating", "degraded", "missing-config", pods(
        w.waiting("ContainerCreating"), ("FailedMount", 'MountVolume.SetUp failed for volume "config": configmap "vllm-config" not found'))),
    "ws-byo-multi-node-partly-ready": Situation("ws-byo-container-creating", "progressing", "loading", lambda obj: [
        w.controller(obj, replicas=2, ready=1), w.pod(obj, w.RUNNING, ready=True), w.pod(obj, w.RUNNING, number=1), w.node()]),
    "ws-byo-no-node": Situation("ws-byo-node-not-ready", "progressing", "no-node"),
    "ws-byo-node-lost-unseen": Situation("ws-byo-ready-after-edit", "degraded", "node-lost", _down),
    "ws-byo-scaled-to-zero": Situation("ws-byo-ready-after-edit", "degraded", "scaled-to-zero", _scaled),
    "ws-byo-spec-changed-unseen": Situation("ws-byo-ready-after-edit", "progressing", "status:behind", edit=lambda obj: obj[
        "metadata"].update(generation=9)),
    "ws-byo-spec-changed-loading": Situation("ws-byo-spec-changed-loading", "progressing", "rollout", _rolling_out),
    "ws-byo-statefulset-recreated": Situation("ws-byo-statefulset-recreated", "progressing", "loading", pods(
        w.RUNNING, made=LATER, ready_at=w.T0)),
    "ws-byo-ready": Situation("ws-byo-ready-after-edit", "healthy", "status:ready", pods(w.RUNNING, ready=True)),
    "ws-byo-multi-node-ready": Situation("ws-byo-multi-node-ready", "healthy", "status:ready", pods(w.RUNNING, ready=True)),
    "ws-byo-ready-node-pressure": Situation("ws-byo-ready-node-pressure", "healthy", "status:ready", pods(w.RUNNING, ready=True)),
    "ws-gpuprov-unknown-instance-type": Situation("ws-byo-unknown-preset", "degraded", "unknown-size", edit=_error(
        "Unsupported SKU 'Standard_NC6s_v3' for cloud provider: azure")),
    "ws-karp-unknown-instance-type": Situation("ws-karp-nodepool-created", "degraded", "unknown-size", _unknown_size),
    "ws-karp-node-class-not-allowed": Situation("ws-karp-nodepool-created", "degraded", "node-class", edit=_error(
        'NodeClass "gold" is not allowed')),
    "ws-karp-node-class-not-ready": Situation("ws-karp-node-class-not-ready", "degraded", "node-class"),
    "ws-karp-nodepool-rejected": Situation("ws-karp-nodepool-created", "degraded", "pool-refused", edit=_error(
        'NodePool.karpenter.sh "models-phi4k" is invalid: spec.template.spec.requirements[0].key: Invalid value')),
    "ws-karp-tuning-image-pull-backoff": Situation("ws-karp-tuning-job-pending", "degraded", "image-pull", _job(
        state=w.waiting("ImagePullBackOff", "Back-off pulling image: unauthorized"))),
    "ws-karp-tuning-failed": Situation("ws-karp-tuning-failed", "degraded", "job-failed", _job(
        7, w.condition("Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit"))),
    "is-byo-no-node": Situation("is-byo-0-of-3", "progressing", "no-node", _child(*["ws-byo-node-not-ready"] * 3)),
    "is-byo-scale-up": Situation("is-byo-2-of-3", "progressing", "no-node", _child(
        "ws-byo-node-not-ready", "ws-byo-ready-after-edit", "ws-byo-ready-after-edit")),
    "is-byo-scale-up-unseen": Situation("is-byo-3-of-3", "progressing", "scaling", _child(
        *["ws-byo-ready-after-edit"] * 3), edit=lambda obj: obj["spec"].update(replicas=4)),
    "is-byo-scaling-down": Situation("is-byo-scaling-down", "progressing", "scaling", _child(*["ws-byo-ready-after-edit"] * 4)),
    "is-byo-template-changed": Situation("is-byo-3-of-3", "progressing", "template-differs", _old_template, _edited_template),
    "is-gpuprov-0-of-2-quota": Situation("is-karp-0-of-2-quota", "degraded", "quota", _child(
        "ws-gpuprov-quota-exceeded", "ws-gpuprov-nodeclaim-created")),
    "is-gpuprov-1-of-2": Situation("is-karp-1-of-2", "degraded", "quota", _child("ws-gpuprov-quota-exceeded", "ws-gpuprov-ready")),
    "is-karp-drift-replacing": Situation("is-karp-drift-replacing", "progressing", "drift", _child(
        "ws-karp-drift-draining", "ws-karp-drift-done", beside=_drifting)),
    "mri-byo-no-node-with-role-labels": Situation("mri-byo-no-node-with-role-labels", "progressing", "role-labels", _roles("ws-byo-node-not-ready", labels=True)),
    "rag-nodeclaim-pending": Situation("rag-nodeclaim-no-capacity", "progressing", "machine-waits", lambda obj: [w.claim(
        obj, w.condition("Launched", "Unknown", "AwaitingReconciliation", "object is awaiting reconciliation"))]),
    "rag-pending": Situation("rag-crash-loop", "progressing", "loading", _rag(w.RUNNING)),
    "rag-ready": Situation("rag-ready", "healthy", "status:ready", _rag(w.RUNNING, ready=True)),
    # What is not recorded.
    "quota-event": Situation("ws-karp-nodepool-created", "degraded", "quota", lambda obj: [w.pool(obj), w.claim(
        obj, w.condition("Launched", "False", "SubscriptionQuotaReached", "vCPU quota has been reached"))]),
    "rights": Situation("ws-karp-nodepool-created", "degraded", "rights", lambda obj: [w.claim(
        obj, w.condition("Launched", "False", "LaunchFailed", "AuthorizationFailed: the client does not have authorization"))]),
    "launch-failed": Situation("ws-karp-nodepool-created", "degraded", "launch-failed", lambda obj: [w.claim(
        obj, w.condition("Launched", "False", "SubnetFull", "no address is left"))]),
    "launch-failed-unknown": Situation("ws-karp-nodepool-created", "degraded", "launch-failed", _launch(
        "LaunchFailed", "SubnetIsFull: Subnet aks with address prefix 10.224.0.0/24 does not have enough capacity for 1 IP addresses.")),
    "launch-against-a-policy": Situation("ws-karp-nodepool-created", "degraded", "launch-failed", _launch(
        "LaunchFailed", "RequestDisallowedByPolicy: Resource 'aks-1' was disallowed by policy.")),
    "launch-throttled": Situation("ws-karp-nodepool-created", "degraded", "launch-failed", _launch(
        "LaunchFailed", "TooManyRequests: The request is being throttled. RESPONSE 429")),
    "launch-above-the-limit-of-aws": Situation("ws-karp-nodepool-created", "degraded", "quota", _launch(
        "LaunchFailed", "creating instance, with fleet error(s), VcpuLimitExceeded: You have requested more vCPU capacity than your current limit")),
    "launch-above-the-spot-limit-of-aws": Situation("ws-karp-nodepool-created", "degraded", "quota", _launch(
        "LaunchFailed", "creating instance, with fleet error(s), MaxSpotInstanceCountExceeded: Max spot instance count exceeded")),
    "launch-without-capacity-of-aws": Situation("ws-karp-nodepool-created", "degraded", "capacity", _launch(
        "LaunchFailed", "creating instance, with fleet error(s), InsufficientInstanceCapacity: We currently do not have sufficient capacity")),
    "launch-without-capacity": Situation("ws-karp-nodepool-created", "degraded", "capacity", _launch(
        "InsufficientCapacity", "all requested instance types were unavailable during launch")),
    "launch-without-a-node-class": Situation("ws-karp-nodepool-created", "degraded", "node-class", _launch(
        "LaunchFailed", 'resolving node class, AKSNodeClass.karpenter.azure.com "default" not found')),
    "launch-soon": Situation("ws-karp-nodepool-created", "progressing", "machine-waits", _launch(
        "AwaitingReconciliation", "object is awaiting reconciliation")),
    "machine-not-joined": Situation("ws-karp-nodepool-created", "degraded", "not-joined", _not_joined(w.T0)),
    "machine-joins-soon": Situation("ws-karp-nodepool-created", "progressing", "machine-waits", _not_joined("2026-11-21T08:28:00Z")),
    "pod-that-stays": Situation("ws-byo-container-creating", "degraded", "pod-leaves", _stays),
    "node-closed": Situation("ws-byo-container-creating", "degraded", "unplaced", _unplaced_for(
        "0/4 nodes are available: 1 node(s) were unschedulable, 3 node(s) didn't match Pod's node affinity/selector.")),
    "node-full-of-pods": Situation("ws-byo-container-creating", "degraded", "unplaced", _unplaced_for(
        "0/4 nodes are available: 1 Too many pods, 3 node(s) didn't match Pod's node affinity/selector.")),
    "command-not-in-the-image": Situation("ws-byo-crash-loop-unseen", "degraded", "start-error", pods(
        CRASH, restarts=3, last=w.ended(128, "StartError", 'runc create failed: exec: "vllm": executable file not found in $PATH'))),
    "command-of-a-script-not-there": Situation("ws-byo-crash-loop-unseen", "degraded", "crash", pods(CRASH, restarts=3, last=w.ended(127))),
    "context-above-the-model": Situation("ws-byo-crash-loop-unseen", "degraded", "wrong-flag", CRASHED,
        log="ValidationError: 1 validation error for ModelConfig\n  Value error, User-specified max_model_len (262144) is greater than the derived max_model_len (max_position_embeddings=131072)."),
    "parser-that-is-not-there": Situation("ws-byo-crash-loop-unseen", "degraded", "wrong-flag", CRASHED,
        log="KeyError: 'invalid tool call parser: llama9_json (chose from { hermes,mistral })'"),
    "other-quantisation": Situation("ws-byo-crash-loop-unseen", "degraded", "wrong-flag", CRASHED,
        log="ValueError: Quantization method specified in the model config (fp8) does not match the quantization method specified in the `quantization` argument (awq)."),
    "heads-that-do-not-divide": Situation("ws-byo-crash-loop-unseen", "degraded", "wrong-flag", CRASHED,
        log="ValueError: Total number of attention heads (25) must be divisible by tensor parallel size (2)."),
    "hub-not-to-be-asked": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED,
        log="huggingface_hub.errors.LocalEntryNotFoundError: outgoing traffic has been disabled. Unset HF_HUB_OFFLINE."),
    "storage-refuses": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED,
        log="This request is not authorized to perform this operation using this permission.\nErrorCode:AuthorizationPermissionMismatch"),
    "ray-not-there": Situation("ws-byo-crash-loop-unseen", "degraded", "head-unreached", CRASHED,
        log="ConnectionError: Could not find any running Ray instance. Please specify the one to connect to by setting --address."),
    "workers-not-there": Situation("ws-byo-crash-loop-unseen", "degraded", "head-unreached", CRASHED,
        log="ValueError: The number of required GPUs exceeds the total number of available GPUs in the placement group."),
    "chat-template-with-a-fault": Situation("ws-byo-crash-loop-unseen", "degraded", "tokenizer", CRASHED,
        log="jinja2.exceptions.TemplateSyntaxError: unexpected end of template, expected 'endif'."),
    "batch-below-the-context": Situation("ws-byo-crash-loop-unseen", "degraded", "wrong-flag", CRASHED,
        log="ValueError: max_num_batched_tokens (2048) is smaller than max_model_len (8192)."),
    "more-gpus-than-there-are": Situation("ws-byo-crash-loop-unseen", "degraded", "wrong-flag", CRASHED,
        log="ValueError: World size (4) is larger than the number of available GPUs (1) in this node."),
    "configuration-that-is-no-yaml": Situation("ws-byo-crash-loop-unseen", "degraded", "wrong-flag", CRASHED,
        log='yaml.scanner.ScannerError: mapping values are not allowed here'),
    "gpu-too-old-for-its-cache": Situation("ws-byo-crash-loop-unseen", "degraded", "unsupported-gpu", CRASHED,
        log="ValueError: FP8 KV cache requires CUDA compute capability >= 8.9"),
    "driver-replaced": Situation("ws-byo-crash-loop-unseen", "degraded", "driver-mismatch", CRASHED,
        log="Failed to initialize NVML: Driver/library version mismatch"),
    "model-without-adapters": Situation("ws-byo-crash-loop-unseen", "degraded", "adapter-refused", CRASHED,
        log="ValueError: NewForCausalLM does not support LoRA yet."),
    "store-of-the-hub": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED,
        log="RuntimeError: Data processing error: CAS service error : HTTP status client error (403 Forbidden)"),
    "hub-fails": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED,
        log="HfHubHTTPError: 503 Server Error: Service Unavailable for url: https://huggingface.co/api/models/acme/x"),
    "folder-without-a-model": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED,
        log="RuntimeError: Cannot find any model weights with `/mnt/models`"),
    "weights-of-another-model": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED,
        log="AssertionError: Attempted to load weight (torch.Size([5120])) into parameter (torch.Size([3072]))"),
    "probe-and-a-code-of-its-own": Situation("ws-byo-startup-probe-failing", "degraded", "probe", pods(
        w.RUNNING, ("Killing", "Container server failed liveness probe, will be restarted"), restarts=2, last=w.ended(1))),
    "probe-while-kernels-warm-up": Situation("ws-byo-startup-probe-failing", "degraded", "probe", pods(
        w.RUNNING, ("Killing", "Container server failed startup probe, will be restarted"), restarts=2, last=w.ended(137)),
        log="INFO 11-20 07:10:11 [kernel_warmup.py:65] Autotuning FlashInfer kernels"),
    "liveness-lost-and-ended-well": Situation("ws-byo-startup-probe-failing", "degraded", "probe", pods(
        w.RUNNING, ("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500"),
        ("Killing", "Container server failed liveness probe, will be restarted"), restarts=2, last=w.ended(0, "Completed"), ready_at=LATER)),
    "spot-node-down": Situation("ws-byo-ready-after-edit", "degraded", "node-lost", lambda obj: [
        w.controller(obj), w.pod(obj, w.RUNNING), w.node(ready=False), w.service(obj),
        w.event(("Node", "", "n1"), "PreemptScheduled", "Preempt Scheduled: Sat, 21 Nov 2026 07:00:00 GMT")]),
    "spot-taken-away": Situation("ws-karp-drift-done", "degraded", "machine-leaves", _taken_away),
    "spot-reclaimed": Situation("ws-karp-drift-done", "degraded", "machine-leaves", _reclaimed),
    "node-deleted": Situation("ws-byo-ready-after-edit", "degraded", "node-lost", _away),
    "taint-and-no-gpu": Situation("ws-byo-container-creating", "degraded", "unplaced", _unplaced),
    "driver-soon": Situation("ws-karp-loading", "progressing", "driver-waits", _no_driver("2026-11-21T08:28:00Z")),
    "driver-never": Situation("ws-karp-loading", "degraded", "driver-missing", _no_driver(w.T0)),
    "image-above-the-node-s-limit": Situation("ws-byo-container-creating", "degraded", "image-pull", pods(w.waiting("ErrImagePull", "pull QPS exceeded"))),
    "image-above-the-limit": Situation("ws-byo-container-creating", "degraded", "image-pull", pods(w.waiting(
        "ErrImagePull", "unexpected status code https://ghcr.io/v2/acme/x: 403 Forbidden - Server message: denied: rate limit exceeded"))),
    "image-above-the-limit-in-capitals": Situation("ws-byo-container-creating", "degraded", "image-pull", pods(w.waiting(
        "ErrImagePull", "unexpected status from GET request: 503 Service Unavailable: TOOMANYREQUESTS: retry later"))),
    "image-being-pulled": Situation("ws-byo-container-creating", "progressing", "image-waits", pods(
        w.waiting("ContainerCreating"), ("Pulling", 'Pulling image "mcr.microsoft.com/aks/kaito/kaito-base:0.5.0"'))),
    "image-unauthorized": Situation("ws-byo-container-creating", "degraded", "image-pull", pods(
        w.waiting("ErrImagePull", "failed to authorize: 401 Unauthorized"))),
    "missing-key": Situation("ws-byo-container-creating", "degraded", "missing-key", pods(
        w.waiting("CreateContainerConfigError", "couldn't find key HF_TOKEN in Secret models/hf-token"))),
    "claim-missing": Situation("ws-byo-container-creating", "degraded", "storage-class", _volume),
    "mirror-without-provisioner": Situation("mm-byo-pvc-pending", "degraded", "storage-class", _mirror(
        False, ("ProvisioningFailed", 'storageclass.storage.k8s.io "blob" not found'))),
    "mirror-waits-for-volume": Situation("mm-byo-pvc-pending", "progressing", "status:pending", _mirror(
        False, ("ProvisioningFailed", "Operation cannot be fulfilled: the object has been modified; please try again"))),
    "mirror-image": Situation("mm-byo-job-pending", "degraded", "image-pull", _mirror(True)),
    "volume-not-mounted": Situation("ws-byo-container-creating", "degraded", "start-error", pods(
        w.waiting("ContainerCreating"), ("FailedAttachVolume", "AttachVolume.Attach failed: disk is in use elsewhere"))),
    "evicted": Situation("ws-byo-container-creating", "degraded", "evicted", pods(
        phase="Failed", reason="Evicted", message="The node was low on resource: ephemeral-storage.")),
    "gated-model": Situation("ws-byo-crash-loop-unseen", "degraded", "gated-model", CRASHED,
        log="OSError: You are trying to access a gated repo.\n401 Client Error: Unauthorized for url: https://huggingface.co/x"),
    "disk-full": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED, log="OSError: [Errno 28] No space left on device"),
    "gpu-out-of-memory": Situation("ws-byo-crash-loop-unseen", "degraded", "gpu-memory", CRASHED,
        log="torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB."),
    "context-too-long": Situation("ws-byo-crash-loop-unseen", "degraded", "gpu-memory", CRASHED,
        log="ValueError: The model's max seq len (131072) is larger than the maximum number of tokens that can be stored in KV cache (20272)."),
    "host-out-of-memory": Situation("ws-byo-crash-loop-unseen", "degraded", "host-memory", pods(CRASH, restarts=3, last=w.ended(137, "OOMKilled"))),
    "wrong-flag": Situation("ws-byo-crash-loop-unseen", "degraded", "wrong-flag", CRASHED,
        log="usage: inference_api.py\ninference_api.py: error: unrecognized arguments: --max-modle-len=4096"),
    "driver-too-old": Situation("ws-byo-crash-loop-unseen", "degraded", "driver-mismatch", CRASHED,
        log="RuntimeError: The NVIDIA driver on your system is too old (found version 12040)."),
    "nccl": Situation("ws-byo-crash-loop-unseen", "degraded", "gpu-fault", CRASHED, log="torch.distributed.DistBackendError: NCCL error in: x"),
    "model-of-another-architecture": Situation("ws-byo-crash-loop-unseen", "degraded", "unsupported-model", CRASHED,
        log="ValueError: Model architectures ['NewForCausalLM'] are not supported for now."),
    "model-with-code": Situation("ws-byo-crash-loop-unseen", "degraded", "unsupported-model", CRASHED,
        log="ValueError: The repository for acme/x contains custom code which must be executed to correctly load the model."),
    "gpu-too-old": Situation("ws-byo-crash-loop-unseen", "degraded", "unsupported-gpu", CRASHED,
        log="ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has 7.5."),
    "image-of-another-processor": Situation("ws-byo-crash-loop-unseen", "degraded", "unsupported-gpu", CRASHED, log="exec /usr/bin/python3: exec format error"),
    "no-gpu-in-the-container": Situation("ws-byo-crash-loop-unseen", "degraded", "driver-mismatch", CRASHED, log="RuntimeError: No CUDA GPUs are available"),
    "rank-of-an-adapter": Situation("ws-byo-crash-loop-unseen", "degraded", "adapter-refused", CRASHED, log="ValueError: LoRA rank 64 is greater than max_lora_rank 16."),
    "adapter-of-another-model": Situation("ws-byo-crash-loop-unseen", "degraded", "adapter-refused", CRASHED,
        log="ValueError: While loading /mnt/adapter/support, expected target modules in ['qkv_proj'] but received ['q_proj']."),
    "user-without-a-name": Situation("ws-byo-crash-loop-unseen", "degraded", "not-writable", CRASHED, log="KeyError: 'getpwuid(): uid not found: 1000'"),
    "cache-that-is-closed": Situation("ws-byo-crash-loop-unseen", "degraded", "not-writable", CRASHED, log="OSError: [Errno 30] Read-only file system: '/root/.triton'"),
    "shared-memory-full": Situation("ws-byo-crash-loop-unseen", "degraded", "shared-memory", CRASHED, log="OSError: [Errno 28] No space left on device: '/psm_1f2a'"),
    "bus-error": Situation("ws-byo-crash-loop-unseen", "degraded", "shared-memory", pods(CRASH, restarts=3, last=w.ended(135))),
    "hub-limits": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED,
        log="HTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/api/models/x"),
    "proxy-certificate": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED,
        log="SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate')"),
    "revision-missing": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED, log="RevisionNotFoundError: 404 Client Error."),
    "weights-damaged": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED,
        log="SafetensorError: Error while deserializing header: MetadataIncompleteBuffer"),
    "pods-against-the-level": Situation("ws-byo-container-creating", "degraded", "pod-refused", _no_pods('violates PodSecurity "restricted:latest"')),
    "pods-against-the-quota": Situation("ws-byo-container-creating", "degraded", "pod-refused", _no_pods("exceeded quota: few, requested: pods=1")),
    "pods-against-a-range": Situation("ws-byo-container-creating", "degraded", "pod-refused", _no_pods("maximum memory usage per Container is 4Gi")),
    "pods-of-no-account": Situation("ws-byo-container-creating", "degraded", "pod-refused", _no_pods(
        'error looking up service account models/loader: serviceaccount "loader" not found')),
    "pods-and-a-webhook-that-is-away": Situation("ws-byo-container-creating", "degraded", "pod-refused", _no_pods(
        'failed calling webhook "policies": connection refused')),
    "gpu-unhealthy": Situation("ws-byo-container-creating", "degraded", "pod-rejected", pods(
        phase="Failed", reason="UnexpectedAdmissionError", message="Allocate failed due to no healthy devices present")),
    "node-shut-down": Situation("ws-byo-container-creating", "degraded", "pod-rejected", pods(
        phase="Failed", reason="Terminated", message="Pod was terminated in response to imminent node shutdown.")),
    "adapter-not-pulled": Situation("ws-byo-crash-loop-unseen", "degraded", "crash", _before_it),
    "segmentation-fault": Situation("ws-byo-crash-loop-unseen", "degraded", "native-crash", pods(CRASH, restarts=3, last=w.ended(139))),
    "segmentation-fault-of-the-engine": Situation("ws-byo-crash-loop-unseen", "degraded", "native-crash", CRASHED,
        log='Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007fa2975e0b80 (most recent call first):'),
    "unknown-instruction": Situation("ws-byo-crash-loop-unseen", "degraded", "native-crash", pods(CRASH, restarts=3, last=w.ended(132))),
    "port-in-use": Situation("ws-byo-crash-loop-unseen", "degraded", "port-taken", CRASHED,
        log="ERROR: [Errno 98] error while attempting to bind on address ('0.0.0.0', 5000): address already in use"),
    "port-of-the-group-in-use": Situation("ws-byo-crash-loop-unseen", "degraded", "port-taken", CRASHED,
        log='torch.distributed.DistNetworkError: The server socket has failed to listen on any local network address. port: 29500, useIpv6: false, code: -98, name: EADDRINUSE, message: address already in use'),
    "head-of-ray-away": Situation("ws-byo-crash-loop-unseen", "degraded", "head-unreached", CRASHED,
        log='[2026-11-21 07:05:41,730 E 1 1] gcs_rpc_client.h:179: Failed to connect to GCS at address 10.108.0.184:6379 within 5 seconds.\nRay worker starts timeout, head address: phi4-0.phi4-headless:6379'),
    "group-that-does-not-meet": Situation("ws-byo-crash-loop-unseen", "degraded", "head-unreached", CRASHED,
        log='torch.distributed.DistNetworkError: The client socket has timed out after 600000ms while trying to connect to (10.1.16.222, 29400).'),
    "head-of-ray-soon": Situation("ws-byo-container-creating", "progressing", "loading", pods({"running": {"startedAt": "2026-11-21T08:28:00Z"}}, ready_at="2026-11-21T08:28:00Z", made="2026-11-21T08:27:50Z"),
        log="gcs_rpc_client.h:179: Failed to connect to GCS at address 10.108.0.184:6379 within 5 seconds."),
    "nccl-timeout": Situation("ws-byo-crash-loop-unseen", "degraded", "collective-timeout", CRASHED,
        log='[rank0]:[E1001 16:06:04.537131842 ProcessGroupNCCL.cpp:607] [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=1, OpType=ALLREDUCE, NumelIn=128, NumelOut=128, Timeout(ms)=600000) ran for 600009 milliseconds before timing out.'),
    "tokenizer-missing": Situation("ws-byo-crash-loop-unseen", "degraded", "tokenizer", CRASHED,
        log="OSError: Can't load tokenizer for '/workspace/weights'. If you were trying to load it from 'https://huggingface.co/models', make sure you don't have a local directory with the same name."),
    "tokenizer-too-new": Situation("ws-byo-crash-loop-unseen", "degraded", "tokenizer", CRASHED,
        log='ValueError: Tokenizer class TokenizersBackend does not exist or is not currently imported.'),
    "vocabulary-not-reached": Situation("ws-byo-crash-loop-unseen", "degraded", "tokenizer", CRASHED,
        log='openai_harmony.HarmonyError: error downloading or loading vocab file: failed to download or load vocab'),
    "access-not-granted-yet": Situation("ws-byo-crash-loop-unseen", "degraded", "gated-model", CRASHED,
        log='GatedRepoError: 403 Client Error. (Request ID: Root=1-6668)\nYour request to access model acme/x is awaiting a review from the repo authors.'),
    "no-such-repository": Situation("ws-byo-crash-loop-unseen", "degraded", "gated-model", CRASHED,
        log="OSError: acme/x is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'"),
    "hub-not-reached": Situation("ws-byo-crash-loop-unseen", "degraded", "download-failed", CRASHED,
        log="OSError: We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files."),
    "driver-below-the-image": Situation("ws-byo-crash-loop-unseen", "degraded", "driver-mismatch", pods(w.waiting("RunContainerError", "nvidia-container-cli: requirement error: unsatisfied condition: cuda>=12.8, please update your driver to a newer version, or use an earlier cuda container: unknown"))),
    "fabric-manager-missing": Situation("ws-byo-crash-loop-unseen", "degraded", "driver-mismatch", CRASHED,
        log='RuntimeError: Unexpected error from cudaGetDeviceCount(). Error 802: system not yet initialized'),
    "image-of-another-platform": Situation("ws-byo-container-creating", "degraded", "image-pull", pods(w.waiting(
        "ErrImagePull", 'failed to pull and unpack image "docker.io/acme/vllm:1": no match for platform in manifest: not found'))),
    "evicted-above-a-limit": Situation("ws-byo-container-creating", "degraded", "evicted", pods(
        phase="Failed", reason="Evicted", message='Usage of EmptyDir volume "model-weights-volume" exceeds the limit "20Gi". ')),
    "evicted-for-memory": Situation("ws-byo-container-creating", "degraded", "evicted", pods(
        phase="Failed", reason="Evicted", message="The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi. ")),
    "memory-of-the-node": Situation("ws-byo-crash-loop-unseen", "degraded", "host-memory", _killed_by_its_node),
    "memory-above-the-limit": Situation("ws-byo-crash-loop-unseen", "degraded", "host-memory", _limited),
    "probe-while-weights-load": Situation("ws-byo-startup-probe-failing", "degraded", "probe", pods(
        w.RUNNING, ("Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 503"), restarts=2, last=w.ended(137)),
        log="Loading safetensors checkpoint shards:  41% Completed | 12/29 [04:10<05:50, 20.6s/it]"),
    "volume-in-another-zone": Situation("ws-byo-container-creating", "degraded", "volume-zone", _elsewhere),
    "claim-without-a-class": Situation("ws-byo-container-creating", "degraded", "storage-class", _not_bound),
    "pods-against-an-admission-policy": Situation("ws-byo-container-creating", "degraded", "pod-refused", _no_pods(
        "ValidatingAdmissionPolicy 'few-gpus' with binding 'few-gpus' denied request: failed expression: object.spec.x <= 5")),
    "pods-of-a-leaving-namespace": Situation("ws-byo-container-creating", "degraded", "namespace-leaves", _no_pods(
        "unable to create new content in namespace models because it is being terminated")),
    "adapter-not-allowed": Situation("ws-byo-crash-loop-unseen", "degraded", "adapter-pull", _puller(),
        log='time="2026-11-21T07:02:41Z" level=fatal msg="initializing source docker://acme.azurecr.io/support:1: reading manifest 1 in acme.azurecr.io/support: unauthorized: authentication required"'),
    "webhook-away": Situation("ws-byo-unknown-preset", "degraded", "webhook-down", edit=_error(
        'Internal error occurred: failed calling webhook "validation.workspace.kaito.sh": failed to call webhook: Post '
        '"https://kaito-workspace.kaito-workspace.svc:9443/": no endpoints available for service "kaito-workspace"')),
    "denied-by-a-webhook": Situation("ws-byo-unknown-preset", "degraded", "policy-denied", edit=_error(
        'admission webhook "validate.kyverno.svc-fail" denied the request: resource StatefulSet/models/x was blocked')),
    "denied-by-an-admission-policy": Situation("ws-byo-unknown-preset", "degraded", "policy-denied", edit=_error(
        "statefulsets.apps \"x\" is forbidden: ValidatingAdmissionPolicy 'few' with binding 'few' denied request: too many")),
    "deletion-held": Situation("ws-byo-ready-after-edit", "degraded", "deletion-stuck", edit=_deleted),
    "deletion-held-by-a-machine": Situation("ws-karp-drift-done", "degraded", "deletion-stuck", lambda obj: [w.claim(
        obj, node_name="n1", deleted=w.T0)], edit=_deleted),
    "deletion-under-way": Situation("ws-byo-ready-after-edit", "deleting", "deleting", edit=_deleted, now="2026-11-21T07:05:00Z"),
    "unknown-crash": Situation("ws-byo-crash-loop-unseen", "degraded", "crash", CRASHED, log="Traceback\nKeyError: 'model.norm'"),
    "refused-otherwise": Situation("ws-byo-unknown-preset", "degraded", "refused", edit=_error("something that nobody has seen before")),
    "route-leads": Situation("ws-byo-ready-after-edit", "healthy", "status:ready", _routed(w.gateway())),
    "route-of-no-gateway": Situation("ws-byo-ready-after-edit", "degraded", "route-unattached", _routed(said=())),
    "route-of-no-controller": Situation("ws-byo-ready-after-edit", "degraded", "route-unattached", _routed(w.gateway(), said=())),
    "route-not-allowed": Situation("ws-byo-ready-after-edit", "degraded", "route-refused", _routed(w.gateway(), said=(
        w.condition("Accepted", "False", "NotAllowedByListeners", "no listener admits routes of the namespace models"),))),
    "route-without-backend": Situation("ws-byo-ready-after-edit", "degraded", "route-backend", _routed(w.gateway(), said=(
        w.condition("Accepted"), w.condition("ResolvedRefs", "False", "BackendNotFound", "backend phi4 was not found")))),
    "gateway-not-programmed": Situation("ws-byo-ready-after-edit", "degraded", "route-gateway", _routed(w.gateway(
        w.condition("Accepted"), w.condition("Programmed", "False", "AddressNotAssigned", "the quota of addresses is used up"), address=""))),
    "gateway-without-address": Situation("ws-byo-ready-after-edit", "degraded", "route-gateway", _routed(w.gateway(address=""))),
    "route-just-made": Situation("ws-byo-ready-after-edit", "progressing", "route-waits", _routed(
        w.gateway(), said=(), made="2026-11-21T08:29:00Z")),
    "gateway-just-made": Situation("ws-byo-ready-after-edit", "progressing", "route-waits", _routed(w.gateway(
        w.condition("Programmed", "Unknown", "Pending", "waiting", at="2026-11-21T08:29:00Z"), address=""))),
    "route-before-the-model": Situation("ws-byo-container-creating", "progressing", "loading", lambda obj: [
        *pods(w.RUNNING)(obj), w.route(obj)]),
    "probe-timeout-then-ready": Situation("ws-byo-ready-after-edit", "healthy", "status:ready", pods(
        w.RUNNING, ready=True, restarts=1, last=w.ended(137))),
}  # fmt: skip

PLAYED |= {
    name: Situation("ws-byo-crash-loop-unseen", "degraded", rule, CRASHED, log=log)
    for name, (rule, _, log) in CRASHES.items()
}
PLAYED |= {
    name: Situation(
        "ws-karp-nodepool-created" if rule == "pool-limit" else "ws-byo-container-creating", phase, rule, beside
    )
    for name, (phase, rule, _, beside) in HELD.items()
}
PLAYED |= {
    name: Situation(recording, phase, rule, beside, log=log)
    for name, (recording, phase, rule, _, beside, log) in AROUND.items()
}
PLAYED |= {
    "webhook-of-karpenter-away": Situation("ws-byo-unknown-preset", "degraded", "webhook-down", edit=_error(
        'conversion webhook for karpenter.sh/v1beta1, Kind=NodePool failed: service "karpenter" not found')),
    "inference-pools-not-known": Situation("mri-byo-ready", "degraded", "refused", _roles("ws-byo-ready-after-edit", beside=pods(
        w.RUNNING, ready=True)), edit=_unready("ReconcileFailed", 'no matches for kind "InferencePool" in version "inference.networking.k8s.io/v1"')),
    "charts-of-flux-not-known": Situation("is-byo-0-of-3", "degraded", "refused", edit=_error(
        'failed to create HelmRelease: no matches for kind "HelmRelease" in version "helm.toolkit.fluxcd.io/v2"')),
    "karpenter-not-there": Situation("ws-byo-unknown-preset", "degraded", "pool-refused", edit=_error(
        'no matches for kind "NodePool" in version "karpenter.sh/v1"')),
    "data-of-no-such-column": Situation("ws-karp-tuning-job-pending", "degraded", "dataset", _job(state=CRASH, restarts=2, last=w.ended(1)),
        log="ValueError: Column 'messages' does not exist in the dataset. Available columns: ['text']"),
    "data-of-no-file": Situation("ws-karp-tuning-job-pending", "degraded", "dataset", _job(state=CRASH, restarts=2, last=w.ended(1)),
        log="ValueError: Unable to find a valid dataset file."),
    "data-wholly-for-tests": Situation("ws-karp-tuning-job-pending", "degraded", "dataset", _job(state=CRASH, restarts=2, last=w.ended(1)),
        log="ValueError: Train/Test split needs to be between 0 and 1"),
    "database-refuses": Situation("rag-crash-loop", "degraded", "vector-db", _rag(CRASH, restarts=4, last=w.ended(1)),
        log="qdrant_client.http.exceptions.UnexpectedResponse: Unexpected Response: 401 (Unauthorized)"),
    "database-not-reached": Situation("rag-crash-loop", "degraded", "vector-db", _rag(CRASH, restarts=4, last=w.ended(1)),
        log="qdrant_client.http.exceptions.ResponseHandlingException: [Errno 111] Connection refused"),
    "data-without-a-column": Situation("ws-karp-tuning-job-pending", "degraded", "dataset", _job(
        state=CRASH, restarts=2, last=w.ended(1)), log="ValueError: Column to remove ['instruction'] not in the dataset. Current columns in the dataset: ['text']"),
    "node-not-ready-for-the-pod": Situation("ws-byo-container-creating", "degraded", "unplaced", _unplaced_for(
        "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.")),
    "node-short-of-disk": Situation("ws-byo-container-creating", "degraded", "unplaced", _unplaced_for(
        "0/3 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }, 2 node(s) didn't match Pod's node affinity/selector.")),
    "node-of-spot": Situation("ws-byo-container-creating", "degraded", "unplaced", _unplaced_for(
        "0/5 nodes are available: 5 node(s) had untolerated taint {kubernetes.azure.com/scalesetpriority: spot}.")),
    "port-of-the-node-taken": Situation("ws-byo-container-creating", "degraded", "unplaced", _unplaced_for(
        "0/3 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.")),
    "kept-apart-by-its-rules": Situation("ws-byo-container-creating", "degraded", "unplaced", _unplaced_for(
        "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.")),
    "registry-behind-a-firewall": Situation("ws-byo-container-creating", "degraded", "image-pull", pods(w.waiting(
        "ImagePullBackOff", "unexpected status from HEAD request: 403 Forbidden: client with IP 20.1.2.3 is not allowed access. Refer https://aka.ms/acr/firewall"))),
    "image-cut": Situation("ws-byo-container-creating", "degraded", "image-pull", pods(w.waiting(
        "ErrImagePull", "failed to copy: httpReadSeeker: failed open: unexpected EOF"))),
    "volume-held-by-another-node": Situation("ws-byo-container-creating", "degraded", "start-error", pods(w.waiting("ContainerCreating"), (
        "FailedAttachVolume", 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) phi-0'))),
    "pods-without-addresses": Situation("ws-byo-container-creating", "degraded", "start-error", pods(w.waiting("ContainerCreating"), (
        "FailedCreatePodSandBox", 'plugin type="azure-vnet" failed (add): IPAM Invoker Add failed with error: Failed to allocate IP: no more free addresses'))),
    "volume-without-its-driver": Situation("ws-byo-container-creating", "degraded", "start-error", pods(w.waiting("ContainerCreating"), (
        "FailedMount", "driver name blob.csi.azure.com not found in the list of registered CSI drivers"))),
    "share-that-refuses": Situation("ws-byo-container-creating", "degraded", "start-error", pods(w.waiting("ContainerCreating"), (
        "FailedMount", 'mount "//acc.file.core.windows.net/share" failed with mount error(13): Permission denied'))),
    "size-not-in-the-subscription": Situation("ws-karp-nodepool-created", "degraded", "unknown-size", _launch(
        "LaunchFailed", "The VM size of Standard_NC6s_v3 is not allowed in your subscription in location 'westeurope'.")),
    "size-that-is-retired": Situation("ws-karp-nodepool-created", "degraded", "unknown-size", lambda obj: [w.pool(obj, "Standard_NC6s_v3")]),
    "pool-without-a-machine-to-take": Situation("ws-karp-nodepool-created", "degraded", "launch-failed", lambda obj: [
        w.pool(obj), w.event(w.pool(obj), "NoCompatibleInstanceTypes", "NodePool requirements filtered out all compatible available instance types")]),
    "provisioner-not-trusted": Situation("ws-karp-nodepool-created", "degraded", "rights", _launch(
        "LaunchFailed", "WorkloadIdentityCredential authentication failed. AADSTS700213: No matching federated identity record found")),
    "image-without-a-signature": Situation("ws-byo-container-creating", "degraded", "image-pull", pods(w.waiting(
        "SignatureValidationFailed", "image pull failed for acme.azurecr.io/x because the signature validation failed"))),
    "no-part-of-a-gpu": Situation("ws-byo-container-creating", "degraded", "unplaced", _unplaced_for(
        "0/1 nodes are available: 1 Insufficient nvidia.com/mig-1g.10gb.")),
    "no-way-by-rdma": Situation("ws-byo-container-creating", "degraded", "unplaced", _unplaced_for(
        "0/2 nodes are available: 2 Insufficient rdma/ib.")),
    "volume-not-bound": Situation("ws-byo-container-creating", "degraded", "unplaced", _unplaced_for(
        "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.")),
    "vault-without-the-secret": Situation("ws-byo-container-creating", "degraded", "start-error", pods(w.waiting("ContainerCreating"), (
        "FailedMount", 'MountVolume.SetUp failed for volume "kv" : rpc error: failed to mount secrets store objects for pod models/x-0, '
        "error: failed to get objectType:secret, objectName:hf-token: RESPONSE 404: 404 Not Found ERROR CODE: SecretNotFound"))),
    "device-that-is-not-described": Situation("ws-byo-crash-loop-unseen", "degraded", "driver-mismatch", pods(CRASH, restarts=3, last=w.ended(
        128, "StartError", "failed to inject CDI devices: unresolvable CDI devices nvidia.com/gpu=all: unknown"))),
    "host-memory-beside-a-word-of-the-gpu": Situation("ws-byo-crash-loop-unseen", "degraded", "host-memory", pods(
        CRASH, restarts=3, last=w.ended(137, "OOMKilled")), log="WARNING CUDA graphs may end in torch.OutOfMemoryError"),
    "tuning-given-up-for-memory": Situation("ws-karp-tuning-job-pending", "degraded", "job-failed", _job(
        7, w.condition("Failed", "True", "BackoffLimitExceeded", "Job has reached the specified backoff limit"),
        state={"terminated": w.ended(1)}, phase="Failed"), log="torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB."),
    "tuning-tried-again-for-memory": Situation("ws-karp-tuning-job-pending", "progressing", "job-retries", _job(
        1, state={"terminated": w.ended(1)}, phase="Failed"), log="torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB."),
}  # fmt: skip

STATUS_ALONE = {
    "job-failed": "ws-karp-tuning-failed",
}
