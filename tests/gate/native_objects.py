"""Objects of Kubernetes' own kinds that its API server takes, and changes that it refuses."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests.policies.cases import patched

Object = dict[str, Any]
_RBAC = "rbac.authorization.k8s.io"
_BOX: Object = {
    "name": "main",
    "image": "contoso.azurecr.io/web:1.0",
    "command": ["serve"],
    "args": ["--port", "80"],
    "env": [{"name": "A", "value": "1"}, {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "c", "key": "k"}}}],
    "ports": [{"name": "http", "containerPort": 80, "protocol": "TCP"}],
    "resources": {
        "requests": {"cpu": "1", "memory": "1Gi"},
        "limits": {"cpu": "2", "memory": "2Gi", "nvidia.com/gpu": "1"},
    },
    "volumeMounts": [{"name": "data", "mountPath": "/data"}],
    "livenessProbe": {"httpGet": {"path": "/", "port": "http"}, "periodSeconds": 10},
    "readinessProbe": {"tcpSocket": {"port": 80}},
    "lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}},
    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True},
}
_SPEC: Object = {
    "containers": [_BOX],
    "initContainers": [{"name": "first", "image": "contoso.azurecr.io/first:1"}],
    "volumes": [{"name": "data", "emptyDir": {"sizeLimit": "1Gi"}}, {"name": "conf", "configMap": {"name": "c"}}],
    "tolerations": [{"key": "sku", "operator": "Equal", "value": "gpu", "effect": "NoSchedule"}],
    "affinity": {
        "nodeAffinity": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
                "nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}]
            }
        }
    },
    "terminationGracePeriodSeconds": 30,
    "serviceAccountName": "default",
}
_TEMPLATE: Object = {"metadata": {"labels": {"app": "web"}}, "spec": _SPEC}
_SELECTOR: Object = {"matchLabels": {"app": "web"}}
_JOB: Object = {"backoffLimit": 1, "template": patched(_TEMPLATE, {"spec": {"restartPolicy": "Never"}})}


def _object(version: str, kind: str, namespaced: bool = True, **parts: Any) -> Object:
    metadata = {"name": "web"} | ({"namespace": "native"} if namespaced else {})
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **deepcopy(parts)}


CONFIGMAP = _object("v1", "ConfigMap", data={"a.yaml": "x"}, binaryData={"b": "aGk="})
SECRET = _object("v1", "Secret", type="kubernetes.io/tls", stringData={"tls.crt": "a", "tls.key": "b"})
SERVICE = _object(
    "v1",
    "Service",
    spec={
        "type": "ClusterIP",
        "selector": {"app": "web"},
        "ports": [{"name": "http", "port": 80, "targetPort": "http"}, {"name": "more", "port": 81, "targetPort": 8081}],
    },
)
DEPLOYMENT = _object(
    "apps/v1",
    "Deployment",
    spec={
        "replicas": 1,
        "selector": _SELECTOR,
        "template": _TEMPLATE,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": "25%"}},
    },
)
STATEFULSET = _object(
    "apps/v1", "StatefulSet", spec={"serviceName": "web", "selector": _SELECTOR, "template": _TEMPLATE}
)
DAEMONSET = _object("apps/v1", "DaemonSet", spec={"selector": _SELECTOR, "template": _TEMPLATE})
REPLICASET = _object("apps/v1", "ReplicaSet", spec={"selector": _SELECTOR, "template": _TEMPLATE})
JOB = _object("batch/v1", "Job", spec=_JOB)
CRONJOB = _object("batch/v1", "CronJob", spec={"schedule": "0 3 * * *", "jobTemplate": {"spec": _JOB}})
POD = _object("v1", "Pod", spec=_SPEC)
CLAIM = _object(
    "v1",
    "PersistentVolumeClaim",
    spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
)
NAMESPACE = _object("v1", "Namespace", False)
ACCOUNT = _object("v1", "ServiceAccount", automountServiceAccountToken=False)
NETWORK = _object(
    "networking.k8s.io/v1",
    "NetworkPolicy",
    spec={
        "podSelector": _SELECTOR,
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [
            {"from": [{"podSelector": {"matchLabels": {"a": "b"}}}], "ports": [{"port": 80, "protocol": "TCP"}]}
        ],
        "egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}]}],
    },
)
BUDGET = _object("policy/v1", "PodDisruptionBudget", spec={"minAvailable": 1, "selector": _SELECTOR})
ROLE = _object(f"{_RBAC}/v1", "Role", rules=[{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}])
BINDING = _object(
    f"{_RBAC}/v1",
    "RoleBinding",
    roleRef={"apiGroup": _RBAC, "kind": "Role", "name": "web"},
    subjects=[{"kind": "ServiceAccount", "name": "default", "namespace": "native"}],
)
INGRESS = _object(
    "networking.k8s.io/v1",
    "Ingress",
    spec={
        "rules": [
            {
                "host": "a.example.com",
                "http": {
                    "paths": [
                        {
                            "path": "/",
                            "pathType": "Prefix",
                            "backend": {"service": {"name": "web", "port": {"number": 80}}},
                        }
                    ]
                },
            }
        ]
    },
)
SCALER = _object(
    "autoscaling/v2",
    "HorizontalPodAutoscaler",
    spec={
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "minReplicas": 1,
        "maxReplicas": 2,
    },
)
SLICE = _object(
    "discovery.k8s.io/v1", "EndpointSlice", addressType="IPv4",
    ports=[{"name": "http", "port": 80, "protocol": "TCP", "appProtocol": "http"}, {"name": "grpc", "port": 81}],
    endpoints=[
        {"addresses": ["10.0.0.4"], "conditions": {"ready": True}, "hostname": "one", "nodeName": "gpu-1", "zone": "1"},
        {"addresses": ["10.0.0.5"], "hints": {"forZones": [{"name": "1"}], "forNodes": [{"name": "gpu-1"}]}},
    ],
)  # fmt: skip
GOOD: tuple[Object, ...] = (
    CONFIGMAP, SECRET, SERVICE, DEPLOYMENT, STATEFULSET, DAEMONSET, REPLICASET, JOB, CRONJOB, POD, CLAIM, NAMESPACE, ACCOUNT,
    NETWORK, BUDGET, ROLE, BINDING, INGRESS, SCALER, SLICE,
)  # fmt: skip

BAD: tuple[tuple[Object, Any], ...] = (
    (SLICE, {"addressType": "IPv6"}),
    (SLICE, {"addressType": "FQDN", "endpoints": [{"addresses": ["a_b"]}]}),
    (SLICE, {"endpoints": [{"addresses": ["127.0.0.1"]}]}),
    (SLICE, {"endpoints": [{"addresses": ["010.0.0.1"]}]}),
    (SLICE, {"endpoints": [{"addresses": []}]}),
    (SLICE, {"endpoints": [{"addresses": ["10.0.0.1"], "hostname": "a.b"}]}),
    (SLICE, {"endpoints": [{"addresses": ["10.0.0.1"], "nodeName": "A_b"}]}),
    (SLICE, {"endpoints": [{"addresses": ["10.0.0.1"]}] * 1001}),
    (SLICE, {"ports": [{"port": 1}, {"port": 2}]}),
    (SLICE, {"ports": [{"name": "a.b", "port": 1}]}),
    (SLICE, {"ports": [{"port": 1, "appProtocol": "a b"}]}),
    (CONFIGMAP, {"metadata": {"name": "A_b"}}),
    (CONFIGMAP, {"metadata": {"name": "a/b"}}),
    (CONFIGMAP, {"metadata": {"labels": {"a b": "c"}}}),
    (CONFIGMAP, {"metadata": {"labels": {"a": "b c"}}}),
    (CONFIGMAP, {"metadata": {"annotations": {"a/b/c": "d"}}}),
    (CONFIGMAP, {"metadata": {"annotations": {"a": "b" * (257 << 10)}}}),
    (CONFIGMAP, {"data": {"a/b": "c"}}),
    (CONFIGMAP, {"data": {"..": "c"}}),
    (CONFIGMAP, {"data": {"big": "x" * ((1 << 20) + 1)}}),
    (CONFIGMAP, {"binaryData": {"a.yaml": "aGk="}}),
    (CONFIGMAP, {"spec": {}}),
    (SECRET, {"stringData": {"tls.key": None}}),
    (SECRET, {"type": "kubernetes.io/dockerconfigjson"}),
    (SECRET, {"type": "kubernetes.io/dockerconfigjson", "stringData": {".dockerconfigjson": "{"}}),
    (SECRET, {"type": "kubernetes.io/basic-auth"}),
    (SECRET, {"type": "kubernetes.io/ssh-auth"}),
    (SECRET, {"type": "kubernetes.io/service-account-token"}),
    (SERVICE, {"metadata": {"name": "a.b"}}),
    (SERVICE, {"spec": {"ports": None}}),
    (SERVICE, {"spec": {"ports": [{"port": 0}]}}),
    (SERVICE, {"spec": {"ports": [{"port": 80}, {"port": 81}]}}),
    (SERVICE, {"spec": {"ports": [{"port": 80, "name": "a"}, {"port": 80, "name": "b"}]}}),
    (SERVICE, {"spec": {"ports": [{"port": 80, "nodePort": 30080}]}}),
    (SERVICE, {"spec": {"ports": [{"port": 80, "targetPort": "no_name"}]}}),
    (SERVICE, {"spec": {"ports": [{"port": 80, "protocol": "tcp"}]}}),
    (SERVICE, {"spec": {"type": "Public"}}),
    (SERVICE, {"spec": {"type": "NodePort", "clusterIP": "None"}}),
    (SERVICE, {"spec": {"type": "ExternalName"}}),
    (SERVICE, {"spec": {"externalIPs": ["127.0.0.1"]}}),
    (SERVICE, {"spec": {"loadBalancerSourceRanges": ["10.0.0.0/8"]}}),
    (SERVICE, {"spec": {"externalTrafficPolicy": "Local"}}),
    (DEPLOYMENT, {"apiVersion": "apps/v1beta1"}),
    (DEPLOYMENT, {"spec": {"replicas": -1}}),
    (DEPLOYMENT, {"spec": {"selector": None}}),
    (DEPLOYMENT, {"spec": {"selector": {"matchLabels": {"app": "other"}}}}),
    (DEPLOYMENT, {"spec": {"strategy": {"type": "Recreate"}}}),
    (DEPLOYMENT, {"spec": {"strategy": {"rollingUpdate": {"maxUnavailable": 0}}}}),
    (DEPLOYMENT, {"spec": {"template": {"spec": {"containers": []}}}}),
    (DEPLOYMENT, {"spec": {"template": {"spec": {"restartPolicy": "Never"}}}}),
    (DEPLOYMENT, {"spec": {"template": {"spec": {"volumes": None}}}}),
    (DEPLOYMENT, {"spec": {"template": {"spec": {"containers": [{"name": "A", "image": "a"}]}}}}),
    (DEPLOYMENT, {"spec": {"template": {"spec": {"containers": [{"name": "a"}]}}}}),
    (DEPLOYMENT, {"spec": {"templat": {}}}),
    (STATEFULSET, {"spec": {"template": {"metadata": None}}}),
    (JOB, {"spec": {"template": {"spec": {"restartPolicy": None}}}}),
    (CRONJOB, {"spec": {"schedule": "at noon"}}),
    (CRONJOB, {"spec": {"timeZone": "Europe/Berln"}}),
    (CRONJOB, {"spec": {"timeZone": "Local"}}),
    (CRONJOB, {"metadata": {"name": "a" * 53}}),
    (POD, {"spec": {"containers": [_BOX, _BOX]}}),
    (POD, {"spec": {"ephemeralContainers": [{"name": "d", "image": "d"}]}}),
    (CLAIM, {"spec": {"accessModes": []}}),
    (CLAIM, {"spec": {"resources": {"requests": {"storage": "0"}}}}),
    (NAMESPACE, {"metadata": {"name": "a.b"}}),
    (NETWORK, {"spec": {"ingress": [{"from": [{}]}]}}),
    (NETWORK, {"spec": {"egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0"}}]}]}}),
    (BUDGET, {"spec": {"maxUnavailable": 1}}),
    (BUDGET, {"spec": {"minAvailable": "150%"}}),
    (ROLE, {"rules": [{"apiGroups": [""], "resources": ["pods"]}]}),
    (BINDING, {"roleRef": {"kind": "Roll"}}),
    (BINDING, {"kind": "ClusterRoleBinding", "metadata": {"namespace": None}, "roleRef": {"kind": "ClusterRole"}, "subjects": [{"kind": "ServiceAccount", "name": "a"}]}),
    (INGRESS, {"spec": {"rules": None}}),
    (SCALER, {"spec": {"minReplicas": 3}}),
    (SCALER, {"spec": {"minReplicas": 0}}),
)  # fmt: skip


def bad() -> Iterator[Object]:
    """Each refused object."""
    for document, patch in BAD:
        yield patched(document, patch)
