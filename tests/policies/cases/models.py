"""Machines, presets, fit."""

from kaitops.policies.rule import Config
from tests.policies.cases import CM, CUSTOM, CUSTOMS, IS, MRI, RAG, TUNE, WS, case, inner, meta

_TYPE = "resource.instanceType"
_SET = "spec.template.resource.instanceType"
_AMD = "Standard_NG32ads_V620_v1"


def _size(size: str) -> dict:
    return {"resource": {"instanceType": size}}


def _conf(length: object) -> dict:
    return {**CM, "data": {"inference_config.yaml": f"vllm:\n  max-model-len: {length}\n"}}


_LENGTH = "data|inference_config.yaml|vllm|max-model-len"

CASES = [
    case(2, WS, _size("Standard_NC6s_v3"), _TYPE),
    case(2, WS, _size("Standard_NC40ads_H100_v5")),
    case(2, WS, _size("Standard_NC6s_v2_unknown")),
    case(2, IS, {"spec": {"template": _size("Standard_NC24rs_v3")}}, _SET),
    case(2, RAG, {"spec": {"compute": {"instanceType": "Standard_NC12s_v3"}}}, "spec.compute.instanceType"),
    case(
        2,
        MRI,
        {"spec": {"roles": [{"instanceType": ""}, {"instanceType": "Standard_NC6s_v3"}]}},
        "spec.roles.1.instanceType",
    ),
    case(3, WS, _size("Standard_NC64as_T4_v3"), _TYPE),
    case(3, WS, _size("standard_nc24ads_a100_V4"), _TYPE),
    case(3, CUSTOM, _size("standard_nc24ads_a100_v4"), _TYPE),
    case(3, CUSTOM, _size("Standard_D16s_v5")),
    case(3, WS, _size("g5.4xlarge"), _TYPE),
    case(3, WS, _size("g5.4xlarge"), settings={"cloud": "aws"}),
    case(3, MRI, {"spec": {"roles": [{"instanceType": "x"}]}}, "spec.roles.0.instanceType"),
    case(26, WS, _size(_AMD), _TYPE),
    case(26, WS, _size("Standard_NV36ads_A10_v5")),
    case(26, WS, _size("Standard_NC24ads_A100_v4")),
    case(26, WS, _size("Standard_Nowhere")),
    case(26, CUSTOMS, {"spec": {"template": _size(_AMD)}}, _SET),
    case(
        26,
        MRI,
        {"spec": {"roles": [{"instanceType": _AMD}, {"instanceType": _AMD}]}},
        "spec.roles.0.instanceType",
        "spec.roles.1.instanceType",
    ),
    case(4, WS, inner(WS, {"preset": {"name": "phi-5"}}), "inference.preset.name"),
    case(4, WS, inner(WS, {"preset": {"name": "acme/new-model"}})),
    case(4, WS, inner(WS, {"preset": {"name": "a/b/c"}}), "inference.preset.name"),
    case(4, WS, inner(WS, {"preset": {"name": "microsoft/Phi-4"}})),
    case(4, TUNE, {"tuning": {"preset": {"name": "falcon-7b"}}}, "tuning.preset.name"),
    case(4, MRI, {"spec": {"model": {"name": "nope"}}}, "spec.model.name"),
    case(107, WS, _size("Standard_NC40ads_H100_v5"), "resource.instanceType", region="francecentral"),
    case(107, WS, _size("Standard_NC40ads_H100_v5"), region="westeurope"),
    case(107, WS, _size("Standard_NC40ads_H100_v5")),
    case(107, WS, {}, "resource.instanceType", region="westeurop"),
    # A region that no table has may be new; a size that no table has may be too.
    case(107, WS, {}, region="atlantis"),
    case(107, WS, _size("Standard_NC99"), region="westeurope"),
    case(107, WS, _size("g5.4xlarge"), "resource.instanceType", region="eu-north-2", settings={"cloud": "aws"}),
    case(27, TUNE, {"tuning": {"preset": {"name": "falcon-7b"}}}, "tuning.preset.name"),
    case(27, TUNE, {"tuning": {"preset": {"name": "gpt-oss-20b"}}}, "tuning.preset.name"),
    case(27, TUNE, {"tuning": {"preset": None}}),
    case(27, TUNE, {"resource": {"count": 2}}, "resource.count"),
    case(27, TUNE, {"resource": {"count": 1}}),
    case(27, TUNE, {"tuning": {"method": "full"}}, "tuning.method"),
    case(27, TUNE, {"tuning": {"method": "LoRA"}}),
    case(27, TUNE, {"tuning": {"method": None}}, "tuning.method"),
    case(
        27,
        TUNE,
        {"tuning": {"input": {"urls": ["https://a/x/d?v=1", "https://a/e", "https://a/y/d#z"]}}},
        "tuning.input.urls.2",
    ),
    case(27, TUNE, {"tuning": {"input": {"urls": ["https://a/x/d", "https://a/y/e", 7]}}}),
    case(27, TUNE, {"tuning": {"input": {"urls": ["https://a/x/d", "https://a/y/"]}}}, "tuning.input.urls.1"),
    case(27, TUNE, {"tuning": {"input": {"urls": ["https://a?d=/e"]}}}, "tuning.input.urls.0"),
    case(27, TUNE, {"tuning": {"input": {"urls": ["https://a/d?e=f/", "ftp://a/"]}}}),
    case(27, TUNE, {"tuning": {"output": {"image": "out:run-7"}}}, "tuning.output.image"),
    case(27, TUNE, {"tuning": {"output": {"image": "docker.io/library/out:run-7"}}}, "tuning.output.image"),
    case(27, TUNE, {"tuning": {"output": {"image": "contoso/out:run-7"}}}),
    case(
        27, TUNE, {"tuning": {"output": {"image": f"contoso.azurecr.io/out@sha256:{'0' * 64}"}}}, "tuning.output.image"
    ),
    case(27, TUNE, {"tuning": {"output": {"image": "Not An Image"}}}),
    case(27, WS, {"resource": {"count": 3}}),
    case(27, WS, {"tuning": {}}),
    case(5, WS, inner(WS, {"preset": {"name": "deepseek-r1-0528"}}) | {"resource": {"count": 1}}, _TYPE),
    case(5, WS, inner(WS, {"preset": {"name": "deepseek-r1-0528"}})),
    case(5, WS, {"resource": {"count": 1}}),
    case(5, WS, inner(WS, {"preset": {"name": "llama-3.3-70b-instruct"}}), _TYPE, config=Config(max_nodes=1)),
    case(5, WS, inner(WS, {"preset": {"name": "llama-3.3-70b-instruct"}}), config=Config(max_nodes=9)),
    case(
        5,
        WS,
        inner(WS, {"preset": {"name": "llama-3.3-70b-instruct"}}) | {"resource": {"count": 9}},
        _TYPE,
        config=Config(max_nodes=1),
    ),
    case(
        5,
        WS,
        inner(WS, {"preset": {"name": "llama-3.3-70b-instruct"}}) | {"resource": {"count": 1}},
        _TYPE,
        config=Config(max_nodes=9),
    ),
    case(
        5,
        WS,
        inner(WS, {"preset": {"name": "deepseek-r1-0528"}})
        | {"resource": {"count": 1}, "metadata": {"annotations": {"kaito.sh/runtime": "transformers"}}},
    ),
    case(
        5,
        WS,
        inner(WS, {"preset": {"name": "deepseek-r1-0528"}})
        | {"resource": {"count": 1}, "metadata": {"annotations": {"kaito.sh/runtime": "vllm"}}},
        _TYPE,
    ),
    case(5, TUNE, {"tuning": {"method": "lora"}, "resource": {"instanceType": "Standard_NV36ads_A10_v5"}}, _TYPE),
    case(5, TUNE, {"tuning": {"method": "LoRA"}, "resource": {"instanceType": "Standard_NV72ads_A10_v5"}}, _TYPE),
    case(5, TUNE, {"resource": {"instanceType": "Standard_NV36ads_A10_v5"}}),
    case(5, TUNE, {"tuning": {"method": "lora"}, "resource": {"instanceType": "x"}}),
    case(5, TUNE, {"tuning": {"preset": {"name": "deepseek-r1-0528"}}}, config=Config(max_nodes=1)),
    case(5, WS, inner(WS, {"preset": {"name": "x/y"}}), config=Config(max_nodes=1)),
    case(5, WS, {"resource": {"instanceType": "x", "count": 1}}),
    case(
        5,
        WS,
        {
            "resource": {"instanceType": "Standard_NV36ads_A10_v5"},
            "inference": {"preset": {"name": "phi-3-medium-128k-instruct"}, "config": "conf"},
        },
        _TYPE,
        others=(_conf(131072),),
    ),
    case(
        5,
        WS,
        {
            "resource": {"instanceType": "Standard_NV36ads_A10_v5"},
            "inference": {"preset": {"name": "phi-3-medium-128k-instruct"}, "config": "conf"},
        },
        others=(_conf(2048),),
    ),
    case(
        5,
        WS,
        {
            "resource": {"instanceType": "Standard_NV36ads_A10_v5"},
            "inference": {"preset": {"name": "phi-3-medium-128k-instruct"}, "config": "conf"},
        },
        others=(_conf(-5),),
    ),
    case(
        5,
        IS,
        {"spec": {"template": {"inference": {"preset": {"name": "llama-3.3-70b-instruct"}}}}},
        _SET,
        config=Config(max_nodes=1),
    ),
    case(6, WS, inner(WS, {"preset": {"name": "llama-3.1-8b-instruct"}}), "inference.preset"),
    case(6, WS, inner(WS, {"preset": {"name": "llama-3.1-8b-instruct", "presetOptions": {"modelAccessSecret": "hf"}}})),
    case(6, WS, inner(WS, {"preset": {"name": "acme/llama"}})),
    case(6, MRI, {"spec": {"model": {"name": "llama-3.1-8b-instruct"}}}, "spec.model"),
    case(6, MRI, {"spec": {"model": {"name": "llama-3.1-8b-instruct", "modelAccessSecret": "hf"}}}),
    case(15, WS, inner(WS, {"preset": {"name": "evil/model"}}), "inference.preset.name"),
    case(15, WS, inner(WS, {"preset": {"name": "Microsoft/anything"}})),
    case(15, WS, {}, "inference.preset.name", config=Config(organisations=("Acme",))),
    case(15, WS, inner(WS, {"preset": {"name": "acme/model"}}), config=Config(organisations=("Acme",))),
    case(15, WS, inner(WS, {"preset": {"name": "no-owner"}})),
    case(24, IS, {"spec": {"nodeCountLimit": None}}, "spec.nodeCountLimit"),
    case(24, IS, {"spec": {"nodeCountLimit": 1}}, "spec.nodeCountLimit"),
    case(24, IS, {"spec": {"nodeCountLimit": 2}}),
    case(24, IS, {"spec": {"nodeCountLimit": 0, "replicas": None}}, "spec.nodeCountLimit"),
    case(24, IS, {"spec": {"nodeCountLimit": 1, "replicas": None}}),
    case(24, IS, {"spec": {"nodeCountLimit": 0, "replicas": 0}}),
    case(
        24,
        IS,
        {"spec": {"template": {"inference": {"preset": {"name": "llama-3.3-70b-instruct"}}}}},
        "spec.nodeCountLimit",
    ),
    case(24, IS, {"spec": {"template": {"inference": {"preset": {"name": "acme/x"}}}}}),
    case(
        24,
        IS,
        {"spec": {"nodeCountLimit": 1, "template": {"inference": {"preset": {"name": "acme/x"}}}}},
        "spec.nodeCountLimit",
    ),
    case(34, WS, inner(WS, {"config": "conf"}), "inference.config", others=(_conf(200000),)),
    case(34, WS, inner(WS, {"config": "conf"}), others=(_conf(131072),)),
    case(34, WS, inner(WS, {"config": "conf"}), "inference.config", others=(_conf(131073),)),
    case(34, WS, inner(WS, {"config": "conf"}), others=(_conf("soon"),)),
    case(34, WS, inner(WS, {"config": "conf", "preset": {"name": "acme/x"}}), others=(_conf(200000),)),
    case(34, WS, inner(WS, {"config": "other"}), others=(_conf(200000),)),
    case(34, IS, inner(IS, {"config": "conf"}), "spec.template.inference.config", others=(_conf(200000),)),
    case(34, WS, inner(WS, {"config": "conf"}), others=({**_conf(200000), "metadata": meta("conf", namespace="x")},)),
    case(34, WS, inner(WS, {"config": "conf"}), "inference.config", others=(_conf("'200000'"),)),
    case(34, _conf("soon"), {}),
    case(34, _conf(-1), {}, "data|inference_config.yaml|vllm|max-model-len"),
    case(34, _conf(-2), {}),
    case(34, _conf("8k"), {}, _LENGTH),
    case(34, _conf("auto"), {}, _LENGTH),
    case(34, _conf(0), {}, _LENGTH),
    case(34, _conf(1), {}),
    case(34, _conf("'8192'"), {}),
    case(34, CM, {"data": {"inference_config.yaml": "vllm: {}"}}),
    case(34, CM, {"data": {"inference_config.yaml": "vllm: {max_model_len: 8k}"}}, _LENGTH),
]
