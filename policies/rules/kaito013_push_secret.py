"""A tuning result that is pushed has the secret for it."""

from kaitops.policies import cel
from kaitops.policies.anatomy import WORKSPACE
from kaitops.policies.reading import at, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    output = at(document, "tuning", "output")
    if text(at(output, "image")) and not text(at(output, "imagePushSecret")):
        yield ("tuning", "output", "image"), "the result is to be pushed, and no imagePushSecret is named"


_OUTPUT = "object.tuning.output"

RULE = Rule(
    id="KAITO013",
    severity=Severity.HIGH,
    title="tuning output has a push secret",
    why="KAITO refuses the Workspace at admission; here it is known before the merge.",
    source="KAITO api/v1beta1/workspace_validation.go, DataDestination",
    remedy="set tuning.output.imagePushSecret",
    kinds=(WORKSPACE,),
    check=_check,
    cel=cel.same(
        cel.unless(
            f"{_OUTPUT}.image",
            f"{_OUTPUT}.image == '' || " + cel.given(f"{_OUTPUT}.imagePushSecret", f"{_OUTPUT}.imagePushSecret != ''"),
        )
    ),
)
