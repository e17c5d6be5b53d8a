"""The configured context is one that the model has."""

from kaitops.policies.anatomy import CONFIGMAP, INFERENCES
from kaitops.policies.reading import INFERENCE_KEY, declared_context, mapping, models, number, vllm_flags
from kaitops.policies.rule import Context, Document, Found, Rule, Scope, Severity


def _check(document: Document, context: Context) -> Found:
    if document["kind"] == "ConfigMap":
        flags = vllm_flags(mapping(document.get("data")).get(INFERENCE_KEY))
        if "max-model-len" in flags and (number(flags["max-model-len"]) or 0) < 1:
            yield ("data", INFERENCE_KEY), "vllm.max-model-len is no whole number of tokens"
        return
    path, tokens = declared_context(document, context)
    for _, name, _ in models(document):
        preset = context.release.catalogue.find(name)
        length = number(tokens)
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
