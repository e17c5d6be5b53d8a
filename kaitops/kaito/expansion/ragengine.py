"""The Service and Deployment of a RAGEngine.

Source: ``pkg/ragengine`` of KAITO; lists are in the order in which KAITO builds them. The environment of the container
is :mod:`kaitops.kaito.expansion.rag_environment`.
"""

from collections.abc import Mapping

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.expansion import default_config, nodeclaim, rag_environment, volumes
from kaitops.kaito.expansion.command_line import shell
from kaitops.kaito.expansion.declared import sanitized
from kaitops.kaito.expansion.service import is_balanced, port
from kaitops.kaito.expansion.world import NIL_POINTER, Refused, World, owner

_LABEL = "kaito.sh/ragengine"
_REVISION = "ragengine.kaito.io/revision"
_STORAGE = "vector-db-storage"
_GUARDRAILS = "guardrails-policy"
_NOTHING: Object = {}


def reconcile(world: World, document: Object) -> None:
    """Make what belongs to a RAGEngine, up to the point where the controller gives up."""
    try:
        _reconcile(world, document)
    except Refused as refusal:
        world.refuse("RAGEngine", str(refusal))


def _reconcile(world: World, document: Object) -> None:
    metadata = document.get("metadata") or _NOTHING
    spec = document.get("spec")
    if spec is None or spec.get("embedding") is None:
        raise Refused(NIL_POINTER)
    name, namespace = metadata.get("name") or "", metadata.get("namespace") or "default"
    annotations = metadata.get("annotations") or _NOTHING
    compute: Object = spec.get("compute") or _NOTHING
    selector = sanitized(world, compute.get("labelSelector"))
    if instance_type := compute.get("instanceType"):
        nodeclaim.make_for_rag(world, name, namespace, annotations, instance_type, selector)
    world.make(_service(world, name, namespace, is_balanced(annotations)))
    pod = _pod(world, name, namespace, spec, selector)
    labels = {_LABEL: name}
    world.make(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {
                "annotations": {_REVISION: annotations.get(_REVISION) or "1"},
                "name": name,
                "namespace": namespace,
                "ownerReferences": owner("RAGEngine", name),
            },
            "spec": {
                "replicas": 1,
                "selector": {"matchLabels": labels},
                # The index is not shared: the old pod has to go before the new one comes.
                "strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}, "type": "RollingUpdate"},
                "template": {"metadata": {"labels": dict(labels)}, "spec": pod},
            },
        }
    )


def _service(world: World, name: str, namespace: str, balanced: bool) -> MutableObject:
    ports = world.controller["ports"]
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace, "ownerReferences": owner("RAGEngine", name)},
        "spec": {
            "ports": [port("http", ports["service"], ports["inference"])],
            "publishNotReadyAddresses": True,
            "selector": {_LABEL: name},
            "type": "LoadBalancer" if balanced else "ClusterIP",
        },
    }


def _pod(world: World, name: str, namespace: str, spec: Object, selector: Mapping[str, str]) -> MutableObject:
    facts, number = world.controller["rag"], world.controller["ports"]["inference"]
    held, mounted = _storage(world, spec, namespace)
    health = {"path": "/health", "port": number}
    hooks = facts["hooks"]
    container: MutableObject = {
        "command": shell(facts["command"]),
        "env": rag_environment.build(world, name, spec),
        "image": world.settings.extra.get("ragImage") or world.images["rag"],
        "lifecycle": {
            "postStart": {"exec": {"command": ["python3", hooks, "poststart"]}},
            "preStop": {"exec": {"command": shell(f"python3 {hooks} prestop && sleep 5")}},
        },
        "livenessProbe": {"httpGet": health, "initialDelaySeconds": 600, "periodSeconds": 10},
        "name": name,
        "ports": [{"containerPort": number}],
        "readinessProbe": {"httpGet": dict(health), "initialDelaySeconds": 30, "periodSeconds": 10},
        "resources": _resources(world, spec),
        "volumeMounts": mounted,
    }
    pod: MutableObject = {
        "containers": [container],
        "terminationGracePeriodSeconds": facts["grace_seconds"],
        "tolerations": [
            {"effect": "NoSchedule", "key": "nvidia.com/gpu", "operator": "Exists"},
            {"effect": "NoSchedule", "key": "sku", "operator": "Equal", "value": "gpu"},
        ],
        "volumes": held,
    }
    if selector:
        expressions = [{"key": key, "operator": "In", "values": [value]} for key, value in selector.items()]
        terms = {"nodeSelectorTerms": [{"matchExpressions": expressions}]}
        pod["affinity"] = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}
    return pod


def _storage(world: World, spec: Object, namespace: str) -> tuple[list[MutableObject], list[MutableObject]]:
    paths, facts = world.controller["paths"], world.controller["rag"]
    held, mounted = [volumes.memory("dshm")], [volumes.mount("dshm", paths["shm"])]
    storage = spec.get("storage")
    if storage is not None:
        volume = storage.get("persistentVolume") or _NOTHING
        claim = volume.get("persistentVolumeClaim")
        held.append(
            {"name": _STORAGE, "persistentVolumeClaim": {"claimName": claim}} if claim else volumes.empty(_STORAGE)
        )
        mounted.append(volumes.mount(_STORAGE, volume.get("mountPath") or paths["rag_data"]))
    guardrails: Object = spec.get("guardrails") or _NOTHING
    if guardrails.get("enabled"):
        given = (guardrails.get("configMapRef") or _NOTHING).get("name") or ""
        where = world.settings.rag_namespaces
        config = default_config.ensure(world, namespace, given, facts["guardrails_template"], where)
        key = facts["guardrails_key"]
        source = {"items": [{"key": key, "path": key}], "name": config["metadata"]["name"]}
        held.append({"configMap": source, "name": _GUARDRAILS})
        mounted.append(volumes.mount(_GUARDRAILS, paths["guardrails"], read_only=True))
    return held, mounted


def _resources(world: World, spec: Object) -> MutableObject:
    """GPUs for local embedding on a size that KAITO knows, nothing on one that it does not, else a little CPU."""
    instance_type = (spec.get("compute") or _NOTHING).get("instanceType")
    if spec["embedding"].get("local") is None or not instance_type:
        return {"requests": dict(world.controller["rag"]["requests"])}
    size = world.release.skus(world.settings.cloud).find(instance_type)
    if size is None:
        return {}
    count = str(size.gpus)
    return {"limits": {"nvidia.com/gpu": count}, "requests": {"nvidia.com/gpu": count}}
