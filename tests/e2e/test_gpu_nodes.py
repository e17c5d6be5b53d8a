"""The plain objects of the sample fleet on played machines: they are scheduled, become ready, complete, and fail.

Everything but the machines is real: the controller manager makes the pods, the scheduler places them by our affinities,
tolerations and requests. kwok plays the kubelets, `Provisioner` plays Karpenter.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from kaitops.kaito import Release
from tests.e2e import fleet
from tests.e2e.client import Client, label
from tests.e2e.conftest import Install, lacking
from tests.e2e.players import machines as sizes
from tests.e2e.players.kwok import Kwok
from tests.e2e.players.provisioner import KARPENTER, POOL_LABEL, SIZE_KEY, Provisioner
from tests.e2e.waiting import wait
from tests.version import KAITO

pytestmark = pytest.mark.usefixtures("kwok", "machines", "storage")
GPU = "nvidia.com/gpu"
SECONDS = 60.0
AZURE, BYO = "prod-weu", "edge-lab"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The rendered folders, all workloads plain."""
    try:
        return fleet.render(tmp_path_factory.mktemp("fleet"), "plain")
    except fleet.CommandMissing as missing:
        lacking(str(missing))


Deploy = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def deploy(tree: dict[str, Path], live_client: Client, live_install: Install) -> Iterator[Deploy]:
    """Applies a cluster's tree with what it needs, and removes it after the test."""
    applied: list[dict[str, Any]] = []

    def apply(cluster: str) -> list[dict[str, Any]]:
        objects = list(fleet.listed(tree[cluster]))
        live_install(fleet.groups(objects))
        namespaces = [obj for obj in objects if obj["kind"] == "Namespace"]
        for obj in [*namespaces, *fleet.needed(tree[cluster]), *objects]:
            live_client.apply(obj)
            applied.append(obj)
        return objects

    yield apply
    for obj in reversed(applied):
        live_client.delete(obj)
    for obj in reversed(applied):
        wait(lambda obj=obj: not live_client.exists(obj), f"{label(obj)} is gone", SECONDS)
    wait(lambda: not live_client.list(KARPENTER, "NodeClaim"), "all machines are given back", SECONDS)


@pytest.fixture(autouse=True)
def calm(kwok: Kwok, machines: Provisioner) -> Iterator[None]:
    """What one test lets go wrong goes right in the next."""
    yield
    kwok.forget()
    machines.plays.clear()


def pods(client: Client, prefix: str) -> list[dict[str, Any]]:
    """The pods of a workload."""
    return [pod for pod in client.list("v1", "Pod", "models") if pod["metadata"]["name"].startswith(prefix)]


def is_ready(pod: dict[str, Any]) -> bool:
    """Whether the pod serves."""
    return any(c["type"] == "Ready" and c["status"] == "True" for c in pod["status"].get("conditions", []))


def served(client: Client, obj: dict[str, Any]) -> bool:
    """Whether a workload is as far as it will get: all replicas ready, or all completions there."""
    meta, spec = obj["metadata"], obj["spec"]
    status = client.get(obj["apiVersion"], obj["kind"], meta["name"], meta["namespace"]).get("status", {})
    if obj["kind"] == "Job":
        return status.get("succeeded", 0) == spec.get("completions", 1)
    return status.get("readyReplicas", 0) == spec.get("replicas", 1)


def reason_of(client: Client, prefix: str) -> str | None:
    """Why the container of a workload's first pod waits: empty if it runs, None while nobody says."""
    for pod in pods(client, prefix):
        for container in pod["status"].get("containerStatuses", []):
            return container["state"].get("waiting", {}).get("reason", "")
    return None


