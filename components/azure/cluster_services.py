"""What stands beside the cluster: registry, key vault, storage of weights, and the identities that reach them.

Owns which of them the settings ask for; each is a component of its own.
"""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_azure_native import monitor

from kaitops.components.azure.cluster import AksCluster
from kaitops.components.azure.registry import Registry
from kaitops.components.azure.secrets import Secrets
from kaitops.components.azure.virtual_network import Network
from kaitops.components.azure.weights import Weights
from kaitops.components.azure.workload_identities import WorkloadIdentities
from kaitops.components.capacity.plan import Federation
from kaitops.components.place import Place, PrivatePlace
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.names import Names, azure_facts


class ServicesArgs(Place):
    """What the services need."""

    names: Names
    settings: InfraSettings
    network: Network
    cluster: AksCluster
    tenant_id: pulumi.Input[str]
    log_workspace_id: pulumi.Input[str] | None
    """Where registry and vault tell who used them; nowhere where None."""
    federations: Sequence[Federation]
    """Identities that the capacity asks for."""


class Services(pulumi.ComponentResource):
    """Registry, vault, weights and workload identities."""

    login_server: pulumi.Output[str]
    """Host name of the registry; empty where there is none."""
    client_ids: pulumi.Output[dict[str, str]]
    """Client ids of the workload identities, by purpose."""
    vault_name: pulumi.Output[str]
    """Name of the key vault; empty where there is none."""
    by_purpose: Mapping[str, pulumi.Output[str]]
    """The same, each on its own."""

    def __init__(self, name: str, args: ServicesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:Services", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        names, settings, network = args["names"], args["settings"], args["network"]
        place: Place = {
            "resource_group_name": args["resource_group_name"],
            "location": args["location"],
            "tags": args.get("tags", {}),
        }
        private: PrivatePlace = {
            **place,
            "vnet_id": network.vnet_id,
            "endpoint_subnet_id": network.endpoint_subnet_id,
            "zones": {str(key): zone for key, zone in settings.network.private_dns_zones.items()},
            "protect": settings.protect,
        }
        registry = vault = weights = None
        if settings.registry is not None:
            registry = Registry(
                f"{name}-registry",
                {
                    **private,
                    "registry_name": names.registry,
                    "settings": settings.registry,
                    "kubelet_object_id": args["cluster"].kubelet_object_id,
                },
                child,
            )
        if settings.secrets is not None:
            vault = Secrets(
                f"{name}-secrets",
                {
                    **private,
                    "vault_name": names.vault,
                    "tenant_id": args["tenant_id"],
                    "settings": settings.secrets,
                },
                child,
            )
        if settings.weights is not None and settings.weights.kind != "nvme":
            weights = Weights(
                f"{name}-weights",
                {**private, "account_name": names.storage, "settings": settings.weights},
                child,
            )
        logs = args["log_workspace_id"]
        # What is there already tells whom its owner says.
        if logs is not None and registry is not None and settings.registry and settings.registry.existing is None:
            _audit(f"{name}-registry-audit", "registry", registry.id, logs, child)
        if logs is not None and vault is not None and settings.secrets and settings.secrets.existing is None:
            _audit(f"{name}-vault-audit", "vault", vault.id, logs, child)
        identities = WorkloadIdentities(
            f"{name}-workloads",
            {
                **place,
                "names": names,
                "settings": settings,
                "federations": args["federations"],
                "issuer_url": args["cluster"].oidc_issuer_url,
                "cluster_id": args["cluster"].id,
                "registry_id": None if registry is None else registry.id,
                "vault_id": None if vault is None else vault.id,
                "weights_id": None if weights is None else weights.id,
            },
            child,
        )
        self.login_server = pulumi.Output.from_input("") if registry is None else registry.login_server
        self.vault_name = pulumi.Output.from_input("") if vault is None else vault.vault_name
        self.client_ids, self.by_purpose = identities.client_ids, identities.by_purpose
        self.register_outputs({"login_server": self.login_server, "client_ids": self.client_ids})


def _audit(
    name: str, service: str, target: pulumi.Input[str], workspace: pulumi.Input[str], opts: pulumi.ResourceOptions
) -> None:
    """Have a service tell the logs who used it."""
    monitor.DiagnosticSetting(
        name,
        resource_uri=target,
        name="audit",
        workspace_id=workspace,
        logs=[
            monitor.DiagnosticsLogSettingsArgs(category=each, enabled=True) for each in azure_facts()["audit"][service]
        ],
        # Holds nothing itself.
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=False)),
    )
