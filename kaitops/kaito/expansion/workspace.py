"""One reconcile of a Workspace, in the controller's order.

Source: ``pkg/workspace/controllers/workspace_controller.go`` of KAITO. Owns the order and which parts apply; each part
has its own module. Nodes count as ready once they are asked for, so that all later objects are made.
"""

from kaitops.documents.plain import Object
from kaitops.kaito.expansion import gpu, node_count, pod, service, statefulset
from kaitops.kaito.expansion.declared import Workspace
from kaitops.kaito.expansion.preset_lookup import preset_of
from kaitops.kaito.expansion.world import Refused, World, part


def reconcile(world: World, document: Object) -> None:
    """Make what belongs to a Workspace, up to the point where the controller gives up."""
    workspace = Workspace(world, document)
    try:
        _reconcile(world, workspace)
    except Refused as refusal:
        world.refuse("Workspace", str(refusal))


def _reconcile(world: World, workspace: Workspace) -> None:
    workspace.nodes = node_count.target(world, workspace)
    mirrored = True
    if streams := _streams(world, workspace):
        from kaitops.kaito.expansion import streaming

        mirrored = streaming.ensure_mirror(world, workspace)
    _provision(world, workspace)
    if not mirrored:
        return
    if workspace.tuning is not None:
        from kaitops.kaito.expansion import tuning_job

        tuning_job.make(world, workspace)
    elif workspace.inference is not None:
        world.make(service.serving(world, workspace))
        world.make(service.headless(workspace))
        _serve(world, workspace, streams)


def _streams(world: World, workspace: Workspace) -> bool:
    if not world.settings.gates["ModelStreaming"] or workspace.preset is None:
        return False
    from kaitops.kaito.expansion import streaming

    return streaming.enabled(world, workspace)


def _provision(world: World, workspace: Workspace) -> None:
    provisioner = world.settings.provisioner
    if provisioner == "karpenter":
        from kaitops.kaito.expansion import nodepool

        nodepool.make(world, workspace)
    elif provisioner != "byo":
        from kaitops.kaito.expansion import nodeclaim

        nodeclaim.make_for_workspace(world, workspace)


def _serve(world: World, workspace: Workspace, streams: bool) -> None:
    if part(workspace.inference).get("template") is not None:
        from kaitops.kaito.expansion import template

        world.make(template.stateful_set(world, workspace))
        return
    if workspace.preset is None:
        return
    preset = preset_of(world, workspace.preset_name)
    try:
        gpus = gpu.config(world, workspace)
    except Refused as refusal:
        raise Refused(f"failed to get GPU config: {refusal}") from None
    stream = None
    if streams:
        from kaitops.kaito.expansion import streaming

        stream = streaming.configure(world, workspace)
    built = pod.build(world, workspace, preset, gpus, stream)
    world.make(statefulset.build(workspace, built))
