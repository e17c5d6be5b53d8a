"""Rule ``port-taken``."""

import re

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = r"address already in use|EADDRINUSE|\[Errno 98\]"


def _find(view: View) -> Said | None:
    evidence = signs.crashed(view, _PATTERN)
    if not evidence:
        return None
    text = " ".join(evidence)
    named = re.search(r"port:? (\d+)|', (\d+)\)|:(\d{2,5})\b(?=\D*(address|bind|in use))", text)
    port = next((one for one in named.groups() if one), "") if named else ""
    return Said(
        f"the server cannot listen: its port{f' {port}' if port else ''} is taken",
        evidence,
        (
            "in a template of your own: two containers of one pod share its ports, so each needs its own, and with "
            "hostNetwork all pods of a node share them",
            *signs.commands(view, "get -o yaml pod"),
        ),
        signs.first_since(view),
    )


RULE = Rule(
    "port-taken",
    "engine",
    "degraded",
    "the port that the server listens on is taken by another process of its pod or node",
    "the server ends on every start",
    _find,
)
