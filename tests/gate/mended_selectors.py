"""Selectors of monitors, budgets and pools that take nothing, ports that what they take has not, addresses behind Services."""

from tests.gate.mended import Case, edited
from tests.gate.objects import ENGINE, SERVING, WORKSPACE

_POD_MONITOR = """\
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: models, namespace: monitoring}
spec:
  namespaceSelector: {matchNames: [team]}
  selector: {matchLabels: {kaito.sh/workspace: phi}}
  podMetricsEndpoints: [{port: http}]
"""
_FRONT = """\
---
apiVersion: v1
kind: Service
metadata: {name: front, namespace: team, labels: {app: models-front}}
spec: {selector: {kaito.sh/workspace: phi}, ports: [{name: http, port: 80, targetPort: 5000}]}
"""
_SERVICE_MONITOR = """\
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: models, namespace: monitoring}
spec:
  namespaceSelector: {matchNames: [team]}
  selector: {matchLabels: {app: models-front}}
  endpoints: [{port: http}]
"""
_BUDGET = """\
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: guard, namespace: team}
spec: {maxUnavailable: 1, selector: {matchLabels: {kaito.sh/workspace: phi}}}
"""
_POOL = """\
---
apiVersion: inference.networking.k8s.io/v1
kind: InferencePool
metadata: {name: models, namespace: team}
spec:
  selector: {matchLabels: {kaito.sh/workspace: phi}}
  targetPorts: [{number: 5000}]
  endpointPickerRef: {name: picker, port: {number: 9002}}
---
apiVersion: v1
kind: Service
metadata: {name: picker, namespace: team}
spec: {selector: {app: picker}, ports: [{port: 9002}]}
"""
_OLD_POOL = _POOL.replace("networking.k8s.io/v1", "networking.x-k8s.io/v1alpha2").replace(
    "{matchLabels: {kaito.sh/workspace: phi}}\n  targetPorts: [{number: 5000}]",
    "{kaito.sh/workspace: phi}\n  targetPortNumber: 5000",
).replace("endpointPickerRef: {name: picker, port: {number: 9002}}", "extensionRef: {name: picker, portNumber: 9002}")  # fmt: skip
_OUTSIDE = """\
---
apiVersion: v1
kind: Service
metadata: {name: outside, namespace: team}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: outside-1, namespace: team, labels: {kubernetes.io/service-name: outside}}
addressType: IPv4
endpoints: [{addresses: [10.1.2.3]}]
ports: [{name: http, port: 8000}]
"""
_PODS, _SERVICES = WORKSPACE + _POD_MONITOR, WORKSPACE + _FRONT + _SERVICE_MONITOR
_HELD = (
    WORKSPACE + "---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: held, namespace: team}\n"
    "spec: {podSelector: {matchLabels: {kaito.sh/workspace: phi}}, policyTypes: [Ingress], ingress: [{ports: [{port: 5000}]}]}\n"
)
_GUARDED, _POOLED, _BEHIND = WORKSPACE + _BUDGET, WORKSPACE + _POOL, WORKSPACE + _OUTSIDE
_WEB_GUARDED = SERVING + _BUDGET.replace("name: guard", "name: web").replace("kaito.sh/workspace: phi", "app: web")
_ENGINE_READ = ENGINE + _POD_MONITOR.replace("kaito.sh/workspace: phi", "kaito.sh/ragengine: rag").replace(
    "{port: http}", "{targetPort: 5000}"
)
_LABEL, _FRONTED = "{kaito.sh/workspace: phi}", "matchLabels: {app: models-front}"

