"""Flags of the server in inference configurations."""

from typing import Any

from tests.policies.cases import CM, IS, MRI, WS, Case, Data, case, inner, patched

_AT = "data|inference_config.yaml|vllm|"


def _flags(text: str) -> Data:
    return {"data": {"inference_config.yaml": f"vllm: {{{text}}}"}}


def _refused(text: str, *keys: str, rule: int = 56) -> Case:
    return case(rule, CM, _flags(text), *(_AT + key for key in keys))


def _trained(text: str, *keys: str, **more: Any) -> Case:
    at = tuple(f"data|training_config.yaml|training_config|{key}" for key in keys)
    return case(66, CM, {"data": {"training_config.yaml": f"training_config: {{{text}}}"}}, *at, **more)


_H100, _A100 = "Standard_NC80adis_H100_v5", "Standard_NC24ads_A100_v4"


def _long(text: str, size: str = _H100, model: str = "mistralai/Mistral-Small-4-119B-2603", **more: Any) -> Case:
    """A Workspace whose configuration asks for a context."""
    at = ("inference.config",) if more.pop("found", True) else ()
    patch = {"resource": {"instanceType": size}, **inner(WS, {"config": "conf", "preset": {"name": model}})}
    return case(58, WS, patched(patch, more.pop("patch", {})), *at, others=(patched(CM, _flags(text)),), **more)


