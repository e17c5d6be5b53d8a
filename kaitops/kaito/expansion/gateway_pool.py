"""The Flux objects that install an inference pool with its endpoint picker.

Source: ``pkg/workspace/manifests/manifests.go`` and ``reconcileInferencePool`` in
``pkg/controllers/multiroleinference/controller.go`` of KAITO.
"""

from collections.abc import Mapping
from copy import deepcopy

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.expansion.world import World

_POD_INDEX = "apps.kubernetes.io/pod-index"


def make(
    world: World,
    parent: str,
    namespace: str,
    owners: list[MutableObject],
    interval: str,
    selector: Mapping[str, str],
    picker: Object,
) -> None:
    """Make the chart source and its release.

    Args:
        parent: the set whose pods the pool balances.
        interval: how often Flux looks again.
        selector: labels of the pods; only the first pod of each StatefulSet serves.
        picker: values of the endpoint picker besides image and resources.
    """
    facts = world.controller["gateway_pool"]
    metadata = {"name": f"{parent}-inferencepool", "namespace": namespace, "ownerReferences": owners}
    world.make(
        {
            "apiVersion": "source.toolkit.fluxcd.io/v1",
            "kind": "OCIRepository",
            "metadata": metadata,
            "spec": {"interval": interval, "ref": {"tag": facts["version"]}, "url": facts["chart"]},
        }
    )
    values = {
        "epp": {
            "image": {**world.images["endpoint_picker"], "pullPolicy": "IfNotPresent"},
            "resources": deepcopy(facts["resources"]),
            **picker,
        },
        "modelServers": {
            "matchLabels": {**selector, _POD_INDEX: "0"},
            "targetPorts": [{"number": world.controller["ports"]["inference"]}],
        },
    }
    world.make(
        {
            "apiVersion": "helm.toolkit.fluxcd.io/v2",
            "kind": "HelmRelease",
            "metadata": deepcopy(metadata),
            "spec": {
                "chartRef": {"kind": "OCIRepository", "name": metadata["name"], "namespace": namespace},
                "interval": interval,
                "values": {"router": values},
            },
        }
    )
