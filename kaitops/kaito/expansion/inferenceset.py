"""The Workspaces of an InferenceSet and its inference pool.

Source: ``pkg/inferenceset/inferenceset_controller.go`` and ``pkg/utils/inferenceset/inferenceset.go`` of KAITO. The API
server draws the names of the Workspaces; here they end in a number of five digits.
"""

from collections.abc import Mapping

from kaitops.documents.plain import MutableObject, Object
from kaitops.errors import BadInput
from kaitops.kaito.expansion import gateway_pool, go_types, revision_hash, workspace
from kaitops.kaito.expansion.declared import DISABLE_BENCHMARK, LABEL_MULTI_ROLE, LABEL_ROLE, LABEL_SET
from kaitops.kaito.expansion.world import World, owner

MOST_REPLICAS = 2_000
"""No cluster has as many nodes with GPUs."""
_NOTHING: Object = {}


def reconcile(world: World, document: Object) -> None:
    """Make the Workspaces, the pool, and then what belongs to each Workspace."""
    for child in children(world, document):
        workspace.reconcile(world, child)


def children(world: World, document: Object) -> list[MutableObject]:
    """Make Workspaces until there are as many as replicas, then the pool; what belongs to them is not made yet."""
    if not world.settings.gates["enableInferenceSetController"]:
        return []
    metadata, spec = document.get("metadata") or _NOTHING, document.get("spec") or _NOTHING
    replicas = spec.get("replicas")
    existing = _existing(world, metadata)
    if replicas is not None and replicas > MOST_REPLICAS:
        raise BadInput(
            f"InferenceSet {metadata.get('name')}: spec.replicas: {replicas} replicas would be worked out one by one, "
            f"and more than {MOST_REPLICAS} are not; lower the number"
        )
    wanted = (1 if replicas is None else replicas) - existing
    made = [_child(world, metadata, spec, index) for index in range(existing, existing + max(0, wanted))]
    for child in made:
        world.objects.append(child)
    if made or existing:
        _pool(world, metadata, spec)
    return made


def _existing(world: World, metadata: Object) -> int:
    return sum(
        ((found.get("metadata") or _NOTHING).get("labels") or _NOTHING).get(LABEL_SET) == metadata.get("name")
        and (found["metadata"].get("namespace") or "default") == (metadata.get("namespace") or "default")
        for found in world.cluster.of_kind("Workspace")
    )


def _child(world: World, metadata: Object, spec: Object, index: int) -> MutableObject:
    template: Object = spec.get("template") or _NOTHING
    given: Object = template.get("metadata") or _NOTHING
    own_labels: Mapping[str, str] = metadata.get("labels") or _NOTHING
    name: str = metadata.get("name") or ""
    labels: dict[str, str] = dict(given.get("labels") or _NOTHING)
    labels.update({key: own_labels[key] for key in (LABEL_ROLE, LABEL_MULTI_ROLE) if key in own_labels})
    labels[LABEL_SET] = name
    annotations: dict[str, str] = dict(given.get("annotations") or _NOTHING)
    if (metadata.get("annotations") or _NOTHING).get(DISABLE_BENCHMARK) == "true":
        annotations[DISABLE_BENCHMARK] = "true"
    resource, inference = _resource(world, spec, template), _inference(world, template)
    annotations["workspace.kaito.io/hash"] = revision_hash.of_parts(resource, inference, None)
    annotations["workspace.kaito.io/revision"] = "1"
    return {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {
            "annotations": annotations,
            "finalizers": ["workspace.finalizer.kaito.sh"],
            "generateName": f"{name}-",
            "labels": labels,
            "name": f"{name}-{index:05d}",
            "namespace": metadata.get("namespace") or "default",
            "ownerReferences": owner("InferenceSet", name),
        },
        "resource": resource,
        "inference": inference,
    }


def _resource(world: World, spec: Object, template: Object) -> MutableObject:
    given = template.get("resource") or _NOTHING
    resource: MutableObject = {
        "count": 1,
        "labelSelector": spec.get("labelSelector"),
        "partition": given.get("partition"),
    }
    if not world.settings.byo:
        resource["instanceType"] = given.get("instanceType")
    return go_types.written(world, "ResourceSpec", resource)


def _inference(world: World, template: Object) -> MutableObject:
    return go_types.written(world, "InferenceSpec", with_access_mode(template.get("inference") or _NOTHING))


def with_access_mode(inference: Object) -> MutableObject:
    """The inference part with the default that the API server sets on a preset."""
    preset = inference.get("preset")
    if preset is None:
        return dict(inference)
    return {**inference, "preset": {"accessMode": "public", **preset}}


def _pool(world: World, metadata: Object, spec: Object) -> None:
    gates = world.settings.gates
    runtime = (metadata.get("annotations") or _NOTHING).get("kaito.sh/runtime")
    inference = (spec.get("template") or _NOTHING).get("inference") or _NOTHING
    if not (gates["gatewayAPIInferenceExtension"] and gates["vLLM"] and inference.get("preset") is not None):
        return
    if runtime == "transformers" or any(map(_is_multi_role, metadata.get("ownerReferences") or ())):
        return
    name = metadata.get("name") or ""
    # The gateway's mesh talks to the picker in plain text, so the picker's own TLS is off.
    gateway_pool.make(
        world,
        name,
        metadata.get("namespace") or "default",
        owner("InferenceSet", name),
        "0s",
        {LABEL_SET: name},
        {"flags": {"secure-serving": False}},
    )


def _is_multi_role(reference: Object) -> bool:
    identity = (reference.get("kind"), reference.get("apiVersion"))
    return bool(reference.get("controller")) and identity == ("MultiRoleInference", "kaito.sh/v1alpha1")
