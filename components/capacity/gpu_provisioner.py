"""GPU nodes by Azure's gpu-provisioner, the way before Karpenter, which Azure has deprecated.

Owns the identity that it acts as, with Contributor on the cluster only, and the values of its chart. It makes one agent
pool for each node, without zones, tags or a subnet of its own choice.
"""

from dataclasses import dataclass

from kaitops.components.capacity.plan import ChartContext, ClusterFragment, ExtraChart, Federation
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.names import azure_facts
from kaitops.documents.plain import MutableObject

PURPOSE = "gpu-provisioner"


@dataclass(frozen=True, slots=True)
class GpuProvisioner:
    """The legacy provisioner."""

    settings: InfraSettings
    cluster_name: str

    @property
    def cluster(self) -> ClusterFragment:
        """Switches of the managed cluster."""
        return {"node_provisioning": False, "general_pools": False, "ai_toolchain": False}

    @property
    def federations(self) -> tuple[Federation, ...]:
        """The provisioner's own identity."""
        facts = azure_facts()["gpu_provisioner"]
        return (Federation(PURPOSE, facts["namespace"], facts["service_account"], cluster_role="Contributor"),)

    @property
    def chart_values(self) -> MutableObject:
        """Values of KAITO's chart that follow from the machines: none but the cluster's name."""
        return {"clusterName": self.cluster_name}

    def extra_charts(self, context: ChartContext) -> list[ExtraChart]:
        """The provisioner's chart. Helm replaces ``env`` whole, so every entry is there."""
        facts = azure_facts()["gpu_provisioner"]
        environment = {
            "ARM_SUBSCRIPTION_ID": context["subscription_id"],
            "LOCATION": context["location"],
            "AZURE_CLUSTER_NAME": context["cluster_name"],
            "AZURE_NODE_RESOURCE_GROUP": context["node_resource_group"],
            "ARM_RESOURCE_GROUP": context["resource_group_name"],
            "LEADER_ELECT": "false",
            "E2E_TEST_MODE": "false",
        }
        values: MutableObject = {
            "controller": {"env": [{"name": key, "value": value} for key, value in environment.items()]},
            "settings": {"azure": {"clusterName": context["cluster_name"]}},
            "workloadIdentity": {"clientId": context["client_ids"][PURPOSE], "tenantId": context["tenant_id"]},
        }
        return [ExtraChart(facts["chart"], facts["version"], facts["namespace"], values)]
