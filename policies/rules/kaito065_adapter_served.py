"""A request can say whether it means the model or an adapter."""

from kaitops.policies.anatomy import INFERENCES
from kaitops.policies.reading import at, declared_flags, handed_annotations, inference, items, text
from kaitops.policies.rule import Context, Document, Found, Rule, Scope, Severity

_SET = "InferenceSet"


def _check(document: Document, context: Context) -> Found:
    path, block = inference(document)
    adapters = items(block.get("adapters"))
    preset = context.release.catalogue.find(text(at(block, "preset", "name"))) if adapters else None
    if preset is None:
        return
    # Replicas are served under the name of their set, by vLLM.
    transformers = handed_annotations(document).get("kaito.sh/runtime") == "transformers"
    replicas = document.get("kind") == _SET and not transformers
    served = text(at(document, "metadata", "name")) if replicas else preset.name
    if not transformers:
        served = text(declared_flags(document, context).get("served-model-name")) or served
    for place, adapter in enumerate(adapters):
        if served and text(at(adapter, "source", "name")) == served:
            yield (*path, "adapters", place, "source", "name"), f"{served} is what the model itself is served as"


# Without a twin: which name a preset is served under is in the catalogue, which CEL does not see.
RULE = Rule(
    id="KAITO065",
    severity=Severity.HIGH,
    title="adapters not under the model's name",
    why="A request names model or adapter by one word; under the same one of them never answers.",
    source="KAITO pkg/model, presets/workspace/inference/vllm",
    remedy="give the adapter another name",
    kinds=INFERENCES,
    check=_check,
    scope=Scope.AIDED,
)
