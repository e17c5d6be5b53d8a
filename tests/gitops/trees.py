"""Fleets rendered in memory, and their files as objects."""

from typing import Any

import yaml

from kaitops.fleet import reading
from kaitops.fleet.files import Fleet
from kaitops.fleet.lock import Lock
from kaitops.kaito.release import Release
from kaitops.render import Rendering, render
from tests.conftest import ROOT
from tests.version import KAITO

GIT = "https://git.example.com/contoso/fleet.git"
MODEL = {"preset": "phi-4-mini-instruct", "gpu": "Standard_NC24ads_A100_v4", "context": 16384, "namespace": "models"}


def cluster(engine: str, **more: Any) -> dict[str, Any]:
    return {"region": "westeurope", "provisioner": "karpenter", "gitops": engine, **more}


def fleet(clusters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "kaito": KAITO,
        "gitops": {"repository": GIT},
        "clusters": clusters,
        "models": {"phi": dict(MODEL)},
        **more,
    }


def rendered(declared: dict[str, Any], mode: str | None = None) -> Rendering:
    source = reading.read(yaml.safe_dump(declared, sort_keys=False).encode(), "fleet.yaml")
    return render(Fleet(source, Release.load(declared["kaito"]), Lock()), mode=mode)


def objects(rendering: Rendering, folder: str) -> list[dict[str, Any]]:
    """The objects of the files directly in a folder, by path."""
    return [
        yaml.safe_load(content)
        for path, content in sorted(rendering.files.items())
        if path.rpartition("/")[0] == folder and not path.endswith("/kustomization.yaml")
    ]


def one(rendering: Rendering, folder: str, kind: str, name: str) -> dict[str, Any]:
    (found,) = [each for each in objects(rendering, folder) if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def sample() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "fleet.yaml").read_text())
