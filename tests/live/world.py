"""Objects of a cluster as the controllers, the kubelet and Karpenter would write them, to put beside recorded ones."""

from typing import Any

T0 = "2026-11-21T07:00:00Z"
NOW = "2026-11-21T08:30:00Z"
Object = dict[str, Any]


def owner(obj: Object) -> list[Object]:
    return [{"apiVersion": obj["apiVersion"], "kind": obj["kind"], "name": obj["metadata"]["name"], "controller": True}]


def label_of(obj: Object) -> dict[str, str]:
    key = "kaito.sh/ragengine" if obj["kind"] == "RAGEngine" else "kaito.sh/workspace"
    return {key: obj["metadata"]["name"]}


def condition(kind: str, status: str = "True", reason: str = "", message: str = "", at: str = T0) -> Object:
    return {"type": kind, "status": status, "reason": reason or kind, "message": message, "lastTransitionTime": at}


def controller(obj: Object, kind: str = "StatefulSet", replicas: int = 1, ready: int = 0, **status: Any) -> Object:
    """What makes the pods of a workload."""
    key = "ragengine.kaito.io/revision" if obj["kind"] == "RAGEngine" else "workspace.kaito.io/revision"
    revision = status.pop("revision", obj["metadata"].get("annotations", {}).get(key, "1"))
    template = status.pop("template", {"metadata": {"labels": label_of(obj)}})
    full: dict[str, Any] = {
        "replicas": replicas,
        "readyReplicas": ready,
        "updatedReplicas": replicas,
        "observedGeneration": 1,
    }
    if kind == "StatefulSet":
        full |= {"currentRevision": "x-1", "updateRevision": "x-1"}
    spec: dict[str, Any] = {"replicas": replicas, "selector": {"matchLabels": label_of(obj)}, "template": template}
    if kind == "Job":
        full, spec = {}, {"backoffLimit": 6, "selector": {"matchLabels": label_of(obj)}, "template": template}
    return {
        "apiVersion": "batch/v1" if kind == "Job" else "apps/v1",
        "kind": kind,
        "metadata": {
            "name": obj["metadata"]["name"], "namespace": obj["metadata"]["namespace"], "generation": 1,
            "ownerReferences": owner(obj), "annotations": {key: revision}, "creationTimestamp": T0,
        },
        "spec": spec,
        "status": {**full, **status},
    }  # fmt: skip


RUNNING: Object = {"running": {"startedAt": T0}}


def ended(code: int, reason: str = "Error", message: str = "") -> Object:
    return {"exitCode": code, "reason": reason, "message": message, "startedAt": T0, "finishedAt": T0}


def waiting(reason: str, message: str = "") -> Object:
    return {"waiting": {"reason": reason, "message": message}}


def pod(
    obj: Object, state: Object | None = None, *, number: int = 0, ready: bool = False, restarts: int = 0,
    last: Object | None = None, node: str = "n1", ready_at: str = T0, phase: str = "Running", reason: str = "",
    message: str = "", made: str = T0, scheduled: Object | None = None, volumes: list[Object] | None = None, gpus: int = 1,
) -> Object:  # fmt: skip
    """A pod of a workload."""
    status: dict[str, Any] = {
        "phase": phase,
        "startTime": made,
        "conditions": [scheduled or condition("PodScheduled"), condition("Ready", str(ready), at=ready_at)],
        "containerStatuses": [
            {
                "name": "server",
                "ready": ready,
                "restartCount": restarts,
                "state": state or {},
                "lastState": {"terminated": last} if last else {},
            }
        ],
    }
    if reason:
        status |= {"reason": reason, "message": message}
    spec = {
        "containers": [{"name": "server", "resources": {"limits": {"nvidia.com/gpu": str(gpus)}}}],
        "volumes": volumes or [],
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{obj['metadata']['name']}-{number}", "namespace": obj["metadata"]["namespace"],
            "labels": label_of(obj), "creationTimestamp": made,
        },
        "spec": {**spec, **({"nodeName": node} if node else {})},
        "status": status,
    }  # fmt: skip


def node(
    name: str = "n1", *, ready: bool = True, gpus: int = 1, labels: dict[str, str] | None = None, at: str = T0
) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels or {}},
        "status": {
            "conditions": [condition("Ready", "True" if ready else "Unknown", "NodeStatusUnknown" if not ready else "", at=at)],
            "capacity": {"nvidia.com/gpu": str(gpus)} if gpus else {"cpu": "4"},
        },
    }  # fmt: skip


