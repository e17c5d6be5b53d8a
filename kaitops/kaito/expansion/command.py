"""Command lines of the containers that serve a preset.

Source: ``pkg/model/interface.go`` of KAITO. KAITO writes flags in random order; here they are sorted by name.
"""

from typing import TYPE_CHECKING

from kaitops.kaito.expansion.command_line import shell, with_flags
from kaitops.kaito.expansion.declared import LABEL_MULTI_ROLE, LABEL_SET, Workspace
from kaitops.kaito.expansion.world import NIL_MAP, Refused, World, part
from kaitops.kaito.preset import Preset
from kaitops.kaito.sku import GpuConfig
from kaitops.kaito.vllm.parallel import spread

if TYPE_CHECKING:
    from kaitops.kaito.expansion.streaming import Stream

_STREAMER = "runai_streamer"


def leader(workspace: Workspace) -> str:
    """DNS name of the pod that leads a Ray cluster."""
    return f"{workspace.name}-0.{workspace.name}-headless.{workspace.namespace}.svc.cluster.local"


def serving(
    world: World, workspace: Workspace, preset: Preset, gpus: GpuConfig, stream: "Stream | None", local_path: str
) -> list[str]:
    """The command of the main container, without the wrapper that some ways of streaming put before it."""
    if not workspace.vllm:
        return _transformers(world, preset)
    facts = world.controller["vllm"]
    flags = _vllm_flags(world, workspace, preset, gpus, stream, local_path)
    line = with_flags(facts["command"], flags)
    nodes = workspace.nodes
    if nodes == 1:
        return shell(line)
    port = str(world.controller["ports"]["ray"])
    lead = with_flags(facts["ray_leader"], {"ray_cluster_size": str(nodes), "ray_port": port})
    work = with_flags(facts["ray_worker"], {"ray_address": leader(workspace), "ray_port": port})
    return shell(f'if [ "${{POD_INDEX}}" = "0" ]; then {lead}; {line}; else {work}; fi')


def served_name(workspace: Workspace, preset: Preset) -> str:
    """Name of the model in the API: all roles of a split model share the preset's, replicas of a set the set's."""
    labels = workspace.labels
    return preset.name if LABEL_MULTI_ROLE in labels else labels.get(LABEL_SET) or preset.name


def _vllm_flags(
    world: World, workspace: Workspace, preset: Preset, gpus: GpuConfig, stream: "Stream | None", local_path: str
) -> dict[str, str]:
    paths, rules = world.controller["paths"], world.release.catalogue.rules
    utilisation = rules["gpu_memory_utilization"]
    flags = dict(preset.vllm)
    flags["served-model-name"] = served_name(workspace, preset)
    flags["max-model-len"] = "auto"
    flags["gpu-memory-utilization"] = utilisation["byGPUModel"].get(gpus.model) or utilisation["default"]
    flags.setdefault("kv-events-config", world.controller["vllm"]["kv_events"])
    flags["compilation-config.pass_config.fuse_allreduce_rms"] = "False"
    inference = part(workspace.inference)
    if inference.get("adapters"):
        flags["enable-lora"] = ""
    if stream is not None or local_path:
        flags["model"] = stream.model if stream is not None else local_path
        flags["load-format"] = _STREAMER
        flags.pop("load_format", None)
    else:
        flags["model"] = preset.repo
        flags["download-dir"] = paths["weights"]
    if inference.get("config"):
        flags["kaito-config-file"] = f"{paths['config']}/inference_config.yaml"
    mode = workspace.annotations.get("kaito.sh/performance-mode")
    if mode and mode != "balanced":
        flags["performance-mode"] = mode
    if preset.cpu_kv_offload_disabled or gpus.is_mig:
        flags["kaito-kv-cache-cpu-memory-utilization"] = "0"
    _parallelism(flags, workspace.nodes, preset, gpus)
    if workspace.decode_sidecar:
        flags["port"] = str(world.controller["ports"]["decode"])
    if stream is not None and flags["tensor-parallel-size"] != "1":
        flags["model-loader-extra-config"] = world.controller["vllm"]["distributed_loader"]
    return flags


def _parallelism(flags: dict[str, str], nodes: int, preset: Preset, gpus: GpuConfig) -> None:
    ranks = spread(preset, gpus, nodes)
    flags["tensor-parallel-size"] = str(ranks.tensor)
    if ranks.data > 1:
        flags["data-parallel-size"] = str(ranks.data)
    if ranks.pipeline > 1:
        flags["pipeline-parallel-size"] = str(ranks.pipeline)
        flags["distributed-executor-backend"] = "ray"
    if ranks.data > 1 or ranks.pipeline > 1:
        flags["kaito-kv-cache-cpu-memory-utilization"] = "0"


def _transformers(world: World, preset: Preset) -> list[str]:
    if preset.transformers is None:
        # A preset without parameters for this runtime has no map for the controller to write the name into.
        raise Refused(NIL_MAP)
    facts = world.controller["transformers"]
    flags = dict(preset.transformers)
    flags["served_model_name"] = preset.name
    flags["pretrained_model_name_or_path"] = preset.repo
    flags["allow_remote_files"] = ""
    return shell(f"{with_flags(facts['command'], facts['accelerate'])} {with_flags(facts['main'], flags)}")
