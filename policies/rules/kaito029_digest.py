"""Images in production are named by digest."""

from policies import cel
from policies import images as names
from policies.anatomy import PODS
from policies.reading import images, is_plain
from policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    # KAITO's own image comes by the tag that its release names, in pods as KAITO makes them.
    plain = is_plain(document)
    for path, image in images(document):
        if not names.has_digest(image) and not (plain and names.is_kaito(image)):
            yield path, f"{image} can be pushed again with other content"


def _cel_pinned(kind: str, image: str) -> str:
    return f"({cel.digest(image)} || ({cel.plain(kind)} && {cel.kaito(image)}))"


RULE = Rule(
    id="KAITO029",
    severity=Severity.HIGH,
    title="images by digest",
    why="A tag can be moved; what was tested is then not what runs.",
    source="NSA/CISA Kubernetes hardening guide",
    remedy="name the image as name:tag@sha256:...",
    kinds=PODS,
    check=_check,
    environments={"dev": None, "staging": Severity.LOW},
    cel=lambda kind, _: cel.image_of(kind, lambda image: _cel_pinned(kind, image)),
)
