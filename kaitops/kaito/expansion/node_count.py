"""How many nodes a Workspace gets, with the inputs that KAITO reads for it.

Source: ``UpdateWorkspaceTargetNodeCount`` in ``pkg/workspace/controllers/workspace_controller.go``,
``pkg/workspace/estimator`` and ``pkg/utils/config_parser.go`` of KAITO. The arithmetic is
:mod:`kaitops.kaito.estimator`.
"""

from functools import lru_cache

from kaitops.kaito.estimator import DoesNotFit, node_count
from kaitops.kaito.expansion import gpu
from kaitops.kaito.expansion.declared import Workspace
from kaitops.kaito.expansion.preset_lookup import preset_of
from kaitops.kaito.expansion.world import NIL_POINTER, Refused, World, part
from kaitops.kaito.golang.quote import quote
from kaitops.kaito.sku import GpuConfig

_INDENT = " \t"


def target(world: World, workspace: Workspace) -> int:
    """The target node count: what a live object's status says, else the estimate.

    Raises:
        Refused: with the controller's message.
    """
    known = part(workspace.document, "status").get("targetNodeCount")
    if known:
        return known
    partition = workspace.partition
    if partition is not None and partition.get("mode") == "accelerator" and partition.get("count") is None:
        raise Refused(NIL_POINTER)
    if "/" in workspace.preset_name and workspace.secret:
        _check_token(world, workspace)
    if workspace.inference is None:
        return 1
    if not workspace.vllm:
        if workspace.count is None:
            raise Refused(NIL_POINTER)
        return workspace.count
    try:
        return max(1, _estimate(world, workspace))
    except Refused as refusal:
        if str(refusal).startswith("panic: "):
            raise
        raise Refused(
            f"failed to update Workspace status targetNodeCount: failed to calculate target node count: {refusal}"
        ) from None


def context(world: World, workspace: Workspace) -> int:
    """Tokens that the runtime configuration asks for explicitly; 0 where it does not or is missing."""
    name = part(workspace.inference).get("config")
    if not name:
        return 0
    config_map = world.cluster.get("ConfigMap", workspace.namespace, name)
    text = part(config_map, "data").get("inference_config.yaml")
    return _max_model_len(text) if text else 0


def _estimate(world: World, workspace: Workspace) -> int:
    requested = workspace.count if workspace.count and workspace.count > 0 else 1
    if not workspace.preset_name:
        return requested
    try:
        preset = preset_of(world, workspace.preset_name)
    except Refused as refusal:
        raise Refused(f"failed to get model by name: {refusal}") from None
    gpus = _gpus(world, workspace)
    if not gpus.memory_bytes or gpus.gpus <= 0:
        return requested
    try:
        tokens = context(world, workspace)
        return _fit(preset.size_bytes, preset.bytes_per_token, gpus, tokens, workspace.mig_profile)
    except DoesNotFit as misfit:
        raise Refused(str(misfit)) from None


# One fleet asks for the same few models on the same few machines again and again.
_fit = lru_cache(maxsize=4096)(node_count)


def _gpus(world: World, workspace: Workspace) -> GpuConfig:
    if not world.settings.gates["disableNodeAutoProvisioning"]:
        size = workspace.instance_type
        try:
            return gpu.of_size(world, size)
        except Refused as refusal:
            raise Refused(f"failed to get GPU config for instance type {size}: {refusal}") from None
    if workspace.mig_profile:
        try:
            return gpu.mig(workspace.mig_profile)
        except Refused as refusal:
            raise Refused(f"failed to get MIG GPU config: {refusal}") from None
    nodes = gpu.ready_nodes(world, workspace.match_labels)
    if not nodes:
        raise Refused("no ready nodes found, unable to determine GPU configuration")
    try:
        found = gpu.of_node(nodes[0])
    except Refused as refusal:
        raise Refused(f"failed to get GPU config from existing nodes: {refusal}") from None
    partition = workspace.partition
    if partition is not None and partition.get("mode") == "accelerator" and partition["count"] > 0:
        return gpu.scaled(found, partition["count"])
    return found


def _check_token(world: World, workspace: Workspace) -> None:
    """A secret that is named for a full repository id has to exist and hold a token, for catalogue models too."""
    secret = world.cluster.get("Secret", workspace.namespace, workspace.secret)
    prefix = f"failed to resolve access token for model {quote(workspace.preset_name)}"
    if secret is None:
        reason = (
            f"failed to get secret: {workspace.secret} in namespace: {workspace.namespace}, "
            f"error: secrets {quote(workspace.secret)} not found"
        )
    elif "HF_TOKEN" in part(secret, "data") or "HF_TOKEN" in part(secret, "stringData"):
        return
    else:
        reason = f"HF_TOKEN not found in secret: {workspace.secret} in namespace: {workspace.namespace}"
    raise Refused(f"failed to build node estimate request: {prefix}: {reason}")


def _max_model_len(text: str) -> int:
    """KAITO's line scanner, not a YAML parser: comments after the value or another indent change the outcome."""
    inside, indent = False, 0
    for line in text.split("\n"):
        stripped = line.strip()
        own_indent = len(line) - len(line.lstrip(_INDENT))
        if not inside:
            if stripped.startswith("vllm:"):
                inside, indent = True, own_indent + 2
            continue
        if stripped and not stripped.startswith("#") and own_indent < indent:
            break
        if stripped.startswith("max-model-len:"):
            value = stripped.removeprefix("max-model-len:").strip()
            digits = value[1:] if value[:1] in ("+", "-") else value
            if digits.isascii() and digits.isdigit() and 0 < int(value) < 1 << 63:
                return int(value)
            break
    return 0
