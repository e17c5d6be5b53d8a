"""The models' dashboard for Grafana, and the ConfigMap that its sidecar picks up."""

import json

from kaitops.documents.plain import MutableObject
from kaitops.observability.definition import Definition

NAME = "kaitops-models"
_WIDTH, _HEIGHT, _COLUMNS = 12, 8, 2


def dashboard(definition: Definition) -> MutableObject:
    """The dashboard, with its data source chosen in the page."""
    source = {"type": "prometheus", "uid": "${source}"}
    panels: list[MutableObject] = [
        {
            "id": number + 1,
            "type": "timeseries",
            "title": panel.title,
            "datasource": source,
            "gridPos": {
                "x": (number % _COLUMNS) * _WIDTH,
                "y": (number // _COLUMNS) * _HEIGHT,
                "w": _WIDTH,
                "h": _HEIGHT,
            },
            "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
            "targets": [{"refId": "A", "datasource": source, "expr": panel.query}],
        }
        for number, panel in enumerate(definition.panels)
    ]
    return {
        "uid": NAME,
        "title": "Models",
        "tags": ["kaito"],
        "schemaVersion": 39,
        "time": {"from": "now-6h", "to": "now"},
        "refresh": "1m",
        "templating": {
            "list": [{"name": "source", "label": "Data source", "type": "datasource", "query": "prometheus"}]
        },
        "panels": panels,
    }


def config_map(definition: Definition, namespace: str) -> MutableObject:
    """The dashboard for Grafana in the cluster."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": f"{NAME}-dashboard", "namespace": namespace, "labels": {"grafana_dashboard": "1"}},
        "data": {f"{NAME}.json": json.dumps(dashboard(definition), indent=1, sort_keys=True) + "\n"},
    }
