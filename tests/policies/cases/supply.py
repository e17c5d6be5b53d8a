"""What comes from elsewhere: images, data, adapters, secrets."""

import base64

from kaitops.policies.rule import Config
from tests.policies.cases import (
    CM,
    CUSTOM,
    CUSTOMS,
    DEPLOY,
    DIGEST,
    IS,
    SECRET,
    TUNE,
    WS,
    box,
    case,
    inner,
    patched,
    pod,
)

_OURS = Config(registries=("contoso.azurecr.io/",))
_TOKEN = "hf_" + "Ab3dEf6hIj9lMn2pQr5tUv8x"
_LOCKED = base64.b64encode((512).to_bytes(2) + bytes(560)).decode()
# A sealed text holds any word sooner or later.
_CHANCE = f"AgAA/{'AKIA' + 'QWERTYUIOPASDFGH'}/AA{'A' * 800}"
_SEALED = {
    "apiVersion": "bitnami.com/v1alpha1",
    "kind": "SealedSecret",
    "metadata": {"name": "hf", "namespace": "models"},
    "spec": {"encryptedData": {"HF_TOKEN": _LOCKED}},
}
_IMAGE = "containers.0.image"


def _image(document: dict, image: str, *at: str, rule: int, **more: object) -> object:
    return case(rule, document, box(document, {"image": image}), *at, **more)


def _adapters(document: dict, *adapters: dict) -> dict:
    return inner(document, {"adapters": list(adapters)})


def _source(name: str = "a", **more: object) -> dict:
    return {"source": {"name": name, "image": "contoso.azurecr.io/a:1", **more}}


def _strong(*values: object) -> dict:
    return _adapters(WS, *({"strength": value} for value in values))


def _urls(*urls: str) -> dict:
    return {"tuning": {"input": {"urls": list(urls)}}}


_PHI, _ADAPTERS = "phi-4-mini-instruct", "inference.adapters"
_TRANSFORMERS = {"metadata": {"annotations": {"kaito.sh/runtime": "transformers"}}}
_SERVED = patched(CM, {"data": {"inference_config.yaml": "vllm: {served_model_name: own}"}})

