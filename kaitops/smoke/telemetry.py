"""The check of a server's metrics."""

import re
from collections.abc import Mapping
from typing import Any

from .verdict import FAIL, PASS, UNSUPPORTED, Report
from .wire import Trouble, Wire

_METRIC = re.compile(r"^[a-zA-Z_:][\w:]*(\{.*\})? (?:[-+]?[\d.eE+-]+|NaN|[+-]?Inf)( \d+)?$")


def check(wire: Wire, report: Report, profile: Mapping[str, Any]) -> None:
    """Metrics in the form of the runtime."""
    try:
        found = wire.ask("GET", "/metrics")
    except Trouble as trouble:
        report.add("metrics", FAIL, str(trouble))
        return
    if found.status == 404 or found.status == 501:
        verdict = UNSUPPORTED if profile["metrics"] == "any" or profile["prefix"] == "llamacpp:" else FAIL
        report.add("metrics", verdict, f"/metrics answers {found.status}", found.seconds)
        return
    text = found.body.decode(errors="replace")
    if profile["metrics"] == "json":
        good = found.status == 200 and text.lstrip().startswith("{")
        report.add("metrics", PASS if good else FAIL, "JSON" if good else "no JSON", found.seconds)
        return
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    broken = [line for line in lines if not _METRIC.match(line)]
    names = [line for line in lines if line.startswith(profile["prefix"])]
    good = found.status == 200 and bool(names) and not broken
    seen = f"{len(lines)} series, {len(names)} of them {profile['prefix'] or 'of any name'}, {len(broken)} unreadable"
    report.add("metrics", PASS if good else FAIL, seen, found.seconds)
