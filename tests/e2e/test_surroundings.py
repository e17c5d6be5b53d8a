"""What stands around a model, on a real API server with the real definitions of KEDA, the Gateway API and Prometheus.

Definitions come from the Go modules of their projects. NetworkPolicies are taken here and not enforced, as nothing here
has a network: what they open is worked out in `tests/fleet/test_isolation.py`.
"""

import copy
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.e2e.client import ApiError, Client, label
from tests.e2e.conftest import Install, lacking
from tests.e2e.fleet import Objects, groups, listed
from tests.e2e.waiting import wait

FLEET = """\
kaito: 0.12.0
defaults: {namespace: surrounded, monitor: true, gpu: Standard_NC24ads_A100_v4}
clusters:
  c:
    region: westeurope
    provisioner: karpenter
    monitoring: operator
    featureGates: {gatewayAPIInferenceExtension: true}
    isolation: {allowFrom: [chat], metricsFrom: [monitoring]}
models:
  phi:
    preset: phi-4-mini-instruct
    route: {gateway: public, namespace: gateway-system, listener: https, hosts: [a.example.com], path: /phi, strip: true}
    disruption: {maxUnavailable: 1}
  coder:
    preset: qwen2.5-coder-7b-instruct
    autoscale: {min: 3, max: 6, prometheus: "http://prometheus.monitoring.svc:9090", authentication: prometheus}
    route: {gateway: public, namespace: gateway-system, hosts: ["*.example.com"]}
    disruption: {minAvailable: 2}
  split:
    preset: phi-4
    prefill: {replicas: 2}
    decode: {replicas: 3}
    route: {gateway: public, path: /v1}
    disruption: {minAvailable: 1}
rag:
  handbook: {embedding: {model: BAAI/bge-small-en-v1.5}, llm: {model: phi, contextWindow: 4096}}
mirrors:
  weights: {model: phi-4, storageClass: disk}
"""
CHECKOV = Path(os.environ.get("KAITOPS_CHECKOV_PYTHON", ROOT / ".venv-checkov/bin/python"))
AROUND = {"ScaledObject", "HTTPRoute", "PodDisruptionBudget", "PodMonitor", "NetworkPolicy"}


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Objects]:
    """The objects of the fleet in either mode, in the order of the tree."""
    folder = tmp_path_factory.mktemp("surrounded")
    (folder / "fleet.yaml").write_text(FLEET)
    command = Path(sys.executable).with_name("kaitops")
    if not command.exists():
        lacking(f"there is no {command}; run `make setup`")
    found: dict[str, Objects] = {}
    for mode in ("operator", "plain"):
        arguments = [str(command), "render", "--mode", mode, "--out", mode]
        done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        found[mode] = list(listed(folder / mode / "clusters" / "c"))
    return found


def of(objects: Objects, kind: str, name: str) -> dict[str, Any]:
    """An object by kind and name."""
    return next(each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, name))


@pytest.mark.parametrize("mode", ["operator", "plain"])
def test_the_server_takes_the_tree_and_has_nothing_to_do_the_second_time(
    mode: str, trees: dict[str, Objects], quiet: Client, install_quietly: Install
) -> None:
    """Unknown fields are refused, the definitions' own rules run, and what is defaulted is not fought over."""
    objects = trees[mode]
    there = {each["kind"] for each in objects}
    assert there >= (AROUND if mode == "operator" else AROUND - {"ScaledObject"})
    install_quietly(groups(objects))
    first = {label(each): quiet.apply(each, force=False) for each in objects}
    second = {label(each): quiet.apply(each, force=False) for each in objects}
    for each in objects:
        if each["kind"] in AROUND:
            assert second[label(each)] == first[label(each)], label(each)
    for each in reversed(objects):
        if each["kind"] != "Namespace":
            quiet.delete(each)


def _without_port(route: dict[str, Any]) -> None:
    del route["spec"]["rules"][0]["backendRefs"][0]["port"]


