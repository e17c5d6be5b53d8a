"""Adapters and tuning data come from allowed registries."""

from kaitops.policies import cel
from kaitops.policies import images as names
from kaitops.policies.anatomy import INFERENCES
from kaitops.policies.reading import data_images
from kaitops.policies.rule import Config, Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    allowed = context.config.registries
    for path, image in data_images(document) if allowed else ():
        if not names.is_from(image, allowed):
            yield path, f"{image} comes from none of {', '.join(allowed)}"


def _cel(kind: str, config: Config) -> str | None:
    expression = cel.of_registries("i", config)
    return expression and cel.data_images(kind, expression)


RULE = Rule(
    id="KAITO011",
    severity=Severity.HIGH,
    title="adapters and tuning images from allowed registries",
    why="An adapter changes what the model says; training data and results leave or enter by these images.",
    source="OWASP LLM03",
    remedy="mirror the image, or extend registries in kaitops-policy.yaml",
    kinds=INFERENCES,
    check=_check,
    cel=_cel,
)
