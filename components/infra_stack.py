"""The ``infra`` stack: one cluster with everything that stands beside it.

Owns the order and what each component is handed from the others. Everything that can be refused is refused before the
first resource is registered. What runs inside of the cluster is other stacks' work.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NotRequired, TypedDict

import pulumi
from pulumi_azure_native import authorization, resources

from kaitops.components.azure import standing
from kaitops.components.azure.cluster import AksCluster
from kaitops.components.azure.cluster_observability import ClusterObservability
from kaitops.components.azure.cluster_services import Services
from kaitops.components.azure.gitops_extension import GitOpsArgs, install
from kaitops.components.azure.identity import Identity, RoleGrant
from kaitops.components.azure.observability import Observability
from kaitops.components.azure.virtual_network import Network
from kaitops.components.capacity import Capacity, capacity_of
from kaitops.components.capacity.byo import Byo, GpuPools, GpuPoolsArgs
from kaitops.components.capacity.plan import ExtraChart
from kaitops.components.guard import Guard
from kaitops.components.place import Place
from kaitops.components.refusals import Refused, told
from kaitops.components.settings import machine_checks
from kaitops.components.settings.checks import check_infra, refuse
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.names import Names
from kaitops.kaito.release import Release

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

_OUTPUTS = (
    "cluster_name", "resource_group_name", "oidc_issuer_url", "kubeconfig", "registry_login_server", "identities",
    "node_resource_group",
)  # fmt: skip


class InfraArgs(TypedDict):
    """What the stack needs."""

    settings: InfraSettings
    cluster_name: str
    """Name of the cluster in the fleet."""
    cluster: "Cluster"
    """The fleet's declaration of the cluster with its defaults filled in."""
    version: str
    """KAITO version of the fleet."""
    kubeconfig: NotRequired[pulumi.Input[str]]
    """Kubeconfig of a cluster that is there already, where it is no file."""
    gitops_configuration: NotRequired[Mapping[str, str]]
    """Settings of the GitOps extension, such as the health of KAITO's kinds for Argo CD."""


def _whole(name: str, args: InfraArgs | None) -> InfraArgs:
    """The arguments, with all that the stack cannot do without."""
    lacking = sorted(InfraArgs.__required_keys__ - (args or {}).keys())
    if args is None or lacking:
        raise Refused(
            f"Infra {name!r}: args lack {', '.join(lacking)}, so it is not said which cluster of which fleet is meant, "
            "and nothing was registered; give them as docs/infrastructure.md shows, or call declare() of "
            "kaitops.components.program, which reads them from the stack's configuration"
        )
    return args