def _above_the_root(route: dict[str, Any]) -> None:
    route["spec"]["rules"][0]["matches"][0]["path"]["value"] = "/a/../b"


def _shout(route: dict[str, Any]) -> None:
    route["spec"]["hostnames"] = ["A.example.com"]


def _no_trigger(scaled: dict[str, Any]) -> None:
    del scaled["spec"]["triggers"]


def _slower_than_allowed(scaled: dict[str, Any]) -> None:
    scaled["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"][
        "stabilizationWindowSeconds"
    ] = "x"


def _both(budget: dict[str, Any]) -> None:
    budget["spec"] |= {"minAvailable": 1, "maxUnavailable": 1}


def _unknown_endpoint(monitor: dict[str, Any]) -> None:
    monitor["spec"]["podMetricsEndpoints"][0]["portName"] = "http"


def _unknown_operator(policy: dict[str, Any]) -> None:
    policy["spec"]["podSelector"] = {"matchExpressions": [{"key": "a", "operator": "Is", "values": ["b"]}]}


@pytest.mark.parametrize(
    ("kind", "name", "damage"),
    [
        ("HTTPRoute", "phi", _without_port),
        ("HTTPRoute", "phi", _above_the_root),
        ("HTTPRoute", "phi", _shout),
        ("ScaledObject", "coder", _no_trigger),
        ("ScaledObject", "coder", _slower_than_allowed),
        ("PodDisruptionBudget", "coder", _both),
        ("PodMonitor", "phi", _unknown_endpoint),
        ("NetworkPolicy", "phi", _unknown_operator),
    ],
)
def test_the_definitions_would_refuse_a_mistake(
    kind: str,
    name: str,
    damage: Callable[[dict[str, Any]], None],
    trees: dict[str, Objects],
    quiet: Client,
    install_quietly: Install,
) -> None:
    """What the server takes above, it takes after a look."""
    objects = trees["operator"]
    install_quietly(groups(objects))
    quiet.apply(of(objects, "Namespace", "surrounded"))
    obj = of(objects, kind, name)
    quiet.apply(obj, dry_run=True)
    damaged = copy.deepcopy(obj)
    damage(damaged)
    with pytest.raises(ApiError) as refused:
        quiet.apply(damaged, dry_run=True)
    assert refused.value.code in (400, 422, 500), refused.value


def test_the_pool_of_a_route_is_a_kind_that_is_served(
    trees: dict[str, Objects], quiet: Client, install_quietly: Install
) -> None:
    """The backend of a set's route is what the definitions beside KAITO's chart call it, in a version they serve."""
    backend = of(trees["operator"], "HTTPRoute", "coder")["spec"]["rules"][0]["backendRefs"][0]
    install_quietly([backend["group"]])
    assert quiet.resource(f"{backend['group']}/v1", backend["kind"]).namespaced
    release = of(trees["plain"], "HelmRelease", backend["name"])
    assert release["metadata"]["namespace"] == "surrounded"


def test_the_number_of_a_scaler_survives_the_next_apply(
    trees: dict[str, Objects], quiet: Client, install_quietly: Install
) -> None:
    """KEDA writes through the subresource that the ScaledObject names, and whoever applies the tree leaves it alone."""
    objects = trees["operator"]
    install_quietly(groups(objects))
    quiet.apply(of(objects, "Namespace", "surrounded"))
    target = of(objects, "ScaledObject", "coder")["spec"]["scaleTargetRef"]
    obj = of(objects, target["kind"], target["name"])
    assert obj["apiVersion"] == target["apiVersion"]
    quiet.apply(obj, force=False)
    path = f"{quiet.path(obj)}/scale"
    scale = quiet.request("GET", path)
    scale["spec"]["replicas"] = 4
    quiet.request("PUT", path, scale, {"fieldManager": "keda"})
    quiet.apply(obj, force=False)
    assert quiet.request("GET", path)["spec"]["replicas"] == 4
    # The autoscaler of Kubernetes works by the selector there, which KAITO's controller writes.
    status = quiet.request("GET", quiet.path(obj))
    status["status"] = {"replicas": 4, "selector": "inferenceset.kaito.sh/created-by=coder"}
    quiet.request("PUT", f"{quiet.path(obj)}/status", status)
    assert quiet.request("GET", path)["status"] == {
        "replicas": 4,
        "selector": "inferenceset.kaito.sh/created-by=coder",
    }
    quiet.delete(obj)


