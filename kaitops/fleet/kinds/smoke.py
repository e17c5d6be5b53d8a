"""The checks of ``kaitops smoke`` as a Job: with Argo CD after each sync, with Flux and by hand beside the model.

Owns the Job and the ConfigMap with the programs that it runs, which are :mod:`kaitops.smoke` as it stands: any image
with Python does. A Job cannot be changed: Argo CD makes a hook anew each time, elsewhere its name follows its content.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kaitops import smoke as programs
from kaitops.documents.plain import MutableObject
from kaitops.fleet.engines import ENGINES
from kaitops.fleet.kinds.metadata import MANAGED_BY, own_metadata
from kaitops.fleet.workload import Workload
from kaitops.kaito import facts

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

LABEL = "kaitops.io/smoke"
"""Of the Job's pods, by which an isolated model lets them in."""
_PACKAGE, _GIVEN = "kaitops_smoke", "given.json"
_USER = 65532
_SECONDS, _SLACK = 60, 600


def smoke(workload: Workload, version: str, cluster: "Cluster") -> Iterator[MutableObject]:
    """The ConfigMap and the Job."""
    # After a sync the model serves; beside it, it has yet to start.
    engine = ENGINES.get(cluster["gitops"])
    is_after = engine is not None and engine.after
    wait = 300 if is_after else facts.load(version, "lifecycle.json")["timeouts"]["large_seconds"]
    files = _files()
    files[_GIVEN] = json.dumps(_given(workload, version, wait), indent=1, sort_keys=True)
    image = workload.entry.get("smokeImage") or _image(version)
    digest = hashlib.sha256(json.dumps([files, image]).encode()).hexdigest()[:10]
    name = f"{workload.name}-smoke-{digest}"
    labels = {**MANAGED_BY, LABEL: workload.name}
    yield {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": workload.namespace, "labels": dict(MANAGED_BY)},
        "data": files,
    }
    metadata = own_metadata(f"{workload.name}-smoke" if is_after else name, workload.namespace, workload)
    if engine is not None:
        metadata["annotations"] = dict(engine.job)
    yield {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata,
        "spec": {
            "activeDeadlineSeconds": wait + _SLACK,
            "backoffLimit": 0,
            "template": {"metadata": {"labels": labels}, "spec": _pod(name, image)},
        },
    }


def _pod(name: str, image: str) -> MutableObject:
    return {
        "automountServiceAccountToken": False,
        "containers": [
            {
                "command": ["python3", "-m", _PACKAGE, f"/smoke/{_PACKAGE}/{_GIVEN}"],
                "env": [{"name": "PYTHONPATH", "value": "/smoke"}, {"name": "PYTHONDONTWRITEBYTECODE", "value": "1"}],
                "image": image,
                "name": "smoke",
                "resources": {
                    "limits": {"cpu": "500m", "memory": "256Mi"},
                    "requests": {"cpu": "50m", "memory": "128Mi"},
                },
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                    "readOnlyRootFilesystem": True,
                },
                "volumeMounts": [{"mountPath": f"/smoke/{_PACKAGE}", "name": "smoke", "readOnly": True}],
            }
        ],
        "restartPolicy": "Never",
        "securityContext": {
            "runAsGroup": _USER,
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumes": [{"configMap": {"name": name}, "name": "smoke"}],
    }


def _given(workload: Workload, version: str, wait: int) -> MutableObject:
    entry, preset = workload.entry, workload.preset
    assert preset is not None  # noqa: S101 - refused where there is none
    transformers = entry.get("runtime") == "transformers"
    expected = {
        "runtime": "transformers" if transformers else "vllm",
        # What the transformers server calls its model is a path of its own.
        "model": "" if transformers else entry.get("vllm", {}).get("served-model-name", preset.name),
        "adapters": sorted(entry.get("adapters", ())),
        "context": entry.get("context", 0),
        "tools": not transformers and "tool-call-parser" in preset.vllm,
    }
    return {
        "url": f"http://{workload.name}.{workload.namespace}.svc",
        "expected": expected,
        "facts": {key: one for key, one in facts.load(version, "runtimes.json").items() if key != "source"},
        "seconds": _SECONDS,
        "wait": wait,
    }


def _files() -> dict[str, str]:
    folder = Path(programs.__file__).parent
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.py"))}


def _image(version: str) -> str:
    images = facts.load(version, "images.json")
    return str(images["pinned"][images["sas_fetcher"]])
