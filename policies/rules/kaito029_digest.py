"""Images in production are named by digest."""

from kaitops.policies import cel
from kaitops.policies import images as names
from kaitops.policies.anatomy import PODS
from kaitops.policies.made import cel_kaitos, cel_made, is_kaitos, is_made
from kaitops.policies.reading import images
from kaitops.policies.rule import Config, Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    # KAITO's own image comes by the tag that its release names, in pods as KAITO makes them.
    made = is_made(document, context)
    for path, image in images(document):
        if not names.has_digest(image) and not (made and names.is_kaito(image) and is_kaitos(image, context)):
            yield path, f"{image} can be pushed again with other content"


def _cel_pinned(kind: str, config: Config, image: str) -> str:
    return f"({cel.digest(image)} || ({cel_made(kind, config)} && {cel.kaito(image)} && {cel_kaitos(image, config)}))"


RULE = Rule(
    id="KAITO029",
    severity=Severity.HIGH,
    title="images by digest",
    why="A tag can be moved; what was tested is then not what runs.",
    source="NSA/CISA Kubernetes hardening guide",
    remedy="name the image as name:tag@sha256:..., or record the digests of a fleet's images by kaitops images lock",
    kinds=PODS,
    pods=True,
    check=_check,
    environments={"dev": None, "staging": Severity.LOW},
    cel=lambda kind, config: cel.image_of(kind, lambda image: _cel_pinned(kind, config, image)),
)
