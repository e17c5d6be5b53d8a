"""The ways of providing GPU nodes: one of four, chosen by the fleet's declaration of the cluster."""

from kaitops.components.capacity.aks_addon import AksAddon
from kaitops.components.capacity.byo import Byo
from kaitops.components.capacity.gpu_provisioner import GpuProvisioner
from kaitops.components.capacity.karpenter import Karpenter
from kaitops.components.settings.infra import InfraSettings
from kaitops.documents.plain import Object
from kaitops.errors import BadInput

Capacity = Karpenter | Byo | GpuProvisioner | AksAddon


def capacity_of(settings: InfraSettings, cluster: Object, cluster_name: str, version: str) -> Capacity:
    """The capacity that a fleet's cluster declares.

    Args:
        cluster: the declaration with its defaults filled in.
        cluster_name: name of the managed cluster, which KAITO's chart takes.
        version: of KAITO.

    Raises:
        BadInput: the provisioner is not known.
    """
    match cluster["provisioner"]:
        case "karpenter":
            return Karpenter(settings, cluster_name, version, tuple(cluster.get("nodeClasses", ())))
        case "byo":
            return Byo(settings, cluster_name)
        case "azure-gpu-provisioner":
            return GpuProvisioner(settings, cluster_name)
        case "aks-addon":
            return AksAddon()
        case other:
            raise BadInput(
                f"fleet cluster: provisioner {other!r} is not known, so nobody would make GPU nodes; take karpenter, "
                "byo, azure-gpu-provisioner or aks-addon"
            )
