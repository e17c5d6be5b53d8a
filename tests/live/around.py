"""What fails, waits or is got over around a server: its node, the containers beside it, the volumes before it.

Each as recorded status, phase, rule, what the cause says, what there is beside, and the end of the log.
"""

from collections.abc import Callable
from typing import Any

from tests.live import world as w

Object = dict[str, Any]
Beside = Callable[[Object], list[Object]]
_CREATING, _CRASHED, _TUNES, _POOLED = (
    "ws-byo-container-creating",
    "ws-byo-crash-loop-unseen",
    "ws-karp-tuning-job-pending",
    "ws-karp-nodepool-created",
)
_JUST_NOW, _BEFORE = "2026-11-21T08:29:20Z", "2026-11-21T08:29:02Z"
_CRASH = w.waiting("CrashLoopBackOff")


def _joined(reason: str, message: str, at: str = w.T0, ready: bool = True) -> Beside:
    """A machine that has joined and is not taken for a node yet."""
    met = [w.condition(one, at=at) for one in ("Launched", "Registered")]
    return lambda obj: [
        w.pool(obj),
        w.claim(obj, *met, w.condition("Initialized", "Unknown", reason, message, at=at), node_name="n1"),
        w.node(ready=ready, at=at),
    ]


def _starting(*events: tuple[str, str, str]) -> Beside:
    """A pod whose containers are being made, with what was reported of it and when."""

    def make(obj: Object) -> list[Object]:
        pod = w.pod(obj, w.waiting("ContainerCreating"), phase="Pending", made=_BEFORE)
        return [w.controller(obj), pod, w.node(), w.service(obj), *(w.event(pod, *one) for one in events)]

    return make


def _tuned(name: str, before: bool = True) -> Beside:
    """A try of a tuning that a container beside the training failed."""

    def make(obj: Object) -> list[Object]:
        failed = {"name": name, "ready": False, "restartCount": 0, "state": {"terminated": w.ended(1)}}
        pod = w.pod(obj, w.waiting("PodInitializing") if before else {"terminated": w.ended(0, "Completed")})
        key = "initContainerStatuses" if before else "containerStatuses"
        pod["status"][key] = [*([] if before else pod["status"][key]), failed]
        return [w.controller(obj, "Job", failed=0, active=1), pod, w.node()]

    return make


def _with_proxy(served: bool, proxy: Object, restarts: int = 0) -> Beside:
    """A pod with a container beside the server that is not ready."""

    def make(obj: Object) -> list[Object]:
        pod = w.pod(obj, w.RUNNING)
        pod["spec"]["containers"].append({"name": "istio-proxy"})
        pod["status"]["containerStatuses"][0]["ready"] = served
        last = {"terminated": w.ended(1)} if restarts else {}
        beside = {"name": "istio-proxy", "ready": False, "restartCount": restarts, "state": proxy, "lastState": last}
        pod["status"]["containerStatuses"].append(beside)
        return [w.controller(obj), pod, w.node(), w.service(obj)]

    return make


def _gated(obj: Object) -> list[Object]:
    pod = w.pod(obj, w.RUNNING)
    pod["status"]["containerStatuses"][0]["ready"] = True
    text = 'corresponding condition of pod readiness gate "acme.example/balancer" does not exist.'
    pod["status"]["conditions"][-1] = w.condition("Ready", "False", "ReadinessGatesNotReady", text)
    return [w.controller(obj), pod, w.node(), w.service(obj)]


def _faulty(told: Callable[[Object], Object | None]) -> Beside:
    """A server that crashes on a node whose detector tells of its GPU."""

    def make(obj: Object) -> list[Object]:
        node = w.node()
        event = told(node)
        pod = w.pod(obj, _CRASH, restarts=3, last=w.ended(1))
        return [w.controller(obj), pod, node, w.service(obj), *([event] if event else [])]

    return make


def _missing(node: Object) -> None:
    node["status"]["conditions"].append(w.condition("GPUMissing", "True", "GPUCountMismatch", "7 of 8 GPUs are seen"))


_CACHE = 'MountVolume.SetUp failed for volume "config" : failed to sync configmap cache: timed out waiting'
_HELD = 'Multi-Attach error for volume "pvc-1" Volume is already exclusively attached to one node'


def _before_it(reason: str, text: str) -> Beside:
    """A pod that runs, and what was reported of one of its name before."""

    def make(obj: Object) -> list[Object]:
        pod = w.pod(obj, w.RUNNING, made=_BEFORE)
        return [w.controller(obj), pod, w.node(), w.service(obj), w.event(pod, reason, text, w.T0)]

    return make


