"""The pod that serves a preset.

Source: ``pkg/workspace/inference/preset_inferences.go`` of KAITO; lists are in the order in which KAITO builds them.
Owns where the weights come from; commands and probes have their modules.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.expansion import command, probes, volumes
from kaitops.kaito.expansion.declared import (
    LABEL_ROLE,
    LABEL_WORKSPACE,
    LABEL_WORKSPACE_NAMESPACE,
    Workspace,
)
from kaitops.kaito.expansion.world import NIL_POINTER, Refused, World, part
from kaitops.kaito.preset import Preset
from kaitops.kaito.sku import GpuConfig

if TYPE_CHECKING:
    from kaitops.kaito.expansion.streaming import Stream

_GPU = "nvidia.com/gpu"
_CUDA_VOLUME = "cuda-toolkit-hostpath"


class Built(NamedTuple):
    """A pod and what its StatefulSet has to add.

    Attributes:
        labels: further labels of the pods, which the controller's selector then asks for too.
        claims: volume claim templates.
    """

    spec: MutableObject
    labels: Mapping[str, str]
    claims: list[MutableObject]


def build(world: World, workspace: Workspace, preset: Preset, gpus: GpuConfig, stream: "Stream | None") -> Built:
    """Build the pod of a preset.

    Args:
        stream: how the weights are streamed, None where they are downloaded or lie on the node.

    Raises:
        Refused: the runtime has no parameters for the preset, or an adapter has no source.
    """
    facts = world.controller
    paths, ports, inference = facts["paths"], facts["ports"], part(workspace.inference)
    local_path = workspace.local_weights(paths["local_weights"])
    downloads = stream is None and not local_path
    distributed = workspace.vllm and workspace.nodes > 1
    port = ports["decode"] if workspace.decode_sidecar else ports["inference"]

    mounted, held = _storage(preset, paths, inference, local_path, stream)
    line = command.serving(world, workspace, preset, gpus, stream, local_path)
    adapters = inference.get("adapters") or ()
    secrets = _adapter_secrets(adapters)
    image = world.runtime_image()
    main: MutableObject = {
        "command": line,
        "image": image,
        "name": workspace.name,
        "ports": _ports(workspace, ports, port),
        "resources": _resources(workspace, gpus),
        "volumeMounts": mounted,
        **probes.of_serving(world, workspace, preset, port, distributed),
    }
    spec: MutableObject = {
        "containers": [main],
        "tolerations": tolerations(world, workspace.mig_profile),
        "volumes": held,
    }
    env = _environment(workspace, preset, paths["cuda"], local_path)
    if preset.needs_cuda_toolkit:
        spec["initContainers"] = [_cuda_provisioner(image, paths["cuda"])]
    if secrets:
        spec["imagePullSecrets"] = secrets
    if affinity := node_affinity(world, workspace):
        spec["affinity"] = affinity
    if workspace.decode_sidecar:
        from kaitops.kaito.expansion import sidecar

        spec["containers"].append(sidecar.routing(world))
    if workspace.secret:
        env.append(_token(workspace.secret))
    if stream is not None:
        stream.apply(world, workspace, spec, main, env)
    if adapters:
        from kaitops.kaito.expansion import adapters as adapter_module

        adapter_module.apply(world, adapters, spec, main, env)
    if distributed:
        env.append(_field("POD_INDEX", "metadata.labels['apps.kubernetes.io/pod-index']"))
    if env:
        main["env"] = env
    claims: list[MutableObject] = []
    if downloads:
        if gpus.nvme and world.settings.nvme_storage_class:
            claims.append(_weights_claim(workspace, preset, facts["nvme_storage_class"]))
        else:
            held.append(volumes.empty(volumes.WEIGHTS))
    return Built(spec, stream.pod_labels if stream is not None else {}, claims)


def tolerations(world: World, mig_profile: str = "") -> list[MutableObject]:
    """Taints that inference pods live with: GPUs, KAITO's own, and on Azure spot machines, spot or not.

    Args:
        mig_profile: the slice that a preset asks for; templates do not get its toleration.
    """
    tolerated = [
        {"effect": "NoSchedule", "key": _GPU, "operator": "Exists"},
        {"effect": "NoSchedule", "key": "sku", "operator": "Equal", "value": "gpu"},
    ]
    if world.settings.cloud == "azure":
        spot = "kubernetes.azure.com/scalesetpriority"
        tolerated.append({"effect": "NoSchedule", "key": spot, "operator": "Equal", "value": "spot"})
    if mig_profile:
        tolerated.append({"effect": "NoSchedule", "key": f"nvidia.com/mig-{mig_profile}", "operator": "Exists"})
    return tolerated


def node_affinity(world: World, workspace: Workspace, *, pinned: bool = True) -> MutableObject | None:
    """Required labels of the node, sorted: the selector's, and those that the provisioner gives this Workspace's nodes.

    Args:
        pinned: keep to the nodes that were provisioned for this Workspace.
    """
    labels = dict(workspace.match_labels)
    provisioner = world.settings.provisioner if pinned else "byo"
    if provisioner == "karpenter":
        labels["karpenter.kaito.sh/workspace-name"] = workspace.name
        labels["karpenter.kaito.sh/workspace-namespace"] = workspace.namespace
    elif provisioner != "byo":
        labels[LABEL_WORKSPACE] = workspace.name
        labels[LABEL_WORKSPACE_NAMESPACE] = workspace.namespace
    if not labels:
        return None
    expressions = [{"key": key, "operator": "In", "values": [labels[key]]} for key in sorted(labels)]
    terms = {"nodeSelectorTerms": [{"matchExpressions": expressions}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}


def _storage(
    preset: Preset,
    paths: Mapping[str, str],
    inference: Object,
    local_path: str,
    stream: "Stream | None",
) -> tuple[list[MutableObject], list[MutableObject]]:
    mounted: list[MutableObject] = []
    held: list[MutableObject] = []
    if config := inference.get("config"):
        held.append(volumes.config_map("config-volume", config))
        mounted.append(volumes.mount("config-volume", paths["config"]))
    if stream is None and not local_path:
        mounted.append(volumes.mount(volumes.WEIGHTS, paths["weights"]))
    if local_path:
        held.append(volumes.host_path("model-weights-hostpath", local_path, "Directory"))
        mounted.append(volumes.mount("model-weights-hostpath", local_path, read_only=True))
    if preset.needs_cuda_toolkit:
        held.append(volumes.host_path(_CUDA_VOLUME, paths["cuda"], "DirectoryOrCreate"))
        mounted.append(volumes.mount(_CUDA_VOLUME, paths["cuda"], read_only=True))
    held.append(volumes.memory("dshm"))
    mounted.append(volumes.mount("dshm", paths["shm"]))
    return mounted, held


def _environment(workspace: Workspace, preset: Preset, cuda: str, local_path: str) -> list[MutableObject]:
    env: list[MutableObject] = []
    if workspace.vllm:
        env.append({"name": "VLLM_USE_FLASHINFER_SAMPLER", "value": "0"})
        env.append({"name": "VLLM_USE_DEEP_GEMM", "value": "1" if preset.needs_deep_gemm else "0"})
    if preset.needs_cuda_toolkit:
        env.append({"name": "CUDA_HOME", "value": cuda})
    if local_path:
        env.append({"name": "KAITO_PROCESSOR", "value": local_path})
    role = workspace.labels.get(LABEL_ROLE)
    if role in ("prefill", "decode"):
        env.append({"name": "KAITO_INFERENCE_ROLE", "value": role})
        env.append(_field("VLLM_NIXL_SIDE_CHANNEL_HOST", "status.podIP"))
    return env


def _ports(workspace: Workspace, ports: Mapping[str, int], port: int) -> list[MutableObject]:
    listed: list[MutableObject] = [{"containerPort": port, "name": "http"}]
    if workspace.vllm:
        listed.append({"containerPort": ports["kv_events"], "name": "kv-events"})
    return listed


def _resources(workspace: Workspace, gpus: GpuConfig) -> MutableObject:
    name = f"nvidia.com/mig-{workspace.mig_profile}" if workspace.mig_profile else _GPU
    count = str(gpus.gpus)
    return {"limits": {name: count}, "requests": {name: count}}


def _cuda_provisioner(image: str, cuda: str) -> MutableObject:
    # Several pods of a node may install at once: the lock makes the later ones wait and then find it done.
    return {
        "command": ["/bin/sh", "-c", 'flock "$1" /workspace/cuda-provision.sh "$1"', "sh", cuda],
        "image": image,
        "name": "cuda-toolkit-provisioner",
        "resources": {},
        "volumeMounts": [volumes.mount(_CUDA_VOLUME, cuda)],
    }


def _adapter_secrets(adapters: Any) -> list[dict[str, str]]:
    secrets: list[dict[str, str]] = []
    for adapter in adapters:
        source = adapter.get("source")
        if source is None:
            raise Refused(NIL_POINTER)
        secrets.extend({"name": name} for name in source.get("imagePullSecrets") or ())
    return secrets


def _token(secret: str) -> MutableObject:
    reference = {"key": "HF_TOKEN", "name": secret, "optional": True}
    return {"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": reference}}


def _field(name: str, path: str) -> MutableObject:
    return {"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}}


def _weights_claim(workspace: Workspace, preset: Preset, storage_class: str) -> MutableObject:
    from kaitops.kaito.kubernetes.amount import canonical

    return {
        "metadata": {"labels": {LABEL_WORKSPACE: workspace.name}, "name": volumes.WEIGHTS},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": canonical(preset.disk)}},
            "storageClassName": storage_class,
        },
        "status": {},
    }
