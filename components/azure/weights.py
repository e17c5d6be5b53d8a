"""Storage for the weights of models of your own: blobs or an NFS share.

Owns the account and what is in it, kept when the stack goes, since weights are costly to make again. Weights on the
nodes' local disks need no storage, so nothing is made for them.
"""

import pulumi
from pulumi_azure_native import storage

from kaitops.components.azure.private_link import PrivateLink
from kaitops.components.place import PrivatePlace
from kaitops.components.settings.services import Weights as WeightSettings

_KINDS = {
    ("blob", "Standard"): "StorageV2",
    # General accounts on premium disks hold page blobs alone.
    ("blob", "Premium"): "BlockBlobStorage",
    # NFS shares exist on premium file accounts only.
    ("files", "Premium"): "FileStorage",
}


def sku_of(settings: WeightSettings) -> str:
    """Tier and copies of the account."""
    return settings.redundancy or ("Premium_ZRS" if settings.kind == "files" else "Standard_ZRS")


def kind_of(settings: WeightSettings) -> str:
    """What sort of account Azure has for the weights; empty where it has none."""
    return _KINDS.get((settings.kind, sku_of(settings).partition("_")[0]), "")


class WeightsArgs(PrivatePlace):
    """What the storage needs."""

    account_name: str
    settings: WeightSettings


class Weights(pulumi.ComponentResource):
    """Storage account with a container or a share."""

    id: pulumi.Output[str]
    """Resource id; the scope of Storage Blob Data Reader."""
    account_name: pulumi.Output[str]
    """Name of the account."""
    location_url: pulumi.Output[str]
    """URL of the container, or server and path of the share."""

    def __init__(self, name: str, args: WeightsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:Weights", name, None, opts)
        self._child = pulumi.ResourceOptions(parent=self, protect=args.get("protect", True))
        settings = args["settings"]
        kept = pulumi.ResourceOptions(retain_on_delete=True)
        files = settings.kind == "files"
        account = storage.StorageAccount(
            f"{name}-account",
            resource_group_name=args["resource_group_name"],
            location=args["location"],
            account_name=args["account_name"],
            kind=kind_of(settings),
            sku=storage.SkuArgs(name=sku_of(settings)),
            allow_blob_public_access=False,
            allow_shared_key_access=False,
            allow_cross_tenant_replication=False,
            default_to_o_auth_authentication=True,
            # NFS has no transport encryption of its own, and Azure refuses it where HTTPS is demanded.
            enable_https_traffic_only=not files,
            minimum_tls_version="TLS1_2",
            public_network_access="Disabled",
            network_rule_set=storage.NetworkRuleSetArgs(
                bypass="AzureServices", default_action=storage.DefaultAction.DENY
            ),
            tags=args.get("tags", {}),
            opts=pulumi.ResourceOptions.merge(self._child, kept),
        )
        inside = pulumi.ResourceOptions.merge(self._child, kept)
        if files:
            storage.FileShare(
                f"{name}-share",
                resource_group_name=args["resource_group_name"],
                account_name=account.name,
                share_name=settings.container,
                share_quota=settings.share_gb,
                enabled_protocols="NFS",
                root_squash="RootSquash",
                opts=inside,
            )
            self.location_url = account.name.apply(
                lambda told: f"{told}.file.core.windows.net:/{told}/{settings.container}"
            )
        else:
            storage.BlobContainer(
                f"{name}-container",
                resource_group_name=args["resource_group_name"],
                account_name=account.name,
                container_name=settings.container,
                public_access=storage.PublicAccess.NONE,
                opts=inside,
            )
            self.location_url = account.name.apply(
                lambda told: f"https://{told}.blob.core.windows.net/{settings.container}"
            )
        subnet = args["endpoint_subnet_id"]
        if subnet is not None:
            PrivateLink(
                f"{name}-link",
                {
                    "resource_group_name": args["resource_group_name"],
                    "location": args["location"],
                    "service": "file" if files else "blob",
                    "target_name": args["account_name"],
                    "target_id": account.id,
                    "subnet_id": subnet,
                    "vnet_id": args["vnet_id"],
                    "zones": args.get("zones", {}),
                    "tags": args.get("tags", {}),
                },
                self._child,
            )
        self.id, self.account_name = account.id, account.name
        self.register_outputs({"id": self.id, "account_name": self.account_name, "location_url": self.location_url})
