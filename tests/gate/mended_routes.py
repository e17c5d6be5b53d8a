"""Routes and Ingresses that lead to nobody, and addresses that differ from a Service of the tree by a slip."""

from tests.gate.mended import Case, edited
from tests.gate.objects import ASKING_ENGINE, INFERENCE_SET, WORKSPACE

_GATEWAY = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: models, namespace: team}
spec:
  gatewayClassName: istio
  listeners:
  - name: https
    port: 443
    protocol: HTTPS
    hostname: "*.example.com"
    tls: {certificateRefs: [{name: cert}]}
    allowedRoutes: {namespaces: {from: Same}}
"""
_ROUTE = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: phi, namespace: team}
spec:
  parentRefs: [{name: models, sectionName: https, port: 443}]
  hostnames: [phi.example.com]
  rules:
  - matches: [{path: {type: PathPrefix, value: /v1}}]
    backendRefs: [{name: phi, port: 80}]
"""
_CALLS = """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: calls, namespace: team}
spec:
  parentRefs: [{name: models, sectionName: https}]
  hostnames: [calls.example.com]
  rules: [{backendRefs: [{name: phi, port: 80}]}]
"""
_ROUTED = WORKSPACE + _GATEWAY + _ROUTE
_POOLED = INFERENCE_SET + _GATEWAY + _ROUTE.replace(
    "{name: phi, port: 80}", "{group: inference.networking.k8s.io, kind: InferencePool, name: phi-inferencepool}"
)  # fmt: skip
_GRANT = """\
---
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: routes, namespace: models}
spec:
  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: team}]
  to: [{group: "", kind: Service}]
"""
_ACROSS = _ROUTED.replace("  namespace: team\nresource", "  namespace: models\nresource") + _GRANT
_ACROSS = _ACROSS.replace("{name: phi, port: 80}", "{name: phi, namespace: models, port: 80}")
_SHARED = _ROUTED.replace("{name: models, namespace: team}", "{name: models, namespace: gateway}").replace(
    "{name: models, sectionName", "{name: models, namespace: gateway, sectionName"
)
_SHARED = _SHARED.replace("from: Same", "from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: team}}")
_INGRESS = (
    WORKSPACE
    + """\
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: phi, namespace: team}
spec:
  ingressClassName: nginx
  tls: [{hosts: [phi.example.com], secretName: cert}]
  rules:
  - host: phi.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: phi, port: {number: 80}}}}]}
"""
)
_ENGINE = f"{WORKSPACE}---\n{ASKING_ENGINE}".replace("phi.team.svc", "phi")
_BACKEND = "backendRefs: [{name: phi, port: 80}]"

