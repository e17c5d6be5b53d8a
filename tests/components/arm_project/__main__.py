"""A small program with what is special about azure-native: nesting, identities, child resources, unknown values."""

import pulumi
from pulumi_azure_native import authorization, containerregistry, containerservice, managedidentity, resources, storage

config = pulumi.Config()
print("a program may print")
group = resources.ResourceGroup("group", resource_group_name="rg", location=config.require("location"))
identity = managedidentity.UserAssignedIdentity(
    "identity", resource_group_name=group.name, resource_name_="id-aks", location=group.location
)
cluster = containerservice.ManagedCluster(
    "cluster",
    resource_group_name=group.name,
    resource_name_="aks",
    location=group.location,
    dns_prefix="aks",
    enable_rbac=True,
    disable_local_accounts=True,
    sku=containerservice.ManagedClusterSKUArgs(name="Base", tier="Standard"),
    identity=containerservice.ManagedClusterIdentityArgs(type="UserAssigned", user_assigned_identities=[identity.id]),
    oidc_issuer_profile=containerservice.ManagedClusterOIDCIssuerProfileArgs(enabled=True),
    api_server_access_profile=containerservice.ManagedClusterAPIServerAccessProfileArgs(
        authorized_ip_ranges=["198.51.100.0/24"]
    ),
    network_profile=containerservice.ContainerServiceNetworkProfileArgs(
        network_plugin="azure", pod_cidr="10.244.0.0/16", service_cidr="10.0.0.0/16", dns_service_ip="10.0.0.10"
    ),
    windows_profile=containerservice.ManagedClusterWindowsProfileArgs(
        admin_username="azure", admin_password=config.require_secret("password")
    ),
    tags={"owner": "[team]"},
)
containerservice.AgentPool(
    "pool",
    resource_group_name=group.name,
    resource_name_=cluster.name,
    agent_pool_name="gpu",
    count=config.require_int("nodes"),
    vm_size="Standard_NC24ads_A100_v4",
    os_disk_size_gb=300,
    tags={"team": "ml"},
)
authorization.RoleAssignment(
    "role",
    role_assignment_name="5f2d8a3c-0000-4000-8000-000000000001",
    scope=cluster.id,
    principal_id=identity.principal_id,
    principal_type="ServicePrincipal",
    role_definition_id=authorization.get_client_config_output().apply(
        lambda told: f"/subscriptions/{told.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/b24988ac"
    ),
)
managedidentity.FederatedIdentityCredential(
    "credential",
    resource_group_name=group.name,
    resource_name_=identity.name,
    federated_identity_credential_resource_name="fic",
    issuer=cluster.oidc_issuer_profile.apply(lambda profile: profile.issuer_url if profile else ""),
    subject="system:serviceaccount:models:it's",
    audiences=["api://AzureADTokenExchange"],
)
registry = containerregistry.Registry(
    "registry",
    resource_group_name=group.name,
    registry_name="crsample",
    sku=containerregistry.SkuArgs(name="Premium"),
    public_network_access="Disabled",
    tags={"server": pulumi.Output.concat("https://", cluster.fqdn, "/")},
)
storage.StorageAccount(
    "weights",
    resource_group_name=group.name,
    account_name="stweights",
    kind="StorageV2",
    sku=storage.SkuArgs(name="Standard_LRS"),
    enable_https_traffic_only=True,
)
credentials = containerservice.list_managed_cluster_user_credentials_output(
    resource_group_name=group.name, resource_name=cluster.name
)
pulumi.export("kubeconfig", pulumi.Output.secret(credentials.kubeconfigs[0].value))
