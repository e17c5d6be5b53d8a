"""A copy of a model's weights in the cluster as a ModelMirror."""

import hashlib

from kaitops.documents.plain import MutableObject
from kaitops.fleet.kinds.metadata import MANAGED_BY
from kaitops.fleet.workload import Workload
from kaitops.kaito import facts


def mirror(workload: Workload, version: str) -> list[MutableObject]:
    """The ModelMirror, under the one name that a streaming Workspace looks for.

    KAITO names a mirror by the first hexadecimal digits of the SHA-256 of the model's id as the Workspace gives it,
    an alias resolved to its repository; a mirror of another name would never be found.
    """
    entry = workload.entry
    model = mirrored_id(workload)
    name = hashlib.sha256(model.encode()).hexdigest()[
        : facts.load(version, "controller.json")["streaming"]["mirror_name_length"]
    ]
    spec: MutableObject = {"mode": entry["mode"]}
    if entry["mode"] == "Managed":
        source: MutableObject = {"registry": "huggingface", "modelID": model}
        if "secret" in entry:
            source["accessSecret"] = {"name": entry["secret"], "namespace": workload.namespace}
        spec["source"] = source
        size = entry.get("size") or (workload.preset.disk if workload.preset else None)
        spec["storage"] = {"size": size, "storageClassName": entry["storageClass"]}
        spec["jobNamespace"] = workload.namespace
        if "serviceAccount" in entry:
            spec["serviceAccountName"] = entry["serviceAccount"]
    labels = {**MANAGED_BY, "kaitops.dev/mirror": workload.name}
    return [
        {
            "apiVersion": "kaito.sh/v1alpha1",
            "kind": "ModelMirror",
            "metadata": {"name": name, "labels": dict(sorted(labels.items()))},
            "spec": spec,
        }
    ]


def mirrored_id(workload: Workload) -> str:
    """The id that KAITO hashes: an alias as its repository in lower case, a repository id as written."""
    written: str = workload.entry["model"]
    if "/" in written or workload.preset is None:
        return written
    return workload.preset.repo
