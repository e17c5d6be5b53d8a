"""The Job that fine-tunes a preset.

Source: ``pkg/workspace/tuning/preset_tuning.go`` of KAITO; lists are in the order in which KAITO builds them. What the
training configuration says is :mod:`kaitops.kaito.expansion.training_config`.
"""

from kaitops.documents.plain import MutableObject
from kaitops.kaito.expansion import gpu, training_config, tuning_data, volumes
from kaitops.kaito.expansion.command_line import shell, with_flags
from kaitops.kaito.expansion.declared import LABEL_WORKSPACE, REVISION, Workspace
from kaitops.kaito.expansion.pod import node_affinity
from kaitops.kaito.expansion.preset_lookup import preset_of
from kaitops.kaito.expansion.world import NIL_POINTER, Refused, World, owner, part
from kaitops.kaito.preset import Preset


def make(world: World, workspace: Workspace) -> None:
    """Make the Job, and before it the copy of the default configuration where none is named.

    Raises:
        Refused: with the controller's message; a copy that was made before stays.
    """
    tuning = part(workspace.tuning)
    preset_field = tuning.get("preset")
    if preset_field is None:
        return
    preset = preset_of(world, preset_field.get("name") or "")
    gpus = gpu.of_size(world, workspace.instance_type).gpus
    try:
        pod = _pod(world, workspace, preset, gpus)
    except Refused as refusal:
        if str(refusal).startswith("panic: "):
            raise
        raise Refused(f"failed to generate pod spec: failed to apply modifier: {refusal}") from None
    labels = {LABEL_WORKSPACE: workspace.name}
    world.make(
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {
                "annotations": {REVISION: workspace.annotations.get(REVISION) or "1"},
                "labels": labels,
                "name": workspace.name,
                "namespace": workspace.namespace,
                "ownerReferences": owner("Workspace", workspace.name),
            },
            "spec": {"template": {"metadata": {"labels": dict(labels)}, "spec": pod}},
        }
    )


def _pod(world: World, workspace: Workspace, preset: Preset, gpus: int) -> MutableObject:
    if preset.tuning is None:
        raise Refused(NIL_POINTER)
    if "error" in preset.tuning:
        raise Refused(f"panic: {preset.tuning['error']}")
    paths, tuning = world.controller["paths"], part(workspace.tuning)
    main = _trainer(world, workspace, gpus)
    held: list[MutableObject] = [volumes.memory("dshm"), volumes.empty(volumes.WEIGHTS)]
    spec: MutableObject = {
        "containers": [main],
        "initContainers": [_weights(world, preset.tuning["image"])],
        "restartPolicy": "Never",
        "tolerations": _tolerations(world),
        "volumes": held,
    }
    # The provisioner's labels are not asked for: tuning pods may run on any node that the selector matches.
    if affinity := node_affinity(world, workspace, pinned=False):
        spec["affinity"] = affinity
    config = training_config.ensure(world, workspace)
    output_dir = training_config.output_dir(world, config)
    output = tuning.get("output")
    if output is None:
        raise Refused(NIL_POINTER)
    held.append(volumes.config_map("config-volume", part(config, "metadata").get("name", "")))
    held.append(tuning_data.results(world, output))
    main["volumeMounts"] += [
        volumes.mount("config-volume", paths["config"]),
        volumes.mount(volumes.RESULTS, output_dir),
    ]
    tuning_data.read(world, workspace, spec, main)
    tuning_data.publish(world, workspace, spec, output_dir)
    if len(spec["containers"]) > 1:
        spec["shareProcessNamespace"] = True
    return spec


def _trainer(world: World, workspace: Workspace, gpus: int) -> MutableObject:
    facts, paths = world.controller["tuning"], world.controller["paths"]
    name = part(workspace.tuning, "preset").get("name") or ""
    env: list[MutableObject] = []
    if name.lower().startswith("phi-3"):
        env.append({"name": "DEFAULT_TARGET_MODULES", "value": facts["phi3_target_modules"]})
    env.append({"name": "PYTORCH_CUDA_ALLOC_CONF", "value": "expandable_segments:True"})
    count = str(gpus)
    return {
        "command": shell(f"{with_flags(facts['command'], {'num_processes': count})} {facts['main']}"),
        "env": env,
        "image": world.runtime_image(),
        "name": workspace.name,
        "ports": [{"containerPort": world.controller["ports"]["inference"]}],
        "resources": {"limits": {"nvidia.com/gpu": count}, "requests": {"nvidia.com/gpu": count}},
        "volumeMounts": [
            volumes.mount("dshm", paths["shm"]),
            volumes.mount(volumes.WEIGHTS, paths["weights"]),
        ],
    }


def _weights(world: World, image: str) -> MutableObject:
    target = world.controller["paths"]["weights"]
    return {
        "command": ["oras", "pull", f"{world.settings.registry}/{image}", "-o", target],
        "image": world.images["weights_downloader"],
        "name": "model-weights-downloader",
        "resources": {},
        "volumeMounts": [volumes.mount(volumes.WEIGHTS, target)],
    }


def _tolerations(world: World) -> list[MutableObject]:
    tolerated: list[MutableObject] = [
        {"effect": "NoSchedule", "key": "gpu", "operator": "Equal"},
        {"effect": "NoSchedule", "key": "sku", "value": "gpu"},
    ]
    if world.settings.cloud == "azure":
        spot = "kubernetes.azure.com/scalesetpriority"
        tolerated.append({"effect": "NoSchedule", "key": spot, "operator": "Equal", "value": "spot"})
    return tolerated
