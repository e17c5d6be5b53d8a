"""A tuning result gets a tag of its own."""

from kaitops.policies import cel
from kaitops.policies import images as names
from kaitops.policies.anatomy import WORKSPACE
from kaitops.policies.reading import at, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    image = text(at(document, "tuning", "output", "image"))
    if image and not names.is_fixed(image):
        yield ("tuning", "output", "image"), f"{image} is overwritten by the next run, so nobody knows what it holds"


_IMAGE = "object.tuning.output.image"

RULE = Rule(
    id="KAITO031",
    severity=Severity.MEDIUM,
    title="tuning output has a tag per run",
    why="An adapter that can be told from the next one can be tested and rolled back.",
    source="OWASP LLM03",
    remedy="name a tag that holds the run or the data's date",
    kinds=(WORKSPACE,),
    check=_check,
    cel=cel.same(cel.unless(_IMAGE, f"{_IMAGE} == '' || {cel.fixed(_IMAGE)}")),
)
