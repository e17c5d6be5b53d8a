"""Serving a preset: what depends on machine, node labels, gates and annotations."""

import math

import pytest

from kaitops.kaito.expansion import command
from kaitops.kaito.expansion.declared import Workspace
from kaitops.kaito.expansion.world import World
from kaitops.kaito.kubernetes.cluster import Cluster
from kaitops.kaito.settings import Settings
from tests.kaito.expansion_cases import (
    BYO,
    CLAIMS,
    KARPENTER,
    RELEASE,
    environment,
    expand,
    flags,
    node,
    one,
    pod,
    workspace,
)

_CLOUDS = [(cloud, sku.name) for cloud in ("azure", "aws", "arc") for sku in RELEASE.skus(cloud)]


@pytest.mark.parametrize(("cloud", "size"), _CLOUDS)
def test_parallelism_on_each_machine(cloud: str, size: str) -> None:
    sku, preset = RELEASE.skus(cloud).find(size), RELEASE.catalogue.find("phi-4-mini-instruct")
    assert sku is not None and preset is not None
    expansion = expand(workspace(size=size), settings={"cloud": cloud, "nodeProvisioner": "azure-gpu-provisioner"})
    nodes = RELEASE.node_estimate(cloud=cloud, preset=preset.name, sku=size)
    if not nodes:
        assert expansion.errors and not expansion.objects
        return
    assert expansion.errors == []
    assert one(expansion, "StatefulSet")["spec"]["replicas"] == nodes == expansion.node_claim_count
    assert pod(expansion)["containers"][0]["resources"]["limits"] == {"nvidia.com/gpu": str(sku.gpus)}
    line = pod(expansion)["containers"][0]["command"][-1]
    copies = sku.gpus > 1 and preset.size_bytes < sku.memory_gib * 2**30 / sku.gpus / 2 and nodes == 1
    assert (f"--data-parallel-size={sku.gpus} " in line) == copies
    assert ("--kaito-kv-cache-cpu-memory-utilization=0" in line) == (copies or nodes > 1)
    assert f"--tensor-parallel-size={1 if copies else sku.gpus}" in line
    assert (f"--pipeline-parallel-size={nodes}" in line) == (nodes > 1)
    assert f"--gpu-memory-utilization={'0.82' if sku.model == 'NVIDIA A10' else '0.84'}" in line
    claimed = "volumeClaimTemplates" in one(expansion, "StatefulSet")["spec"]
    assert claimed == sku.nvme


def test_several_nodes() -> None:
    expansion = expand(workspace("llama-3.3-70b-instruct", "Standard_NC24ads_A100_v4"))
    assert one(expansion, "StatefulSet")["spec"]["replicas"] == 3
    main = pod(expansion)["containers"][0]
    leader = "ws-0.ws-headless.models.svc.cluster.local"
    line = main["command"][2]
    assert line.startswith('if [ "${POD_INDEX}" = "0" ]; then /workspace/vllm/multi-node-serving.sh leader ')
    assert line.endswith(f"worker --ray_address={leader} --ray_port=6379; fi")
    assert main["env"][-1]["name"] == "POD_INDEX"
    assert main["startupProbe"]["exec"]["command"][2].startswith('if [ "$POD_INDEX" = "0" ]')
    quiet = expand(
        workspace(
            "llama-3.3-70b-instruct", "Standard_NC24ads_A100_v4", annotations={"kaito.sh/disable-benchmark": "true"}
        )
    )
    probe = pod(quiet)["containers"][0]["startupProbe"]
    assert probe["exec"]["command"][2].endswith(f"readiness --leader-address={leader} --vllm-port=5000")
    preset = RELEASE.catalogue.find("llama-3.3-70b-instruct")
    assert preset is not None
    assert (probe["timeoutSeconds"], probe["failureThreshold"]) == (1, math.ceil(preset.readiness_seconds / 10))


def test_decode_role_moves_vllm_behind_the_sidecar() -> None:
    labels = {
        "inferenceset.kaito.sh/created-by": "pd-decode",
        "multiroleinference.kaito.sh/created-by": "pd",
        "kaito.sh/inference-role": "decode",
    }
    expansion = expand(workspace(labels=labels))
    main, sidecar = pod(expansion)["containers"]
    assert main["ports"][0] == {"containerPort": 5001, "name": "http"}
    assert {main[probe]["httpGet"]["port"] for probe in ("livenessProbe", "readinessProbe")} == {5001}
    assert flags(expansion)["port"] == "5001" and sidecar["ports"][0]["containerPort"] == 5000
    assert flags(expansion)["served-model-name"] == "phi-4-mini-instruct"
    assert environment(main)["KAITO_INFERENCE_ROLE"] == "decode"
    alone = expand(workspace(labels={"inferenceset.kaito.sh/created-by": "chat"}))
    assert flags(alone)["served-model-name"] == "chat"
    other = {**labels, "kaito.sh/runtime": "transformers"}
    transformers = expand(workspace("phi-4", labels=other, annotations={"kaito.sh/runtime": "transformers"}))
    assert len(pod(transformers)["containers"]) == 1, "the sidecar is for vLLM only"