CASES = [
    case(8, CM, {"data": {"note": f"token {_TOKEN}"}}, "data.note"),
    case(8, CM, {"data": {"note": "hf_short and sha 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"}}),
    case(
        8,
        CUSTOM,
        box(CUSTOM, {"env": [{"name": "HF_TOKEN", "value": _TOKEN}]}),
        "inference.template.spec.containers.0.env.0.value",
    ),
    case(8, CUSTOM, box(CUSTOM, {"env": [{"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": {"name": "hf"}}}]})),
    case(8, SECRET, {"stringData": {"token": _TOKEN}}),
    case(8, _SEALED, {}),
    case(8, _SEALED, {"spec": {"encryptedData": {"HF_TOKEN": _CHANCE}}}),
    case(8, _SEALED, {"spec": {"encryptedData": {"HF_TOKEN": _TOKEN}}}, "spec.encryptedData.HF_TOKEN"),
    case(8, _SEALED, {"spec": {"encryptedData": {"HF_TOKEN": "a-plain-value"}}}, "spec.encryptedData.HF_TOKEN"),
    case(8, _SEALED, {"spec": {"template": {"data": {"note": _TOKEN}}}}, "spec.template.data.note"),
    case(
        8, _SEALED, {"kind": "Sealed", "spec": {"encryptedData": {"HF_TOKEN": _LOCKED}}}, "spec.encryptedData.HF_TOKEN"
    ),
    case(8, CM, {"data": {"HF_TOKEN": _TOKEN}}, "data.HF_TOKEN"),
    case(28, SECRET, {"stringData": {"token": "x"}}, "stringData"),
    case(28, SECRET, {"data": {"token": "eA=="}}, "data"),
    case(28, SECRET, {"data": {}}),
    case(28, SECRET, {}),
    *(
        each
        for document in (CUSTOM, CUSTOMS, DEPLOY)
        for each in (
            _image(document, "x/y:latest", f"{pod(document)}.{_IMAGE}", rule=9),
            _image(document, "x/y:1.4.2", rule=9),
            _image(document, f"x/y:latest{DIGEST}", rule=9),
            _image(document, "host:5000/y", f"{pod(document)}.{_IMAGE}", rule=9),
            _image(document, "x/y:1.4.2", f"{pod(document)}.{_IMAGE}", rule=29),
            _image(document, f"x/y{DIGEST}", rule=29),
            _image(document, f"x/y{DIGEST}0", f"{pod(document)}.{_IMAGE}", rule=29),
            _image(document, "x/y:1.4.2", rule=29, environment="dev"),
            _image(document, "docker.io/x:1", f"{pod(document)}.{_IMAGE}", rule=10, config=_OURS),
            _image(document, "contoso.azurecr.io.evil.com/x:1", f"{pod(document)}.{_IMAGE}", rule=10, config=_OURS),
            _image(document, "contoso.azurecr.io/x:1", rule=10, config=_OURS),
            _image(document, "docker.io/x:1", rule=10),
        )
    ),
    case(
        9,
        CUSTOM,
        box(CUSTOM, {}, initContainers=[{"name": "i", "image": "busybox"}]),
        "inference.template.spec.initContainers.0.image",
    ),
    case(
        11,
        WS,
        _adapters(WS, _source(), _source("b", image="ghcr.io/b:1")),
        "inference.adapters.1.source.image",
        config=_OURS,
    ),
    case(11, WS, _adapters(WS, _source(), {}), config=_OURS),
    case(11, WS, _adapters(WS, _source("b", image="ghcr.io/b:1"))),
    case(
        11,
        IS,
        _adapters(IS, _source(image="ghcr.io/b:1")),
        "spec.template.inference.adapters.0.source.image",
        config=_OURS,
    ),
    case(
        11,
        TUNE,
        {"tuning": {"input": {"image": "ghcr.io/i:1"}, "output": {"image": "ghcr.io/o:1"}}},
        "tuning.input.image",
        "tuning.output.image",
        config=_OURS,
    ),
    case(11, TUNE, {}, config=_OURS),
    case(65, WS, _adapters(WS, _source(_PHI)), f"{_ADAPTERS}.0.source.name"),
    case(65, WS, _adapters(WS, _source(), _source(_PHI)), f"{_ADAPTERS}.1.source.name"),
    case(65, WS, _adapters(WS, _source())),
    case(65, WS, _adapters(WS, _source("phi"))),
    case(65, IS, _adapters(IS, _source("phis")), f"spec.template.{_ADAPTERS}.0.source.name"),
    case(65, IS, _adapters(IS, _source(_PHI))),
    case(65, WS, _adapters(WS, _source()) | _TRANSFORMERS),
    case(65, WS, _adapters(WS, _source(_PHI)) | _TRANSFORMERS, f"{_ADAPTERS}.0.source.name"),
    case(65, WS, inner(WS, {"preset": {"name": "x/y"}, "adapters": [_source("x/y")]})),
    case(
        65,
        WS,
        inner(WS, {"config": "conf", "adapters": [_source("own")]}),
        f"{_ADAPTERS}.0.source.name",
        others=(_SERVED,),
    ),
    case(65, WS, inner(WS, {"config": "conf", "adapters": [_source(_PHI)]}), others=(_SERVED,)),
    case(12, WS, _strong("0.7", "0.7"), "inference.adapters"),
    case(12, WS, _strong("0.5", "0.5")),
    case(12, WS, _strong("1")),
    case(12, WS, _strong("0", None, "1.0")),
    case(12, WS, _strong("1.1"), "inference.adapters.0.strength"),
    case(12, WS, _strong("1", "much"), "inference.adapters.1.strength"),
    case(12, WS, _strong("2", "0.5", "0.6"), "inference.adapters.0.strength", "inference.adapters"),
    case(12, WS, _strong("nan"), "inference.adapters.0.strength"),
    case(12, WS, _strong(".5")),
    case(12, WS, _strong(1), "inference.adapters.0.strength"),
    case(12, WS, _strong("0.3", "0.3", "0.4")),
    case(12, WS, _strong("0.333333333", "0.333333333", "0.333333333", "0.00001"), "inference.adapters"),
    case(30, WS, _adapters(WS, _source(), _source()), "inference.adapters.1.source.name"),
    case(30, WS, _adapters(WS, _source(), _source("b"))),
    case(30, WS, _adapters(WS, {}), "inference.adapters.0.source"),
    case(30, WS, _adapters(WS, _source(image="")), "inference.adapters.0.source"),
    case(30, WS, _adapters(WS, {"source": {"name": "v", "volumeSource": {}}})),
    case(30, WS, _adapters(WS, {"source": {"image": "x:1"}}, {"source": {"image": "y:1"}})),
    case(30, WS, _adapters(WS, *(_source(f"a{n}") for n in range(10)))),
    case(30, WS, _adapters(WS, *(_source(f"a{n}") for n in range(11))), "inference.adapters"),
    case(30, IS, _adapters(IS, _source(), _source("b"), _source()), "spec.template.inference.adapters.2.source.name"),
    case(13, TUNE, {"tuning": {"output": {"imagePushSecret": None}}}, "tuning.output.image"),
    case(13, TUNE, {"tuning": {"output": {"imagePushSecret": ""}}}, "tuning.output.image"),
    case(13, TUNE, {}),
    case(13, TUNE, {"tuning": {"output": {"imagePushSecret": None, "image": None, "volumeSource": {}}}}),
    case(31, TUNE, {"tuning": {"output": {"image": "contoso.azurecr.io/out"}}}, "tuning.output.image"),
    case(31, TUNE, {"tuning": {"output": {"image": "contoso.azurecr.io/out:latest"}}}, "tuning.output.image"),
    case(31, TUNE, {"tuning": {"output": {"image": "contoso.azurecr.io/out:latest-7"}}}),
    case(31, TUNE, {"tuning": {"output": {"image": ""}}}),
    case(14, TUNE, _urls("https://a/b", "http://a/b"), "tuning.input.urls.1"),
    case(14, TUNE, _urls("HTTPS://a/b", "https://c")),
    case(14, TUNE, _urls("xhttps://a"), "tuning.input.urls.0"),
    case(32, TUNE, _urls("https://a.blob.core.windows.net/x?sv=1&sig=abc"), "tuning.input.urls.0"),
    case(32, TUNE, _urls("https://a/signature?design=abc")),
    case(
        32,
        TUNE,
        _urls("https://evil.com/x", "https://data.contoso.com:443/x"),
        "tuning.input.urls.0",
        config=Config(dataset_hosts=("Data.contoso.com",)),
    ),
    case(
        32,
        TUNE,
        _urls("https://data.contoso.com@evil.com/x"),
        "tuning.input.urls.0",
        config=Config(dataset_hosts=("data.contoso.com",)),
    ),
    case(32, TUNE, _urls("nonsense"), "tuning.input.urls.0", config=Config(dataset_hosts=("data.contoso.com",))),
    case(32, TUNE, _urls("https://DATA.contoso.com/x"), config=Config(dataset_hosts=("data.contoso.com",))),
    *(
        each
        for document in (CUSTOM, CUSTOMS)
        for each in (
            case(
                16,
                document,
                box(document, {"args": ["--x", "--trust-remote-code"]}),
                f"{pod(document)}.containers.0.args.1",
            ),
            case(
                16,
                document,
                box(document, {"command": ["sh", "-c", "run --trust_remote_code=true --y"]}),
                f"{pod(document)}.containers.0.command.2",
            ),
            case(
                16,
                document,
                box(document, {"args": ["--no-trust-remote-code", "--trust-remote-codes", "trust-remote-code"]}),
            ),
        )
    ),
    case(33, CM, {"data": {"inference_config.yaml": "vllm:\n  api-key: x"}}, "data|inference_config.yaml"),
    case(
        33,
        CM,
        {
            "data": {
                "inference_config.yaml": "vllm:\n  api_key: x\n  trust-remote-code: true\n  allowed-local-media-path: /"
            }
        },
        *["data|inference_config.yaml"] * 3,
    ),
    case(33, CM, {"data": {"inference_config.yaml": "a: ["}}, "data|inference_config.yaml"),
    case(33, CM, {"data": {"inference_config.yaml": "- a"}}, "data|inference_config.yaml"),
    case(33, CM, {"data": {"inference_config.yaml": "a: 1\n---\nb: 1"}}, "data|inference_config.yaml"),
    case(33, CM, {"data": {"inference_config.yaml": "vllm:\n  allowed-origins: '*'"}}, "data|inference_config.yaml"),
    case(33, CM, {"data": {"inference_config.yaml": "vllm:\n  allowed-origins: ['*']"}}, "data|inference_config.yaml"),
    case(
        33, CM, {"data": {"inference_config.yaml": "vllm:\n  allowed-origins: '[\"*\"]'"}}, "data|inference_config.yaml"
    ),
    case(33, CM, {"data": {"inference_config.yaml": "vllm:\n  allowed-origins: ['https://a']\napi-key: x"}}),
    case(33, CM, {"data": {"other.yaml": "a: ["}}),
    case(14, TUNE, {"tuning": {"input": {"urls": None, "image": "x:1"}}}),
]