def test_every_workload_serves_on_its_own_machine(deploy: Deploy, live_client: Client) -> None:
    """All StatefulSets, Deployments and Jobs get there; each pod has the GPUs that it asked for on the size asked for."""
    objects = deploy(AZURE)
    workloads = [obj for obj in objects if obj["kind"] in ("StatefulSet", "Deployment", "Job")]
    for obj in workloads:
        wait(lambda obj=obj: served(live_client, obj), f"{label(obj)} serves", SECONDS)
    pools = {obj["metadata"]["name"]: obj for obj in objects if obj["kind"] == "NodePool"}
    nodes = {node["metadata"]["name"]: node for node in live_client.list("v1", "Node")}
    sizes_of_pools = set[str]()
    for pod in live_client.list("v1", "Pod", "models"):
        node = nodes[pod["spec"]["nodeName"]]
        asked = sum(int(c.get("resources", {}).get("requests", {}).get(GPU, 0)) for c in pod["spec"]["containers"])
        assert asked <= int(node["status"]["capacity"].get(GPU, 0)), pod["metadata"]["name"]
        if asked:
            pool = pools[node["metadata"]["labels"][POOL_LABEL]]
            terms = pool["spec"]["template"]["spec"]["requirements"]
            (size,) = next(term["values"] for term in terms if term["key"] == SIZE_KEY)
            machine = Release.load(KAITO).skus("azure").find(size)
            assert machine is not None
            assert node["metadata"]["labels"][SIZE_KEY] == size
            assert asked == machine.gpus, f"{pod['metadata']['name']} leaves GPUs of {size} idle"
            sizes_of_pools.add(size)
    assert len(sizes_of_pools) > 1, "one size for all would prove nothing about placement"


@pytest.fixture
def bring(machines: Provisioner, live_client: Client) -> Iterator[Callable[[sizes.Machine, dict[str, str]], None]]:
    """Adds the node `brought`; it goes after all that ran on it."""
    yield lambda machine, labels: machines.add("brought", machine, labels)
    live_client.delete({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "brought"}})


