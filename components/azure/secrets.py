"""The key vault that tokens such as ``HF_TOKEN`` come from.

Owns the vault and its private address, and who may read. It never holds a secret's value: people write them, and the
CSI driver or External Secrets carries them into the namespaces.
"""

import pulumi
from pulumi_azure_native import keyvault

from kaitops.components.azure.private_link import PrivateLink
from kaitops.components.place import PrivatePlace
from kaitops.components.settings.services import SecretSettings


class SecretsArgs(PrivatePlace):
    """What a vault needs."""

    vault_name: str
    tenant_id: pulumi.Input[str]
    settings: SecretSettings


class Secrets(pulumi.ComponentResource):
    """Key vault with role-based access."""

    id: pulumi.Output[str]
    """Resource id; the scope of Key Vault Secrets User."""
    vault_name: pulumi.Output[str]
    """Name, which a SecretProviderClass or SecretStore takes."""

    def __init__(self, name: str, args: SecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:Secrets", name, None, opts)
        child = pulumi.ResourceOptions(parent=self, protect=args.get("protect", True))
        settings = args["settings"]
        if settings.existing is not None:
            self.id = pulumi.Output.from_input(settings.existing)
            self.vault_name = pulumi.Output.from_input(settings.existing.rsplit("/", 1)[-1])
        else:
            vault = keyvault.Vault(
                f"{name}-vault",
                resource_group_name=args["resource_group_name"],
                location=args["location"],
                vault_name=args["vault_name"],
                properties=keyvault.VaultPropertiesArgs(
                    tenant_id=args["tenant_id"],
                    sku=keyvault.SkuArgs(family="A", name=keyvault.SkuName.STANDARD),
                    enable_rbac_authorization=True,
                    enable_purge_protection=True,
                    enable_soft_delete=True,
                    soft_delete_retention_in_days=90,
                    public_network_access="Enabled" if settings.public_access else "Disabled",
                    network_acls=keyvault.NetworkRuleSetArgs(
                        bypass="AzureServices", default_action="Allow" if settings.public_access else "Deny"
                    ),
                ),
                tags=args.get("tags", {}),
                opts=child,
            )
            self.id, self.vault_name = vault.id, vault.name
            subnet = args["endpoint_subnet_id"]
            if subnet is not None:
                PrivateLink(
                    f"{name}-link",
                    {
                        "resource_group_name": args["resource_group_name"],
                        "location": args["location"],
                        "service": "vault",
                        "target_name": args["vault_name"],
                        "target_id": vault.id,
                        "subnet_id": subnet,
                        "vnet_id": args["vnet_id"],
                        "zones": args.get("zones", {}),
                        "tags": args.get("tags", {}),
                    },
                    child,
                )
        self.register_outputs({"id": self.id, "vault_name": self.vault_name})
