"""What somebody writes who knows a rule and wants to get past it, and what looks like it and is harmless."""

from dataclasses import replace

from kaitops.policies.rule import Config
from tests.policies.cases import (
    BOX,
    CM,
    CUSTOM,
    DEPLOY,
    DIGEST,
    IS,
    MRI,
    PLAIN,
    SVC,
    TUNE,
    WS,
    Case,
    box,
    case,
    meta,
    patched,
    pod,
)

_LB, _BYPASS = "kaito.sh/enablelb", "kaito.sh/bypass-resource-checks"
_FLAG = "--trust-remote-code"
_CORE = f"{pod(CUSTOM)}.containers.0"


def _handed(notes: dict) -> dict:
    return {"spec": {"template": {"metadata": {"annotations": notes}}}}


def _run(patch: dict, *at: str) -> Case:
    return case(16, CUSTOM, box(CUSTOM, patch), *(f"{_CORE}.{path}" for path in at))


def _env(*pairs: tuple[str, str]) -> list[dict]:
    return [{"name": name, "value": value} for name, value in pairs]


def _secure(value: dict, *at: str, rule: int = 36) -> Case:
    return case(
        rule, CUSTOM, box(CUSTOM, {"securityContext": value}), *(f"{_CORE}.securityContext.{one}" for one in at)
    )


def _pod(value: dict, *at: str) -> Case:
    return case(
        36, CUSTOM, box(CUSTOM, {}, securityContext=value), *(f"{pod(CUSTOM)}.securityContext.{one}" for one in at)
    )


def _service(spec: dict, notes: dict | None = None) -> dict:
    return {"metadata": {"annotations": notes or {}}, "spec": spec}


def _vllm(key: str, value: str = "x") -> dict:
    return {"data": {"inference_config.yaml": f"vllm:\n  {key}: {value}\n"}}


def _url(text: str) -> dict:
    return {"tuning": {"input": {"urls": [text]}}}


_HOSTS = Config(dataset_hosts=("data.contoso.com",))
_BASELINE = [
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP",
    "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
]  # fmt: skip
_SYSCTLS = [
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem",
]  # fmt: skip
_SELINUX = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"]
_ARMOR = "container.apparmor.security.beta.kubernetes.io/main0"
_PV = {
    "apiVersion": "v1",
    "kind": "PersistentVolume",
    "metadata": {"name": "disk"},
    "spec": {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "csi": {"driver": "d", "volumeHandle": "h"},
    },
}
_INGRESS = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": meta("web"), "spec": {}}
_CALLS = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "GRPCRoute", "metadata": meta("web"), "spec": {}}
_OF = "kubernetes.io/service-name"
_BEHIND = {
    "apiVersion": "discovery.k8s.io/v1",
    "kind": "EndpointSlice",
    "metadata": {**meta("ray-1"), "labels": {_OF: "ray"}},
    "addressType": "IPv4",
    "endpoints": [{"addresses": ["10.0.0.7"]}],
    "ports": [{"name": "http", "port": 80}, {"name": "ray", "port": 6379}],
}
_ROUTE = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": meta("web"), "spec": {}}
_LEADING: tuple[dict, ...] = (
    {**SVC, "metadata": meta("ray"), "spec": {"type": "LoadBalancer", "ports": [{"port": 80}]}},
    {**SVC, "metadata": meta("ray"), "spec": {"externalIPs": ["20.1.2.3"], "ports": [{"port": 80}]}},
    {**_INGRESS, "spec": {"defaultBackend": {"service": {"name": "ray", "port": {"number": 80}}}}},
    {**_ROUTE, "spec": {"rules": [{"backendRefs": [{"name": "ray", "port": 80}]}]}},
    {**_CALLS, "spec": {"rules": [{"backendRefs": [{"name": "ray", "namespace": "models", "port": 80}]}]}},
)
"""What publishes what stands behind a Service."""
_ROLE = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRole",
    "metadata": {"name": "reader"},
    "rules": [],
}
_BIND = {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRoleBinding",
    "metadata": {"name": "b"},
    "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "reader"},
    "subjects": [],
}
_LOCAL = {**_BIND, "kind": "RoleBinding", "metadata": meta("b")}
_TO_VIEW = "rbac.authorization.k8s.io/aggregate-to-view"
_VIEWED = {"metadata": {"labels": {_TO_VIEW: "true"}}}
_VOLUME = {
    "apiVersion": "v1",
    "kind": "PersistentVolume",
    "metadata": {"name": "v"},
    "spec": {"capacity": {"storage": "1Gi"}},
}
_HTTP = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": meta("r"), "spec": {}}
_OF_AZURE = "service.beta.kubernetes.io/azure-load-balancer-internal"
_OF_AWS = "service.beta.kubernetes.io/aws-load-balancer-scheme"
_LINK = "service.beta.kubernetes.io/azure-pls-visibility"
_LED: tuple[tuple[dict, ...], ...] = (
    ({"port": 80, "targetPort": 8265},),
    ({"port": 80, "targetPort": "dashboard"},),
    ({"name": "a", "port": 81}, {"name": "b", "port": 80, "targetPort": 6379}),
)
_CLOSED: tuple[tuple[dict, ...], ...] = (
    ({"port": 80},),
    ({"port": 80, "targetPort": 5000},),
    ({"name": "a", "port": 81, "targetPort": 8265}, {"name": "b", "port": 80, "targetPort": 5000}),
)
_MIRROR = {"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "phi", "port": 8265}}}
_POOL = {"apiVersion": "inference.networking.k8s.io/v1", "kind": "InferencePool", "metadata": meta("p"), "spec": {}}
_SUBJECT = {"kind": "Group", "name": "team", "apiGroup": "rbac.authorization.k8s.io"}


def _led(*ports: dict) -> dict:
    return {**SVC, "metadata": meta("led"), "spec": {"selector": {"app": "x"}, "ports": list(ports)}}


def _to_led(port: int, **more: str) -> dict:
    return _http({"backendRefs": [{"name": "led", "port": port, **more}]})


def _http(patch: dict) -> dict:
    return {"spec": {"rules": [{"backendRefs": [{"name": "phi", "port": 80}], **patch}]}}


def _at(path: str, value: object) -> dict:
    """A value at a path that is written with dots."""
    for step in reversed(path.split(".")):
        value = {step: value}
    assert isinstance(value, dict)
    return value


def _backend(**port: object) -> dict:
    return {"service": {"name": "phi", "port": port}}


def _path(**port: object) -> dict:
    return {
        "spec": {"rules": [{"http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": _backend(**port)}]}}]}
    }