def test_cuda_models_install_a_toolkit() -> None:
    expansion = expand(workspace("mistralai/Mistral-Small-4-119B-2603", "Standard_ND96isr_H200_v5"))
    main, init = pod(expansion)["containers"][0], pod(expansion)["initContainers"][0]
    values = environment(main)
    assert values["CUDA_HOME"] == "/opt/kaito/cuda/129" and values["VLLM_USE_DEEP_GEMM"] == "0"
    assert init["volumeMounts"] == [{"mountPath": "/opt/kaito/cuda/129", "name": "cuda-toolkit-hostpath"}]
    deep = expand(workspace("deepseek-ai/DeepSeek-V3.2", "Standard_ND96isr_H200_v5"))
    assert environment(pod(deep)["containers"][0])["VLLM_USE_DEEP_GEMM"] == "1"


def test_local_weights_need_the_exact_annotation() -> None:
    wanted = {"kaito.sh/use-local-weights": "true"}
    expansion = expand(workspace("Microsoft/Phi-4", annotations=wanted))
    path = "/opt/kaito/models/microsoft-phi-4"
    assert flags(expansion)["model"] == path and "download-dir" not in flags(expansion)
    assert "volumeClaimTemplates" not in one(expansion, "StatefulSet")["spec"]
    assert pod(expansion)["containers"][0]["volumeMounts"][0] == {
        "mountPath": path,
        "name": "model-weights-hostpath",
        "readOnly": True,
    }
    assert "download-dir" in flags(expand(workspace("phi-4", annotations={"kaito.sh/use-local-weights": "True"})))


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"gpu_product": ""}, "missing required nvidia.com labels on node gpu-0"),
        ({"gpu_count": "four"}, "invalid nvidia.com/gpu.count value on node gpu-0: four"),
        ({"gpu_memory": "80Gi"}, "invalid nvidia.com/gpu.memory value on node gpu-0: 80Gi"),
    ],
)
def test_nodes_that_do_not_say_what_they_have(changed: dict[str, str], error: str) -> None:
    expansion = expand(node(**changed), workspace(size=None), settings=BYO)
    assert expansion.errors == [
        "Workspace: failed to update Workspace status targetNodeCount: failed to calculate target node count: "
        f"failed to get GPU config from existing nodes: {error}"
    ]