class Infra(pulumi.ComponentResource):
    """Network, identities, cluster, GPU pools, registry, vault, weights and monitoring."""

    cluster_name: pulumi.Output[str]
    """Name of the cluster in Azure."""
    resource_group_name: pulumi.Output[str]
    """Resource group of the stack."""
    oidc_issuer_url: pulumi.Output[str]
    """Issuer that federated credentials trust."""
    kubeconfig: pulumi.Output[str]
    """How the other stacks reach the cluster; a secret."""
    registry_login_server: pulumi.Output[str]
    """Host name of the registry; empty where there is none."""
    identities: pulumi.Output[dict[str, str]]
    """Client ids of workload identities, by purpose."""
    node_resource_group: pulumi.Output[str]
    """Resource group that Azure keeps the nodes in."""
    capacity: Capacity
    """How GPU nodes come about; holds the values of KAITO's chart."""
    tenant_id: pulumi.Output[str]
    """Tenant of the subscription; empty where the stack makes nothing."""
    vault_name: pulumi.Output[str]
    """Name of the key vault; empty where there is none."""
    extra_charts: list[ExtraChart]
    """Charts to install before KAITO's."""

    @told
    def __init__(self, name: str, args: InfraArgs | None = None, opts: pulumi.ResourceOptions | None = None) -> None:
        # A default, as a call without them is told by Python in words that name no remedy.
        args = _whole(name, args)
        settings, cluster = args["settings"], args["cluster"]
        refuse(check_infra(settings, cluster, Release.load(args["version"]), args["cluster_name"]))
        # Read before anything is registered: a missing file is refused like any other bad input.
        given = args.get("kubeconfig") or (settings.existing.read_kubeconfig() if settings.existing else "")
        super().__init__("kaitops:stack:Infra", name, None, opts)
        self._name, self._settings, self._declared = name, settings, cluster
        self._gitops = args.get("gitops_configuration", {})
        # Everything in the stack holds something or lets somebody in; what may go is said where it is made.
        self._child = pulumi.ResourceOptions(parent=self, protect=settings.protect)
        self.names = Names.of(settings, args["cluster_name"], cluster)
        self._tags = dict(settings.tags)
        self.extra_charts = []
        self.tenant_id = self.vault_name = pulumi.Output.from_input("")
        if settings.existing is not None:
            known = settings.existing.name or args["cluster_name"]
            self.capacity = capacity_of(settings, cluster, known, args["version"])
            self._outputs(known, kubeconfig=given)
        else:
            self.capacity = capacity_of(settings, cluster, self.names.cluster, args["version"])
            self._make()
        self.register_outputs({key: getattr(self, key) for key in _OUTPUTS})

    def _make(self) -> None:
        name, settings, names = self._name, self._settings, self.names
        refuse(standing.problems(settings, names, self.capacity.cluster, self))
        for line in machine_checks.unselected(settings, self._declared):
            pulumi.log.warn(line, resource=self)
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name=names.resource_group,
            location=names.location,
            tags=self._tags,
            opts=self._child,
        )
        self._place: Place = {"resource_group_name": group.name, "location": names.location, "tags": self._tags}
        self._client = authorization.get_client_config_output(pulumi.InvokeOptions(parent=self))
        network = Network(
            f"{name}-network",
            {**self._place, "vnet_name": names.vnet, "settings": settings.network, "protect": settings.protect},
            self._child,
        )
        watching = Observability(
            f"{name}-observability",
            {
                **self._place,
                "log_workspace_name": names.logs,
                "metrics_workspace_name": names.metrics,
                "grafana_name": names.grafana,
                "settings": settings.monitoring,
                "admins": list(settings.entra_admins),
            },
            self._child,
        )
        aks = self._cluster(network, watching)
        made: list[pulumi.Resource] = [group, network, watching, aks]
        if isinstance(self.capacity, Byo):
            made.append(GpuPools(f"{name}-gpu", self._pools(aks, network), self._child))
        services = Services(
            f"{name}-services",
            {
                **self._place,
                "names": names,
                "settings": settings,
                "network": network,
                "cluster": aks,
                "tenant_id": self._client.tenant_id,
                "log_workspace_id": watching.log_workspace_id,
                "federations": self.capacity.federations,
            },
            self._child,
        )
        # Rules only: neither logs nor metrics are in them.
        watched = ClusterObservability(
            f"{name}-watching",
            {
                **self._place,
                "cluster_name": names.cluster,
                "cluster_id": aks.id,
                "log_workspace_id": watching.log_workspace_id,
                "metrics_workspace_id": watching.metrics_workspace_id,
                "settings": settings.monitoring,
            },
            pulumi.ResourceOptions.merge(self._child, pulumi.ResourceOptions(protect=False)),
        )
        made += [services, watched]
        self.extra_charts = self.capacity.extra_charts(
            {
                "subscription_id": self._client.subscription_id,
                "tenant_id": self._client.tenant_id,
                "resource_group_name": group.name,
                "node_resource_group": aks.node_resource_group,
                "location": names.location,
                "cluster_name": aks.cluster_name,
                "client_ids": services.by_purpose,
            }
        )
        if settings.gitops is not None:
            engine: GitOpsArgs = {
                "resource_group_name": group.name,
                "cluster_name": aks.cluster_name,
                "settings": settings.gitops,
                "configuration": self._gitops,
            }
            made.append(install(f"{name}-gitops", engine, self._child))
        Guard(f"{name}-guard", made, settings.protect, pulumi.ResourceOptions(parent=self))
        self.tenant_id, self.vault_name = self._client.tenant_id, services.vault_name
        self._outputs(
            aks.cluster_name,
            group=group.name,
            issuer=aks.oidc_issuer_url,
            kubeconfig=aks.kubeconfig,
            login_server=services.login_server,
            identities=services.client_ids,
            nodes=aks.node_resource_group,
        )

    def _pools(self, aks: AksCluster, network: Network) -> GpuPoolsArgs:
        return {
            **self._place,
            "cluster_name": aks.cluster_name,
            "node_subnet_id": network.node_subnet_id,
            "pools": self._settings.gpu_pools,
            "known": (self.names.resource_group, self.names.cluster),
            "protect": self._settings.protect,
        }

    def _cluster(self, network: Network, watching: Observability) -> AksCluster:
        name, settings, names = self._name, self._settings, self.names
        existing, zone = settings.network.existing, settings.api_server.private_dns_zone
        scope = network.vnet_id if existing is None else existing.node_subnet_id
        roles: list[RoleGrant] = [{"name": "network", "role": "Network Contributor", "scope": scope}]
        if zone.startswith("/"):
            roles.append({"name": "zone", "role": "Private DNS Zone Contributor", "scope": zone})
        identity = Identity(
            f"{name}-cluster-identity",
            {**self._place, "identity_name": names.identity("cluster"), "roles": roles},
            self._child,
        )
        return AksCluster(
            f"{name}-aks",
            {
                **self._place,
                "cluster_name": names.cluster,
                "known_group": names.resource_group,
                "dns_prefix": names.dns_prefix,
                "settings": settings,
                "capacity": self.capacity.cluster,
                "identity_id": identity.id,
                "after": [identity],
                "node_subnet_id": network.node_subnet_id,
                "log_workspace_id": watching.log_workspace_id,
                "outbound_address": network.outbound_address,
            },
            self._child,
        )

    def _outputs(
        self,
        cluster_name: pulumi.Input[str],
        *,
        kubeconfig: pulumi.Input[str],
        group: pulumi.Input[str] = "",
        issuer: pulumi.Input[str] = "",
        login_server: pulumi.Input[str] = "",
        identities: pulumi.Input[dict[str, str]] | None = None,
        nodes: pulumi.Input[str] = "",
    ) -> None:
        self.cluster_name = pulumi.Output.from_input(cluster_name)
        self.resource_group_name = pulumi.Output.from_input(group)
        self.oidc_issuer_url = pulumi.Output.from_input(issuer)
        self.kubeconfig = pulumi.Output.secret(kubeconfig)
        self.registry_login_server = pulumi.Output.from_input(login_server)
        self.identities = pulumi.Output.from_input(identities if identities is not None else {})
        self.node_resource_group = pulumi.Output.from_input(nodes)
