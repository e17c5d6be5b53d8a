"""The GPUs hold the configured context."""

from kaitops.kaito.estimator import DoesNotFit
from policies.anatomy import INFERENCES
from policies.reading import (
    INFERENCE_KEY,
    at,
    declared_context,
    handed_annotations,
    inference,
    machines,
    models,
    namespace,
    number,
    text,
    vllm_flags,
)
from policies.rule import Context, Document, Found, Rule, Scope, Severity


def _check(document: Document, context: Context) -> Found:
    path, tokens = declared_context(document, context)
    length = number(tokens)
    if length is None or handed_annotations(document).get("kaito.sh/runtime") == "transformers":
        return
    found = context.find("ConfigMap", namespace(document), text(inference(document)[1].get("config")))
    flags = vllm_flags(at(found, "data", INFERENCE_KEY))
    for _, size in machines(document):
        sku = context.release.skus(context.cloud).find(size)
        for _, name, _ in models(document):
            preset = context.release.catalogue.find(name)
            if sku is None or preset is None:
                continue
            # Only a context on a machine that is known pays for the arithmetic.
            from kaitops.kaito.vllm.memory import Serving, is_known
            from kaitops.kaito.vllm.telling import misfit

            if length > preset.token_limit or not is_known(context.release.version, preset, flags):
                continue
            gpus = sku.gpu_config()
            try:
                nodes = context.release.estimate(preset, gpus, length)
            except DoesNotFit:
                continue
            serving = Serving(context.release.version, preset, gpus, nodes, flags)
            if problem := misfit(name, serving, length, f"{nodes} x {sku.name}"):
                yield path, problem


RULE = Rule(
    id="KAITO052",
    severity=Severity.HIGH,
    title="the GPUs hold the configured context",
    why=(
        "KAITO counts nodes by an estimate of its own. vLLM measures what is left for the KV cache and ends at start "
        "where one request of the whole context does not fit."
    ),
    source="vLLM vllm/v1/core/kv_cache_utils.py, vllm/v1/kv_cache_interface.py; measured contexts of KAITO",
    remedy="leave max-model-len out, and vLLM takes the longest that fits",
    kinds=INFERENCES,
    check=_check,
    scope=Scope.AIDED,
)