def test_own_nodes() -> None:
    unready = expand(node(ready="False"), workspace(size=None), settings=BYO)
    assert unready.errors[0].endswith("no ready nodes found, unable to determine GPU configuration")
    expansion = expand(node("b", gpu_count="8"), node("a"), workspace(size=None), settings=BYO)
    assert pod(expansion)["containers"][0]["resources"]["limits"] == {"nvidia.com/gpu": "4"}, "first by name"
    terms = pod(expansion)["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert terms["nodeSelectorTerms"] == [{"matchExpressions": [{"key": "apps", "operator": "In", "values": ["ws"]}]}]
    anything = expand(node(), workspace(size=None, resource={"labelSelector": {}}), settings=BYO)
    assert "affinity" not in pod(anything)


def test_part_of_a_nodes_gpus() -> None:
    partition = {"partition": {"mode": "accelerator", "count": 2}}
    settings = {**BYO}
    asked = workspace(size=None, resource=partition)
    assert pod(expand(node(), asked, settings=settings, enableAccelerator=True))["containers"][0]["resources"][
        "limits"
    ] == {"nvidia.com/gpu": "2"}
    # Without the gate the estimate still counts the part, but the pod asks for the whole node.
    whole = pod(expand(node(), asked, settings=settings))["containers"][0]["resources"]["limits"]
    assert whole == {"nvidia.com/gpu": "4"}
    many = expand(
        node(), workspace(size=None, resource={"partition": {"mode": "accelerator", "count": 5}}), settings=BYO
    )
    assert many.errors[0].endswith("partition.count (5) exceeds GPUs available on node (4)")


def test_slices() -> None:
    asked = workspace(size=None, resource={"partition": {"mode": "mig", "profile": "3g.40gb"}})
    expansion = expand(asked, settings=BYO, enableMIG=True)
    assert pod(expansion)["containers"][0]["resources"]["limits"] == {"nvidia.com/mig-3g.40gb": "1"}
    assert pod(expansion)["tolerations"][-1] == {
        "effect": "NoSchedule",
        "key": "nvidia.com/mig-3g.40gb",
        "operator": "Exists",
    }
    assert flags(expansion)["kaito-kv-cache-cpu-memory-utilization"] == "0"
    layout = {"mig_config": "all-3g.40gb", "mig_config_state": "success", "gpu_count": "1", "gpu_memory": "40960"}
    single = expand(node(**layout), workspace(size=None), settings=BYO)
    assert flags(single)["kaito-kv-cache-cpu-memory-utilization"] == "0"
    assert pod(single)["containers"][0]["resources"]["limits"] == {"nvidia.com/gpu": "1"}
    for profile, reason in (("0g.40gb", "compute slices must be > 0"), ("1g.0gb", "memory must be > 0")):
        bad = workspace(size=None, resource={"partition": {"mode": "mig", "profile": profile}})
        assert expand(bad, settings=BYO, enableMIG=True).errors[0].endswith(f'"{profile}": {reason}')


def test_token_secret_of_a_full_name() -> None:
    preset = {"name": "microsoft/phi-4", "presetOptions": {"modelAccessSecret": "token"}}
    asked = workspace(inference={"preset": preset})
    missing = (
        'Workspace: failed to build node estimate request: failed to resolve access token for model "microsoft/phi-4": '
    )
    assert expand(asked).errors == [
        f'{missing}failed to get secret: token in namespace: models, error: secrets "token" not found'
    ]
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "token", "namespace": "models"}, "data": {}}
    assert expand(secret, asked).errors == [f"{missing}HF_TOKEN not found in secret: token in namespace: models"]
    secret["data"] = {"HF_TOKEN": "eA=="}
    assert environment(pod(expand(secret, asked))["containers"][0])["HF_TOKEN"]["secretKeyRef"]["optional"] is True
    preset["name"] = "phi-4"
    assert expand(asked).errors == [], "an alias is served without looking at the secret"


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("vllm:\n  max-model-len: 4096\n", 4096),
        ("vllm:\n    max-model-len: 4096\n", 4096),
        ("# top\nvllm:\n  # a comment\n  swap-space: 4\n  max-model-len:   8192  \n", 8192),
        ("vllm:\n  max-model-len: 4096 # tokens\n", 0),
        ("vllm:\n  max-model-len: '4096'\n", 0),
        ("vllm:\n max-model-len: 4096\n", 0),
        ("other:\n  max-model-len: 4096\n", 0),
        ("vllm:\n  a: 1\nmore:\n  max-model-len: 4096\n", 0),
        ("vllm:\n  max-model-len: -1\n", 0),
        ("vllm:\n  max-model-len:\n  max-model-len: 5\n", 0),
    ],
)
def test_context_is_found_by_a_line_scanner(text: str, context: int) -> None:
    from kaitops.kaito.expansion import node_count

    metadata = {"name": "config", "namespace": "models"}
    config = {"kind": "ConfigMap", "metadata": metadata, "data": {"inference_config.yaml": text}}
    asked = workspace(inference={"preset": {"name": "phi-4"}, "config": "config"})
    world = World(RELEASE, Cluster([config]), Settings.from_dict(KARPENTER, RELEASE.version))
    assert node_count.context(world, Workspace(world, asked)) == context


def test_live_object_keeps_its_node_count_and_revision() -> None:
    asked = workspace(annotations={"workspace.kaito.io/revision": "4"})
    asked["status"] = {"targetNodeCount": 3}
    made = one(expand(asked), "StatefulSet")
    assert made["spec"]["replicas"] == 3
    assert made["metadata"]["annotations"] == {"workspace.kaito.io/revision": "4"}


def test_transformers_take_the_declared_count() -> None:
    asked = workspace("phi-4", annotations={"kaito.sh/runtime": "transformers"}, resource={"count": 2})
    expansion = expand(asked)
    line = pod(expansion)["containers"][0]["command"][2]
    assert one(expansion, "StatefulSet")["spec"]["replicas"] == 2
    assert line.startswith("accelerate launch --gpu_ids=all --machine_rank=0 --num_machines=1 --num_processes=1 ")
    assert "startupProbe" in pod(expansion)["containers"][0] and "POD_INDEX" not in str(pod(expansion))
    assert [port["name"] for port in one(expansion, "Service", "ws")["spec"]["ports"]] == ["http", "ray", "dashboard"]
    gate = expand(workspace("phi-4"), vLLM=False)
    assert pod(gate)["containers"][0]["command"][2].startswith("accelerate launch")
    del asked["resource"]
    assert expand(asked).errors[0].startswith("Workspace: panic: runtime error")


def test_existing_objects_are_not_made_again() -> None:
    metadata = {"name": "ws", "namespace": "models"}
    kinds = [made["kind"] for made in expand({"kind": "Service", "metadata": metadata}, workspace()).objects]
    assert kinds == ["NodePool", "Service", "StatefulSet"]


def test_neither_inference_nor_tuning_still_asks_for_a_node() -> None:
    asked = workspace()
    del asked["inference"]
    assert [made["kind"] for made in expand(asked).objects] == ["NodePool"]
    expansion = expand(asked, settings=CLAIMS)
    assert one(expansion, "NodeClaim")["spec"]["resources"]["requests"] == {"storage": "1Ti"}


def test_flags_are_sorted_by_name() -> None:
    flags_of = {"model-loader-extra-config": "x", "model": "m", "b": "", "load_format": "a", "load-format": "r"}
    line = command.with_flags("run", flags_of)
    assert line == "run --b --load-format=r --load_format=a --model=m --model-loader-extra-config=x"
