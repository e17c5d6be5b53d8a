"""Pods that name a pool of the tree are taken by its nodes: taints, labels and requirements are one declaration."""

from pathlib import Path

import pytest
import yaml

from tests.conftest import Run
from tests.gate.objects import WORKSPACE, put

POOL = """\
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: a100}
spec:
  template:
    metadata: {labels: {pool: a100, apps: phi}}
    spec:
      nodeClassRef: {group: karpenter.azure.com, kind: AKSNodeClass, name: default}
      requirements:
      - {key: node.kubernetes.io/instance-type, operator: In, values: [Standard_NC24ads_A100_v4]}
      taints:
      - {key: dedicated, value: ml, effect: NoSchedule}
"""
WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: team}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "contoso.azurecr.io/web:1.0.0"}]}
"""
TOLERANT = {"tolerations": [{"key": "dedicated", "operator": "Equal", "value": "ml", "effect": "NoSchedule"}]}
SIZE = "node.kubernetes.io/instance-type"


def wanted(*terms: dict[str, str]) -> dict[str, object]:
    listed = [
        {"matchExpressions": [{"key": key, "operator": "In", "values": [value]} for key, value in one.items()]}
        for one in terms
    ]
    return {
        "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": listed}}}
    }


def placed(run: Run, folder: Path, spec: dict[str, object]) -> str:
    web = yaml.safe_load(WEB)
    web["spec"]["template"]["spec"].update(spec)
    put(folder, pool=POOL, web=yaml.safe_dump(web))
    return "\n".join(
        line
        for line in run(
            "gate", "web.yaml", "pool.yaml", "--no-checkov", "--accept-kind", "karpenter.sh/NodePool"
        ).stdout.splitlines()
        if "never placed" in line
    )


@pytest.mark.parametrize(
    "spec",
    [
        {"nodeSelector": {"pool": "a100"}},
        wanted({"pool": "a100"}),
        {"nodeSelector": {"pool": "a100"}, "tolerations": [{"key": "dedicated", "value": "other"}]},
        {"nodeSelector": {"pool": "a100"}, "tolerations": [{"key": "dedicated", "operator": "Exists", "effect": "NoExecute"}]},
    ],
)  # fmt: skip
def test_a_taint_that_nothing_tolerates_keeps_the_pod_off(run: Run, tmp_path: Path, spec: dict[str, object]) -> None:
    said = placed(run, tmp_path, spec)
    assert "KAITOPS-POD HIGH: Deployment team/web" in said and "dedicated=ml:NoSchedule" in said


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"nodeSelector": {"pool": "another"}},
        {"nodeSelector": {"pool": "a100"}, **TOLERANT},
        {"nodeSelector": {"pool": "a100"}, "tolerations": [{"operator": "Exists"}]},
        {"nodeSelector": {"pool": "a100"}, "tolerations": [{"key": "dedicated", "operator": "Exists"}]},
        wanted({"pool": "a100"}, {"pool": "another"}),
        {"nodeSelector": {"pool": "a100", SIZE: "Standard_NC24ads_A100_v4"}, **TOLERANT},
    ],
)  # fmt: skip
def test_a_pod_that_a_node_may_take_is_let_be(run: Run, tmp_path: Path, spec: dict[str, object]) -> None:
    assert placed(run, tmp_path, spec) == ""


def test_a_size_that_the_pool_has_not_is_never_placed(run: Run, tmp_path: Path) -> None:
    said = placed(run, tmp_path, {"nodeSelector": {"pool": "a100", SIZE: "Standard_NC40ads_H100_v5"}, **TOLERANT})
    assert "of which the pool has Standard_NC24ads_A100_v4" in said


@pytest.mark.parametrize(
    ("selected", "limits", "said"),
    [
        ("a100", {"nvidia.com/gpu": "4"}, "asks for 4 GPUs, and Standard_NC24ads_A100_v4 has 1"),
        ("a100", {"memory": "400Gi"}, "asks for 400 GiB"),
        ("a100", {"nvidia.com/gpu": "1", "memory": "64Gi"}, ""),
        ("another", {"nvidia.com/gpu": "4"}, ""),
    ],
)
def test_a_pod_has_room_on_the_machines_of_the_pool_that_it_names(
    run: Run, tmp_path: Path, selected: str, limits: dict[str, str], said: str
) -> None:
    container = {"name": "web", "image": "contoso.azurecr.io/web:1.0.0", "resources": {"limits": limits}}
    told = placed(run, tmp_path, {"nodeSelector": {"pool": selected}, **TOLERANT, "containers": [container]})
    assert said in told and bool(told) is bool(said)


def test_pods_that_kaito_makes_are_held_to_brought_nodes(run: Run, tmp_path: Path) -> None:
    node = (
        "apiVersion: v1\nkind: Node\nmetadata: {name: gpu-0, labels: {apps: phi, nvidia.com/gpu.product: A100, nvidia.com/gpu.count: '1', "
        "nvidia.com/gpu.memory: '81920'}}\nspec: {taints: [{key: dedicated, value: ml, effect: NoSchedule}]}\n"
        "status: {conditions: [{type: Ready, status: 'True'}]}\n"
    )
    put(tmp_path, phi=WORKSPACE.replace("  instanceType: Standard_NC24ads_A100_v4\n", ""), node=node)
    said = run("gate", "phi.yaml", "node.yaml", "--no-checkov", "--provisioner", "byo").stdout
    assert "Node gpu-0" in said and "KAITO gives its pods no toleration" in said
    put(tmp_path, node=node.replace("key: dedicated, value: ml", "key: sku, value: gpu"))
    assert "never placed" not in run("gate", "phi.yaml", "node.yaml", "--no-checkov", "--provisioner", "byo").stdout


@pytest.mark.parametrize(
    ("limits", "replicas", "told"),
    [
        (
            "{nvidia.com/gpu: 0}",
            1,
            "whose limits allow 0 of nvidia.com/gpu in all (raise them), so the pod is never placed",
        ),
        ("{nvidia.com/gpu: 2}", 3, "in all, room for 2 of its 3 pods (raise them), so the others are never placed"),
        (
            "{cpu: 8}",
            1,
            "whose limits allow 8 of cpu, less than a machine has (raise them), so the pod is never placed",
        ),
        ("{nvidia.com/gpu: 3, cpu: 72}", 3, ""),
        ("{memory: 8Ti}", 9, ""),
    ],
)
def test_a_pool_has_room_within_its_limits(run: Run, tmp_path: Path, limits: str, replicas: int, told: str) -> None:
    web = yaml.safe_load(WEB)
    web["spec"]["replicas"] = replicas
    spec = web["spec"]["template"]["spec"]
    spec.update(TOLERANT, nodeSelector={"pool": "a100"})
    spec["containers"][0]["resources"] = {"limits": {"nvidia.com/gpu": 1}}
    put(tmp_path, pool=f"{POOL}  limits: {limits}\n", web=yaml.safe_dump(web))
    said = run("gate", "web.yaml", "pool.yaml", "--no-checkov").stdout
    assert told in said if told else "never placed" not in said


def test_a_pool_by_its_own_name(run: Run, tmp_path: Path) -> None:
    assert "does not tolerate its taint" in placed(run, tmp_path, {"nodeSelector": {"karpenter.sh/nodepool": "a100"}})
    assert placed(run, tmp_path, {"nodeSelector": {"karpenter.sh/nodepool": "a100"}, **TOLERANT}) == ""
    told = placed(run, tmp_path, {"nodeSelector": {"karpenter.sh/nodepool": "aa100"}, **TOLERANT})
    assert "names NodePool aa100, which the tree does not declare" in told
    assert "meant is a100?" in told
    assert placed(run, tmp_path, {"nodeSelector": {"karpenter.sh/nodepool": "h100"}, **TOLERANT}) == ""


BROUGHT = WORKSPACE.replace("  instanceType: Standard_NC24ads_A100_v4\n", "")
NODE = """\
apiVersion: v1
kind: Node
metadata:
  name: gpu-1
  labels:
    apps: phi
    nvidia.com/gpu.product: NVIDIA-A100-SXM4-80GB
    nvidia.com/gpu.count: "1"
    nvidia.com/gpu.memory: "81920"
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", ""),
        ("spec: {taints: [{key: sku, value: gpu, effect: NoSchedule}]}\n", ""),
        ("spec: {taints: [{key: dedicated, value: ml, effect: NoSchedule}]}\n", "its taint dedicated=ml:NoSchedule"),
        ("spec: {unschedulable: true}\n", "its taint node.kubernetes.io/unschedulable:NoSchedule"),
        ("status: {conditions: [{type: Ready, status: 'False'}]}\n", "no ready nodes found"),
    ],
)
def test_a_declared_node_takes_what_is_put_on_it_once_it_has_joined(
    run: Run, tmp_path: Path, more: str, said: str
) -> None:
    put(tmp_path, node=NODE + more, phi=BROUGHT)
    done = run("gate", "node.yaml", "phi.yaml", "--no-checkov", "--provisioner", "byo")
    assert (done.returncode, said in done.stdout) == (1 if said else 0, True), done.stdout
