"""A configuration that an inference or a tuning refers to is in the bundle."""

from kaitops.documents.ref import namespace_of
from kaitops.policies.anatomy import INFERENCES
from kaitops.policies.reading import INFERENCE_KEY, TRAINING_KEY, at, inference, mapping, text
from kaitops.policies.rule import Context, Document, Found, Rule, Scope, Severity

_SHIPPED = ("inference-params-template", "lora-params-template", "qlora-params-template")


def _check(document: Document, context: Context) -> Found:
    if not context.complete:
        return
    path, block = inference(document)
    tuning = at(document, "tuning", "config")
    for where, name, key in (
        ((*path, "config"), text(block.get("config")), INFERENCE_KEY),
        (("tuning", "config"), text(tuning), TRAINING_KEY),
    ):
        if not name or name in _SHIPPED:
            continue
        found = context.find("ConfigMap", namespace_of(document), name)
        if found is None:
            yield where, f"ConfigMap {namespace_of(document)}/{name} is not in the bundle, so KAITO refuses the object"
        elif key not in mapping(found.get("data")):
            yield where, f"ConfigMap {namespace_of(document)}/{name} has no key {key}, which KAITO reads"


RULE = Rule(
    id="KAITO017",
    severity=Severity.MEDIUM,
    title="referenced configuration is rendered",
    why="The webhook finds out at apply time; by then the change is merged.",
    source="KAITO api/v1beta1/workspace_validation.go, config",
    remedy="render the ConfigMap into the same namespace, with the key that KAITO reads",
    kinds=INFERENCES,
    check=_check,
    scope=Scope.BUNDLE,
)
