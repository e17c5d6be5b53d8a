"""Training data is fetched over TLS."""

import re

from kaitops.policies import cel
from kaitops.policies.anatomy import WORKSPACE
from kaitops.policies.reading import at, items, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_PATTERN = "^(?i:https)://"


def _check(document: Document, context: Context) -> Found:
    for place, url in enumerate(items(at(document, "tuning", "input", "urls"))):
        if not re.search(_PATTERN, text(url)):
            scheme = text(url).partition("://")[0][:10]
            yield ("tuning", "input", "urls", place), f"fetched by {scheme!r}, so anyone on the way can poison the data"


RULE = Rule(
    id="KAITO014",
    severity=Severity.HIGH,
    title="dataset URLs use https",
    why="The webhook admits http; whoever alters the data alters the model.",
    source="KAITO api/v1beta1/workspace_validation.go; OWASP LLM04",
    remedy="use https, or a volume",
    kinds=(WORKSPACE,),
    check=_check,
    cel=cel.same(cel.unless("object.tuning.input.urls", f"object.tuning.input.urls.all(u, u.matches('{_PATTERN}'))")),
)
