"""Objects of kinds that other projects define: wrong types and slips are told, what another release may have is not."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.gate.objects import put


def _object(api: str, kind: str, spec: str) -> str:
    return f"apiVersion: {api}\nkind: {kind}\nmetadata: {{name: c, namespace: models}}\nspec: {spec}\n"


_KEDA = (
    "{scaleTargetRef: {name: x}, %s, triggers: [{type: cron, metadata: "
    "{timezone: UTC, start: '0 8 * * *', end: '0 20 * * *', desiredReplicas: '2'}}]}"
)
_ARGO = (
    "{project: default, destination: {server: 'https://kubernetes.default.svc', namespace: models}, "
    "source: {repoURL: 'https://git.example.com/x.git', %s}}"
)
_FLUX = "{interval: 10m, prune: true, path: ., sourceRef: {kind: GitRepository, name: f}, %s}"
GATEWAY = "gateway.networking.k8s.io"
ROUTE, _APPLICATION = f"{GATEWAY}/v1", "argoproj.io/v1alpha1"
_KUSTOMIZE = "kustomize.toolkit.fluxcd.io/v1"


def _listener(*listeners: str) -> str:
    return f"{{gatewayClassName: x, listeners: [{', '.join(f'{{{one}}}' for one in listeners)}]}}"


_WEB = "name: a, port: 80, protocol: HTTP"
_CERTIFICATE = "tls: {certificateRefs: [{name: c}]}"
_TO = "backendRefs: [{name: s, port: 80}]"
_MOVED = "type: RequestRedirect, requestRedirect: {scheme: https}"
_SHORTER = "type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}"
GATEWAYS = (
    (_listener(f"{_WEB}, {_CERTIFICATE}"), "spec.listeners.0.tls must not be there for protocol HTTP"),
    (
        _listener("name: a, port: 443, protocol: HTTPS, tls: {mode: Passthrough}"),
        "must be Terminate for protocol HTTPS",
    ),
    (_listener("name: a, port: 443, protocol: TLS"), "spec.listeners.0.tls is missing"),
    (_listener("name: a, port: 443, protocol: HTTPS, tls: {}"), "names no certificate for mode Terminate"),
    (_listener("name: a, port: 90, protocol: TCP, hostname: a.example.com"), "hostname must not be there"),
    (_listener(_WEB, "name: a, port: 81, protocol: HTTP"), "is the name of another listener as well"),
    (_listener(_WEB, "name: b, port: 80, protocol: HTTP"), "is taken by another listener"),
)
ROUTES = (
    (
        f"{{rules: [{{timeouts: {{request: 10s, backendRequest: 1m}}, {_TO}}}]}}",
        "timeouts.backendRequest must not be longer than timeouts.request",
    ),
    (f"{{rules: [{{timeouts: {{request: 10 s}}, {_TO}}}]}}", "timeouts.request must be a length of time such as 10m"),
    (f"{{rules: [{{matches: [{{path: {{value: v1}}}}], {_TO}}}]}}", "path.value must begin with /"),
    (f"{{rules: [{{matches: [{{path: {{value: /v1//x}}}}], {_TO}}}]}}", "is no path that PathPrefix takes"),
    (f"{{rules: [{{filters: [{{{_MOVED}}}], {_TO}}}]}}", "must not be there beside a filter RequestRedirect"),
    (f"{{rules: [{{filters: [{{{_MOVED}}}, {{{_SHORTER}}}]}}]}}", "must not hold RequestRedirect and URLRewrite both"),
    (f"{{rules: [{{filters: [{{type: URLRewrite}}], {_TO}}}]}}", "urlRewrite is missing"),
    (
        f"{{rules: [{{filters: [{{type: URLRewrite, urlRewrite: {{hostname: a.b}}, requestMirror: "
        f"{{backendRef: {{name: s, port: 80}}}}}}], {_TO}}}]}}",
        "requestMirror must not be there in a filter URLRewrite",
    ),
    (
        f"{{rules: [{{matches: [{{path: {{value: /a}}}}, {{path: {{value: /b}}}}], filters: [{{{_SHORTER}}}], {_TO}}}]}}",
        "must match exactly one PathPrefix",
    ),
)
WELL = (
    (
        "Gateway",
        _listener(_WEB, f"name: b, port: 443, protocol: HTTPS, {_CERTIFICATE}", "name: c, port: 444, protocol: HTTPS"),
    ),
    (
        "Gateway",
        _listener(
            "name: a, port: 443, protocol: TLS, tls: {mode: Passthrough}", f"{_WEB.replace('name: a', 'name: b')}"
        ),
    ),
    (
        "HTTPRoute",
        f"{{rules: [{{timeouts: {{request: 2m, backendRequest: 90s}}, {_TO}}}, {{filters: [{{{_MOVED}}}]}}, {{matches: [{{path: {{value: /v1}}}}], filters: [{{{_SHORTER}}}], {_TO}}}]}}",
    ),
    ("HTTPRoute", f"{{rules: [{{matches: [{{path: {{type: RegularExpression, value: '[a-z]'}}}}], {_TO}}}]}}"),
)


def _pool(requirements: str, more: str = "") -> str:
    spec = f"nodeClassRef: {{group: karpenter.azure.com, kind: AKSNodeClass, name: a}}, requirements: [{requirements}]"
    return f"{{template: {{spec: {{{spec}}}}}{more}}}"


_CPUS = "key: karpenter.azure.com/sku-cpu"
POOLS = (
    (_pool(f"{{{_CPUS}, operator: Gt, values: ['8', '16']}}"), "values must be one whole number for operator Gt"),
    (_pool(f"{{{_CPUS}, operator: Lt, values: [many]}}"), "values must be one whole number for operator Lt"),
    (_pool(f"{{{_CPUS}, operator: In, values: []}}"), "values must hold a value for operator In"),
    (_pool(f"{{{_CPUS}, operator: In, values: ['8'], minValues: 2}}"), "minValues is 2, and there are 1 values"),
    (_pool("{key: kubernetes.io/hostname, operator: Exists}"), "key must not name kubernetes.io/hostname"),
    (_pool("{key: karpenter.sh/nodepool, operator: In, values: [a]}"), "key must not name karpenter.sh/nodepool"),
    (_pool("", ", disruption: {budgets: [{nodes: 150%}]}"), "spec.disruption.budgets.0.nodes must be of the form"),
    (_pool("", ", disruption: {budgets: [{nodes: '0', schedule: '@daily'}]}"), "budgets.0 has no duration"),
    ("{template: {spec: {expireAfter: 30d}}}", "expireAfter must be a length of time such as 10m"),
)
WELL += (
    (
        "NodePool",
        _pool(
            f"{{{_CPUS}, operator: Gt, values: ['8']}}, {{key: karpenter.sh/capacity-type, operator: In, values: [spot]}}"
        ),
    ),
    (
        "NodePool",
        "{template: {spec: {expireAfter: Never}}, disruption: {budgets: [{nodes: 10%, schedule: '@daily', duration: 8h}]}}",
    ),
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            _object(ROUTE, "HTTPRoute", "{rules: [{backendRefs: [{name: s, port: '80'}]}]}"),
            "spec.rules.0.backendRefs.0.port must be a whole number",
        ),
        (
            _object(ROUTE, "HTTPRoute", "{rules: [{backendRefs: [{name: s, port: 80, wieght: 3}]}]}"),
            "wieght is no field of spec.rules.backendRefs, so kubectl and GitOps tools refuse it; meant is weight?",
        ),
        (
            _object(ROUTE, "HTTPRoute", "{rules: [{matches: [{path: {type: Prefix, value: /v1}}]}]}"),
            "spec.rules.0.matches.0.path.type must be one of Exact, PathPrefix, RegularExpression",
        ),
        (_object("keda.sh/v1alpha1", "ScaledObject", _KEDA % "minReplicas: 1"), "meant is minReplicaCount?"),
        (_object("keda.sh/v1alpha1", "ScaledObject", _KEDA % "pollingInterval: 30s"), "must be a whole number"),
        (_object(_APPLICATION, "Application", _ARGO % "path: x, revision: main"), "meant is targetRevision?"),
        (_object(_KUSTOMIZE, "Kustomization", _FLUX % "dependOn: [{name: z}]"), "meant is dependsOn?"),
        (_object(_KUSTOMIZE, "Kustomization", _FLUX % "suspend: 'yes'"), "spec.suspend must be true or false"),
        (
            _object("helm.toolkit.fluxcd.io/v2", "HelmRelease", "{interval: 1m, chart: {specs: {chart: x}}}"),
            "meant is spec?",
        ),
        (
            _object("monitoring.coreos.com/v1", "PodMonitor", "{selector: {}, podMetricsEndpoint: [{port: http}]}"),
            "meant is podMetricsEndpoints?",
        ),
        (_object("karpenter.sh/v1", "NodePool", "{limit: {cpu: 10}}"), "meant is limits?"),
        (
            _object(_KUSTOMIZE, "Kustomization", _FLUX % "timeout: 5 minutes"),
            "timeout must be a length of time such as 10m",
        ),
        (_object(_KUSTOMIZE, "Kustomization", _FLUX % "retryInterval: 30"), "retryInterval must be text; quote it"),
        (
            _object(
                "source.toolkit.fluxcd.io/v1", "GitRepository", "{interval: 1m, url: 'git@git.example.com:x/y.git'}"
            ),
            "spec.url must be of the form ^(http|https|ssh)://.*$",
        ),
        *((_object("karpenter.sh/v1", "NodePool", spec), told) for spec, told in POOLS),
        *((_object(ROUTE, "Gateway", spec), told) for spec, told in GATEWAYS),
        *((_object(ROUTE, "HTTPRoute", spec), told) for spec, told in ROUTES),
    ],
)
def test_what_the_server_refuses(run: Run, tmp_path: Path, text: str, told: str) -> None:
    put(tmp_path, a=text)
    done = run("gate", ".", "--no-checkov")
    assert done.returncode in (1, 2)
    assert told in done.stdout


@pytest.mark.parametrize(
    "text",
    [
        _object(_KUSTOMIZE, "Kustomization", _FLUX % "newInSomeRelease: {a: b}"),
        _object(_KUSTOMIZE, "Kustomization", "{path: .}"),
        _object("keda.sh/v1alpha1", "ScaledObject", _KEDA % "maxReplicaCount: 3"),
        _object("keda.sh/v9", "ScaledObject", _KEDA % "minReplicas: 1"),
        _object(_APPLICATION, "Application", _ARGO % "chart: x, helm: {valuesObject: {any: {thing: [1]}}}"),
        _object(ROUTE, "Gateway", "{gatewayClassName: x, listeners: [{name: a, port: 80, protocol: example.com/own}]}"),
        _object(_KUSTOMIZE, "Kustomization", _FLUX % "timeout: 1h30m, retryInterval: 1.5m"),
        _object(
            "source.toolkit.fluxcd.io/v1",
            "GitRepository",
            "{interval: '${EVERY}', url: 'ssh://git@git.example.com/x.git'}",
        ),
        *(_object("karpenter.sh/v1" if kind == "NodePool" else ROUTE, kind, spec) for kind, spec in WELL),
    ],
)
def test_what_another_release_may_take(run: Run, tmp_path: Path, text: str) -> None:
    put(tmp_path, a=text)
    stdout = run("gate", ".", "--no-checkov").stdout
    assert "ADMISSION" not in stdout
    assert "FORM" not in stdout


_POOL = (
    "{template: {spec: {nodeClassRef: {group: karpenter.azure.com, kind: AKSNodeClass, name: default}, "
    "requirements: [{key: karpenter.sh/capacity-type, operator: In, values: [on-demand]}]}}}"
)
_RELEASE = "{interval: 1m, chart: {spec: {chart: a, version: 1.2.3, sourceRef: {kind: HelmRepository, name: r}}}}"
_DEFINITION = """\
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: nodepools.karpenter.sh}
spec:
  group: karpenter.sh
  names: {kind: NodePool, plural: nodepools}
  scope: Cluster
  versions: [{name: v1, served: %s, storage: true}, {name: v1beta1, served: %s, storage: false}]
