"""Alerts as a PrometheusRule of the Prometheus operator, and as a rule group of Azure Monitor."""

import re

from kaitops.documents.plain import MutableObject
from kaitops.observability.definition import Definition

GROUP = "kaitops-models"
_AZURE_SEVERITY = {"critical": 1, "warning": 2, "info": 3}
_UNITS = {"s": "S", "m": "M", "h": "H"}


def prometheus_rule(definition: Definition, namespace: str) -> MutableObject:
    """A ``PrometheusRule`` for a namespace that the operator watches."""
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": GROUP, "namespace": namespace},
        "spec": {
            "groups": [
                {
                    "name": GROUP,
                    "rules": [
                        {
                            "alert": alert.name,
                            "expr": alert.query,
                            "for": alert.hold,
                            "labels": {"severity": alert.severity},
                            "annotations": {"summary": alert.summary, "description": alert.description},
                        }
                        for alert in definition.alerts
                    ],
                }
            ]
        },
    }


def azure_rules(definition: Definition) -> list[MutableObject]:
    """Rules of ``Microsoft.AlertsManagement/prometheusRuleGroups``; durations are ISO 8601 there."""
    return [
        {
            "alert": alert.name,
            "expression": alert.query,
            "for": iso_duration(alert.hold),
            "severity": _AZURE_SEVERITY[alert.severity],
            "enabled": True,
            "labels": {"severity": alert.severity},
            "annotations": {"summary": alert.summary, "description": alert.description},
        }
        for alert in definition.alerts
    ]


def iso_duration(text: str) -> str:
    """A duration of Prometheus, such as ``10m``, as ISO 8601.

    Raises:
        ValueError: it is no whole number of seconds, minutes or hours.
    """
    found = re.fullmatch(r"(\d+)([smh])", text)
    if found is None:
        raise ValueError(f"{text!r} is no duration such as 10m")
    return f"PT{found[1]}{_UNITS[found[2]]}"