_ENTERED = (
    SERVING
    + """\
        ports: [{name: http, containerPort: 8080}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: team}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{ports: [{port: http}]}]}
"""
)
CASES: dict[str, Case] = {
    "a policy for a port by a slip": edited(_ENTERED, "port: htpt}", "port: http}", "is htpt, which no port of the pods", "meant is http?"),
    "pods by a slip": edited(_PODS, "{kaito.sh/workspace: phii}", _LABEL, "selects kaito.sh/workspace=phii", "have kaito.sh/workspace=phi; write that"),
    "pods by the labels of their nodes": edited(_PODS, "{apps: phi}", _LABEL, "by which Workspace team/phi selects its nodes", "have kaito.sh/workspace=phi"),
    "pods of another namespace": edited(_PODS, "", "  namespaceSelector: {matchNames: [team]}\n", "in namespace monitoring", "matchNames: [team]"),
    "pods of a namespace by a slip": edited(_PODS, "[taem]", "[team]", "in namespace taem", "matchNames: [team]"),
    "a port that the pods have not": edited(_PODS, "port: metrics", "port: http", "is metrics, and no port of the pods of Workspace team/phi", "write http"),
    "a port of pods without names": edited(_ENGINE_READ, "{port: http}", "{targetPort: 5000}", "is http, and no port of the pods", "write targetPort: 5000"),
    "Services by a slip": edited(_SERVICES, "matchLabels: {app: model-front}", _FRONTED, "no Service of the tree has that", "app=models-front; write that"),
    "Services of KAITO's": Case(
        WORKSPACE + _SERVICE_MONITOR.replace("app: models-front", "kaito.sh/workspace: phi"), _PODS,
        ("KAITO gives its Services none; write a PodMonitor",),
    ),
    "Services of a namespace by a slip": edited(_SERVICES, "[teams]", "[team]", "labels of Service front in team", "matchNames: [team]"),
    "a port that the Service has not": edited(_SERVICES, "endpoints: [{port: metrics}]", "endpoints: [{port: http}]", "Service team/front has http", "write http"),
    "a budget by a slip": edited(_GUARDED, "{kaito.sh/workspace: ph}", _LABEL, "so it guards nothing", "write that"),
    "a budget by the labels of nodes": edited(_GUARDED, "{apps: phi}", _LABEL, "so it guards nothing", "selects its nodes"),
    "a budget of a workload's name": edited(_WEB_GUARDED, "matchLabels: {app: api}}}\n", "matchLabels: {app: web}}}\n", "Deployment team/web have app=web"),
    "a policy of a network by the labels of nodes": edited(
        _HELD, "{matchLabels: {apps: phi}}", "{matchLabels: {kaito.sh/workspace: phi}}", "so it holds nobody", "selects its nodes"
    ),
    "a budget of another namespace": edited(_GUARDED, "name: guard, namespace: web", "name: guard, namespace: team", "declare it in team"),
    "a pool by a slip": edited(_POOLED, "{matchLabels: {kaito.sh/workspace: hpi}}", f"{{matchLabels: {_LABEL}}}", "so it leads to nobody"),
    "a pool of its first version by a slip": edited(WORKSPACE + _OLD_POOL, "selector: {kaito.sh/workspace: hpi}\n  targetPort", "selector: {kaito.sh/workspace: phi}\n  targetPort", "so it leads to nobody"),
    "a port of a pool": edited(_POOLED, "number: 8000", "number: 5000", "is 8000, and the pods of Workspace team/phi open 5000"),
    "a port of a pool of its first version": edited(WORKSPACE + _OLD_POOL, "Number: 8000", "Number: 5000", "is 8000, and the pods"),
    "a picker by a slip": edited(_POOLED, "Ref: {name: pickr", "Ref: {name: picker", "meant is picker?"),
    "a port of a picker": edited(_POOLED, "{name: picker, port: {number: 9003}}", "{name: picker, port: {number: 9002}}", "asks port 9003"),
    "addresses of a Service by a slip": edited(_BEHIND, "service-name: outsde", "service-name: outside", "names Service outsde", "meant is outside?"),
    "addresses of another port": edited(_BEHIND, "[{name: web, port: 8000}]", "[{name: http, port: 8000}]", "has ports web, and Service team/outside has ports http"),
}  # fmt: skip
FINE: dict[str, str] = {
    "a policy for a port of others": _ENTERED.replace("port: http}", "port: metrics}"),
    "a monitor of pods": _PODS,
    "a monitor of all namespaces": _PODS.replace("{matchNames: [team]}", "{any: true}"),
    "a monitor of pods elsewhere": _PODS.replace("kaito.sh/workspace: phi}", "app: gemma}").replace("port: http", "port: web"),
    "a monitor of another version": _PODS.replace("name: phi\n", "name: phi-3\n").replace("workspace: phi}", "workspace: phi-4}"),
    "a monitor of all pods": _PODS.replace("matchLabels: {kaito.sh/workspace: phi}", "").replace("port: http", "port: web"),
    "a monitor of a mesh": _PODS.replace("port: http", "port: http-envoy-prom"),
    "a monitor of pods by an expression": _PODS.replace(
        "matchLabels: {kaito.sh/workspace: phi}", "matchExpressions: [{key: kaito.sh/workspace, operator: In, values: [phii]}]"
    ),
    "a monitor of Azure's": _PODS.replace("monitoring.coreos", "azmonitoring.coreos"),
    "a monitor of labels that others have as well": SERVING + _POD_MONITOR.replace("kaito.sh/workspace: phi", "app: web"),
    "a monitor of Services": _SERVICES,
    "a monitor of Services elsewhere": _SERVICES.replace("matchLabels: {app: models-front}", "matchLabels: {app: gateway}"),
    "a monitor of a port by number": _SERVICES.replace("endpoints: [{port: http}]", "endpoints: [{targetPort: 5000}]"),
    "a budget": _GUARDED,
    "a policy of all pods": _HELD.replace("{matchLabels: {kaito.sh/workspace: phi}}", "{}"),
    "a policy of what is elsewhere": _HELD.replace("kaito.sh/workspace: phi", "app: web"),
    "a budget of what is elsewhere": _GUARDED.replace("{kaito.sh/workspace: phi}}}\n", "{app: web}}}\n"),
    "a budget of a workload": _WEB_GUARDED,
    "a pool": _POOLED,
    "a pool of its first version": WORKSPACE + _OLD_POOL,
    "a pool whose picker is elsewhere": _POOLED.replace("{name: picker, port", "{name: models-epp, port"),
    "a pool of two ports": _POOLED.replace("{number: 5000}]", "{number: 5000}, {number: 5001}]"),
    "addresses behind a Service": _BEHIND,
    "addresses behind a Service elsewhere": _BEHIND.replace("service-name: outside", "service-name: database"),
    "addresses behind one port without a name": _BEHIND.replace("{name: http, port: 80", "{port: 80").replace("{name: http, port: 8", "{port: 8"),
    "addresses that name no Service": _BEHIND.replace(", labels: {kubernetes.io/service-name: outside}", ""),
}  # fmt: skip
"""What has nothing against it: it takes what the tree has, or what the tree need not hold."""
