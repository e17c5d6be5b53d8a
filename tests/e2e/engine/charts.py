"""Stand-ins for KAITO's charts, written by the tests: a controller's Deployment, its settings, and KAITO's definitions.

Owns what an order of creation and deletion is told by. Nothing of KAITO's own charts is in them but the names that the
facts hold, and no pod ever runs.
"""

import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kaitops.kaito import facts
from tests.e2e import kinds

RAG = "ragengines.kaito.sh"


def write(folder: Path, version: str) -> None:
    """The archives of a KAITO version, as ``platform.charts`` expects them."""
    known: Mapping[str, Mapping[str, Any]] = facts.load(version, "charts.json")["charts"]
    definitions = {one["metadata"]["name"]: one for one in kinds.definitions(kinds.KAITO_GROUP)}
    rag = definitions.pop(RAG)
    folder.mkdir()
    _archive(folder, known["workspace"], definitions.values())
    _archive(folder, known["ragengine"], [rag])


def _archive(folder: Path, known: Mapping[str, Any], definitions: Iterable[Mapping[str, Any]]) -> None:
    name, version = known["chart"], known["version"]
    files: dict[str, str] = {
        "Chart.yaml": json.dumps({"apiVersion": "v2", "name": name, "version": version}),
        "values.yaml": json.dumps({"clusterName": "", "cloudProviderName": ""}),
        "templates/controller.yaml": json.dumps(_controller(name)),
        "templates/settings.yaml": json.dumps(_settings(name)),
    }
    for one in definitions:
        plural = one["spec"]["names"]["plural"]
        # A template that reads a file: the texts in a definition are not for the template engine.
        files[f"definitions/{plural}.json"] = json.dumps(one)
        files[f"templates/{plural}.yaml"] = f'{{{{ .Files.Get "definitions/{plural}.json" }}}}\n'
    with tarfile.open(folder / f"{name}-{version}.tgz", "w:gz") as archive:
        for path, text in files.items():
            about = tarfile.TarInfo(f"{name}/{path}")
            about.size = len(text.encode())
            archive.addfile(about, io.BytesIO(text.encode()))


def _controller(name: str) -> dict[str, Any]:
    labels = {"app": f"{name}-controller"}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {
            "name": f"{name}-controller",
            "namespace": "{{ .Release.Namespace }}",
            "labels": labels,
            # There is no kubelet, so it never becomes ready.
            "annotations": {"pulumi.com/skipAwait": "true"},
        },
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {
                "metadata": {"labels": labels},
                "spec": {"containers": [{"name": "controller", "image": "example.com/controller:1"}]},
            },
        },
    }


def _settings(name: str) -> dict[str, Any]:
    values = "{{ .Values.cloudProviderName }}/{{ .Values.clusterName }}"
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": f"{name}-settings", "namespace": "{{ .Release.Namespace }}"},
        "data": {"cluster": values},
    }