def _rule(**rule: list[str]) -> dict:
    first = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
    return {"rules": [first, ({"verbs": ["get"]} if "nonResourceURLs" in rule else first) | rule]}


_RAY_POD = patched(
    DEPLOY,
    {
        "spec": {
            "template": {
                "metadata": {"labels": {"app": "x", "tier": "b"}},
                "spec": {
                    "containers": [
                        {**BOX, "ports": [{"name": "http", "containerPort": 80}, {"name": "r", "containerPort": 8265}]}
                    ]
                },
            }
        }
    },
)
_ELSEWHERE = patched(_RAY_POD, {"metadata": {"namespace": "other"}})
_NODE = {"type": "NodePort"}

_HARMLESS = (
    "system:auth-delegator", "system:basic-user", "system:discovery", "system:monitoring", "system:public-info-viewer",
    "system:service-account-issuer-discovery",
)  # fmt: skip
CASES = [
    # What controllers hand on.
    *(
        each
        for key, number in ((_LB, 1), (_BYPASS, 7))
        for each in (
            case(number, IS, _handed({key: "True"}), f"spec|template|metadata|annotations|{key}"),
            case(number, IS, _handed({f"{key}s": "True"})),
            case(number, IS, {"metadata": {"annotations": {key: "True"}}}, f"metadata|annotations|{key}"),
            case(number, MRI, {"metadata": {"annotations": {key: "True"}}}, f"metadata|annotations|{key}"),
        )
    ),
    case(5, IS, {**_handed({"kaito.sh/runtime": "transformers"}), "metadata": None}, config=Config(max_nodes=1)),
    # KAITO016
    *(
        _run({"args": ["--x", text]}, "args.1")
        for text in (
            "--trust", "--tr", "--trust_remote", "--trust-remote-cod", '--tr"us"t-remote-code', "--trust\\-remote",
            "exec vllm serve x --trust-remote-code; true", "python -c 'f(trust_remote_code=True)'",
            '{"trust_remote_code": true}', "trust-remote-code: 'yes'", "a=--trust-remote",
        )
    ),
    *(
        _run({"args": [text]})
        for text in (
            "--trace", "--transformer", "--trust-request-chat-template", "trust_remote_code=False", "x--trust-remote",
            "$(NOTHING)", "-trust", "trust-remote-code",
        )
    ),
    *(
        replace(_run({"args": [reference], "env": _env(("A", "--t"), ("B", "rust-remote-code"))}, "args.0"), alone=True)
        for reference in ("$(A)$(B)", "${A}${B}", "serve $A$B")
    ),
    _run({"args": ["$(A)"], "env": _env(("A", "--trust"))}, "args.0", "env.0.value"),
    _run({"env": _env(("A", "trust-remote-code"))}, "env.0.value"),
    _run({"env": _env(("A", "x"), ("HF_TRUST_REMOTE_CODE", "1"))}, "env.1.value"),
    _run({"env": _env(("TRUST_REMOTE_CODE", "0"), ("TRUST_REMOTE_CODE_NOT", "1"))}),
    *(
        _run({"lifecycle": {hook: {"exec": {"command": [_FLAG]}}}}, f"lifecycle.{hook}.exec.command.0")
        for hook in ("postStart", "preStop")
    ),
    *(
        _run({probe: {"exec": {"command": [_FLAG]}}}, f"{probe}.exec.command.0")
        for probe in ("startupProbe", "livenessProbe", "readinessProbe")
    ),
    case(16, PLAIN, {"spec": {"template": {"spec": {"containers": [{"name": "a", "image": f"evil.io/x:1{DIGEST}", "args": [_FLAG]}]}}}}, "spec.template.spec.containers.0.args.0"),
    case(16, PLAIN, {"spec": {"template": {"spec": {"containers": [{"name": "a", "image": f"mcr.microsoft.com/aks/kaito/kaito-base:1{DIGEST}", "args": [_FLAG]}]}}}}, "spec.template.spec.containers.0.args.0"),
    case(16, DEPLOY, box(DEPLOY, {"image": "x.io/kaito-base:1", "args": [_FLAG]}), "spec.template.spec.containers.0.args.0"),
    case(16, CM, {"data": {"run.sh": f"vllm serve {_FLAG}\n"}}, "data|run.sh"),
    case(16, CM, {"data": {"run.sh": "vllm serve --trust-remote\n", "a": "trust-remote-code: true\n"}}, "data|run.sh", "data|a"),
    case(16, CM, {"data": {"run.sh": "rsync --trust; --tr", "training_config.yaml": "trust_remote_code: true\n"}}),
    case(16, CM, {"data": None}),
    # KAITO009, 010, 029: images of volumes
    *(
        case(
            rule, CUSTOM, box(CUSTOM, {}, volumes=[{"name": "a"}, {"name": "b", "image": {"reference": image}}]),
            *([f"{pod(CUSTOM)}.volumes.1.image.reference"] if bad else []), config=Config(registries=("contoso.azurecr.io",)),
        )
        for rule, image, bad in (
            (9, "evil.io/a:latest", True), (9, "evil.io/a:1", False), (9, "", False),
            (10, "evil.io/a:1", True), (10, "contoso.azurecr.io/a:1", False),
            (29, "contoso.azurecr.io/a:1", True), (29, f"contoso.azurecr.io/a{DIGEST}", False),
        )
    ),
    *(
        case(11, document, patch, *at, config=Config(registries=("contoso.azurecr.io",)))
        for document, patch, at in (
            (WS, {"inference": {"preset": {"presetOptions": {"image": "evil.io/a:1"}}}}, ["inference.preset.presetOptions.image"]),
            (IS, {"spec": {"template": {"inference": {"preset": {"presetOptions": {"image": "evil.io/a:1"}}}}}}, ["spec.template.inference.preset.presetOptions.image"]),
            (TUNE, {"tuning": {"preset": {"presetOptions": {"image": "evil.io/a:1"}}}}, ["tuning.preset.presetOptions.image"]),
            (WS, {"inference": {"preset": {"presetOptions": {"image": "contoso.azurecr.io/a:1"}}}}, []),
        )
    ),
    # KAITO018
    case(18, DEPLOY, box(DEPLOY, {"securityContext": {"runAsNonRoot": None}}), "spec.template.spec.containers.0.securityContext.runAsNonRoot"),
    case(18, PLAIN, {}),
    # KAITO032
    *(
        case(32, TUNE, _url(url), "tuning.input.urls.0", config=_HOSTS)
        for url in (
            "https://evil.com\\@data.contoso.com/x", "https://evil.com/\\@data.contoso.com", "https://data.contoso.com\\.evil.com/x",
            "https://data.contoso。com/x", "https://data.contoso.com%2eevil.com/x", "https://data.contoso.com/a b",
            "https://data.contoso.com.evil.com/", "https:/data.contoso.com/x", "https://data.contoso.com./x",
            "https://me:pw@data.contoso.com/x", "//data.contoso.com/x", "https://data.contoso.com/x\n",
        )
    ),
    *(case(32, TUNE, _url(url), "tuning.input.urls.0") for url in ("https://me@a.com/x", "https://a.com/x?%73ig=a", "https://a.com/x;token=a", "https://a.com/?a&api-key=a", "https://a.com/?X-Goog-Signature=a", "https://a.com/?access_token=1", "https://a.com/?signature=1")),
    *(case(32, TUNE, _url(url), config=_HOSTS) for url in ("https://data.contoso.com:8443/a@b?c=d#e", "HTTPS://data.contoso.com", "https://data.contoso.com#x")),
    case(32, TUNE, _url("https://a.com/x@y?design=1")),
    # KAITO033
    *(
        case(33, CM, _vllm(key), "data|inference_config.yaml")
        for key in (
            "allowed-local-media-path", "api-key", "config", "data-parallel-address", "data-parallel-rpc-port",
            "enable-prompt-embeds", "hf-config-path", "hf-token", "host", "io-processor-plugin",
            "logits-processor-pattern", "logits-processors", "master-addr", "master-port", "middleware", "model",
            "otlp-traces-endpoint", "reasoning-parser-plugin", "scheduler-cls", "ssl-keyfile",
            "structured-outputs-plugin", "tool-parser-plugin", "tool-server", "trust-remote-code",
            "trust-request-chat-template", "uds", "worker-cls", "worker-extension-cls",
            "tokenizer", "lora-modules", "lora_mod", "hf-overrides.auto_map.AutoConfig", "speculative-config.model",
            "trust_remote", "--trust-remote-code", "worker_ext", "tool-parser-plugin.a", "api_k", "mid",
        )
    ),
    *(
        case(33, CM, _vllm(key, value))
        for key, value in (
            ("max-model-len", "1"), ("tool-call-parser", "x"), ("reasoning-parser", "qwen3"), ("reasoning_parser", "qwen3"), ("chat-template", "/workspace/x.jinja"), ("wo", "1"),
            ("distributed-executor-backend", "ray"), ("distributed_executor_backend", "mp"),
            ("distributed-executor-backend", "uni"), ("distributed-executor-backend", "external_launcher"),
            ("tokenizer-mode", "auto"), ("hf-overrides", "'{\"rope_theta\": 1}'"),
            ("speculative-config", "'{\"method\": \"ngram\", \"num_speculative_tokens\": 2}'"),
            ("kv-transfer-config", '{"kv_connector": "NixlConnector"}'), ("allowed-headers", "'*'"), ("allowed-origins", "[]"),
        )
    ),
    *(
        case(33, CM, _vllm(key, value), "data|inference_config.yaml")
        for key, value in (
            ("hf-overrides", "'{\"auto_map\": {\"AutoConfig\": \"evil/x--c.C\"}}'"), ("hf_overrides", "{auto_map: {AutoConfig: evil/x--c.C}}"),
            ("speculative-config", "'{\"model\": \"evil/x\"}'"), ("speculative_config", "{method: eagle, model: evil/x}"),
            ("distributed-executor-backend", "evil.Backend"), ("distributed_executor_backend", "[]"),
            ("kv-transfer-config", "'{\"kv_connector_module_path\": \"evil\"}'"),
            ("ec-transfer-config", "{ec_connector_module_path: evil}"), ("allowed_origins", "'*'"),
        )
    ),
    # KAITO036
    *(_secure({"capabilities": {"drop": ["ALL"], "add": [name]}}, "capabilities.add.0") for name in ("SYS_ADMIN", "CAP_SYS_ADMIN", "ALL", "NET_ADMIN", "chown", "IPC_LOCK")),
    _secure({"capabilities": {"drop": ["ALL"], "add": _BASELINE}}),
    _secure({"capabilities": {"add": ["CHOWN", "NET_BIND_SERVICE"], "drop": ["ALL"]}}, "capabilities.add.0", rule=37),
    _secure({"capabilities": {"add": ["NET_BIND_SERVICE"], "drop": ["ALL"]}}, rule=37),
    _secure({"procMount": "Unmasked"}, "procMount"),
    _secure({"procMount": "Default", "windowsOptions": {"hostProcess": False}}),
    _secure({"windowsOptions": {"hostProcess": True}}, "windowsOptions.hostProcess"),
    _secure({"seccompProfile": {"type": "Unconfined"}}, "seccompProfile.type"),
    _secure({"appArmorProfile": {"type": "Unconfined"}}, "appArmorProfile.type"),
    _secure({"seccompProfile": {"type": "Localhost"}, "appArmorProfile": {"type": "RuntimeDefault"}}),
    _secure({"appArmorProfile": {"type": "Localhost"}}),
    _secure({"seLinuxOptions": {"type": "spc_t", "user": "u", "role": "r"}}, "seLinuxOptions.type", "seLinuxOptions.user", "seLinuxOptions.role"),
    *(_secure({"seLinuxOptions": {"type": name, "user": "", "role": "", "level": "s0"}}) for name in _SELINUX),
    *(case(36, CUSTOM, box(CUSTOM, {"ports": [{"containerPort": 80, "hostPort": port}]}), *at) for port, at in ((80, [f"{_CORE}.ports.0.hostPort"]), (0, []))),
    case(36, CUSTOM, box(CUSTOM, {"ports": [{"containerPort": 80}]})),
    _pod({"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}, "sysctls.0"),
    _pod({"sysctls": [{"name": name, "value": "1"} for name in _SYSCTLS]}),
    _pod({"windowsOptions": {"hostProcess": True}}, "windowsOptions.hostProcess"),
    _pod({"seccompProfile": {"type": "Unconfined"}}, "seccompProfile.type"),
    case(36, DEPLOY, {"spec": {"template": {"metadata": {"annotations": {_ARMOR: "unconfined"}}}}}, f"spec|template|metadata|annotations|{_ARMOR}"),
    case(36, DEPLOY, {"spec": {"template": {"metadata": {"annotations": {_ARMOR: "runtime/default", "a": "unconfined"}}}}}),
    case(36, CUSTOM, box(CUSTOM, {}, ephemeralContainers=[{"name": "d", "securityContext": {"privileged": True}}]), f"{pod(CUSTOM)}.ephemeralContainers.0.securityContext.privileged"),
    case(36, _PV, {"spec": {"csi": None, "hostPath": {"path": "/"}}}, "spec.hostPath"),
    case(36, _PV, {}),
    # KAITO046
    case(46, SVC, _service(_NODE), "spec.type"),
    case(46, SVC, _service({"externalIPs": ["20.1.2.3"]}), "spec.externalIPs"),
    case(46, SVC, _service({"externalIPs": []})),
    case(46, SVC, _service({}, {"service.beta.kubernetes.io/azure-additional-public-ips": "20.1.2.3"}), "metadata|annotations|service.beta.kubernetes.io/azure-additional-public-ips"),
    # KAITO103
    *(case(103, SVC, {"spec": {**_NODE, "ports": [{"port": port}]}}, "spec.ports.0") for port in (6379, 8265, 10001, 52365, 5557)),
    *(
        case(103, SVC, {"spec": {**_NODE, "ports": [{"port": 80, "targetPort": name}]}}, "spec.ports.0")
        for name in ("ray", "gcs", "gcs-server", "redis", "dashboard", "ray-dashboard", "client", "ray-client", "kv-events", 8265)
    ),
    *(case(103, SVC, {"spec": {**_NODE, "ports": [{"port": 80, "targetPort": name}]}}) for name in ("http", 80)),
    case(103, SVC, {"spec": {"type": "LoadBalancer", "ports": [{"port": 8265}]}}, "spec.ports.0"),
    case(103, SVC, {"spec": {"externalIPs": ["20.1.2.3"], "ports": [{"port": 8265}]}}, "spec.ports.0"),
    case(103, SVC, {"spec": {"externalIPs": [], "ports": [{"port": 8265}]}}),
    case(103, _INGRESS, _path(number=8265), "spec.rules.0.http.paths.0.backend.service.port.number"),
    case(103, _INGRESS, _path(name="dashboard"), "spec.rules.0.http.paths.0.backend.service.port.name"),
    case(103, _INGRESS, _path(number=80)),
    case(103, _INGRESS, {"spec": {"defaultBackend": _backend(number=6379)}}, "spec.defaultBackend.service.port.number"),
    case(103, _INGRESS, {"spec": {"defaultBackend": {"resource": {"kind": "X", "name": "x"}}}}),
    case(103, _ROUTE, {"spec": {"rules": [{}, {"backendRefs": [{"name": "a", "port": 80}, {"name": "phi", "port": 8265}]}]}}, "spec.rules.1.backendRefs.1.port"),
    case(103, _ROUTE, {"spec": {"rules": [{"backendRefs": [{"name": "phi", "port": 80}]}]}}),
    case(103, _CALLS, {"spec": {"rules": [{"backendRefs": [{"name": "phi", "port": 8265}]}]}}, "spec.rules.0.backendRefs.0.port"),
    case(103, _CALLS, {"spec": {"rules": [{"filters": [{"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "phi", "port": 6379}}}]}]}}, "spec.rules.0.filters.0.requestMirror.backendRef.port"),
    case(103, _CALLS, {"spec": {"rules": [{"backendRefs": [{"name": "phi", "port": 80}]}]}}),
    *(case(103, _BEHIND, {}, "ports.1.port", others=(one,)) for one in _LEADING),
    *(case(103, _BEHIND, {"metadata": {"labels": {_OF: "else"}}}, others=(one,)) for one in _LEADING),
    *(case(103, _BEHIND, {"metadata": {"namespace": "else"}}, others=(one,)) for one in _LEADING),
    case(103, _BEHIND, {"ports": [{"name": "http", "port": 80}]}, others=_LEADING),
    case(103, _BEHIND, {}, others=({**SVC, "metadata": meta("ray"), "spec": {"ports": [{"port": 6379}]}},)),
    case(103, _BEHIND, {"metadata": {"labels": None}}, others=_LEADING),
    # KAITO048
    *(case(48, _ROLE, _rule(**{part: ["a", "*"]}), *[f"rules.1.{part}"]) for part in ("apiGroups", "resources", "nonResourceURLs")),
    case(48, _ROLE, _rule(verbs=["*"]), "rules.1.verbs"),
    *(case(48, _ROLE, _rule(verbs=["get", verb]), "rules.1.verbs") for verb in ("escalate", "bind", "impersonate")),
    *(case(48, _ROLE, _rule(resources=[name], verbs=["create"]), "rules.1.resources") for name in ("nodes/proxy", "pods/exec", "pods/attach", "pods/ephemeralcontainers", "serviceaccounts/token")),
    case(48, _ROLE, _rule(resources=["nodes/proxy"]), "rules.1.resources"),
    *(case(48, _ROLE, _rule(resources=["pods/exec", "pods"], verbs=[verb])) for verb in ("get", "list", "watch")),
    case(48, _ROLE, _rule(resources=["pods"], verbs=["create", "delete"])),
    case(48, _ROLE, {"rules": None}),
    # KAITO049
    *(case(49, _BIND, {"roleRef": {"name": name}}, "roleRef.name") for name in ("cluster-admin", "admin", "edit")),
    case(49, _LOCAL, {"roleRef": {"name": "cluster-admin"}}, "roleRef.name"),
    *(case(49, _LOCAL, {"roleRef": {"name": name}}) for name in ("admin", "edit")),
    case(49, _LOCAL, {"roleRef": {"kind": "Role", "name": "cluster-admin"}}),
    *(
        case(49, _BIND, {"subjects": [_SUBJECT, {**_SUBJECT, "name": name}]}, "subjects.1.name")
        for name in ("system:anonymous", "system:unauthenticated", "system:authenticated", "system:masters", "system:serviceaccounts")
    ),
    case(49, _BIND, {"subjects": [{"kind": "ServiceAccount", "name": "masters", "namespace": "x"}]}),
    *(
        case(49, _BIND, {"roleRef": {"name": name}}, "roleRef.name")
        for name in ("system:node", "system:controller:clusterrole-aggregation-controller", "system:kube-controller-manager")
    ),
    case(49, _LOCAL, {"roleRef": {"name": "system:node"}}, "roleRef.name"),
    case(49, _LOCAL, {"roleRef": {"kind": "Role", "name": "system:node"}}),
    *(case(49, _BIND, {"roleRef": {"name": name}}) for name in (*_HARMLESS, "not-system:x")),
    # KAITO048: what is added to the roles of others, takes their place, or takes over what others write.
    *(case(48, _ROLE, _rule(verbs=[verb]), "rules.1.verbs") for verb in ("approve", "sign")),
    *(
        case(48, _ROLE, _rule(resources=[resource], verbs=["get", "update"]), "rules.1.resources")
        for resource in (
            "certificatesigningrequests/approval", "mutatingwebhookconfigurations", "validatingwebhookconfigurations",
            "mutatingadmissionpolicies", "mutatingadmissionpolicybindings", "validatingadmissionpolicies",
            "validatingadmissionpolicybindings",
        )
    ),
    case(48, _ROLE, _rule(resources=["mutatingwebhookconfigurations"], verbs=["get", "list"])),
    case(48, _ROLE, {"aggregationRule": {"clusterRoleSelectors": [{}]}}, "aggregationRule"),
    case(48, _ROLE, {"metadata": {"name": "system:discovery"}}, "metadata.name"),
    case(48, _ROLE, {"metadata": {"name": "ecosystem:discovery"}}),
    case(48, _ROLE, {**_VIEWED, **_rule(resources=["secrets"], verbs=["get"])}, "rules.1"),
    case(48, _ROLE, {**_VIEWED, **_rule(resources=["workspaces"], verbs=["get", "create"])}, "rules.1"),
    case(48, _ROLE, {**_VIEWED, **_rule(resources=["workspaces"], verbs=["get", "list", "watch"])}),
    case(48, _ROLE, {"metadata": {"labels": {_TO_VIEW: "false"}}, **_rule(resources=["secrets"], verbs=["get"])}),
    case(48, _ROLE, {"metadata": {"labels": {_TO_VIEW.replace("view", "edit"): "true"}}, **_rule(resources=["workspaces"], verbs=["create"])}),
    # KAITO036: probes and hooks of which the node asks somebody else, and volumes that are a folder or program of a node.
    *(
        case(36, CUSTOM, box(CUSTOM, _at(handler, {way: {"host": "169.254.169.254", "port": 80}})), f"{_CORE}.{handler}.{way}.host")
        for way in ("httpGet", "tcpSocket")
        for handler in ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop")
    ),
    case(36, CUSTOM, box(CUSTOM, {"livenessProbe": {"httpGet": {"host": "", "port": 80}}})),
    *(case(36, _VOLUME, {"spec": {part: {"path": "/mnt"}}}, f"spec.{part}") for part in ("local", "flexVolume")),
    # KAITO046: a name of the cluster that stands for one outside.
    case(46, SVC, _service({"type": "ExternalName", "externalName": "evil.example.com"}), "spec.externalName"),
    case(46, SVC, _service({"type": "ExternalName", "externalName": "svc"}), "spec.externalName"),
    case(46, SVC, _service({"type": "ExternalName", "externalName": None}), "spec.externalName"),
    *(
        case(46, SVC, _service({"type": "ExternalName", "externalName": name}))
        for name in ("llm.models.svc", "llm.models.svc.cluster.local", "llm.models.svc.cluster.local.", "llm.models.svc.")
    ),
    case(46, SVC, _service({"externalName": "evil.example.com"})),
    # KAITO046: a class of another controller, who reads no annotation of Azure, and a link for everybody.
    case(46, SVC, _service({"type": "LoadBalancer", "loadBalancerClass": "example.com/a"}, {_OF_AZURE: "true"}), "spec.loadBalancerClass"),
    case(46, SVC, _service({"type": "LoadBalancer"}, {_OF_AZURE: "true", _LINK: "*"}), f"metadata|annotations|{_LINK}"),
    case(46, SVC, _service({"type": "LoadBalancer"}, {_OF_AZURE: "true", _LINK: "00000000-0000-0000-0000-000000000000"})),
    case(46, SVC, _service({"type": "LoadBalancer"}, {_OF_AWS: "internal"}), settings={"cloud": "aws"}, alone=True),
    case(46, SVC, _service({"type": "LoadBalancer"}, {_OF_AWS.replace("scheme", "internal"): "true"}), settings={"cloud": "aws"}, alone=True),
    case(46, SVC, _service({"type": "LoadBalancer", "loadBalancerClass": "eks.amazonaws.com/nlb"}, {_OF_AWS: "internal"}), settings={"cloud": "aws"}, alone=True),
    case(46, SVC, _service({"type": "LoadBalancer", "loadBalancerClass": "service.k8s.aws/nlb"}, {_OF_AWS: "internal"}), settings={"cloud": "aws"}, alone=True),
    case(46, SVC, _service({"type": "LoadBalancer"}, {_OF_AZURE: "true"}), "spec.type", settings={"cloud": "aws"}, alone=True),
    case(46, SVC, _service({"type": "LoadBalancer"}, {_OF_AWS: "internal"}), "spec.type", alone=True),
    # KAITO103: a Service between a route and the open port, which has a harmless one itself.
    *(case(103, _HTTP, _to_led(80), "spec.rules.0.backendRefs.0.port", others=(_led(*one),), alone=True) for one in _LED),
    *(case(103, _HTTP, _to_led(80), others=(_led(*one),)) for one in _CLOSED),
    case(103, _HTTP, _to_led(80, namespace="else"), others=(_led(*_LED[0]),)),
    *(
        case(103, _INGRESS, {"spec": {"defaultBackend": {"service": {"name": "led", "port": port}}}}, f"spec.defaultBackend.service.port.{key}", others=(_led(*one),), alone=True)
        for one in _LED for key, port in (("number", {"number": 80}),)
    ),
    case(
        103, _INGRESS, {"spec": {"defaultBackend": {"service": {"name": "led", "port": {"name": "web"}}}}},
        "spec.defaultBackend.service.port.name", others=(_led({"name": "web", "port": 8265}),), alone=True,
    ),
    case(103, _HTTP, _to_led(80), "spec.rules.0.backendRefs.0.port", others=(_led({"port": 80, "targetPort": "r"}), _RAY_POD), alone=True),
    # KAITO103: requests that are copied, and pools behind a route.
    case(103, _HTTP, _http({"filters": [_MIRROR]}), "spec.rules.0.filters.0.requestMirror.backendRef.port"),
    case(103, _HTTP, _http({"filters": [{"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "phi", "port": 80}}}]})),
    case(
        103,
        _HTTP,
        _http({"backendRefs": [{"name": "phi", "port": 80, "filters": [_MIRROR]}]}),
        "spec.rules.0.backendRefs.0.filters.0.requestMirror.backendRef.port",
    ),
    case(103, _POOL, {"spec": {"targetPorts": [{"number": 5000}, {"number": 8265}]}}, "spec.targetPorts.1.number"),
    case(103, {**_POOL, "apiVersion": "inference.networking.x-k8s.io/v1alpha2"}, {"spec": {"targetPortNumber": 6379}}, "spec.targetPortNumber"),
    case(103, _POOL, {"spec": {"targetPorts": [{"number": 5000}]}}),
    # By the name that a pod of the tree gives to a port.

    case(103, SVC, {"spec": {**_NODE, "ports": [{"port": 80, "targetPort": "r"}]}}, "spec.ports.0", others=(_RAY_POD,), alone=True),
    case(
        103,
        SVC,
        {"spec": {**_NODE, "selector": {"app": "y"}, "ports": [{"port": 80, "targetPort": "r"}]}},
        others=(_RAY_POD,),
    ),
    case(
        103, SVC, {"spec": {**_NODE, "selector": None, "ports": [{"port": 80, "targetPort": "r"}]}}, others=(_RAY_POD,)
    ),
    case(103, SVC, {"spec": {**_NODE, "ports": [{"port": 80, "targetPort": "http"}]}}, others=(_RAY_POD,)),
    case(103, SVC, {"spec": {**_NODE, "ports": [{"port": 80, "targetPort": "r"}]}}, others=(_ELSEWHERE, CM)),
]  # fmt: skip