"""


@pytest.mark.parametrize(
    ("given", "kind", "spec", "severity", "written"),
    [
        ("karpenter.sh/v1beta1", "NodePool", _POOL, "HIGH", "karpenter.sh/v1"),
        ("helm.toolkit.fluxcd.io/v2beta1", "HelmRelease", _RELEASE, "HIGH", "helm.toolkit.fluxcd.io/v2"),
        ("helm.toolkit.fluxcd.io/v2beta2", "HelmRelease", _RELEASE, "MEDIUM", "helm.toolkit.fluxcd.io/v2"),
        ("source.toolkit.fluxcd.io/v1beta1", "HelmRepository", "{interval: 1m, url: 'https://example.com'}", "HIGH",
         "source.toolkit.fluxcd.io/v1"),
        ("external-secrets.io/v1beta1", "ExternalSecret", "{secretStoreRef: {name: a}, data: []}", "HIGH",
         "external-secrets.io/v1"),
        (f"{GATEWAY}/v1alpha2", "HTTPRoute", f"{{rules: [{{{_TO}}}]}}", "HIGH", ROUTE),
    ],
)  # fmt: skip
def test_a_version_that_was_dropped(
    run: Run, tmp_path: Path, given: str, kind: str, spec: str, severity: str, written: str
) -> None:
    put(tmp_path, a=_object(given, kind, spec))
    stdout = run("gate", ".", "--no-checkov").stdout
    told = [line for line in stdout.splitlines() if f"names {given}, which" in line]
    assert [f"KAITOPS-REFERENCE {severity}:" in line for line in told] == [True], stdout
    assert told[0].endswith(f"; write {written}")
    put(tmp_path, a=_object(written, kind, spec))
    assert "dropped on" not in run("gate", ".", "--no-checkov").stdout


def test_what_a_definition_in_the_tree_serves_is_believed(run: Run, tmp_path: Path) -> None:
    def said(served: str, dropped: str, version: str) -> str:
        definition = _DEFINITION % (served, dropped)
        put(tmp_path, a=_object(f"karpenter.sh/{version}", "NodePool", _POOL) + definition)
        return run("gate", ".", "--no-checkov", "--accept-kind", "apiextensions.k8s.io/CustomResourceDefinition").stdout

    assert "KAITOPS-REFERENCE" not in said("true", "true", "v1beta1")
    assert "KAITOPS-REFERENCE" not in said("true", "false", "v1")
    told = "which the CustomResourceDefinition beside it does not serve, so no server takes the object; write karpenter"
    assert f"names version v1beta1, {told}.sh/v1" in said("true", "false", "v1beta1")
    assert f"names version v1, {told}.sh/v1beta1" in said("false", "true", "v1")
    # One of another cluster says that such a release is in use.
    put(tmp_path, a__a=_object("karpenter.sh/v1beta1", "NodePool", _POOL), b__b=_DEFINITION[4:] % ("true", "true"))
    put(tmp_path, a__kustomization="resources: [a.yaml]\n", b__kustomization="resources: [b.yaml]\n")
    assert "dropped on" not in run("gate", ".", "--no-checkov").stdout


def test_a_version_that_is_deprecated_passes_and_one_that_never_was_does_not(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=_object("karpenter.azure.com/v1alpha2", "AKSNodeClass", "{imageFamily: Ubuntu}"))
    run("gate", ".", "--no-checkov", code=0)
    put(tmp_path, a=_object("karpenter.azure.com/v1", "AKSNodeClass", "{imageFamily: Ubuntu}"))
    assert "write karpenter.azure.com/v1beta1" in run("gate", ".", "--no-checkov", code=2).stdout
