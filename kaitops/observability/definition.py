"""The one definition of panels and alerts, with the names of the metrics filled in."""

import re
from dataclasses import dataclass
from functools import cache

from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput
from kaitops.kaito import facts

# Only names in braces; PromQL's own braces hold selectors and annotations' are doubled.
_METRIC = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")


@dataclass(frozen=True, slots=True)
class Panel:
    """One graph."""

    title: str
    unit: str
    query: str


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; ``hold`` is how long the query must be true, as Prometheus writes it."""

    name: str
    severity: str
    hold: str
    query: str
    summary: str
    description: str


@dataclass(frozen=True, slots=True)
class Definition:
    """All panels and alerts, and where the metrics are read."""

    panels: tuple[Panel, ...]
    alerts: tuple[Alert, ...]
    path: str
    port: str
    pod_label: str


@cache
def load() -> Definition:
    """The definition, parsed once."""
    given: MutableObject = facts.load(".", "observability.json")
    metrics: dict[str, list[str]] = given["metrics"]
    panels = tuple(Panel(one["title"], one["unit"], expand(one["query"], metrics)) for one in given["panels"])
    alerts = tuple(
        Alert(
            one["name"], one["severity"], one["for"], expand(one["query"], metrics), one["summary"], one["description"]
        )
        for one in given["alerts"]
    )
    return Definition(panels, alerts, given["metrics_path"], given["metrics_port"], given["pod_label"])


def expand(query: str, metrics: dict[str, list[str]]) -> str:
    """A query with metric names; where a metric was renamed, the query for each name, joined by ``or``.

    Raises:
        BadInput: the query names a metric that is not defined.
    """
    wanted = set(_METRIC.findall(query))
    if missing := wanted - set(metrics):
        raise BadInput(
            f"observability: query {query!r} names {', '.join(sorted(missing))}, which presets/observability.json does "
            "not define; add it to metrics"
        )
    choices = max((len(metrics[name]) for name in wanted), default=1)
    spelt = [
        _METRIC.sub(lambda found, turn=turn: metrics[found[1]][min(turn, len(metrics[found[1]]) - 1)], query)
        for turn in range(choices)
    ]
    return spelt[0] if len(spelt) == 1 else " or ".join(f"({one})" for one in spelt)
