"""The two InferenceSets of a MultiRoleInference and the pool that they share.

Source: ``pkg/controllers/multiroleinference/controller.go`` of KAITO.
"""

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.expansion import gateway_pool, go_types, inferenceset, revision_hash, workspace
from kaitops.kaito.expansion.declared import LABEL_MULTI_ROLE, LABEL_ROLE
from kaitops.kaito.expansion.world import Refused, World, owner, part
from kaitops.kaito.golang.quote import quote

_VERSION = "kaito.sh/v1alpha1"
_PLUGINS_KEY = "config.yaml"
_NOTHING: Object = {}


def reconcile(world: World, document: Object) -> None:
    """Make the InferenceSets and the pool, then what belongs to each InferenceSet, by name."""
    gates = world.settings.gates
    if not gates["enableMultiRoleInferenceController"]:
        return
    spec = document.get("spec") or _NOTHING
    sets = [_inference_set(world, document, role) for role in spec.get("roles") or ()]
    for made in sets:
        world.make(made)
    if gates["gatewayAPIInferenceExtension"]:
        try:
            _pool(world, document)
        except Refused as refusal:
            world.refuse("MultiRoleInference", str(refusal))
    workspaces: list[MutableObject] = []
    for made in sorted(sets, key=lambda entry: entry["metadata"]["name"]):
        workspaces += inferenceset.children(world, made)
    for made in workspaces:
        workspace.reconcile(world, made)


def _inference_set(world: World, document: Object, role: Object) -> MutableObject:
    metadata, spec = document.get("metadata") or _NOTHING, document.get("spec") or _NOTHING
    name, kind = metadata.get("name") or "", role.get("type") or ""
    identity = {LABEL_MULTI_ROLE: name, LABEL_ROLE: kind}
    selector: Object = spec.get("labelSelector") or _NOTHING
    labels = {**(selector.get("matchLabels") or _NOTHING), **identity}
    model: Object = spec.get("model") or _NOTHING
    replicas = role.get("replicas")
    inference = {
        "preset": {
            "name": model.get("name"),
            "accessMode": "public",
            "presetOptions": {"modelAccessSecret": model.get("modelAccessSecret")},
        },
        "config": role.get("runtimeConfig"),
    }
    written = go_types.written(
        world,
        "InferenceSetSpec",
        {
            "template": {
                # Every annotation travels, so that opting out of a feature reaches the Workspaces.
                "metadata": {"labels": labels, "annotations": metadata.get("annotations")},
                "resource": {"instanceType": role.get("instanceType")},
                "inference": inference,
            },
            "replicas": 1 if replicas is None else replicas,
            "labelSelector": {**selector, "matchLabels": labels},
        },
    )
    return {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "InferenceSet",
        "metadata": {
            "annotations": {
                "inferenceset.kaito.io/hash": revision_hash.of_parts(written),
                "inferenceset.kaito.io/revision": "1",
            },
            "finalizers": ["inferenceset.finalizer.kaito.sh"],
            "labels": identity,
            "name": f"{name}-{kind}",
            "namespace": metadata.get("namespace") or "default",
            "ownerReferences": owner("MultiRoleInference", name, _VERSION),
        },
        "spec": written,
    }


def _pool(world: World, document: Object) -> None:
    metadata = document.get("metadata") or _NOTHING
    name, namespace = metadata.get("name") or "", metadata.get("namespace") or "default"
    plugins = _plugins(world, (document.get("spec") or _NOTHING).get("eppPluginsConfig") or "", namespace)
    gateway_pool.make(
        world,
        name,
        namespace,
        owner("MultiRoleInference", name, _VERSION),
        "10m0s",
        {LABEL_MULTI_ROLE: name},
        {
            "flags": {"model-server-metrics-port": str(world.controller["ports"]["inference"])},
            "pluginsConfigFile": _PLUGINS_KEY,
            "pluginsCustomConfig": {_PLUGINS_KEY: plugins},
        },
    )


def _plugins(world: World, given: str, namespace: str) -> str:
    if not given:
        import yaml

        return yaml.safe_dump(world.controller["gateway_pool"]["plugins"], sort_keys=False)
    found = world.cluster.get("ConfigMap", namespace, given)
    if found is None:
        raise Refused(f"get user-provided EPP plugins ConfigMap {given}: configmaps {quote(given)} not found")
    data = part(found, "data")
    if _PLUGINS_KEY not in data:
        raise Refused(f"EPP plugins ConfigMap {given} missing key {_PLUGINS_KEY}")
    return data[_PLUGINS_KEY]
