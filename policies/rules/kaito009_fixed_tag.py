"""Images have a fixed tag or a digest."""

from kaitops.policies import cel
from kaitops.policies import images as names
from kaitops.policies.anatomy import PODS
from kaitops.policies.reading import images
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    for path, image in images(document):
        if not names.is_fixed(image):
            yield path, f"{image} means another image each day"


RULE = Rule(
    id="KAITO009",
    severity=Severity.MEDIUM,
    title="images have a fixed tag",
    why="A floating tag changes what runs without a change in the repository, and AKS safeguards deny it.",
    source="AKS deployment safeguards: no latest image",
    remedy="name a version or a digest",
    kinds=PODS,
    pods=True,
    check=_check,
    cel=cel.each_image(cel.fixed),
)