_SECURE = (
    _ROUTED.replace("name: cert", "name: edge")
    + """\
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: edge, namespace: team}
spec:
  secretStoreRef: {name: vault, kind: ClusterSecretStore}
  data: [{secretKey: tls.crt, remoteRef: {key: crt}}, {secretKey: tls.key, remoteRef: {key: key}}]
"""
)
_MADE = (
    _INGRESS.replace("secretName: cert", "secretName: edge")
    + """\
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: edge, namespace: team}
spec: {secretName: edge, dnsNames: [phi.example.com], issuerRef: {name: ca}}
"""
)
_NOTED = _INGRESS.replace(
    "{name: phi, namespace: team}", "{name: phi, namespace: team, annotations: {cert-manager.io/cluster-issuer: ca}}"
)
CASES: dict[str, Case] = {
    "a certificate without its key": edited(
        _SECURE, "{secretKey: key, remote", "{secretKey: tls.key, remote", "Secret edge has no key tls.key"
    ),
    "a certificate by a slip": edited(_SECURE, "[{name: egde}]", "[{name: edge}]", "meant is edge?"),
    "a certificate that is made under another name": edited(_MADE, "secretName: egde}]", "secretName: edge}]", "meant is edge?"),
    "a certificate that is made in another namespace": edited(
        _MADE, "{name: edge, namespace: other}", "{name: edge, namespace: team}", "in namespace other alone, where nothing of team"
    ),
    "a route to what has no weight": edited(
        _ROUTED, "port: 80, weight: 0}", "port: 80}", "gives weight 0 to all that the rule leads to", "give one"
    ),
    "route to a slip": edited(_ROUTED, "backendRefs: [{name: phii, port: 80}]", _BACKEND, "Service phii", "meant is phi?"),
    "route to a port": edited(_ROUTED, "backendRefs: [{name: phi, port: 5000}]", _BACKEND, "asks port 5000", "has 80,"),
    "route to a set": Case(INFERENCE_SET + _GATEWAY + _ROUTE, _POOLED, ("KAITO makes none of the name of InferenceSet",)),
    "route to a pool as its set is called": edited(
        _POOLED, "name: phi}]", "name: phi-inferencepool}]", "KAITO calls the pool phi-inferencepool"
    ),
    "route to another namespace": edited(_ACROSS, "[{name: phi, port: 80}]", "[{name: phi, namespace: models, port: 80}]", "it is in models"),
    "route without a grant": Case(_ACROSS.replace(_GRANT, ""), _ACROSS, ("has no ReferenceGrant for a HTTPRoute of team",)),
    "grant to another namespace": edited(_ACROSS, "namespace: web}]", "namespace: team}]", "has no ReferenceGrant"),
    "grant of another kind": edited(_ACROSS, "kind: Secret}]", "kind: Service}]", "has no ReferenceGrant"),
    "gateway by a slip": edited(_ROUTED, "{name: model, sectionName", "{name: models, sectionName", "meant is models?"),
    "gateway of another namespace": edited(
        _SHARED, "{name: models, sectionName", "{name: models, namespace: gateway, sectionName", "write namespace: gateway"
    ),
    "listener": edited(_ROUTED, "sectionName: http,", "sectionName: https,", "sectionName is http", "has https"),
    "port of a listener": edited(_ROUTED, "port: 80}]\n  host", "port: 443}]\n  host", "listens on 443"),
    "gateway that takes no other namespace": edited(
        _SHARED, "from: Same", "from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: team}}",
        "take no HTTPRoute of namespace team",
    ),
    "calls to a slip": edited(WORKSPACE + _GATEWAY + _CALLS, "{name: phii, port", "{name: phi, port", "Service phii", "meant is phi?"),
    "calls to a port without a login": edited(WORKSPACE + _GATEWAY + _CALLS, "port: 8265}]", "port: 80}]", "port 8265 takes commands", count=1),
    "host": edited(_ROUTED, "hostnames: [phi.example.org]", "hostnames: [phi.example.com]", "*.example.com"),
    "route without a port": edited(_ROUTED, "backendRefs: [{name: phi}]", _BACKEND, "no port of it, which the server refuses", "port: 80"),
    "route at a listener of another protocol": edited(
        _ROUTED, "protocol: TLS", "protocol: HTTPS", "whose listeners take no HTTPRoute", "name a listener of protocol HTTP"
    ),
    "ingress to a slip": edited(_INGRESS, "service: {name: ph,", "service: {name: phi,", "meant is phi?"),
    "ingress to a port": edited(_INGRESS, "{number: 5000}", "{number: 80}", "asks port 5000 of Service team/phi"),
    "ingress to a name of a port": edited(_INGRESS, "{name: web}", "{number: 80}", "asks port web", "which has http"),
    "engine to a slip": edited(_ENGINE, "http://phii/v1", "http://phi/v1", "Service phii", "meant is phi?"),
}  # fmt: skip
FINE: dict[str, str] = {
    "a certificate that is asked for by a note": _NOTED,
    "a certificate with more forms": _MADE.replace("issuerRef", "additionalOutputFormats: [{type: CombinedPEM}], issuerRef"),
    "elsewhere": _ROUTED.replace("name: phi, port: 80", "name: gemma, port: 80"),
    "another version": _ROUTED.replace("name: phi\n  namespace", "name: phi-3\n  namespace").replace(
        "name: phi, port: 80", "name: phi-4, port: 80"
    ),
    "another size": _ENGINE.replace("name: phi\n", "name: phi-a\n").replace("http://phi/", "http://phi-b/"),
    "calls": WORKSPACE + _GATEWAY + _CALLS,
    "gateway elsewhere": _ROUTED.replace("{name: models, sectionName", "{name: edge, namespace: ingress, sectionName"),
    "all hosts": _ROUTED.replace('    hostname: "*.example.com"\n', "").replace("phi.example.com", "x.example.org"),
    "namespace by a label that is not known": _SHARED.replace("kubernetes.io/metadata.name: team", "shared: 'yes'"),
    "mesh": _ROUTED.replace("[{name: models, sectionName: https, port: 443}]", "[{group: '', kind: Service, name: phi}]"),
    "ingress by the name of the port": _INGRESS.replace("{number: 80}", "{name: http}"),
    "a Service of another namespace alone": _ENGINE.replace("http://phi/", "http://phi.team/"),
}  # fmt: skip
"""What has nothing against it: names of what the tree does not hold."""
