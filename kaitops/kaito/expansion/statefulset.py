"""The StatefulSet that runs a preset's pods.

Source: ``pkg/workspace/manifests/manifests.go`` of KAITO. The pod is :mod:`kaitops.kaito.expansion.pod`.
"""

from kaitops.documents.plain import MutableObject
from kaitops.kaito.expansion.declared import REVISION, Workspace
from kaitops.kaito.expansion.pod import Built
from kaitops.kaito.expansion.world import owner


def build(workspace: Workspace, built: Built) -> MutableObject:
    """The StatefulSet around a pod; one replica per node."""
    name = workspace.name
    spec: MutableObject = {
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete", "whenScaled": "Retain"},
        "podManagementPolicy": "Parallel",
        "replicas": workspace.nodes,
        "selector": {"matchLabels": {**workspace.pod_labels(), **built.labels}},
        "serviceName": f"{name}-headless",
        "template": {"metadata": {"labels": {**workspace.pod_labels(), **built.labels}}, "spec": built.spec},
        "updateStrategy": {},
    }
    if built.claims:
        spec["volumeClaimTemplates"] = built.claims
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {
            "annotations": {REVISION: workspace.annotations.get(REVISION) or "1"},
            "name": name,
            "namespace": workspace.namespace,
            "ownerReferences": owner("Workspace", name),
        },
        "spec": spec,
    }
