"""Recording rules that the dashboards read which Azure brings for a cluster, as rule groups of Azure Monitor.

Azure makes such rules where its portal or command line turns metrics on; a cluster that is declared gets none, and its
dashboards stay empty. The names of the records are Azure's, the queries are ours; both are in
``presets/observability.json``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from kaitops.documents.plain import MutableObject
from kaitops.kaito import facts


@dataclass(frozen=True, slots=True)
class Record:
    """A series that is worked out once a minute and kept under a name."""

    name: str
    query: str
    labels: Mapping[str, str]


@cache
def load() -> dict[str, tuple[Record, ...]]:
    """All records by group; within a group one may read those before it."""
    given: MutableObject = facts.load(".", "observability.json")
    parts: dict[str, str] = given["cluster_parts"]
    return {group: tuple(_records(rows, parts)) for group, rows in given["cluster_records"].items()}


def azure_records(group: str) -> list[MutableObject]:
    """The rules of one group of ``Microsoft.AlertsManagement/prometheusRuleGroups``."""
    return [
        {"record": one.name, "expression": one.query, "enabled": True, **({"labels": one.labels} if one.labels else {})}
        for one in load()[group]
    ]


def _records(rows: list[MutableObject], parts: Mapping[str, str]) -> Iterator[Record]:
    for row in rows:
        for of in row.get("of", [""]):
            known = {**parts, "of": of}
            # Azure's dashboards look for the kinds of workloads in lower case.
            labels = {key: _filled(text, known).lower() for key, text in row.get("labels", {}).items()}
            yield Record(_filled(row["record"], known), _filled(row["query"], known), labels)


def _filled(text: str, known: Mapping[str, str]) -> str:
    """A text with its parts in place of their names in braces; double braces are PromQL's own."""
    for name, part in known.items():
        text = text.replace(f"{{{name}}}", part)
    return text.replace("{{", "{").replace("}}", "}")