CASES = [
    _long("max-model-len: 1048576"),
    _long("max-model-len: 774050"),
    _long("max-model-len: 774049", found=False),
    _long("max-model-len: 1048576, kv-cache-dtype: fp8", found=False),
    _long("max-model-len: 774049, gpu-memory-utilization: 0.8"),
    _long("max-model-len: 1048576, tensor-parallel-size: 1", found=False),
    _long("gpu-memory-utilization: 0.8", found=False),
    _long("gpu-memory-utilization: 0.3", size=_A100, model="phi-4"),
    _long("gpu-memory-utilization: 0.3, max-model-len: auto", size=_A100, model="phi-4", found=False),
    _long("kv-cache-dtype: auto", size="Standard_NV6ads_A10_v5", model="phi-4", found=False),
    _long("tensor-parallel-size: 2", found=False),
    _long("tensor-parallel-size: 3"),
    _long("tensor-parallel-size: 2", size=_A100, model="phi-4"),
    _long("tensor-parallel-size: 2, max-model-len: 16384", size=_A100, model="phi-4"),
    _long("tensor-parallel-size: two", size=_A100, model="phi-4", found=False),
    _long("tensor-parallel-size: 2", size=_A100, model="acme/unknown", found=False),
    _long("tensor-parallel-size: 2", size="Standard_Nowhere", found=False),
    _long("tensor-parallel-size: 2", size="Standard_NV6ads_A10_v5", model="phi-4", found=False),
    _long(
        "max-model-len: 770000",
        patch={"metadata": {"annotations": {"kaito.sh/performance-mode": "throughput"}}},
    ),
    _long("max-model-len: 1048576", size="Standard_Nowhere", found=False),
    _long("max-model-len: 1048576", size="Standard_ND96isr_H200_v5", found=False),
    _long("max-model-len: 1048576", model="acme/unknown", found=False),
    _long("max-model-len: 2000000", found=False),
    _long(
        "max-model-len: 1048576",
        patch={"metadata": {"annotations": {"kaito.sh/runtime": "transformers"}}},
        found=False,
    ),
    case(
        58,
        MRI,
        {
            "spec": {
                "model": {"name": "mistralai/Mistral-Small-4-119B-2603"},
                "roles": [
                    {"type": "prefill", "instanceType": "Standard_ND96isr_H200_v5", "runtimeConfig": "conf"},
                    {"type": "decode", "instanceType": _H100, "runtimeConfig": "conf"},
                    {"type": "decode", "instanceType": _H100},
                ],
            }
        },
        "spec.roles.1.runtimeConfig",
        others=(patched(CM, _flags("max-model-len: 1048576")),),
    ),
    case(
        58,
        IS,
        patched(
            inner(IS, {"config": "conf", "preset": {"name": "mistralai/Mistral-Small-4-119B-2603"}}),
            {"spec": {"template": {"resource": {"instanceType": _H100}}}},
        ),
        "spec.template.inference.config",
        others=(patched(CM, _flags("max-model-len: 1048576")),),
    ),
    _refused("gpu-memory-utilisation: 0.9", "gpu-memory-utilisation"),
    _refused("swap-space: 4", "swap-space"),
    case(56, CM, _flags("swap-space: 4"), version="0.9.4"),
    case(56, CM, _flags("swap-space: 4"), version="0.6.0"),
    _refused("gpu-memory-utilization: 1.5", "gpu-memory-utilization"),
    _refused("gpu-memory-utilization: 1"),
    _refused("max-num-seqs: many", "max-num-seqs"),
    _refused("max-num-seqs: '8'"),
    _refused("max-model-len: -5", "max-model-len"),
    _refused("max-model-len: 5"),
    _refused("max-model-len: long", "max-model-len"),
    _refused("kv-cache-dtype: fp9", "kv-cache-dtype"),
    _refused("kv-cache-dtype: fp8"),
    _refused("enable-chunked-prefill: false", "enable-chunked-prefill"),
    _refused("enable-chunked-prefill: true"),
    _refused("enable-chunked-prefill: true, enforce-eager: true", "enforce-eager"),
    _refused("enable-chunked-prefill: --enable-chunked-prefill, no-enforce-eager: --no-enforce-eager"),
    _refused("port: 8000", "port"),
    _refused("port: 5000"),
    _refused("compilation-config: '{\"mode\": 3}'", "compilation-config"),
    *(
        _refused(f"{flag}: '{value}'", *([flag] if wrong else []))
        for flag, value, wrong in (
            ("speculative-config", '{"method": "ngram", "num_speculative_tokens": 5}', False),
            ("speculative-config", '{"method": "ngrm", "num_speculative_tokens": 5}', True),
            ("speculative-config", '{"method": "ngram", "num_speculative_tokens": 0}', True),
            (
                "speculative-config",
                '{"method": "ngram", "num_speculative_tokens": "5", "prompt_lookup_max": null}',
                False,
            ),
            ("speculative-config", '{"method": "ngram", "num_speculative_tokens": "five"}', True),
            ("speculative-config", '{"model": 7, "num_speculative_tokens": 5}', True),
            ("kv-transfer-config", '{"kv_connector": "LMCacheConnectorV1", "kv_role": "kv_both"}', False),
            ("kv-transfer-config", '{"kv_connector": "LMCacheConectorV1", "kv_role": "kv_both"}', True),
            ("kv-transfer-config", '{"kv_connector": "OurConnector", "kv_role": "kv_both"}', False),
            ("kv-transfer-config", '{"kv_connector": "LMCacheConnectorV1", "kv_role": "both"}', True),
            ("kv-transfer-config", '{"kv_connector": "LMCacheConnectorV1"}', True),
            ("kv-transfer-config", '{"kv_load_failure_policy": "retry"}', True),
            ("kv-events-config", '{"enable_kv_cache_events": "yes", "publisher": "zmq"}', False),
            ("kv-events-config", '{"enable_kv_cache_events": 2}', True),
            ("structured-outputs-config", '{"backend": "guidence"}', True),
        )
    ),
    _refused("kaito-max-probe-steps: 3", "kaito-max-probe-steps"),
    case(56, CM, {"data": {"inference_config.yaml": "vllm: [swap-space]"}}),
    case(56, CM, {"data": {"other.yaml": "vllm: {swap-space: 4}"}}),
    _trained("LoraConfig: {lora_aplha: 8, r: 8}", "LoraConfig|lora_aplha"),
    _trained("LoraConfig: {r: 0}", "LoraConfig|r"),
    _trained("LoraConfig: {r: 8, target_modules: [q_proj, v_proj]}"),
    _trained("LoraConfig: {rank_pattern: {q_proj: 4}}", "LoraConfig|rank_pattern|q_proj"),
    _trained("ModelConfig: {torch_dtype: bfloat17}", "ModelConfig|torch_dtype"),
    _trained("TrainingArguments: {num_train_epoch: 3, save_strategy: 'no', learning-rate: 1e-4}"),
    _trained(
        "TrainingArguments: {save_strategy: epochs, gradient: 1}",
        *(f"TrainingArguments|{key}" for key in ("save_strategy", "gradient")),
    ),
    _trained("TrainingArguments: {no_gradient_checkpointing: true}", "TrainingArguments|no_gradient_checkpointing"),
    _trained("DatasetConfig: {train_test_split: 10}", "DatasetConfig|train_test_split"),
    _trained("LoraConfig: {rank: 8}", version="0.11.0"),
    case(66, CM, {"data": {"other.yaml": "training_config: {LoraConfig: {rank: 8}}"}}),
    _refused("tensor-parallel-size: 2", "tensor-parallel-size", rule=57),
    _refused("served_model_name: phi", "served_model_name", rule=57),
    _refused("max-model-len: 4096, gpu-memory-utilization: 0.9", rule=57),
    case(57, CM, _flags("tensor-parallel-size: 2"), version="0.6.0"),
    _refused("performance-mode: throughput", "performance-mode", rule=57),
    case(57, CM, _flags("performance-mode: throughput"), version="0.9.4"),
]
