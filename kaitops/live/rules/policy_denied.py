"""Rule ``policy-denied``."""

import re

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = r"admission webhook .* denied the request|ValidatingAdmissionPolicy .* denied request"
_OWN = r"(validation|defaulting)\.[\w.]*kaito\.sh"


def _find(view: View) -> Said | None:
    text = view.error
    own = re.search(_OWN, text) is not None
    by = re.search(r"(admission webhook|ValidatingAdmissionPolicy) \\?[\"']?([\w./-]+)", text)
    whose = by.group(2) if by else "a policy"
    remedy = (
        (
            "kaitops gate manifests (says the same before it is applied)",
            f"fleet.yaml: {view.entry}: correct what it names",
        )
        if own
        else ("correct what it names, or have the owner of the policy except the objects of KAITO",)
    )
    who = "KAITO's own webhook" if own else f"the policy {whose}"
    return signs.by_error(view, _PATTERN, f"{who} denies what KAITO makes for it: {{error}}", *remedy)


RULE = Rule(
    "policy-denied",
    "configuration",
    "degraded",
    "a webhook or an admission policy of the cluster denies what KAITO makes for it",
    "it is tried again for ever, and denied until declaration or policy changes",
    _find,
)