def _fetching(obj: Object) -> list[Object]:
    """A pod whose first container still works for the server."""
    pod = w.pod(obj, w.waiting("PodInitializing"))
    pod["status"]["initContainerStatuses"] = [{"name": "fetch", "ready": False, "restartCount": 0, "state": w.RUNNING}]
    return [w.controller(obj), pod, w.node(), w.service(obj)]


AROUND: dict[str, tuple[str, str, str, str, Beside, str]] = {
    "node-that-stays-unready": (_POOLED, "degraded", "node-not-up", "has joined the cluster, and is not ready", _joined(
        "NodeNotReady", "Node not ready", ready=False), ""),
    "node-with-a-taint-of-its-start": (_POOLED, "degraded", "node-not-up", "keeps a taint of its start", _joined(
        "StartupTaintsExist", 'StartupTaint "node.cilium.io/agent-not-ready:NoExecute" still exists'), ""),
    "node-soon-ready": (_POOLED, "progressing", "machine-waits", "NodeNotReady", _joined(
        "NodeNotReady", "Node not ready", "2026-11-21T08:25:00Z", ready=False), ""),
    "volume-attached-by-now": (_CREATING, "progressing", "image-waits", "are being made", _starting(
        ("FailedAttachVolume", _HELD, _BEFORE), ("SuccessfulAttachVolume", "AttachVolume.Attach succeeded", _JUST_NOW)), ""),
    "volume-mounted-by-now": (_CREATING, "progressing", "image-waits", "an image is being pulled", _starting(
        ("FailedMount", "MountVolume.SetUp failed: mount failed: exit status 32", _BEFORE), ("Pulling", "Pulling image", _JUST_NOW)), ""),
    "configuration-not-yet-read": (_CREATING, "progressing", "image-waits", "are being made", _starting(
        ("FailedMount", _CACHE, _BEFORE)), ""),
    "data-not-there": (_TUNES, "degraded", "tuning-input", "the data is not fetched: its server has no such file", _tuned("data-downloader"),
        "Failed to download https://example.org/a.parquet, HTTP status code: 404, retrying..."),
    "data-of-no-name": (_TUNES, "degraded", "tuning-input", "DNS does not know its host", _tuned("data-downloader"),
        "curl: (6) Could not resolve host: data.example.org"),
    "data-image-not-allowed": (_TUNES, "degraded", "tuning-input", "the image of the data is not fetched: the registry refuses", _tuned("puller"),
        'level=fatal msg="initializing source docker://acme.azurecr.io/data:1: unauthorized: authentication required"'),
    "model-image-not-there": (_TUNES, "degraded", "tuning-input", "the image of the model is not fetched: the registry does not have it", _tuned(
        "model-weights-downloader"), "Error: failed to resolve 9.9: acme.azurecr.io/kaito-phi-4:9.9: not found"),
    "adapter-not-pushed": (_TUNES, "degraded", "tuning-output", "trained and not pushed: the registry refuses it", _tuned("pusher", before=False),
        "Error: failed to copy: PUT https://acme.azurecr.io/v2/x: response status code 401: unauthorized: authentication required"),
    "container-beside-it-ends": (_CREATING, "degraded", "crash", "container istio-proxy, which runs beside the server, ended", _with_proxy(
        True, _CRASH, restarts=4), ""),
    "container-beside-it-not-ready": (_CREATING, "progressing", "loading", "waits for its container istio-proxy", _with_proxy(True, w.RUNNING), ""),
    "pod-after-one-that-was-evicted": (_CREATING, "progressing", "loading", "loads the model", _before_it(
        "Evicted", "The node was low on resource: ephemeral-storage."), ""),
    "fetching-before-the-server": (_CREATING, "progressing", "image-waits", "are being made", _fetching,
        "429 Client Error: Too Many Requests for url: https://huggingface.co/x, next try in 8 s"),
    "readiness-gate-of-another": (_CREATING, "progressing", "loading", "a readiness gate of another controller", _gated, ""),
    "gpu-fault-by-its-node": (_CRASHED, "degraded", "gpu-fault", "the GPU or the way between GPUs failed", _faulty(
        lambda node: w.event(node, "XIDError", "Xid 79: GPU has fallen off the bus")), ""),
    "gpu-missing-by-its-node": (_CRASHED, "degraded", "gpu-fault", "the GPU or the way between GPUs failed", _faulty(_missing), ""),
    "engine-gone-while-the-server-stays": (_CREATING, "degraded", "gpu-fault", "the GPU or the way between GPUs failed", lambda obj: [
        w.controller(obj), w.pod(obj, w.RUNNING), w.node(), w.service(obj)],
        "torch.AcceleratorError: CUDA error: an illegal memory access was encountered\nvllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue."),
}  # fmt: skip
