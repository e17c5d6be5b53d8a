"""Pod templates with faults put in, and what a real API server says of their pods.

Run as ``python -m tests.e2e.pod_templates`` to record the answers anew into ``tests/recordings/pods.jsonl.gz``;
``test_pod_templates.py`` asks the server again. The templates are ours, made from a seed.
"""

import copy
import gzip
import json
import random
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from tests.e2e.client import ApiError, Client
from tests.gate.native_objects import POD
from tests.policies.cases import patched
from tests.recorded import FOLDER

Object = dict[str, Any]
NAME = "pods"
FILE = FOLDER / f"{NAME}.jsonl.gz"
COUNT, SEED = 3000, 2406
SERVER: Object = {
    "name": "server",
    "image": "contoso.azurecr.io/serve:1.2",
    "imagePullPolicy": "IfNotPresent",
    "command": ["serve"],
    "workingDir": "/srv",
    "env": [
        {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
        {"name": "ROOM", "valueFrom": {"resourceFieldRef": {"containerName": "server", "resource": "limits.memory"}}},
        {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "t", "key": "token", "optional": True}}},
    ],
    "envFrom": [{"prefix": "A_", "configMapRef": {"name": "c"}}, {"secretRef": {"name": "s", "optional": True}}],
    "ports": [
        {"name": "http", "containerPort": 5000, "protocol": "TCP"},
        {"name": "metrics", "containerPort": 8080, "hostPort": 8080, "protocol": "TCP"},
    ],
    "resources": {
        "requests": {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": 1, "ephemeral-storage": "10Gi"},
        "limits": {"memory": "32Gi", "nvidia.com/gpu": 1},
    },
    "volumeMounts": [
        {"name": "weights", "mountPath": "/workspace/weights", "readOnly": True},
        {"name": "dshm", "mountPath": "/dev/shm"},
        {"name": "all", "mountPath": "/etc/all", "subPath": "a/b"},
        {"name": "scratch", "mountPath": "/scratch", "subPathExpr": "$(NODE)", "mountPropagation": "None"},
    ],
    "startupProbe": {"httpGet": {"path": "/health", "port": 5000, "scheme": "HTTP"}, "failureThreshold": 60},
    "readinessProbe": {"grpc": {"port": 5000, "service": "a"}, "successThreshold": 2, "timeoutSeconds": 5},
    "livenessProbe": {"exec": {"command": ["ok"]}, "initialDelaySeconds": 600, "terminationGracePeriodSeconds": 10},
    "lifecycle": {
        "postStart": {"httpGet": {"path": "/", "port": "http", "httpHeaders": [{"name": "X-A", "value": "b"}]}},
        "preStop": {"sleep": {"seconds": 5}},
    },
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
    "securityContext": {
        "runAsUser": 1000, "runAsGroup": 1000, "readOnlyRootFilesystem": True, "procMount": "Default",
        "seccompProfile": {"type": "RuntimeDefault"}, "capabilities": {"add": ["IPC_LOCK"], "drop": ["ALL"]},
    },
}  # fmt: skip
SIDE: Object = {
    "name": "side", "image": "contoso.azurecr.io/side:1", "restartPolicy": "Always", "tty": False, "stdin": False,
    "startupProbe": {"tcpSocket": {"port": 9000}}, "ports": [{"containerPort": 9000}],
    "resources": {"limits": {"cpu": "500m", "memory": "128Mi"}},
}  # fmt: skip
FETCH: Object = {
    "name": "fetch", "image": "contoso.azurecr.io/fetch:1", "args": ["--all"],
    "volumeMounts": [{"name": "weights", "mountPath": "/weights"}],
    "resources": {"requests": {"cpu": "1", "memory": "2Gi"}, "limits": {"cpu": "2", "memory": "2Gi"}},
}  # fmt: skip
_TERM: Object = {"labelSelector": {"matchLabels": {"app": "web"}}, "topologyKey": "kubernetes.io/hostname"}
SPEC: Object = {
    "restartPolicy": "Always",
    "initContainers": [FETCH, SIDE],
    "containers": [SERVER],
    "volumes": [
        {"name": "weights", "persistentVolumeClaim": {"claimName": "weights", "readOnly": False}},
        {"name": "dshm", "emptyDir": {"medium": "Memory", "sizeLimit": "8Gi"}},
        {
            "name": "all",
            "projected": {
                "defaultMode": 292,
                "sources": [
                    {"configMap": {"name": "c", "items": [{"key": "a", "path": "a/b", "mode": 420}]}},
                    {"secret": {"name": "s", "optional": True}},
                    {"serviceAccountToken": {"path": "token", "audience": "a", "expirationSeconds": 3600}},
                    {"downwardAPI": {"items": [{"path": "n", "fieldRef": {"fieldPath": "metadata.name"}}]}},
                ],
            },
        },
        {
            "name": "scratch",
            "ephemeral": {
                "volumeClaimTemplate": {
                    "spec": {
                        "accessModes": ["ReadWriteOnce"], "storageClassName": "disks",
                        "resources": {"requests": {"storage": "200Gi"}},
                    }
                }
            },
        },
        {"name": "conf", "configMap": {"name": "c", "defaultMode": 420, "items": [{"key": "k", "path": "p"}]}},
        {"name": "key", "secret": {"secretName": "s", "items": [{"key": "k", "path": "p"}], "optional": True}},
        {"name": "blob", "csi": {"driver": "blob.csi.azure.com", "volumeAttributes": {"containerName": "w"}}},
        {"name": "host", "hostPath": {"path": "/mnt", "type": "DirectoryOrCreate"}},
        {"name": "share", "nfs": {"server": "files.example.com", "path": "/w", "readOnly": True}},
        {"name": "about", "downwardAPI": {"items": [{"path": "l", "fieldRef": {"fieldPath": "metadata.labels"}}]}},
    ],
    "nodeSelector": {"node.kubernetes.io/instance-type": "Standard_NC24ads_A100_v4"},
    "tolerations": [
        {"key": "sku", "operator": "Equal", "value": "gpu", "effect": "NoSchedule"},
        {"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300},
    ],
    "affinity": {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [
                    {
                        "matchExpressions": [{"key": "apps", "operator": "In", "values": ["phi", "psi"]}],
                        "matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node-1"]}],
                    }
                ]
            },
            "preferredDuringSchedulingIgnoredDuringExecution": [
                {"weight": 10, "preference": {"matchExpressions": [{"key": "cores", "operator": "Gt", "values": ["8"]}]}}
            ],
        },
        "podAntiAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": [_TERM],
            "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": _TERM}],
        },
        "podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{**_TERM, "namespaces": ["team"]}]},
    },
    "topologySpreadConstraints": [
        {
            "maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": {"app": "web"}},
        }
    ],
    "securityContext": {
        "runAsNonRoot": True, "runAsUser": 1000, "fsGroup": 1000, "fsGroupChangePolicy": "OnRootMismatch",
        "supplementalGroups": [100], "sysctls": [{"name": "net.core.somaxconn", "value": "1024"}],
        "seccompProfile": {"type": "Localhost", "localhostProfile": "p.json"},
    },
    "hostAliases": [{"ip": "10.0.0.1", "hostnames": ["files.example.com"]}],
    "dnsPolicy": "None",
    "dnsConfig": {"nameservers": ["10.0.0.10"], "searches": ["example.com"], "options": [{"name": "ndots", "value": "2"}]},
    "hostname": "web", "subdomain": "models",
    "imagePullSecrets": [{"name": "pull"}],
    "serviceAccountName": "default", "automountServiceAccountToken": False,
    "terminationGracePeriodSeconds": 60, "activeDeadlineSeconds": 3600,
    "shareProcessNamespace": False, "enableServiceLinks": False, "readinessGates": [{"conditionType": "example.com/up"}],
    "schedulerName": "default-scheduler", "preemptionPolicy": "PreemptLowerPriority",
}  # fmt: skip
RICH = patched(POD, {"metadata": {"labels": {"app": "web"}, "annotations": {"a/b": "c"}}, "spec": SPEC})
PLAIN = patched(POD, {"metadata": {"labels": {"app": "web"}}})
_VALUES: tuple[Any, ...] = (
    None, "", "x", "A_b", "a b", "a/b", "/", "../a", 0, -1, 1, 7, 70000, 4294967296, True, False, [], {}, ["x"], [""],
    {"a": "b"}, {"a b": "c"}, "5%", "1Gi", "-1", "500m", "1.5", "http", "a" * 64, "a" * 300, "a.b", "10.0.0.1", "None",
    "Exists", "Gt", "Always", "Never", "UDP", "Memory", "NoSchedule", "Localhost", "Bidirectional", "metadata.uid",
    "limits.cpu", "kubernetes.io/hostname",
)  # fmt: skip
_KEYS = ("labels", "annotations")


