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
_DIGEST = "contoso.azurecr.io/web@sha256:" + "a1" * 32
RICH = _object(
    "v1",
    "Pod",
    spec={
        "securityContext": {
            "runAsUser": 1000,
            "supplementalGroups": [1],
            "seccompProfile": {"type": "Localhost", "localhostProfile": "a/b.json"},
            "sysctls": [{"name": "net.ipv4.tcp_syncookies", "value": "1"}],
        },
        "schedulingGates": [{"name": "example.com/a"}],
        "resourceClaims": [{"name": "gpu", "resourceClaimTemplateName": "gpu"}],
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "zone",
                "whenUnsatisfiable": "DoNotSchedule",
                "labelSelector": {"matchLabels": {"a": "b"}},
                "matchLabelKeys": ["c"],
            }
        ],
        "affinity": {
            "podAntiAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    {
                        "topologyKey": "zone",
                        "labelSelector": {"matchExpressions": [{"key": "a", "operator": "Exists"}]},
                        "matchLabelKeys": ["c"],
                    }
                ]
            }
        },
        "volumes": [
            {"name": "disk", "persistentVolumeClaim": {"claimName": "disk"}},
            {"name": "tmp", "emptyDir": {}},
            {
                "name": "own",
                "ephemeral": {
                    "volumeClaimTemplate": {
                        "metadata": {"labels": {"a": "b"}},
                        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
                    }
                },
            },
            {"name": "model", "image": {"reference": _DIGEST, "pullPolicy": "IfNotPresent"}},
            {"name": "csi", "csi": {"driver": "secrets-store.csi.k8s.io"}},
        ],
        "initContainers": [
            {
                "name": "side",
                "image": "a",
                "restartPolicy": "Always",
                "lifecycle": {"preStop": {"sleep": {"seconds": 1}}},
            }
        ],
        "containers": [
            {
                "name": "web",
                "image": "a",
                "ports": [{"containerPort": 80}],
                "volumeDevices": [{"name": "disk", "devicePath": "/dev/x"}],
                "volumeMounts": [
                    {
                        "name": "tmp",
                        "mountPath": "/tmp",
                        "readOnly": True,
                        "recursiveReadOnly": "Enabled",
                        "subPathExpr": "$(A)",
                    }
                ],
                "resizePolicy": [{"resourceName": "cpu", "restartPolicy": "NotRequired"}],
                "env": [
                    {"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "limits.memory", "divisor": "1Mi"}}}
                ],
                "livenessProbe": {"tcpSocket": {"port": 80}, "terminationGracePeriodSeconds": 5},
                "resources": {
                    "claims": [{"name": "gpu"}],
                    "requests": {"cpu": "1", "hugepages-2Mi": "4Mi"},
                    "limits": {"hugepages-2Mi": "4Mi", "memory": "1Gi", "nvidia.com/gpu": "1"},
                },
            }
        ],
    },
)
RICH["metadata"]["annotations"] = {"controller.kubernetes.io/pod-deletion-cost": "5"}
INDEXED = _object(
    "batch/v1",
    "Job",
    spec={
        "completionMode": "Indexed",
        "completions": 5,
        "parallelism": 2,
        "backoffLimitPerIndex": 1,
        "maxFailedIndexes": 2,
        "podFailurePolicy": {
            "rules": [
                {"action": "FailIndex", "onExitCodes": {"containerName": "main", "operator": "In", "values": [1, 2]}}
            ]
        },
        "successPolicy": {"rules": [{"succeededIndexes": "0-2,4", "succeededCount": 2}]},
        "podReplacementPolicy": "Failed",
        "managedBy": "example.com/a",
        "template": patched(_TEMPLATE, {"spec": {"restartPolicy": "Never"}}),
    },
)
MEASURED = patched(
    SCALER,
    {
        "spec": {
            "metrics": [
                {
                    "type": "Resource",
                    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}},
                },
                {
                    "type": "Pods",
                    "pods": {"metric": {"name": "a"}, "target": {"type": "AverageValue", "averageValue": "5"}},
                },
                {"type": "External", "external": {"metric": {"name": "a"}, "target": {"type": "Value", "value": "5"}}},
            ],
            "behavior": {
                "scaleDown": {
                    "stabilizationWindowSeconds": 60,
                    "policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}],
                }
            },
        }
    },
)
DAEMONS = patched(
    DAEMONSET,
    {"spec": {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}}},
)
CLAIMING = patched(
    STATEFULSET,
    {
        "spec": {
            "ordinals": {"start": 1},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 1}},
            "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete", "whenScaled": "Retain"},
            "volumeClaimTemplates": [
                {
                    "metadata": {"name": "disk"},
                    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
                }
            ],
        }
    },
)
BALANCER = _object(
    "v1",
    "Service",
    spec={
        "type": "LoadBalancer",
        "loadBalancerClass": "example.com/a",
        "allocateLoadBalancerNodePorts": False,
        "ipFamilies": ["IPv4"],
        "trafficDistribution": "PreferClose",
        "ports": [{"port": 80, "appProtocol": "kubernetes.io/h2c"}],
    },
)
DISK = _object(
    "v1",
    "PersistentVolume",
    False,
    spec={
        "accessModes": ["ReadWriteOnce"],
        "capacity": {"storage": "1Gi"},
        "csi": {"driver": "a.b", "volumeHandle": "c"},
        "nodeAffinity": {
            "required": {"nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "Exists"}]}]}
        },
    },
)
CLASS = _object(
    "storage.k8s.io/v1",
    "StorageClass",
    False,
    provisioner="a.b",
    parameters={"a": "b"},
    allowedTopologies=[{"matchLabelExpressions": [{"key": "a", "values": ["b"]}]}],
)
KIND_OF_DISK = _object("storage.k8s.io/v1", "VolumeAttributesClass", False, driverName="a.b", parameters={"a": "b"})
DRIVER = _object(
    "storage.k8s.io/v1", "CSIDriver", False, spec={"fsGroupPolicy": "File", "volumeLifecycleModes": ["Persistent"]}
)
PRIORITY = _object("scheduling.k8s.io/v1", "PriorityClass", False, value=5)
HANDLER = _object("node.k8s.io/v1", "RuntimeClass", False, handler="a")
DOOR = _object(
    "networking.k8s.io/v1",
    "IngressClass",
    False,
    spec={"controller": "a.b/c", "parameters": {"kind": "a", "name": "b", "scope": "Namespace", "namespace": "c"}},
)
BOUNDS = _object(
    "v1",
    "LimitRange",
    spec={
        "limits": [
            {
                "type": "Container",
                "min": {"cpu": "1"},
                "defaultRequest": {"cpu": "2"},
                "default": {"cpu": "3"},
                "max": {"cpu": "4"},
            },
            {"type": "PersistentVolumeClaim", "max": {"storage": "1Gi"}},
            {"type": "Pod", "maxLimitRequestRatio": {"cpu": "2"}},
        ]
    },
)
QUOTA = _object(
    "v1",
    "ResourceQuota",
    spec={"hard": {"pods": "1", "requests.cpu": "1", "limits.memory": "1Gi"}, "scopes": ["NotTerminating"]},
)
COUNTING = _object(
    "v1",
    "ResourceQuota",
    spec={
        "hard": {
            "count/workspaces.kaito.sh": "5",
            "requests.nvidia.com/gpu": "5",
            "gold.storageclass.storage.k8s.io/requests.storage": "5Gi",
            "services.loadbalancers": "0",
        }
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
POLICY = _object(
    "admissionregistration.k8s.io/v1",
    "ValidatingAdmissionPolicy",
    False,
    spec={
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [
                {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}
            ]
        },
        "variables": [{"name": "a", "expression": "'(' + r'\\'"}],
        "matchConditions": [{"name": "a", "expression": "true"}],
        "validations": [{"expression": "variables.a != ''", "message": "no", "reason": "Invalid"}],
    },
)
BOUND = _object(
    "admissionregistration.k8s.io/v1",
    "ValidatingAdmissionPolicyBinding",
    False,
    spec={"policyName": "web", "validationActions": ["Deny", "Audit"]},
)
GOOD: tuple[Object, ...] = (
    CONFIGMAP, SECRET, SERVICE, DEPLOYMENT, STATEFULSET, DAEMONSET, REPLICASET, JOB, CRONJOB, POD, CLAIM, NAMESPACE, ACCOUNT,
    NETWORK, BUDGET, ROLE, BINDING, INGRESS, SCALER, RICH, INDEXED, MEASURED, DAEMONS, CLAIMING, BALANCER, DISK, CLASS, KIND_OF_DISK,
    DRIVER, PRIORITY, HANDLER, DOOR, BOUNDS, QUOTA, COUNTING, SLICE, POLICY, BOUND,
)  # fmt: skip
_WEB = "spec.containers.0"
# A path of an object, and the value there that the server refuses.
BAD_AT: tuple[tuple[Object, str, Any], ...] = (
    *((RICH, f"spec.{key}", value) for key, value in (
        ("hostnameOverride", "A_b"), ("nodeName", "a"), ("nodeName", "A_b"), ("runtimeClassName", "A_b"), ("priority", 5),
        ("overhead", {"cpu": "1"}), ("os", {"name": "windows"}), ("os", {"name": "beos"}), ("schedulingGates.0.name", "a b"),
        ("resourceClaims.0.resourceClaimName", "a"), ("resourceClaims", [{"name": "gpu"}]), ("resourceClaims.0.name", "other"),
        ("resources", {"limits": {"foo": "1"}}), ("resources", {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}),
        ("resources", {"limits": {"memory": "1Mi"}}), ("resources", {"requests": {"cpu": "100m"}}),
        ("securityContext.seccompProfile.localhostProfile", "../a"), ("securityContext.seccompProfile.localhostProfile", "/a"),
        ("securityContext.windowsOptions", {"gmsaCredentialSpecName": "A b"}), ("securityContext.windowsOptions", {"runAsUserName": ""}),
        ("securityContext.windowsOptions", {"hostProcess": True}), ("securityContext.appArmorProfile", {"type": "Localhost", "localhostProfile": "a" * 5000}),
        ("topologySpreadConstraints.0.labelSelector", None), ("topologySpreadConstraints.0.labelSelector.matchExpressions", [{"key": "a", "operator": "Foo"}]),
        ("affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.labelSelector", None),
        ("volumes.2.ephemeral.volumeClaimTemplate.metadata.name", "a"), ("volumes.3.image.reference", ""), ("volumes.4.csi.driver", "a_b!"),
        ("initContainers.0.restartPolicy", None),
    )),
    (RICH, "spec", {**RICH["spec"], "hostPID": True, "shareProcessNamespace": True}),
    (RICH, "spec", {**RICH["spec"], "hostNetwork": True, "hostnameOverride": "a"}),
    *((RICH, f"{_WEB}.{key}", value) for key, value in (
        ("restartPolicy", "Foo"), ("restartPolicyRules", [{"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}]),
        ("resizePolicy.0.resourceName", "foo"), ("resizePolicy.0.restartPolicy", "Foo"),
        ("resizePolicy", [{"resourceName": "cpu", "restartPolicy": "NotRequired"}] * 2), ("volumeDevices.0.name", "tmp"),
        ("volumeDevices.0.devicePath", ""), ("volumeMounts.0.readOnly", False), ("volumeMounts.0.recursiveReadOnly", "Foo"),
        ("volumeMounts.0.subPathExpr", "../a"), ("volumeMounts.0", {"name": "tmp", "mountPath": "/a", "mountPropagation": "Bidirectional"}),
        ("env.0.valueFrom.resourceFieldRef.divisor", "3"), ("env.0.valueFrom", {"fileKeyRef": {"volumeName": "x", "path": "a", "key": "A"}}),
        ("livenessProbe.terminationGracePeriodSeconds", 0), ("readinessProbe", {"tcpSocket": {"port": 80}, "terminationGracePeriodSeconds": 5}),
        ("resources.claims.0.name", "other"), ("resources.limits.hugepages-2Mi", "3Mi"), ("resources.limits.hugepages-2Mi", "8Mi"),
        ("resources", {"limits": {"hugepages-2Mi": "2Mi"}}), ("resources", {"limits": {"cpu": "1", "a/b/c": "1"}}),
        ("resources", {"limits": {"requests.nvidia.com/gpu": "1"}}), ("securityContext", {"procMount": "Unmasked"}),
        ("ports", [{"containerPort": 80, "hostPort": 80}, {"containerPort": 81, "hostPort": 80}]),
    )),
    *((RICH, "metadata.annotations", {key: value}) for key, value in (
        ("container.apparmor.security.beta.kubernetes.io/web", "foo"), ("container.apparmor.security.beta.kubernetes.io/other", "unconfined"),
        ("kubernetes.io/config.mirror", "x"), ("controller.kubernetes.io/pod-deletion-cost", "x"), ("seccomp.security.alpha.kubernetes.io/pod", "foo"),
    )),
    *((INDEXED, f"spec.{key}", value) for key, value in (
        ("completionMode", "NonIndexed"), ("parallelism", 200000), ("backoffLimitPerIndex", None), ("manualSelector", True),
        ("selector", {"matchLabels": {"a": "b"}}), ("managedBy", "foo"), ("podReplacementPolicy", "TerminatingOrFailed"),
        ("podFailurePolicy.rules", [{"action": "FailJob"}]), ("podFailurePolicy.rules.0.onExitCodes.values", [0]),
        ("podFailurePolicy.rules.0.onExitCodes.values", [2, 1]), ("podFailurePolicy.rules.0.onExitCodes.containerName", "other"),
        ("successPolicy.rules.0.succeededIndexes", "5-9"), ("successPolicy.rules.0.succeededIndexes", "2,1"),
        ("successPolicy.rules.0.succeededCount", 9), ("template.spec.restartPolicy", "OnFailure"),
    )),
    *((MEASURED, f"spec.{key}", value) for key, value in (
        ("metrics.0.type", "Foo"), ("metrics.0.resource", None), ("metrics.0.resource.target.averageUtilization", 0), ("metrics.0.resource.target.type", "Foo"),
         ("metrics.1.pods.metric.name", ""), ("behavior.scaleDown.policies.0.type", "Foo"),
        ("behavior.scaleDown.policies.0.value", 0), ("behavior.scaleDown.policies.0.periodSeconds", 5000), ("behavior.scaleDown.policies", []),
        ("behavior.scaleDown.stabilizationWindowSeconds", 5000), ("behavior.scaleDown.tolerance", "-1"),
    )),
    *((DAEMONS, "spec.updateStrategy.rollingUpdate", value) for value in ({"maxSurge": 1, "maxUnavailable": 1}, {"maxSurge": 0, "maxUnavailable": 0})),
    *((CLAIMING, f"spec.{key}", value) for key, value in (
        ("updateStrategy.type", "OnDelete"), ("updateStrategy.rollingUpdate.partition", -1), ("ordinals.start", -1),
        ("persistentVolumeClaimRetentionPolicy.whenDeleted", "Foo"), ("volumeClaimTemplates.0.spec.accessModes", []),
        ("volumeClaimTemplates.0.metadata.name", "A_"), ("template.spec.activeDeadlineSeconds", 5),
    )),
    *((one, "spec.template.spec.activeDeadlineSeconds", 5) for one in (DEPLOYMENT, DAEMONSET, REPLICASET)),
    (STATEFULSET, "metadata.name", "a.b"),
    *((BALANCER, f"spec.{key}", value) for key, value in (
        ("loadBalancerClass", "A B"), ("ipFamilies", ["IPv4", "IPv4"]), ("trafficDistribution", "Foo"), ("ports.0.appProtocol", "a b"),
        ("type", "ClusterIP"), ("clusterIPs", ["None", "10.0.0.1"]),
    )),
    (SERVICE, "spec.allocateLoadBalancerNodePorts", False),
    *((INGRESS, "spec.rules.0.http.paths.0.path", path) for path in ("//a", "/a/../b", "/a/./b", "/a%2f", "/a/..")),
    (INGRESS, "spec.tls", [{"hosts": ["a b"]}]),
    (INGRESS, "spec.ingressClassName", "A_b"),
    *((DISK, f"spec.{key}", value) for key, value in (
        ("csi", None), ("nfs", {"server": "a", "path": "/b"}), ("csi.volumeHandle", ""), ("nodeAffinity", {}), ("accessModes", []),
    )),
    (CLAIM, "spec.volumeAttributesClassName", "A_"),
    *((CLASS, key, value) for key, value in (("provisioner", ""), ("provisioner", "A B"), ("allowedTopologies.0.matchLabelExpressions.0.values", []), ("parameters", {"": "a"}))),
    *((KIND_OF_DISK, key, value) for key, value in (("parameters", {}), ("driverName", ""))),
    *((DRIVER, f"spec.{key}", value) for key, value in (("fsGroupPolicy", "Foo"), ("volumeLifecycleModes", ["Foo"]))),
    *((PRIORITY, key, value) for key, value in (("value", 2_000_000_000), ("metadata.name", "system-x"))),
    *((HANDLER, "handler", value) for value in ("A_b", "")),
    *((DOOR, f"spec.{key}", value) for key, value in (("controller", "A B"), ("parameters.namespace", None), ("parameters.scope", "Foo"))),
    *((BOUNDS, f"spec.limits.{key}", value) for key, value in (
        ("0.default.cpu", "5"), ("0.min.cpu", "5"), ("0.type", "Foo"), ("0.type", "Pod"), ("1.max", {"cpu": "1"}), ("2.maxLimitRequestRatio.cpu", "0"),
    )),
    *((QUOTA, f"spec.{key}", value) for key, value in (
        ("hard.pods", "-1"), ("hard.pods", "1500m"), ("hard", {"foo": "1"}), ("hard", {"a b": "1"}), ("hard.services", "1"), ("scopes", ["Foo"]),
        ("scopes", ["NotTerminating", "Terminating"]), ("scopes", ["BestEffort"]),
        ("scopeSelector", {"matchExpressions": [{"scopeName": "PriorityClass", "operator": "In"}]}),
    )),
    (COUNTING, "spec.hard", {"count/a b": "1"}),
    *((POLICY, f"spec.{key}", value) for key, value in (
        ("validations", []), ("validations.0.expression", "object.foo("), ("validations.0.expression", ""), ("validations.0.message", "a\nb"),
        ("validations.0.reason", "Foo"), ("variables.0.expression", "x("), ("variables.0.expression", "'a"), ("variables.0.name", "a-b"),
        ("matchConditions.0.name", "a b"), ("failurePolicy", "Foo"), ("paramKind", {"kind": "a", "apiVersion": "b/c/d"}),
        ("matchConstraints.resourceRules.0.operations", ["FOO"]), ("matchConstraints.resourceRules", []), ("auditAnnotations", [{"key": "a b", "valueExpression": "'x'"}]),
    )),
    *((BOUND, f"spec.{key}", value) for key, value in (
        ("validationActions", ["Foo"]), ("validationActions", []), ("validationActions", ["Deny", "Warn"]), ("policyName", ""),
        ("paramRef", {"name": "a", "selector": {}, "parameterNotFoundAction": "Deny"}), ("paramRef", {"name": "a"}),
    )),
    (NAMESPACE, "spec", {"finalizers": ["a b"]}),
    (patched(ROLE, {"kind": "ClusterRole", "metadata": {"namespace": None}}), "aggregationRule", {"clusterRoleSelectors": []}),
)  # fmt: skip

BAD: tuple[tuple[Object, Any], ...] = (
    (SLICE, {"addressType": "IPv6"}),
    (SLICE, {"addressType": "FQDN", "endpoints": [{"addresses": ["a_b"]}]}),
    (SLICE, {"endpoints": [{"addresses": ["127.0.0.1"]}]}),
    (SLICE, {"endpoints": [{"addresses": ["169.254.169.254"]}]}),
    (SLICE, {"endpoints": [{"addresses": ["224.0.0.1"]}]}),
    (SLICE, {"addressType": "Foo"}),
    (SLICE, {"addressType": "IPv6", "endpoints": [{"addresses": ["FD00::1"]}]}),
    (SLICE, {"addressType": "IPv6", "endpoints": [{"addresses": ["::ffff:1.2.3.4"]}]}),
    *((NETWORK, {"spec": {"egress": [{"to": [{"ipBlock": {"cidr": one}}]}]}}) for one in (
        "10.0.0.1/8", "010.0.0.0/8", "10.0.0.0/08", "10.0.0.0/33", "10.0.0.0", "::ffff:10.0.0.0/104", "fd00::1/64",
    )),
    (NETWORK, {"spec": {"egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.1/16"]}}]}]}}),
    (SERVICE, {"spec": {"type": "LoadBalancer", "loadBalancerSourceRanges": ["10.0.0.1/8"]}}),
    (SERVICE, {"spec": {"externalIPs": ["::ffff:1.2.3.4"]}}),
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
    for document, path, value in BAD_AT:
        yield _with(
            document, path.split(".") if not path.startswith("metadata.annotations") else path.split(".", 1), value
        )


def _with(document: Object, steps: list[str], value: Any) -> Object:
    """The object with a value at a path, or without it."""
    new = deepcopy(document)
    node: Any = new
    for step in steps[:-1]:
        node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})
    last: Any = int(steps[-1]) if isinstance(node, list) else steps[-1]
    if value is None:
        del node[last]
    else:
        node[last] = value
    return new
