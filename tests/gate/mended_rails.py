"""What quotas, ranges and network policies of a namespace keep from pods, claims, Services and whoever asks a model."""

from tests.gate.mended import Case, edited
from tests.gate.objects import SERVICE, SERVING, WORKSPACE

_SPLIT = """\
apiVersion: kaito.sh/v1alpha1
kind: MultiRoleInference
metadata: {name: split, namespace: team}
spec:
  labelSelector: {matchLabels: {apps: split}}
  model: {name: phi-4-mini-instruct}
  roles:
  - {type: prefill, replicas: 1, instanceType: Standard_NC24ads_A100_v4}
  - {type: decode, replicas: 1, instanceType: Standard_NC24ads_A100_v4}
"""
_WIDE = WORKSPACE.replace("phi-4-mini-instruct", "deepseek-v3-0324").replace(
    "NC24ads_A100_v4", "ND96isr_H100_v5"
)  # fmt: skip
_OUTSIDE = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: phi, namespace: team}
spec:
  parentRefs: [{name: models, namespace: gateways}]
  rules: [{backendRefs: [{name: phi, port: 80}]}]
"""
_INGRESS = """\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: phi, namespace: team}
spec:
  rules:
  - {host: a.example.com, http: {paths: [{path: /docs, pathType: Exact, backend: {service: {name: web, port: {number: 80}}}}]}}
"""
_BALANCED = SERVICE.replace("metadata: {", "metadata: {annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: 'true'}, ").replace(
    "spec: {", "spec: {type: LoadBalancer, "
)  # fmt: skip
_DISK = "{accessModes: [ReadWriteOnce], resources: {requests: {storage: 50Gi}}}"
_KEPT = (
    SERVING.replace("kind: Deployment", "kind: StatefulSet").replace(
        "spec:\n  selector", "spec:\n  replicas: 2\n  selector"
    )
    + f"""\
        volumeMounts: [{{name: index, mountPath: /index}}]
  volumeClaimTemplates: [{{metadata: {{name: index}}, spec: {_DISK}}}]
"""
)
_SHORT = SERVING + f"      volumes: [{{name: a, ephemeral: {{volumeClaimTemplate: {{spec: {_DISK}}}}}}}]\n"
_WIDEST = """\
---
apiVersion: v1
kind: LimitRange
metadata: {name: disks, namespace: team}
spec: {limits: [{type: PersistentVolumeClaim, max: {storage: 50Gi}}]}
"""
_CLAIM = """\
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: weights, namespace: team}
spec: {accessModes: [ReadWriteMany], storageClassName: azurefile, resources: {requests: {storage: 100Gi}}}
"""
_FIRST = SERVING.replace(
    "      containers:\n",
    "      initContainers: [{name: first, image: 'contoso.azurecr.io/web:1.0.0@sha256:"
    + "a1" * 32
    + "', securityContext: "
    "{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}, "
    "resources: {requests: {cpu: '1', memory: 1Gi}, limits: {memory: 1Gi}}}]\n      containers:\n",
)
_PORTED = SERVING + "        ports: [{containerPort: 8080}]\n"


def _quota(hard: str, more: str = "") -> str:
    return (
        "---\napiVersion: v1\nkind: ResourceQuota\nmetadata: {name: q, namespace: team}\n"
        f"spec: {{hard: {{{hard}}}{more}}}\n"
    )


def _policy(ingress: str) -> str:
    return (
        "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: shut, namespace: team}\n"
        f"spec: {{podSelector: {{}}, policyTypes: [Ingress], ingress: [{ingress}]}}\n"
    )


_NAMED = "scopeSelector: {matchExpressions: [{scopeName: PriorityClass, operator: In, values: [gold]}]}"
_GOLD = SERVING.replace("      containers:\n", "      priorityClassName: gold\n      containers:\n")
_RANGE = (
    "---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: r, namespace: team}\n"
    "spec: {limits: [{type: Container, max: {memory: 4Gi}}]}\n"
)
_OWN = "{from: [{podSelector: {matchLabels: {kaito.sh/workspace: phi}}}]}"
_LET_IN = "{ports: [{port: 5000}]}"

_CALLING = SERVING + '        env: [{name: OPENAI_BASE_URL, value: "http://phi.team.svc/v1"}]\n---\n' + WORKSPACE
_FOR_CALLERS = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: phi, namespace: team}
spec:
  podSelector: {matchLabels: {kaito.sh/workspace: phi}}
  policyTypes: [Ingress]
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5000}]}]
"""
_OUT_TO_MODELS = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: team}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress:
  - {ports: [{port: 53}, {port: 53, protocol: UDP}]}
  - {to: [{podSelector: {matchLabels: {kaito.sh/workspace: phi}}}], ports: [{port: 5000}]}
