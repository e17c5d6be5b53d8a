"""KAITO's controllers as they run on a declared cluster.

Owns their settings, and the objects that their chart and the cluster's owner put there.
"""

from functools import cache

from kaitops.documents import writer
from kaitops.documents.plain import MutableObject, Object, at, mapping
from kaitops.kaito import facts
from kaitops.kaito.settings import Settings, gated_kinds, gates_of

ADDON = "aks-addon"
"""The managed add-on of AKS, whose controllers are Azure's."""
_PROVISIONERS = {ADDON: "azure-gpu-provisioner"}


def controller_settings(version: str, cluster: Object, kinds: frozenset[str] = frozenset()) -> MutableObject:
    """How KAITO's controllers run on a cluster, in the plain form that the engine takes.

    Args:
        version: of KAITO.
        cluster: the declaration with its defaults filled in.
        kinds: kinds that the fleet declares for the cluster; those behind a feature gate turn it on unless the
            declaration says otherwise.
    """
    closed = {gate for gate, is_open in gates_of(version).items() if not is_open}
    gates = {gate: True for kind, gate in gated_kinds(version).items() if kind in kinds and gate in closed}
    provisioner = cluster["provisioner"]
    settings: MutableObject = {
        "cloud": cluster["cloud"],
        "nodeProvisioner": _PROVISIONERS.get(provisioner, provisioner),
        "featureGates": dict(sorted({**gates, **cluster.get("featureGates", {})}.items())),
        "nvmeStorageClass": cluster["nvmeStorageClass"],
        "childAdmission": True,
    }
    if "registry" in cluster:
        settings["registry"] = cluster["registry"]
    if cluster.get("nodeClasses"):
        settings["nodeClasses"] = list(cluster["nodeClasses"])
    if "RAGEngine" in kinds and facts.is_complete(version):
        settings |= _retrieval(version, cluster)
    return settings


def retrieval_values(cluster: Object) -> MutableObject:
    """What the chart of retrieval is told of the cluster's registry, which it does not take from KAITO's."""
    return {"presetRagRegistryName": cluster["registry"]} if "registry" in cluster else {}


def _retrieval(version: str, cluster: Object) -> MutableObject:
    """The image of engines, where the cluster has another one than KAITO's own."""
    image = facts.load(version, "charts.json")["values"]["ragengine"]["image"]
    usual: Object = image["parts"]
    said = {**retrieval_values(cluster), **mapping(at(cluster, "operator", "ragengine"))}
    registry, name, tag = (said.get(key) or part for key, part in usual.items())
    return {image["setting"]: f"{registry}/{name}:{tag}"} if said.keys() & usual else {}


def brought_nodes(cluster: Object) -> list[MutableObject]:
    """The nodes that a cluster is declared to have, as the API server would show them."""
    nodes: list[MutableObject] = []
    for pool, declared in sorted(cluster.get("nodes", {}).items()):
        labels = {
            **declared["labels"],
            "nvidia.com/gpu.product": declared["product"],
            "nvidia.com/gpu.count": str(declared["gpus"]),
            "nvidia.com/gpu.memory": str(declared["memoryMiB"]),
        }
        for number in range(declared.get("count", 1)):
            nodes.append(
                {
                    "apiVersion": "v1",
                    "kind": "Node",
                    "metadata": {"name": f"{pool}-{number}", "labels": labels},
                    "status": {"conditions": [{"type": "Ready", "status": "True"}]},
                }
            )
    return nodes


def chart_objects(version: str, settings: Object) -> list[MutableObject]:
    """The default tuning configurations that KAITO's chart installs into its own namespace."""
    namespace = Settings.from_dict(settings, version).release_namespace
    defaults = facts.load(version, "chart-defaults.json")["tuning"]
    return [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": f"{method}-params-template", "namespace": namespace},
            "data": {"training_config.yaml": writer.dump({"training_config": content})},
        }
        for method, content in defaults.items()
    ]


def is_default_of_chart(version: str, kind: str, name: str) -> bool:
    """It is one of the ConfigMaps that KAITO looks up by names of its own: its charts put them there."""
    return kind == "ConfigMap" and name in _defaults(version)


@cache
def _defaults(version: str) -> frozenset[str]:
    if not facts.is_complete(version):
        return frozenset()
    methods = facts.load(version, "chart-defaults.json")["tuning"]
    guardrails = facts.load(version, "controller.json")["rag"]["guardrails_template"]
    return frozenset((guardrails, *(f"{method}-params-template" for method in methods)))
