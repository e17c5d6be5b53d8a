"""KAITO's own images come by the digest that was recorded."""

from kaitops.policies import images as names
from kaitops.policies.anatomy import WORKLOADS
from kaitops.policies.reading import images, is_plain
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    if is_plain(document):
        for path, image in images(document):
            if names.is_kaito(image) and not names.has_digest(image):
                yield path, f"{image} comes by its tag, as no digest of it is recorded"


RULE = Rule(
    id="KAITO108",
    severity=Severity.LOW,
    title="KAITO's images by recorded digest",
    why="A release's tag can be pushed again; a recorded digest says which image was reviewed.",
    source="kaitops images lock",
    remedy="record digests with kaitops images lock, review the diff, and render again",
    kinds=WORKLOADS,
    check=_check,
)
