"""The configured context is one that the model has."""

import re

from kaitops.policies.anatomy import CONFIGMAP, INFERENCES
from kaitops.policies.reading import INFERENCE_KEY, declared_context, mapping, models, vllm_flags, whole
from kaitops.policies.rule import Context, Document, Found, Rule, Scope, Severity

_SHORT = re.compile(r"auto|[0-9]+(\.[0-9]+)?[kKmMgGtT]i?")


def _check(document: Document, context: Context) -> Found:
    if document["kind"] == "ConfigMap":
        length = vllm_flags(mapping(document.get("data")).get(INFERENCE_KEY)).get("max-model-len")
        # What vLLM does not take either is told with its flags.
        tokens = whole(length)
        is_read_by_vllm = isinstance(length, str) and _SHORT.fullmatch(length.strip()) is not None
        if is_read_by_vllm or (tokens is not None and -1 <= tokens < 1):
            yield ("data", INFERENCE_KEY, "vllm", "max-model-len"), "vllm.max-model-len is no whole number of tokens"
        return
    path, tokens = declared_context(document, context)
    for _, name, _ in models(document):
        preset = context.release.catalogue.find(name)
        length = whole(tokens)
        if preset is not None and length is not None and length > preset.token_limit:
            yield path, f"max-model-len is {length}, {name} has {preset.token_limit}, so the server does not start"


RULE = Rule(
    id="KAITO034",
    severity=Severity.MEDIUM,
    title="context length within the model's",
    why="KAITO's check needs the cluster; here it is known before.",
    source="KAITO api/v1beta1/workspace_validation.go, max-model-len",
    remedy="set max-model-len to at most the model's limit",
    kinds=(*INFERENCES, CONFIGMAP),
    check=_check,
    scope=Scope.AIDED,
)