def _ready(client: Client, pod: dict[str, Any]) -> None:
    """What a kubelet would report; the scheduler writes into the same status meanwhile."""
    condition = {"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}
    patch = {"status": {"phase": "Running", "conditions": [condition]}}
    client.request("PATCH", f"{client.path(pod)}/status", patch, content_type="application/strategic-merge-patch+json")


def _evict(client: Client, pod: dict[str, Any]) -> int:
    about = pod["metadata"]
    eviction = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": about["name"], "namespace": about["namespace"]},
    }
    try:
        client.request("POST", f"{client.path(pod)}/eviction", eviction)
    except ApiError as refused:
        return refused.code
    return 201


def test_a_drain_takes_one_replica_and_then_waits(trees: dict[str, Objects], client: Client) -> None:
    """Kubernetes' own controllers count the pods of a set's three StatefulSets, and refuse to evict a second one."""
    objects = trees["plain"]
    sets = [each for each in objects if each["kind"] == "StatefulSet" and each["metadata"]["name"].startswith("coder-")]
    assert len(sets) == 3
    budget = of(objects, "PodDisruptionBudget", "coder")
    selector = ",".join(f"{key}={value}" for key, value in budget["spec"]["selector"]["matchLabels"].items())
    made = [of(objects, "Namespace", "surrounded"), budget, *sets]
    try:
        for obj in made:
            client.apply(obj)

        def pods() -> list[dict[str, Any]]:
            found = client.list("v1", "Pod", "surrounded", selector)
            return [{"apiVersion": "v1", "kind": "Pod", **each} for each in found]

        wait(lambda: len(pods()) == 3, "each replica has its pod", 60)
        for pod in pods():
            _ready(client, pod)

        def allowed() -> bool:
            status = client.request("GET", client.path(budget)).get("status", {})
            return (status.get("expectedPods"), status.get("currentHealthy"), status.get("disruptionsAllowed")) == (
                3,
                3,
                1,
            )

        wait(allowed, "the budget counts three pods and lets one go", 60)
        first, second, _ = pods()
        assert _evict(client, first) == 201
        assert _evict(client, second) == 429
    finally:
        for obj in reversed(made[1:]):
            client.delete(obj)


@pytest.mark.parametrize("isolated", [True, False])
def test_checkov_finds_a_policy_for_every_pod(isolated: bool, tmp_path: Path) -> None:
    """The check that every pod of a plain tree fails is passed where the cluster isolates its models."""
    if not CHECKOV.is_file():
        lacking(f"there is no {CHECKOV}; run `make checkov`, or set KAITOPS_CHECKOV_PYTHON", fault=False)
    isolation = next(line for line in FLEET.splitlines(keepends=True) if "isolation:" in line)
    (tmp_path / "fleet.yaml").write_text(FLEET if isolated else FLEET.replace(isolation, ""))
    command = str(Path(sys.executable).with_name("kaitops"))
    subprocess.run(
        [command, "render", "-q", "--mode", "plain"], cwd=tmp_path, capture_output=True, check=True, timeout=120
    )
    arguments = [command, "gate", "manifests", "--checkov-python", str(CHECKOV)]
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert "CKV_K8S" in done.stdout, done.stderr
    assert ("CKV2_K8S_6" in done.stdout) is (not isolated)
