"""Rules that look at the whole bundle."""

from kaitops.policies.rule import Config
from tests.policies.cases import CM, CUSTOM, IS, MRI, RAG, SECRET, TUNE, WS, Data, case, meta, patched

_NET = "networking.k8s.io/v1"
DENY: Data = {"apiVersion": _NET, "kind": "NetworkPolicy", "metadata": meta("deny"), "spec": {"podSelector": {}}}
INGRESS: Data = {"apiVersion": _NET, "kind": "Ingress", "metadata": meta("in"), "spec": {"tls": [{"hosts": ["a"]}]}}
GATEWAY: Data = {
    "apiVersion": "gateway.networking.k8s.io/v1",
    "kind": "Gateway",
    "metadata": meta("gw"),
    "spec": {"listeners": [{"protocol": "HTTP"}]},
}
ROUTE: Data = {
    "apiVersion": "gateway.networking.k8s.io/v1",
    "kind": "HTTPRoute",
    "metadata": meta("r"),
    "spec": {"parentRefs": [{"name": "gw"}]},
}
EXTERNAL: Data = {"apiVersion": "external-secrets.io/v1", "kind": "ExternalSecret", "metadata": meta("hf")}
_EVERYWHERE: Data = {
    "apiVersion": "external-secrets.io/v1",
    "kind": "ClusterExternalSecret",
    "metadata": {"name": "hf"},
    "spec": {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "models"}}},
}
PROVIDER: Data = {
    "apiVersion": "secrets-store.csi.x-k8s.io/v1",
    "kind": "SecretProviderClass",
    "metadata": meta("spc"),
    "spec": {"secretObjects": [{"secretName": "hf"}]},
}
_CONF = {"inference": {"config": "conf"}}
_SECRET = {"inference": {"preset": {"presetOptions": {"modelAccessSecret": "hf"}}}}
_AT = "inference.preset.presetOptions.modelAccessSecret"
_ASK = {"spec": {"inferenceService": {"accessSecret": "llm"}}}


def _all(rule: int, base: Data, patch: Data, *at: str, others: tuple[Data, ...] = (), **more: object) -> object:
    return case(rule, base, patch, *at, others=others, complete=True, **more)


