"""Images come from allowed registries."""

from kaitops.policies import cel
from kaitops.policies import images as names
from kaitops.policies.anatomy import PODS
from kaitops.policies.reading import images
from kaitops.policies.rule import Config, Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    allowed = context.config.registries
    for path, image in images(document) if allowed else ():
        if not names.is_from(image, allowed):
            yield path, f"{image} comes from none of {', '.join(allowed)}"


def _cel(kind: str, config: Config) -> str | None:
    allowed = config.registries
    return cel.image_of(kind, lambda image: cel.of_registries(image, config) or "true") if allowed else None


RULE = Rule(
    id="KAITO010",
    severity=Severity.HIGH,
    title="images from allowed registries",
    why="What runs on GPU nodes with the model's data is what the organisation has taken in.",
    source="AKS policy: only allowed images; OWASP LLM03",
    remedy="mirror the image and name it in full, or extend registries in kaitops-policy.yaml",
    kinds=PODS,
    pods=True,
    check=_check,
    cel=_cel,
)
