"""The identities that pods act as: to read weights, to read tokens, to push adapters, to make nodes.

Owns which purposes there are and the one role that each has. A purpose that the settings do not ask for has no
identity.
"""

from collections.abc import Mapping, Sequence

import pulumi

from kaitops.components.azure.identity import Identity, RoleGrant
from kaitops.components.capacity.plan import Federation
from kaitops.components.place import Place
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.names import LOADER, PUSHER, READER, Names


class WorkloadIdentitiesArgs(Place):
    """What the identities need. An id that is None leaves its purpose out."""

    names: Names
    settings: InfraSettings
    federations: Sequence[Federation]
    """What the capacity asks for."""
    issuer_url: pulumi.Input[str]
    cluster_id: pulumi.Input[str]
    registry_id: pulumi.Input[str] | None
    vault_id: pulumi.Input[str] | None
    weights_id: pulumi.Input[str] | None


class WorkloadIdentities(pulumi.ComponentResource):
    """User-assigned identities with federated service accounts."""

    client_ids: pulumi.Output[dict[str, str]]
    """Client ids by purpose."""
    by_purpose: Mapping[str, pulumi.Output[str]]
    """The same, each on its own."""

    def __init__(self, name: str, args: WorkloadIdentitiesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:WorkloadIdentities", name, None, opts)
        self._name, self._args = name, args
        found: dict[str, pulumi.Output[str]] = {}
        for one in args["federations"]:
            roles: list[RoleGrant] = []
            if one.cluster_role:
                roles.append({"name": "cluster", "role": one.cluster_role, "scope": args["cluster_id"]})
            found[one.purpose] = self._identity(one, roles)
        settings = args["settings"]
        # An NFS share is opened by the network alone; only blobs ask who reads.
        if settings.weights is not None and settings.weights.kind == "blob" and args["weights_id"] is not None:
            account = Federation(LOADER, settings.weights.namespace, settings.weights.service_account)
            found[LOADER] = self._with_role(account, "Storage Blob Data Reader", args["weights_id"])
        if settings.secrets is not None and args["vault_id"] is not None:
            account = Federation(READER, settings.secrets.namespace, settings.secrets.service_account)
            found[READER] = self._with_role(account, "Key Vault Secrets User", args["vault_id"])
        registry = settings.registry
        if registry is not None and registry.push_identity and args["registry_id"] is not None:
            account = Federation(PUSHER, registry.push_namespace, registry.push_service_account)
            found[PUSHER] = self._with_role(account, "AcrPush", args["registry_id"])
        self.by_purpose = found
        self.client_ids = pulumi.Output.all(**found).apply(lambda told: {key: str(told[key]) for key in told})
        self.register_outputs({"client_ids": self.client_ids})

    def _with_role(self, account: Federation, role: str, scope: pulumi.Input[str]) -> pulumi.Output[str]:
        return self._identity(account, [{"name": "role", "role": role, "scope": scope}])

    def _identity(self, account: Federation, roles: list[RoleGrant]) -> pulumi.Output[str]:
        args = self._args
        identity = Identity(
            f"{self._name}-{account.purpose}",
            {
                "resource_group_name": args["resource_group_name"],
                "location": args["location"],
                "tags": args.get("tags", {}),
                "identity_name": args["names"].identity(account.purpose),
                "roles": roles,
                "issuer_url": args["issuer_url"],
                "service_accounts": [{"namespace": account.namespace, "name": account.service_account}],
            },
            pulumi.ResourceOptions(parent=self),
        )
        return identity.client_id