def test_brought_nodes_are_found_by_their_labels(
    bring: Callable[[sizes.Machine, dict[str, str]], None], deploy: Deploy, live_client: Client
) -> None:
    """On `byo` a model waits for a node with the label of its cluster, and takes it when it comes."""
    objects = deploy(BYO)
    (workload,) = [obj for obj in objects if obj["kind"] == "StatefulSet"]
    name = workload["metadata"]["name"]
    wait(lambda: unschedulable(live_client, name), f"{name} waits for a node", SECONDS)
    machine = sizes.Machine("brought", 8, 81920, "NVIDIA-A100-SXM4-80GB", 96, 900)
    terms = workload["spec"]["template"]["spec"]["affinity"]["nodeAffinity"]
    (term,) = terms["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    bring(machine, {expression["key"]: expression["values"][0] for expression in term["matchExpressions"]})
    wait(lambda: served(live_client, workload), f"{name} serves", SECONDS)


def unschedulable(client: Client, prefix: str) -> bool:
    """Whether the scheduler has looked at the first pod and found no node."""
    return any(
        c["type"] == "PodScheduled" and c.get("reason") == "Unschedulable"
        for pod in pods(client, prefix)
        for c in pod["status"].get("conditions", [])
    )


@pytest.fixture
def lone(live_client: Client, tree: dict[str, Path], live_install: Install) -> Iterator[list[dict[str, Any]]]:
    """One model of the fleet with its namespace and pool, not applied yet; removed after the test."""
    listed = list(fleet.listed(tree[AZURE]))
    objects = [
        obj for obj in listed if obj["kind"] == "Namespace" or obj["metadata"]["name"] in ("gpt-oss", "models-gpt-oss")
    ]
    live_install(fleet.groups(objects))
    yield objects
    for obj in reversed(objects):
        if obj["kind"] != "Namespace":
            live_client.delete(obj)
    wait(lambda: not pods(live_client, "gpt-oss"), "the pods are gone", SECONDS)
    wait(lambda: not live_client.list(KARPENTER, "NodeClaim"), "the machine is given back", SECONDS)


def workload_of(objects: list[dict[str, Any]]) -> dict[str, Any]:
    """The model's StatefulSet."""
    return next(obj for obj in objects if obj["kind"] == "StatefulSet")


def test_a_size_that_does_not_exist_leaves_the_model_pending(lone: list[dict[str, Any]], live_client: Client) -> None:
    """No claim, no node, no pod placed; with the right size it comes up without another apply of the workload."""
    pool = next(obj for obj in lone if obj["kind"] == "NodePool")
    terms = pool["spec"]["template"]["spec"]["requirements"]
    size = next(term for term in terms if term["key"] == SIZE_KEY)
    right, size["values"] = size["values"], ["Standard_NC25ads_A100_v4"]
    for obj in lone:
        live_client.apply(obj)
    wait(lambda: unschedulable(live_client, "gpt-oss"), "the pod waits", SECONDS)
    assert live_client.list(KARPENTER, "NodeClaim") == []
    size["values"] = right
    live_client.apply(pool)
    wait(lambda: served(live_client, workload_of(lone)), "the model serves", SECONDS)


def test_out_of_quota_then_provisioned(lone: list[dict[str, Any]], live_client: Client, machines: Provisioner) -> None:
    """Without quota the claim says so and the pod waits; when there is quota the model comes up by itself."""
    machines.plays["models-gpt-oss"] = "quota"
    for obj in lone:
        live_client.apply(obj)
    wait(
        lambda: [
            condition
            for claim in live_client.list(KARPENTER, "NodeClaim")
            for condition in claim.get("status", {}).get("conditions", [])
            if condition["reason"] == "SubscriptionQuotaReached"
        ],
        "the claim speaks of the quota",
        SECONDS,
    )
    wait(lambda: unschedulable(live_client, "gpt-oss"), "the pod waits", SECONDS)
    machines.plays.clear()
    wait(lambda: served(live_client, workload_of(lone)), "the model serves", SECONDS)


@pytest.mark.parametrize(
    ("play", "reason"),
    [
        ("unready", ""),
        ("image-pull", "ImagePullBackOff"),
        ("crash-loop", "CrashLoopBackOff"),
        ("oom", "CrashLoopBackOff"),
    ],
)
def test_a_pod_that_fails_recovers(
    lone: list[dict[str, Any]], live_client: Client, kwok: Kwok, play: str, reason: str
) -> None:
    """The failure shows on the pod and keeps the workload unready; without it the same pod serves."""
    kwok.play("models/gpt-oss-*", play)
    for obj in lone:
        live_client.apply(obj)
    wait(lambda: reason_of(live_client, "gpt-oss") == reason, f"the pod says {reason or 'nothing'}", SECONDS)
    assert not served(live_client, workload_of(lone))
    last = pods(live_client, "gpt-oss")[0]["status"]["containerStatuses"][0].get("lastState", {})
    assert (last.get("terminated", {}).get("reason") == "OOMKilled") == (play == "oom")
    kwok.forget()
    wait(lambda: served(live_client, workload_of(lone)), "the model serves", SECONDS)


def test_an_evicted_pod_is_replaced(lone: list[dict[str, Any]], live_client: Client, kwok: Kwok) -> None:
    """The StatefulSet makes a new pod, which serves."""
    for obj in lone:
        live_client.apply(obj)
    wait(lambda: served(live_client, workload_of(lone)), "the model serves", SECONDS)
    first = pods(live_client, "gpt-oss")[0]["metadata"]["uid"]
    kwok.play("models/gpt-oss-*", "evicted")
    wait(
        lambda: [p for p in pods(live_client, "gpt-oss") if p["metadata"]["uid"] != first and is_ready(p)],
        "another pod serves",
        SECONDS,
    )


def test_a_machine_that_is_taken_away_is_replaced(lone: list[dict[str, Any]], live_client: Client) -> None:
    """A deleted claim takes node and pod with it; the pool gets another machine and the model serves there."""
    for obj in lone:
        live_client.apply(obj)
    wait(lambda: served(live_client, workload_of(lone)), "the model serves", SECONDS)
    first = pods(live_client, "gpt-oss")[0]["metadata"]["uid"]
    (claim,) = live_client.list(KARPENTER, "NodeClaim")
    live_client.delete({**claim, "apiVersion": KARPENTER, "kind": "NodeClaim"})
    wait(
        lambda: [p for p in pods(live_client, "gpt-oss") if p["metadata"]["uid"] != first and is_ready(p)],
        "another pod serves",
        SECONDS,
    )
    assert live_client.list(KARPENTER, "NodeClaim")[0]["metadata"]["uid"] != claim["metadata"]["uid"]
