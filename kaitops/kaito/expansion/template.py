"""The StatefulSet around a user's own pod template.

Source: ``GenerateManifestWithPodTemplate`` in ``pkg/workspace/manifests/manifests.go`` of KAITO. Only labels, affinity
(overwritten) and tolerations (added to) are KAITO's; probes, resources and volumes stay the user's.
"""

from kaitops.documents.plain import MutableObject
from kaitops.kaito.expansion import go_types
from kaitops.kaito.expansion.declared import Workspace
from kaitops.kaito.expansion.pod import node_affinity, tolerations
from kaitops.kaito.expansion.world import World, owner, part


def stateful_set(world: World, workspace: Workspace) -> MutableObject:
    """The StatefulSet; it has no Service of its own, so its pods get no names in DNS."""
    template = go_types.written(world, "PodTemplateSpec", part(workspace.inference)["template"])
    metadata, spec = template["metadata"], template["spec"]
    metadata["labels"] = {**metadata.get("labels", {}), **workspace.pod_labels()}
    spec.pop("affinity", None)
    if affinity := node_affinity(world, workspace):
        spec["affinity"] = affinity
    spec["tolerations"] = [*spec.get("tolerations", ()), *tolerations(world)]
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {
            "name": workspace.name,
            "namespace": workspace.namespace,
            "ownerReferences": owner("Workspace", workspace.name),
        },
        "spec": {
            "replicas": workspace.nodes,
            "selector": {"matchLabels": workspace.pod_labels()},
            "serviceName": "",
            "template": template,
            "updateStrategy": {},
        },
    }