def claim(obj: Object, *conditions: Object, name: str = "", node_name: str = "", deleted: str = "") -> Object:
    """A NodeClaim of a workload's NodePool."""
    pool = f"{obj['metadata']['namespace']}-{obj['metadata']['name']}"
    labels = {"karpenter.sh/nodepool": pool} if obj["kind"] != "RAGEngine" else {
        "kaito.sh/ragengine": obj["metadata"]["name"], "kaito.sh/ragenginenamespace": obj["metadata"]["namespace"],
    }  # fmt: skip
    meta: dict[str, Any] = {"name": name or f"{pool}-x7k2p", "labels": labels, "creationTimestamp": T0}
    if deleted:
        meta["deletionTimestamp"] = deleted
    status = {
        "conditions": list(conditions) or [condition(one) for one in ("Launched", "Registered", "Initialized", "Ready")]
    }
    return {
        "apiVersion": "karpenter.sh/v1", "kind": "NodeClaim", "metadata": meta,
        "status": {**status, **({"nodeName": node_name} if node_name else {})},
    }  # fmt: skip


def pool(obj: Object, size: str = "Standard_NC24ads_A100_v4", *conditions: Object) -> Object:
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": f"{obj['metadata']['namespace']}-{obj['metadata']['name']}"},
        "spec": {"template": {"spec": {"requirements": [
            {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": [size]}]}}},
        "status": {"conditions": list(conditions)},
    }  # fmt: skip


def event(about: Object | tuple[str, str, str], reason: str, message: str, at: str = T0, count: int = 1) -> Object:
    kind, namespace, name = (
        about
        if isinstance(about, tuple)
        else (about["kind"], about["metadata"].get("namespace", ""), about["metadata"]["name"])
    )
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"name": f"{name}.{reason.lower()}", "namespace": namespace or "default"},
        "involvedObject": {"kind": kind, "namespace": namespace, "name": name},
        "reason": reason, "message": message, "lastTimestamp": at, "count": count, "type": "Warning",
    }  # fmt: skip


def service(obj: Object) -> Object:
    meta = {"name": obj["metadata"]["name"], "namespace": obj["metadata"]["namespace"]}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": meta,
        "spec": {"ports": [{"port": 80, "targetPort": 5000}]},
    }


def replica(parent: Object, recorded: Object, number: int = 0) -> Object:
    """A recorded Workspace as a replica of a set."""
    name = f"{parent['metadata']['name']}-{number:05d}"
    meta = {
        **recorded["metadata"], "name": name, "namespace": parent["metadata"]["namespace"], "ownerReferences": owner(parent),
        "labels": {"inferenceset.kaito.sh/created-by": parent["metadata"]["name"]},
    }  # fmt: skip
    return {**recorded, "metadata": meta}


def route(
    obj: Object, *conditions: Object, parent: Object | None = None, made: str = T0, host: str = "llm.example.org"
) -> Object:
    """The route to a workload, with what the Gateway's controller says of it."""
    reference = parent or {
        "group": "gateway.networking.k8s.io",
        "kind": "Gateway",
        "name": "edge",
        "namespace": "gateways",
    }
    told = {"parentRef": reference, "controllerName": "example.org/gateways", "conditions": list(conditions)}
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": obj["metadata"]["name"], "namespace": obj["metadata"]["namespace"], "creationTimestamp": made},
        "spec": {
            "parentRefs": [reference], "hostnames": [host],
            "rules": [{"backendRefs": [{"kind": "Service", "name": obj["metadata"]["name"], "port": 80}]}],
        },
        "status": {"parents": [told] if conditions else []},
    }  # fmt: skip


def gateway(*conditions: Object, address: str = "203.0.113.7") -> Object:
    """A Gateway of another namespace than the workloads'."""
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {"name": "edge", "namespace": "gateways", "creationTimestamp": T0},
        "spec": {"gatewayClassName": "example", "listeners": [{"name": "https", "port": 443, "protocol": "HTTPS"}]},
        "status": {
            "conditions": list(conditions) or [condition("Accepted"), condition("Programmed")],
            "addresses": [{"type": "IPAddress", "value": address}] if address else [],
        },
    }  # fmt: skip
