"""The container registry: closed, without an admin account, caching what the cluster pulls from elsewhere.

Owns registry, cache rules, replicas, private address and the kubelet's right to pull. It pushes nothing.
"""

import pulumi
from pulumi_azure_native import containerregistry

from kaitops.components.azure.private_link import PrivateLink
from kaitops.components.azure.roles import grant
from kaitops.components.place import PrivatePlace
from kaitops.components.settings.services import RegistrySettings


class RegistryArgs(PrivatePlace):
    """What a registry needs."""

    registry_name: str
    settings: RegistrySettings
    kubelet_object_id: pulumi.Input[str]
    """Principal that pulls; nodes that Karpenter makes use the same one."""


class Registry(pulumi.ComponentResource):
    """Azure Container Registry."""

    id: pulumi.Output[str]
    """Resource id; the scope of AcrPull and AcrPush."""
    login_server: pulumi.Output[str]
    """Host name that images are pulled from."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:Registry", name, None, opts)
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self, protect=args.get("protect", True))
        existing = args["settings"].existing
        if existing is None:
            self._make()
        else:
            self.id = pulumi.Output.from_input(existing)
            self.login_server = pulumi.Output.from_input(f"{existing.rsplit('/', 1)[-1].lower()}.azurecr.io")
        grant(f"{name}-pull", scope=self.id, principal_id=args["kubelet_object_id"], role="AcrPull", opts=self._child)
        self.register_outputs({"id": self.id, "login_server": self.login_server})

    def _make(self) -> None:
        name, args, settings = self._name, self._args, self._args["settings"]
        group, location, tags = args["resource_group_name"], args["location"], args.get("tags", {})
        premium = settings.sku == "Premium"
        registry = containerregistry.Registry(
            f"{name}-registry",
            resource_group_name=group,
            location=location,
            registry_name=args["registry_name"],
            sku=containerregistry.SkuArgs(name=settings.sku),
            admin_user_enabled=False,
            anonymous_pull_enabled=False,
            data_endpoint_enabled=premium,
            public_network_access="Enabled" if settings.public_access else "Disabled",
            network_rule_bypass_options="AzureServices",
            zone_redundancy="Enabled" if premium else "Disabled",
            policies=containerregistry.PoliciesArgs(
                quarantine_policy=containerregistry.QuarantinePolicyArgs(
                    status="enabled" if settings.quarantine else "disabled"
                ),
                retention_policy=containerregistry.RetentionPolicyArgs(
                    days=settings.untagged_days, status="enabled" if premium else "disabled"
                ),
                trust_policy=containerregistry.TrustPolicyArgs(status="disabled", type="Notary"),
            ),
            tags=tags,
            # Azure decides it once, when the registry is made; a later request for another is refused.
            opts=pulumi.ResourceOptions.merge(self._child, pulumi.ResourceOptions(ignore_changes=["zoneRedundancy"])),
        )
        self.id, self.login_server = registry.id, registry.login_server
        # What they hold is held by the registry or its origin as well.
        copies = pulumi.ResourceOptions.merge(self._child, pulumi.ResourceOptions(protect=False))
        for source in settings.imports:
            host, _, repository = source.partition("/")
            rule = source.replace("/", "-").replace(".", "-")
            containerregistry.CacheRule(
                f"{name}-cache-{rule}",
                resource_group_name=group,
                registry_name=registry.name,
                cache_rule_name=rule[:50].strip("-"),
                source_repository=f"{host}/{repository}",
                target_repository=repository,
                opts=copies,
            )
        for region in settings.replicas:
            containerregistry.Replication(
                f"{name}-replica-{region}",
                resource_group_name=group,
                registry_name=registry.name,
                replication_name=region,
                location=region,
                zone_redundancy="Enabled",
                tags=tags,
                opts=copies,
            )
        subnet = args["endpoint_subnet_id"]
        if premium and subnet is not None:
            PrivateLink(
                f"{name}-link",
                {
                    "resource_group_name": group,
                    "location": location,
                    "service": "registry",
                    "target_name": args["registry_name"],
                    "target_id": registry.id,
                    "subnet_id": subnet,
                    "vnet_id": args["vnet_id"],
                    "zones": args.get("zones", {}),
                    "tags": tags,
                },
                self._child,
            )