CASES = [
    _all(17, WS, _CONF, "inference.config"),
    _all(17, WS, _CONF, others=(CM,)),
    case(17, WS, _CONF),
    _all(17, WS, _CONF, "inference.config", others=(patched(CM, {"metadata": {"namespace": "other"}}),)),
    _all(17, WS, _CONF, "inference.config", others=(patched(CM, {"data": {"inference_config.yaml": None, "x": "y"}}),)),
    _all(17, TUNE, {"tuning": {"config": "conf"}}, "tuning.config", others=(CM,)),
    _all(17, TUNE, {"tuning": {"config": "qlora-params-template"}}),
    _all(17, TUNE, {"tuning": {"config": "lora-params-template"}}),
    _all(17, WS, {"inference": {"config": "inference-params-template"}}),
    _all(17, TUNE, {"tuning": {"config": "conf"}}, others=(patched(CM, {"data": {"training_config.yaml": "a: b"}}),)),
    _all(
        17, IS, {"spec": {"template": {"inference": {"config": "x"}}}}, "spec.template.inference.config", others=(CM,)
    ),
    _all(17, WS, {}),
    _all(35, WS, _SECRET, _AT, others=(patched(EXTERNAL, {"metadata": {"name": "hx"}}),)),
    _all(35, WS, _SECRET, others=(EXTERNAL,)),
    _all(35, WS, _SECRET),
    _all(35, WS, _SECRET, others=(_EVERYWHERE,)),
    _all(
        35, WS, _SECRET, others=(patched(_EVERYWHERE, {"spec": {"namespaceSelector": None, "namespaces": ["models"]}}),)
    ),
    _all(
        35,
        WS,
        _SECRET,
        _AT,
        others=(patched(_EVERYWHERE, {"spec": {"externalSecretSpec": {"target": {"name": "hx"}}}}),),
    ),
    case(35, WS, _SECRET, others=(patched(EXTERNAL, {"metadata": {"name": "hx"}}),)),
    _all(35, WS, _SECRET, others=(patched(EXTERNAL, {"metadata": {"name": "hx", "namespace": "other"}}),)),
    _all(35, WS, _SECRET, others=(patched(EXTERNAL, {"kind": "SealedSecret"}),)),
    _all(35, WS, _SECRET, _AT, others=(patched(SECRET, {}),)),
    _all(35, WS, _SECRET, _AT, others=(patched(EXTERNAL, {"spec": {"target": {"name": "else"}}}),)),
    _all(35, WS, _SECRET, others=(PROVIDER,)),
    _all(35, WS, _SECRET, _AT, others=(patched(PROVIDER, {"spec": {"secretObjects": [{"secretName": "x"}]}}),)),
    _all(
        35,
        WS,
        _SECRET,
        others=(
            patched(PROVIDER, {"metadata": {"namespace": "other"}, "spec": {"secretObjects": [{"secretName": "x"}]}}),
        ),
    ),
    _all(35, WS, _SECRET, others=(patched(PROVIDER, {"spec": None}),)),
    _all(35, WS, _SECRET, _AT, config=Config(known_secrets=("models/x",))),
    _all(35, WS, _SECRET, config=Config(known_secrets=("models/x", "models/hf"))),
    _all(35, WS, _SECRET, config=Config(known_secrets=("other/x",))),
    _all(35, WS, {}, others=(patched(EXTERNAL, {"metadata": {"name": "hx"}}),)),
    _all(35, TUNE, {}, "tuning.output.imagePushSecret", others=(EXTERNAL,)),
    _all(35, RAG, _ASK, "spec.inferenceService.accessSecret", others=(EXTERNAL,)),
    _all(
        35,
        RAG,
        {"spec": {"embedding": {"remote": {"accessSecret": "e"}}}},
        "spec.embedding.remote.accessSecret",
        others=(EXTERNAL,),
    ),
    _all(
        35,
        RAG,
        {"spec": {"storage": {"vectorDB": {"accessSecret": "v"}}}},
        "spec.storage.vectorDB.accessSecret",
        others=(EXTERNAL,),
    ),
    _all(35, RAG, {}, others=(EXTERNAL,)),
    _all(47, WS, {}, "metadata.namespace"),
    case(47, WS, {}),
    _all(47, WS, {}, others=(DENY,)),
    _all(47, RAG, {}, others=(patched(DENY, {"spec": {"policyTypes": ["Ingress", "Egress"]}}),)),
    _all(47, WS, {}, "metadata.namespace", others=(patched(DENY, {"spec": {"policyTypes": ["Egress"]}}),)),
    _all(
        47,
        WS,
        {},
        "metadata.namespace",
        others=(patched(DENY, {"spec": {"podSelector": {"matchLabels": {"a": "b"}}}}),),
    ),
    _all(47, WS, {}, "metadata.namespace", others=(patched(DENY, {"spec": {"ingress": [{}]}}),)),
    _all(47, WS, {}, "metadata.namespace", others=(patched(DENY, {"metadata": {"namespace": "other"}}),)),
    _all(47, WS, {}, "metadata.namespace", others=(patched(DENY, {"apiVersion": "projectcalico.org/v3"}),)),
    _all(47, WS, {}, others=(CUSTOM | {"metadata": meta("first")}, WS)),
    _all(47, WS, {}, "metadata.namespace", others=(WS, CUSTOM | {"metadata": meta("second")})),
    _all(47, WS, {}, "metadata.namespace", others=(MRI | {"metadata": meta("m", namespace="other")}, CM)),
    _all(47, INGRESS, {}),
    _all(47, INGRESS, {"spec": {"tls": None}}, "spec.tls"),
    case(47, INGRESS, {"spec": {"tls": None}}),
    _all(47, ROUTE, {}, "spec.parentRefs.0", others=(GATEWAY,)),
    _all(47, ROUTE, {}),
    _all(
        47,
        ROUTE,
        {},
        others=(patched(GATEWAY, {"spec": {"listeners": [{"protocol": "HTTP"}, {"protocol": "HTTPS"}]}}),),
    ),
    _all(47, ROUTE, {}, others=(patched(GATEWAY, {"spec": {"listeners": [{"protocol": "TLS"}]}}),)),
    _all(47, ROUTE, {}, others=(patched(GATEWAY, {"metadata": {"namespace": "infra"}}),)),
    _all(
        47,
        ROUTE,
        {"spec": {"parentRefs": [{"name": "gw", "namespace": "infra"}]}},
        "spec.parentRefs.0",
        others=(patched(GATEWAY, {"metadata": {"namespace": "infra"}}),),
    ),
]
