"""GPU nodes by AKS node auto-provisioning, which KAITO asks through Karpenter's NodePools.

No identity, role or second chart is needed: AKS runs Karpenter itself. Node classes are handed to KAITO's chart, which
creates them once and never changes them; another machine set-up needs another name in the fleet's ``nodeClasses``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kaitops.components.capacity.plan import ChartContext, ClusterFragment, ExtraChart, Federation
from kaitops.components.settings.infra import InfraSettings
from kaitops.documents.plain import MutableObject
from kaitops.kaito import facts

_LINUX = "image-family-azure-linux"


@dataclass(frozen=True, slots=True)
class Karpenter:
    """Node auto-provisioning.

    Attributes:
        version: of KAITO; its facts name the default node classes.
        node_classes: names from the fleet, the default first; KAITO's own where empty.
    """

    settings: InfraSettings
    cluster_name: str
    version: str
    node_classes: Sequence[str] = ()

    @property
    def cluster(self) -> ClusterFragment:
        """Switches of the managed cluster."""
        return {
            "node_provisioning": True,
            "general_pools": self.settings.node_class.general_pools,
            "ai_toolchain": False,
        }

    @property
    def federations(self) -> tuple[Federation, ...]:
        """None: AKS runs Karpenter as itself."""
        return ()

    @property
    def chart_values(self) -> MutableObject:
        """Values of KAITO's chart that follow from the machines: its node classes."""
        known: MutableObject = facts.load(self.version, "controller.json")["node_classes"]["azure"]
        names = list(self.node_classes or known["names"])
        classes = [self._node_class(name, names[0]) for name in names]
        return {
            "clusterName": self.cluster_name,
            "karpenterProvider": "azure",
            "karpenterProviders": {"azure": {"nodeClasses": classes}},
        }

    def extra_charts(self, context: ChartContext) -> list[ExtraChart]:
        """None."""
        return []

    def _node_class(self, name: str, default: str) -> MutableObject:
        wanted = self.settings.node_class
        spec: MutableObject = {
            "imageFamily": "AzureLinux" if name == _LINUX else wanted.image_family,
            "osDiskSizeGB": wanted.os_disk_gb,
        }
        if wanted.host_encryption:
            spec["security"] = {"encryptionAtHost": True}
        if self.settings.tags:
            spec["tags"] = dict(self.settings.tags)
        found: MutableObject = {"name": name, "spec": spec}
        if name == default:
            found["default"] = True
        return found