def mutations() -> Iterator[tuple[Object, str]]:
    """Pods, and what was changed in each."""
    draw = random.Random(SEED)
    made = 0
    while made < COUNT:
        pod = copy.deepcopy(draw.choice((RICH, RICH, RICH, PLAIN)))
        said = [_change(draw, pod) for _ in range(draw.choice((1, 1, 1, 2)))]
        if pod.get("metadata", {}).get("name") and isinstance(pod.get("spec"), dict):
            made += 1
            yield pod, "; ".join(said)


def _change(draw: random.Random, pod: Object) -> str:
    places: list[tuple[Any, Any, str]] = []

    def walk(node: Any, path: str) -> None:
        keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        for key in keys:
            if path != ".metadata" or key in _KEYS:
                places.append((node, key, f"{path}.{key}"))
            walk(node[key], f"{path}.{key}")

    walk(
        {"metadata": {key: pod["metadata"].get(key) for key in _KEYS if key in pod["metadata"]}, "spec": pod["spec"]},
        "",
    )
    # Places deep within are many: each depth gets its turn.
    depth = draw.randint(2, 9)
    chosen = [one for one in places if one[2].count(".") == depth] or [one for one in places if one[2].count(".") > 1]
    node, key, path = draw.choice(chosen)
    way = draw.randrange(8)
    if way == 0:
        del node[key]
        return f"without {path}"
    if way == 1 and isinstance(node, list):
        node.append(copy.deepcopy(node[key]))
        return f"twice {path}"
    if way == 2 and isinstance(node[key], dict):
        node[key]["bogus"] = "x"
        return f"bogus in {path}"
    if way == 3:
        # A value that stands elsewhere under the same name, which is of the right type.
        other = [each for each in places if each[2].rpartition(".")[2] == str(key) and each[0] is not node]
        if other and not isinstance(key, int):
            there = draw.choice(other)
            node[key] = copy.deepcopy(there[0][there[1]])
            return f"{path} as {there[2]}"
    if way == 4 and isinstance(node[key], (str, int)) and not isinstance(node[key], bool):
        alike = [one for one in _VALUES if type(one) is type(node[key])]
        node[key] = draw.choice(alike)
        return f"{path} = {node[key]!r}"[:90]
    node[key] = copy.deepcopy(draw.choice(_VALUES))
    return f"{path} = {node[key]!r}"[:90]