"""
_FILLING = _RANGE.replace("max: {memory: 4Gi}", "default: {cpu: 2, memory: 4Gi}")
_SCALED = """\
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: team}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 4
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
"""
_SHUT = (
    "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: shut, namespace: team}\n"
    "spec: {podSelector: {}, policyTypes: [Egress], egress: [NAMES{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]}\n"
)
_ASKED = "{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}, "
_FETCHING = SERVING.replace("image: contoso.azurecr.io/web:1.0.0", "image: vllm/vllm-openai:v0.25.1") + (
    "        args: [--model, microsoft/Phi-4-mini-instruct]\n"
)
CASES: dict[str, Case] = {
    "a limit that a range gives below the request": edited(
        SERVING + _FILLING, "default: {cpu: 500m, memory: 4Gi}", "default: {cpu: 2, memory: 4Gi}",
        "gives container web a limit of 500m of cpu, and it asks for 1, which the server refuses", "write a limit of cpu",
    ),
    "as many pods as a scaler keeps": edited(
        SERVING + _SCALED + _quota("pods: 2"), "pods: 1", "pods: 2", "1 of pods, and its workloads ask for 2"
    ),
    "names that the own namespace alone is asked for": edited(
        WORKSPACE + _SHUT.replace("NAMES", _ASKED), "podSelector: {}}], ports: [{port: 53", "namespaceSelector: {}}], ports: [{port: 53",
        "names (port 53) cannot be reached",
    ),
    "weights of a server of one's own": edited(
        _FETCHING + _SHUT.replace("NAMES", _ASKED), "port: 80}", "port: 443}", "the weights (port 443) cannot be reached"
    ),
    "who asks a model at the port of its Service": edited(
        _CALLING + _FOR_CALLERS, "ports: [{port: 80}]", "ports: [{port: 5000}]", "not these pods, which ask Workspace team/phi (port 5000)"
    ),
    "who asks a model under another label": edited(
        _CALLING + _FOR_CALLERS, "{app: ui}}}], ports", "{app: web}}}], ports", "NetworkPolicy phi lets nobody in but some"
    ),
    "who asks a model and is not let out": edited(
        _CALLING + _OUT_TO_MODELS, "ports: [{port: 80}]", "ports: [{port: 5000}]",
        "lets its pods out and not to Workspace team/phi, which they ask (port 5000)",
    ),
    "GPUs of a pod with a helper beside the server": edited(
        _SPLIT + _quota("requests.nvidia.com/gpu: '2'"), "gpu: '1'", "gpu: '2'", "workloads ask for 2"
    ),
    "a container before the others that asks for nothing": edited(
        _FIRST + _quota("requests.cpu: '8'"), "resources: {limits: {memory: 1Gi}}}]",
        "resources: {requests: {cpu: '1', memory: 1Gi}, limits: {memory: 1Gi}}}]", "names no requests of cpu",
    ),
    "a container before the others beyond a range": edited(
        _FIRST + _RANGE, "{requests: {cpu: '1', memory: 8Gi}, limits: {memory: 8Gi}}}]",
        "{requests: {cpu: '1', memory: 1Gi}, limits: {memory: 1Gi}}}]", "container first has more",
    ),
    "room on the disks of machines": edited(
        SERVING.replace('cpu: "1"', 'ephemeral-storage: 20Gi, cpu: "1"') + _quota("requests.ephemeral-storage: 30Gi"),
        "ephemeral-storage: 8Gi", "ephemeral-storage: 30Gi", "workloads ask for 20Gi",
    ),
    "pods that end at no time": edited(
        WORKSPACE + _quota("pods: 1", ", scopes: [NotTerminating]"), "pods: 0", "pods: 1", "0 of pods"
    ),
    "pods of a priority": edited(_GOLD + _quota("pods: 1", f", {_NAMED}"), "pods: 0", "pods: 1", "0 of pods"),
    "claims that come with pods": edited(
        _KEPT + _quota("persistentvolumeclaims: 2"), "claims: 1", "claims: 2", "1 of persistentvolumeclaims", "that its pods are given"
    ),
    "sizes of claims that come with pods": edited(
        _KEPT + _quota("requests.storage: 100Gi"), "storage: 99Gi", "storage: 100Gi", "99Gi of requests.storage"
    ),
    "disks that live as long as their pods": edited(
        _SHORT + _quota("persistentvolumeclaims: 1"), "claims: 0", "claims: 1", "0 of persistentvolumeclaims"
    ),
    "a claim of pods beyond a range": edited(
        _KEPT + _WIDEST, "max: {storage: 49Gi}", "max: {storage: 50Gi}", "allows claims of 49Gi at most"
    ),
    "the sizes of claims": edited(
        SERVING + _CLAIM + _quota("requests.storage: 200Gi"), "storage: 50Gi", "storage: 200Gi", "50Gi of requests.storage"
    ),
    "claims of a class": edited(
        SERVING + _CLAIM + _quota("azurefile.storageclass.storage.k8s.io/persistentvolumeclaims: 1"),
        "claims: 0", "claims: 1", "0 of azurefile.storageclass.storage.k8s.io/persistentvolumeclaims",
    ),
    "load balancers": edited(
        _PORTED + _BALANCED + _quota("services.loadbalancers: 1"), "balancers: 0", "balancers: 1", "of services.loadbalancers",
    ),
    "nodes of one model that do not reach each other": edited(
        _WIDE + _policy(f"{_OWN}, {_LET_IN}"), f"[{_LET_IN}]", f"[{_OWN}, {_LET_IN}]", "not the model's other nodes (port 6379)"
    ),
    "sides of a split model that do not reach each other": edited(
        _SPLIT + _policy("{from: [{podSelector: {}}]}"), "[{ports: [{port: 8080}]}]", "[{from: [{podSelector: {}}]}]",
        "not the decoding pods (port 5000)",
    ),
    "a route to a model that nobody may ask": edited(
        WORKSPACE + _OUTSIDE + _policy(_LET_IN), "port: 80}", "port: 5000}", "lets nobody in there at port 5000"
    ),
    "an Ingress to pods that nobody may ask": edited(
        _PORTED + SERVICE + _INGRESS + _policy("{ports: [{port: 8080}]}"), "ingress: []", "ingress: [{ports: [{port: 8080}]}]",
        "lets nobody in there at port 8080",
    ),
}  # fmt: skip
FINE: dict[str, str] = {
    "no way out for who only answers": SERVING + _SHUT.replace("[NAMES", "[").replace("port: 443", "port: 80"),
    "no way out for whose weights are there": _FETCHING.replace("args: [--model, microsoft/Phi", "args: [--model, /models/Phi")
    + _SHUT.replace("NAMES", "").replace("port: 443", "port: 80"),
    "a limit that a range gives above the request": SERVING + _FILLING,
    "who asks a model and is let in": _CALLING + _FOR_CALLERS + _OUT_TO_MODELS,
    "a quota of GPUs without the word that counts": WORKSPACE + _quota("nvidia.com/gpu: '0'"),
    "a quota of pods of another priority": _GOLD.replace("gold", "silver") + _quota("pods: 0", f", {_NAMED}"),
    "a quota of pods that end": WORKSPACE + _quota("pods: 0", ", scopes: [Terminating]"),
    "load balancers that are others' ports": _PORTED + SERVICE + _quota("services.loadbalancers: 0, services.nodeports: 0"),
}  # fmt: skip
"""What has nothing against it."""
