"""States from snapshots: recorded statuses alone, and with what tells more."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kaitops.health import judge as by_status
from kaitops.live import explaining
from kaitops.live.finding import STEPS
from kaitops.live.judging import State, judge
from kaitops.live.kinds import KINDS
from kaitops.live.rules import RULES
from kaitops.live.snapshot import Snapshot, time_of
from kaitops.live.steps import steps
from kaitops.live.view import View
from kaitops.live.workloads import select, workloads
from tests.health.cases import CASES
from tests.live import world as w
from tests.live.around import AROUND
from tests.live.crashes import CRASHES, HARMLESS, WAITED_FOR
from tests.live.held_back import HELD, limited
from tests.live.situations import PLAYED, RECORDED, Situation, pods
from tests.live.standin import serving, workspace
from tests.version import KAITO

SILENT = [row["id"] for row in RECORDED.values() if by_status(row["object"], KAITO).phase != row["phase"]]


def alone(obj: dict) -> State:
    """What is said of an object that nothing else was read beside, three minutes after it was written."""
    times = [time_of(one.get("lastTransitionTime")) for one in obj.get("status", {}).get("conditions", [])]
    times.append(time_of(obj["metadata"].get("creationTimestamp")))
    moment = max((one for one in times if one), default=time_of(w.NOW))
    assert moment is not None
    moment += timedelta(minutes=3)
    (state,) = judge(Snapshot({obj["kind"]: [obj]}, now=moment), KAITO)
    return state


def state_of(situation: Situation) -> State:
    obj = situation.obj()
    (state,) = [
        one
        for one in judge(situation.snapshot(), KAITO)
        if (one.kind, one.name) == (obj["kind"], obj["metadata"]["name"])
    ]
    return state


def test_a_status_alone_is_judged_as_health_does() -> None:
    for name, row in RECORDED.items():
        state = alone(row["object"])
        assert state.phase == by_status(row["object"], KAITO).phase, name
        assert state.cause, name


def test_no_rule_reads_more_out_of_a_status_than_health_does() -> None:
    for name, (phase, _, document) in CASES.items():
        if document["kind"] not in ("NodeClaim", "NodePool", "AKSNodeClass"):
            assert alone(document).phase == phase, name


def test_each_situation_is_named() -> None:
    # Twice, for a situation that is another one the second time makes tests depend on those before them.
    for _ in range(2):
        found = {name: state_of(one) for name, one in PLAYED.items()}
        said = {name: (one.phase, one.rule) for name, one in found.items()}
        assert said == {name: (one.phase, one.rule) for name, one in PLAYED.items()}


def test_what_a_status_does_not_tell_is_told_apart_with_pods_claims_and_events() -> None:
    told = [name for name in SILENT if name in PLAYED and state_of(PLAYED[name]).phase == RECORDED[name]["phase"]]
    assert len(SILENT) == 23
    assert len(told) >= 0.95 * len(SILENT), sorted(set(SILENT) - set(told))


def test_each_rule_has_its_situation_and_is_missed_when_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    recorded: dict[str, dict] = {}
    for row in RECORDED.values():
        recorded.setdefault(alone(row["object"]).rule, row["object"])
    played = {one.rule: one for one in PLAYED.values()}
    assert {rule.id for rule in RULES} <= {*recorded, *played}
    for rule in RULES:
        monkeypatch.setattr("kaitops.live.judging.RULES", tuple(one for one in RULES if one is not rule))
        without = state_of(played[rule.id]) if rule.id in played else alone(recorded[rule.id])
        assert without.rule != rule.id


def test_the_first_step_that_is_not_done_is_the_one_that_the_rule_names() -> None:
    for name, situation in PLAYED.items():
        obj, snapshot = situation.obj(), situation.snapshot()
        (view,) = select(workloads(snapshot, KAITO), [f"{obj['kind']}/{obj['metadata']['name']}"])
        told = explaining.explain(view)
        assert [one.name for one in told.steps] == list(STEPS), name
        finding = told.state.finding
        failing = [one.name for one in told.steps if one.mark == "fail"]
        if told.state.phase == "degraded":
            assert finding is not None, name
            assert failing == [finding.step], name
            assert finding.evidence, name
            assert finding.consequence, name
        else:
            assert failing == [], name
        if told.state.phase == "healthy":
            assert not [one for one in told.steps if one.mark == "wait"], name
        assert told.looked, name


def test_a_job_that_trains_is_not_measured_by_the_start_of_a_server() -> None:
    situation = PLAYED["tuning-that-trains"]
    obj = situation.obj()
    (view,) = select(workloads(situation.snapshot(), KAITO), [f"{obj['kind']}/{obj['metadata']['name']}"])
    told = {one.name: one for one in explaining.explain(view).steps}
    assert (told["engine"].mark, told["engine"].text) == ("wait", "the Job is not done yet")
    assert [told[name].usual for name in ("weights", "engine", "service")] == [None, None, None]
    assert told["machine"].usual


def test_every_failure_says_what_to_do() -> None:
    for name, situation in PLAYED.items():
        finding = state_of(situation).finding
        if situation.phase == "degraded":
            assert finding is not None, name
            assert finding.remedy, name
            assert all((text.strip() and "NAME" not in text.split("=")[0]) or "NAME" in text for text in finding.remedy)


PARTICULAR = {
    "segmentation-fault": "exit code 139, SIGSEGV",
    "segmentation-fault-of-the-engine": "Fatal Python error: Segmentation fault",
    "unknown-instruction": "an instruction that the processor does not have",
    "port-in-use": "its port 5000 is taken",
    "port-of-the-group-in-use": "its port 29500 is taken",
    "tokenizer-missing": "its files are not beside the weights",
    "tokenizer-too-new": "newer than the server's libraries",
    "vocabulary-not-reached": "from another host than the weights",
    "gated-model": "the model is gated",
    "access-not-granted-yet": "have not yet granted the access",
    "no-such-repository": "there is no such repository",
    "hub-not-reached": "the hub is not reached",
    "hub-limits": "the hub's limit of requests",
    "driver-too-old": "too old for the CUDA of the image",
    "driver-below-the-image": "too old for the CUDA of the image",
    "no-gpu-in-the-container": "no driver or no GPU is handed to the container",
    "fabric-manager-missing": "the fabric manager",
    "image-of-another-processor": "of another processor than the node has",
    "image-of-another-platform": "for other processors than the node's",
    "gpu-too-old": "its GPU is too old",
    "evicted": "the disk is full",
    "evicted-above-a-limit": "than a limit of the pod allows",
    "evicted-for-memory": "the node's memory is used up",
    "memory-of-the-node": "the machine's memory (not the GPU's)",
    "memory-above-the-limit": "may take 8Gi of memory",
    "probe-while-weights-load": "it was still loading its weights",
    "claim-without-a-class": "no storage class is set",
    "pods-against-an-admission-policy": "a webhook or an admission policy refuses them",
    "adapter-not-allowed": "the adapter support is not fetched: the registry refuses it",
    "webhook-away": "the webhook validation.workspace.kaito.sh",
    "denied-by-a-webhook": "the policy validate.kyverno.svc-fail denies",
    "denied-by-an-admission-policy": "the policy few denies",
    "deletion-held": "held by workspace.finalizer.kaito.sh: the controller that has to take the finalizer away does not",
    "deletion-held-by-a-machine": "its machine is not given back",
    "launch-failed-unknown": "no machine: the nodes' subnet has no free address",
    "launch-against-a-policy": "no machine: a policy of the subscription forbids it",
    "launch-throttled": "no machine: the cloud limits how often it may be asked",
    "launch-without-a-node-class": "AKSNodeClass.karpenter.azure.com",
    "machine-not-joined": "runs, and has not joined the cluster",
    "pod-that-stays": "being deleted for 90 minutes and does not go, held by acme.example/ticket",
    "node-closed": "no node takes pod phi4-0: a node with its labels is closed to new pods",
    "node-full-of-pods": "no node takes pod phi4-0: no room for another pod",
    "command-not-in-the-image": 'exec: "vllm": executable file not found',
    "command-of-a-script-not-there": "its image does not have the command",
    "context-above-the-model": "the context is longer than the model's own",
    "parser-that-is-not-there": "it has no parser of that name",
    "other-quantisation": "quantised in another way than the flag says",
    "heads-that-do-not-divide": "cannot be parted among so many GPUs",
    "hub-not-to-be-asked": "told not to ask the hub",
    "storage-refuses": "the storage account refuses the pod's identity",
    "batch-below-the-context": "fewer tokens may be worked on at a time",
    "more-gpus-than-there-are": "more GPUs are asked for than the pod has",
    "configuration-that-is-no-yaml": "the file that holds them is not YAML",
    "driver-replaced": "replaced under its running kernel module",
    "store-of-the-hub": "the hub's store of large files",
    "hub-fails": "the hub itself fails",
    "folder-without-a-model": "the folder that the server reads holds no model",
    "weights-of-another-model": "of another model than config.json is",
    "model-with-code": "code of its own, which the server does not run unasked",
    "chat-template-with-a-fault": "not written as Jinja reads it",
    "is-byo-replica-crash-loop": "; 2 of 3 replicas serve",
    "mri-byo-decode-crash-loop": "; 1 of 2 roles serve",
    "deletion-under-way": "being deleted; held by workspace.finalizer.kaito.sh",
}


PARTICULAR |= {name: text for name, (_, text, _) in CRASHES.items()} | {
    name: text for name, (_, _, text, _) in HELD.items()
}
PARTICULAR |= {name: text for name, (_, _, _, text, _, _) in AROUND.items()}
PARTICULAR |= {
    "image-above-the-node-s-limit": "the node's own limit of pulls",
    "image-above-the-limit": "the registry's limit is reached",
    "image-above-the-limit-in-capitals": "the registry's limit is reached",
    "probe-while-kernels-warm-up": "still trying and warming up its kernels",
    "spot-node-down": "is not ready: the cloud takes a spot machine back",
    "spot-reclaimed": "is being taken away: the cloud takes a spot machine back",
    "database-refuses": "refuses the key",
    "database-not-reached": "it is not reached",
    "data-without-a-column": "no column of the name",
    "data-of-no-such-column": "no column of the name",
    "data-of-no-file": "cannot be read as what its name says",
    "data-wholly-for-tests": "the part of it that is trained on",
    "webhook-of-karpenter-away": "does not reach the webhook",
    "inference-pools-not-known": "the cluster does not know the kind InferencePool",
    "charts-of-flux-not-known": "the cluster does not know the kind HelmRelease",
    "karpenter-not-there": "the cluster has no Karpenter",
    "node-not-ready-for-the-pod": "a node with its labels is not ready",
    "node-short-of-disk": "is short of disk",
    "node-of-spot": "(kubernetes.azure.com/scalesetpriority)",
    "port-of-the-node-taken": "a port of the node that it wants is taken",
    "kept-apart-by-its-rules": "its own rules keep it off",
    "registry-behind-a-firewall": "the registry's firewall",
    "image-cut": "the pull was cut",
    "volume-held-by-another-node": "attached to another node",
    "pods-without-addresses": "the pods' subnet has no free address",
    "volume-without-its-driver": "the driver of its volume does not run",
    "share-that-refuses": "the storage account refuses",
    "size-not-in-the-subscription": "the subscription is not offered the machine size in its region, since Azure retired",
    "size-that-is-retired": "since Azure retired Standard_NC6s_v3 on",
    "pool-without-a-machine-to-take": "not the size in this region",
    "image-without-a-signature": "the image has none that is valid",
    "no-part-of-a-gpu": "no free nvidia.com/mig-1g.10gb",
    "no-way-by-rdma": "no free rdma/ib",
    "volume-not-bound": "a volume that is elsewhere or not bound",
    "vault-without-the-secret": "from a Key Vault",
    "tuning-given-up-for-memory": "the Job gave up: Job has reached the specified backoff limit: the GPU's memory",
    "tuning-tried-again-for-memory": "1 pod of the Job failed, and it tries again: the GPU's memory",
}


@pytest.mark.parametrize("line", HARMLESS)
def test_what_a_server_writes_on_its_way_to_a_good_start_is_no_failure(line: str) -> None:
    loads = replace(PLAYED["ws-byo-multi-node-partly-ready"], beside=pods(w.RUNNING), log=line)
    assert (state_of(loads).phase, state_of(loads).rule) == ("progressing", "loading")


@pytest.mark.parametrize("line", [*HARMLESS, WAITED_FOR])
def test_what_a_server_gets_over_is_not_the_cause_of_its_end(line: str) -> None:
    ends = replace(
        PLAYED["unknown-crash"], log=f"{line}\nRuntimeError: Worker failed with error 'list index out of range'"
    )
    assert state_of(ends).rule == "crash"


def test_a_limit_that_is_reached_is_no_matter_where_the_machine_is_there() -> None:
    """What one machine takes of its pool is all that the limits allow, and nothing more is wanted."""

    def loads(obj: dict) -> list[dict]:
        made, pool, _, told = limited('exceed limits for nodepool: "own"')(obj)
        pool["spec"]["limits"], pool["status"]["resources"] = {"cpu": "24"}, {"cpu": "24"}
        return [made, pool, w.claim(obj, node_name="n1"), w.node(), w.pod(obj, w.RUNNING), told]

    state = state_of(replace(PLAYED["pool-limit-told"], beside=loads))
    assert (state.phase, state.rule) == ("progressing", "machine-waits")


def test_a_job_that_kueue_suspends_waits_in_its_queue() -> None:
    def suspended(obj: dict) -> list[dict]:
        job = w.controller(obj, "Job")
        job["spec"]["suspend"] = True
        job["metadata"]["labels"] = {"kueue.x-k8s.io/queue-name": "gpu"}
        return [job, w.node()]

    state = state_of(replace(PLAYED["ws-karp-tuning-image-pull-backoff"], beside=suspended))
    assert (state.phase, state.rule) == ("progressing", "queue-waits")


def test_what_is_particular_to_a_case_is_said() -> None:
    said = {name: state_of(PLAYED[name]).cause for name in PARTICULAR}
    assert {name: text for name, text in said.items() if PARTICULAR[name] not in text} == {}


def test_nodes_of_other_labels_are_not_the_cause_beside_one_that_is_full() -> None:
    for name in ("node-closed", "node-full-of-pods"):
        assert "no node with its labels" not in state_of(PLAYED[name]).cause


def test_what_a_container_said_last_is_shown_once() -> None:
    words = "ValueError: No available memory for the cache blocks."
    last = w.ended(1, message=words)
    state = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}}
    for message, rule in ((words, "gpu-memory"), ("nobody has seen this before", "crash")):
        beside = pods(state, restarts=3, last={**last, "message": message})
        finding = state_of(Situation("ws-byo-crash-loop-unseen", "degraded", rule, beside)).finding
        assert finding is not None
        assert (finding.rule, "\n".join(finding.evidence).count(message)) == (rule, 1)


def test_a_remedy_names_the_path_that_the_fleet_has() -> None:
    """A replica and a role are declared by what they are part of."""
    (view,) = workloads(PLAYED["is-karp-0-of-2-quota"].snapshot(), KAITO)
    finding = state_of(PLAYED["is-karp-0-of-2-quota"]).finding
    assert finding is not None
    assert any(text.startswith(f"fleet.yaml: models.{view.name}.gpu") for text in finding.remedy)
    (roles,) = workloads(PLAYED["mri-byo-decode-crash-loop"].snapshot(), KAITO)
    assert {one.entry for role in roles.children for one in (role, *role.children)} == {f"models.{roles.name}"}
    entries = {
        name: next(one.entry for one in workloads(PLAYED[name].snapshot(), KAITO))
        for name in ("rag-pending", "ws-karp-tuning-failed", "mirror-image", "ws-byo-ready")
    }
    assert {name: entry.split(".")[0] for name, entry in entries.items()} == {
        "rag-pending": "rag",
        "ws-karp-tuning-failed": "tuning",
        "mirror-image": "mirrors",
        "ws-byo-ready": "models",
    }


def test_the_log_of_a_container_before_the_server_is_asked_for_by_its_name() -> None:
    for name, container in (("adapter-not-pulled", "pull-adapter"), ("adapter-not-allowed", "puller-support")):
        finding = state_of(PLAYED[name]).finding
        assert finding is not None
        assert any(f"-c {container}" in text for text in finding.remedy if text.startswith("kubectl logs")), name


def test_a_digest_that_holds_the_number_of_an_error_is_no_refusal() -> None:
    text = "dial tcp 10.0.0.4:443: i/o timeout, pulling acme.azurecr.io/x@sha256:ab401c403d429e"
    situation = Situation(
        "ws-byo-container-creating", "degraded", "image-pull", pods(w.waiting("ImagePullBackOff", text))
    )
    assert "the registry is not reached" in state_of(situation).cause


def test_a_kind_that_was_not_read_is_never_taken_as_absent() -> None:
    """Without StatefulSets, nodes and pods the same status says nothing of a controller that panics or a lost node."""
    for name in ("ws-byo-transformers-controller-panic", "node-deleted"):
        snapshot = PLAYED[name].snapshot()
        kept = {kind: found for kind, found in snapshot.objects.items() if kind in ("Workspace", "Pod")}
        reason = {"StatefulSet": "forbidden", "Node": "forbidden"}
        (state,) = judge(Snapshot(kept, reason, snapshot.now), KAITO)
        assert state.phase in ("progressing", "healthy")
        assert state.unread == ("forbidden",)


def test_a_gateway_that_was_not_read_is_not_missed() -> None:
    snapshot = PLAYED["route-leads"].snapshot()
    kept = {kind: found for kind, found in snapshot.objects.items() if kind != "Gateway"}
    (state,) = judge(Snapshot(kept, {"Gateway": "forbidden"}, snapshot.now), KAITO)
    assert (state.phase, state.unread) == ("healthy", ("forbidden",))
    assert KINDS["Gateway"].path("models") == KINDS["Gateway"].path(None)
    assert KINDS["HTTPRoute"].path("models") != KINDS["HTTPRoute"].path(None)


def test_the_step_of_the_route_says_where_it_leads() -> None:
    said = {}
    for name in ("route-leads", "gateway-without-address", "ws-byo-ready"):
        snapshot = PLAYED[name].snapshot()
        (view,) = workloads(snapshot, KAITO)
        said[name] = next((one.mark, one.text) for one in explaining.explain(view).steps if one.name == "route")
    assert said == {
        "route-leads": ("ok", "1 of 1 Gateways lead to it, https://llm.example.org"),
        "gateway-without-address": ("fail", "0 of 1 Gateways lead to it, https://llm.example.org"),
        "ws-byo-ready": ("-", "no route leads to it"),
    }


def test_pods_on_their_way_out_and_what_was_replaced_say_nothing() -> None:
    objects = serving()
    leaving = w.pod(objects[0], {"terminated": w.ended(143)}, number=1)
    leaving["metadata"]["deletionTimestamp"] = w.NOW
    failed = w.pod(objects[0], {"terminated": w.ended(1)}, number=2, phase="Failed")
    found: dict[str, list] = {}
    for one in [*objects, leaving, failed]:
        found.setdefault(one["kind"], []).append(one)
    (state,) = judge(Snapshot(found), KAITO)
    assert (state.phase, state.rule) == ("healthy", "status:ready")


def test_plain_mode_is_judged_by_its_pods() -> None:
    made = w.controller(workspace("gpt-oss"), ready=1)
    made["metadata"].pop("ownerReferences")
    made["metadata"].pop("annotations")
    pod = w.pod(workspace("gpt-oss"), w.waiting("CrashLoopBackOff"), restarts=3, last=w.ended(137, "OOMKilled"))
    ready = w.pod(workspace("gpt-oss"), w.RUNNING, ready=True)
    (state,) = judge(
        Snapshot({"StatefulSet": [made], "Pod": [ready], "Service": [w.service(workspace("gpt-oss"))]}), KAITO
    )
    assert (state.kind, state.phase, state.endpoint) == ("StatefulSet", "healthy", "http://gpt-oss.models.svc/v1")
    made["status"]["readyReplicas"] = 0
    (state,) = judge(Snapshot({"StatefulSet": [made], "Pod": [pod]}), KAITO)
    assert (state.phase, state.rule) == ("degraded", "host-memory")


def test_a_statefulset_of_somebody_else_is_no_workload() -> None:
    other = {
        "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db", "namespace": "shop"},
        "spec": {"replicas": 1, "template": {"metadata": {"labels": {"app": "db"}}}}, "status": {},
    }  # fmt: skip
    assert judge(Snapshot({"StatefulSet": [other]}), KAITO) == []


def test_the_estimate_is_scaled_by_the_weights() -> None:
    snapshot = PLAYED["ws-byo-ready"].snapshot()
    (view,) = workloads(snapshot, KAITO)
    small = {one.name: one.usual for one in steps(view, judge(snapshot, KAITO)[0])}
    obj = PLAYED["ws-byo-ready"].obj()
    obj["inference"]["preset"]["name"] = "llama-3.3-70b-instruct"
    large = {one.name: one.usual for one in steps(View(obj, snapshot, KAITO), judge(snapshot, KAITO)[0])}
    assert small["machine"] == large["machine"] == 284
    assert 95 < (small["weights"] or 0) < 110
    assert (large["weights"] or 0) > 200


def test_the_published_start_adds_up() -> None:
    from kaitops.kaito import facts

    steps_of = facts.load(KAITO, "start-times.json")["steps"]
    assert sum(one["seconds"] for one in steps_of.values()) == 966
    assert list(steps_of) == [one for one in STEPS if one in steps_of]


def test_a_preset_without_parameters_for_its_runtime_is_certain_at_once() -> None:
    situation = PLAYED["ws-byo-transformers-controller-panic"]
    moment = time_of(situation.obj()["status"]["conditions"][0]["lastTransitionTime"])
    assert moment is not None
    snapshot = situation.snapshot()
    snapshot.now = moment
    (state,) = judge(snapshot, KAITO)
    assert state.rule == "controller-panics"
    assert "no parameters for the runtime transformers" in state.cause
    for one in snapshot.of("Workspace"):
        one["metadata"]["annotations"].pop("kaito.sh/runtime")  # type: ignore[index]
    assert judge(Snapshot(snapshot.objects, now=moment), KAITO)[0].rule != "controller-panics"


def test_what_a_pod_has_got_over_and_what_its_predecessor_met_say_nothing() -> None:
    obj = PLAYED["image-being-pulled"].obj()
    pod = w.pod(obj, w.RUNNING)
    pod["metadata"]["uid"] = "new"
    over = w.event(pod, "FailedMount", 'configmap "vllm-config" not found')
    old = w.event(pod, "Evicted", "The node was low on resource: ephemeral-storage.")
    old["involvedObject"]["uid"] = "old"
    objects = {
        "Workspace": [obj],
        "StatefulSet": [w.controller(obj)],
        "Pod": [pod],
        "Node": [w.node()],
        "Event": [over, old],
    }
    assert judge(Snapshot(objects), KAITO)[0].rule == "loading"
    pod["status"]["containerStatuses"][0]["state"] = w.waiting("ContainerCreating")
    assert judge(Snapshot(objects), KAITO)[0].rule == "missing-config"
    old["involvedObject"]["uid"] = "new"
    assert judge(Snapshot({**objects, "Event": [old]}), KAITO)[0].rule == "evicted"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("status", "conditions"), 7),
        (("status", "containerStatuses", 0, "lastState", "terminated", "exitCode"), ["x"]),
        (("status", "containerStatuses", 0, "state", "waiting", "reason"), {}),
        (("spec", "containers"), 1.5),
        (("spec", "volumes"), True),
        (("status", "capacity", "nvidia.com/gpu"), "1.5"),
        (("metadata", "name"), None),
    ],
)
def test_a_value_of_another_type_than_the_server_writes_ends_nothing(
    path: tuple[str | int, ...], value: object
) -> None:
    for name in ("claim-missing", "ws-byo-no-node", "taint-and-no-gpu", "unknown-crash", "launch-failed", "rag-ready"):
        snapshot = PLAYED[name].snapshot()
        for one in (one for found in snapshot.objects.values() for one in found):
            holder: Any = one
            for key in path[:-1]:
                there = (
                    holder.get(key) if isinstance(holder, dict) else holder[key] if isinstance(holder, list) else None
                )
                holder = there if isinstance(there, dict | list) else {}
            if isinstance(holder, dict) and path[-1] in holder:
                holder[path[-1]] = value
        for view in workloads(snapshot, KAITO):
            assert explaining.explain(view).plain()["state"], name


def test_a_part_of_a_gpu_counts_as_announced() -> None:
    def parts(obj: dict) -> list[dict]:
        node = w.node(gpus=0)
        node["status"]["capacity"] = {"nvidia.com/mig-1g.10gb": "7"}
        return [w.claim(obj, node_name="n1"), node, w.controller(obj), w.pod(obj, w.RUNNING)]

    assert state_of(replace(PLAYED["driver-never"], beside=parts)).rule == "loading"