def answer(client: Client, pod: Object) -> Object:
    """What the server says of a pod."""
    try:
        client.create(pod, dry_run=True, validation="Strict")
    except ApiError as error:
        return {"accepted": False, "fields": error.fields, "message": error.message[:500]}
    try:
        client.apply(pod, dry_run=True)
    except ApiError as error:
        return {"accepted": True, "applied": False, "message": error.message[:500]}
    return {"accepted": True, "applied": True}


def record(client: Client) -> list[Object]:
    """All of them with their answers."""
    return [
        {"id": number, "pod": pod, "changed": changed, **answer(client, pod)}
        for number, (pod, changed) in enumerate(mutations())
    ]


def main() -> None:
    """Write the recording."""
    from tests.e2e.assets import find
    from tests.e2e.cluster import Cluster

    with Cluster(find()) as cluster, closing(cluster.client()) as client:
        client.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "native"}})
        for one in (RICH, PLAIN):
            assert answer(client, one) == {"accepted": True, "applied": True}, answer(client, one)
        rows = record(client)
    lines = "".join(f"{json.dumps(row, sort_keys=True, separators=(',', ':'))}\n" for row in rows)
    FILE.write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    print(f"{len(rows)} pods, {sum(not row['accepted'] for row in rows)} refused")


if __name__ == "__main__":
    main()
