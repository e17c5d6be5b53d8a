"""Rule ``webhook-down``."""

import re

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = r"failed calling webhook|no endpoints available for service|conversion webhook .* failed"


def _find(view: View) -> Said | None:
    named = re.search(r"webhook \\?\"?([\w.-]+)", view.error)
    name = f" {named.group(1)}" if named else ""
    return signs.by_error(
        view,
        _PATTERN,
        f"the API server does not reach the webhook{name}, which it has to ask: {{error}}",
        "kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations (which service the one above names)",
        "kubectl get pods and endpoints of that service; KAITO's own is kaito-workspace in the namespace of its chart",
    )


RULE = Rule(
    "webhook-down",
    "admitted",
    "degraded",
    "a webhook that the API server has to ask for KAITO's objects does not answer",
    "nothing that KAITO makes or changes is taken until it answers",
    _find,
)
