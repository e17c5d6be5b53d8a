"""What Azure answers to the registrations and calls of a test: ids, and the outputs that Azure computes.

Every id and key here is made up and the same in each run. Types of other providers get a plain id and their inputs.
"""

import base64
import json
import uuid
from collections.abc import Mapping
from typing import Any

SUBSCRIPTION = "00000000-0000-0000-0000-00000000beef"
TENANT = "00000000-0000-0000-0000-0000000000aa"

# Path of the type under its resource group, with the inputs that name it.
PATHS = {
    "containerservice:ManagedCluster": "Microsoft.ContainerService/managedClusters/{resourceName}",
    "containerservice:AgentPool": "Microsoft.ContainerService/managedClusters/{resourceName}/agentPools/{agentPoolName}",
    "containerservice:MaintenanceConfiguration": (
        "Microsoft.ContainerService/managedClusters/{resourceName}/maintenanceConfigurations/{configName}"
    ),
    "containerregistry:Registry": "Microsoft.ContainerRegistry/registries/{registryName}",
    "containerregistry:CacheRule": "Microsoft.ContainerRegistry/registries/{registryName}/cacheRules/{cacheRuleName}",
    "containerregistry:CredentialSet": (
        "Microsoft.ContainerRegistry/registries/{registryName}/credentialSets/{credentialSetName}"
    ),
    "containerregistry:Replication": (
        "Microsoft.ContainerRegistry/registries/{registryName}/replications/{replicationName}"
    ),
    "network:VirtualNetwork": "Microsoft.Network/virtualNetworks/{virtualNetworkName}",
    "network:Subnet": "Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}",
    "network:NetworkSecurityGroup": "Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}",
    "network:NatGateway": "Microsoft.Network/natGateways/{natGatewayName}",
    "network:PublicIPAddress": "Microsoft.Network/publicIPAddresses/{publicIpAddressName}",
    "network:RouteTable": "Microsoft.Network/routeTables/{routeTableName}",
    "network:PrivateEndpoint": "Microsoft.Network/privateEndpoints/{privateEndpointName}",
    "network:PrivateDnsZoneGroup": (
        "Microsoft.Network/privateEndpoints/{privateEndpointName}/privateDnsZoneGroups/{privateDnsZoneGroupName}"
    ),
    "privatedns:PrivateZone": "Microsoft.Network/privateDnsZones/{privateZoneName}",
    "privatedns:VirtualNetworkLink": (
        "Microsoft.Network/privateDnsZones/{privateZoneName}/virtualNetworkLinks/{virtualNetworkLinkName}"
    ),
    "managedidentity:UserAssignedIdentity": "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}",
    "managedidentity:FederatedIdentityCredential": (
        "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}"
        "/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}"
    ),
    "keyvault:Vault": "Microsoft.KeyVault/vaults/{vaultName}",
    "storage:StorageAccount": "Microsoft.Storage/storageAccounts/{accountName}",
    "storage:BlobContainer": "Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}",
    "storage:FileShare": "Microsoft.Storage/storageAccounts/{accountName}/fileServices/default/shares/{shareName}",
    "operationalinsights:Workspace": "Microsoft.OperationalInsights/workspaces/{workspaceName}",
    "monitor:AzureMonitorWorkspace": "Microsoft.Monitor/accounts/{azureMonitorWorkspaceName}",
    "monitor:DataCollectionEndpoint": "Microsoft.Insights/dataCollectionEndpoints/{dataCollectionEndpointName}",
    "monitor:DataCollectionRule": "Microsoft.Insights/dataCollectionRules/{dataCollectionRuleName}",
    "alertsmanagement:PrometheusRuleGroup": "Microsoft.AlertsManagement/prometheusRuleGroups/{ruleGroupName}",
    "dashboard:Grafana": "Microsoft.Dashboard/grafana/{workspaceName}",
}  # fmt: skip
# Types that hang on any other resource.
EXTENSIONS = {
    "authorization:RoleAssignment": "{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    "monitor:DataCollectionRuleAssociation": (
        "{resourceUri}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{associationName}"
    ),
    "monitor:DiagnosticSetting": "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
}
KUBECONFIG = base64.b64encode(
    json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": {"server": "https://test.invalid:443"}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "current-context": "test",
            "users": [{"name": "test", "user": {"token": "not-a-token"}}],
        }
    ).encode()
).decode()


def computed(type_: str, name: str, inputs: dict[str, Any], known_id: str | None) -> tuple[str, dict[str, Any]]:
    """Id and state of a resource after its creation."""
    short = type_.removeprefix("azure-native:")
    if short == type_:
        return known_id or _other_id(name, inputs), inputs
    state = {**inputs}
    identity = known_id or azure_id(short, inputs)
    if "name" not in state:
        state["name"] = identity.rsplit("/", 1)[-1]
    state |= _outputs(short, identity, inputs)
    # The list of identities that goes in comes back as a map with what Azure knows of each.
    given = inputs.get("identity", {}).get("userAssignedIdentities")
    if isinstance(given, list):
        known = {one: {"clientId": guid(one, "client"), "principalId": guid(one, "principal")} for one in given}
        state["identity"] = {**inputs["identity"], "userAssignedIdentities": known}
    if inputs.get("identity", {}).get("type", "").startswith("SystemAssigned"):
        state["identity"] = {**inputs["identity"], "principalId": guid(identity, "principal"), "tenantId": TENANT}
    return identity, state


def azure_id(short: str, inputs: Mapping[str, Any]) -> str:
    """The resource id of a type, from the inputs that name it.

    Raises:
        AssertionError: the type is not known here, or an input that names it is missing.
    """
    root = f"/subscriptions/{SUBSCRIPTION}"
    try:
        if short == "resources:ResourceGroup":
            return f"{root}/resourceGroups/{inputs['resourceGroupName']}"
        if short in EXTENSIONS:
            return EXTENSIONS[short].format(**inputs)
        return f"{root}/resourceGroups/{inputs['resourceGroupName']}/providers/{PATHS[short].format(**inputs)}"
    except KeyError as error:
        raise AssertionError(f"azure-native:{short}: no id without {error}: {sorted(inputs)}") from None


def guid(*parts: str) -> str:
    """A GUID that stays the same."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "|".join(parts)))


def _outputs(short: str, identity: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    name = identity.rsplit("/", 1)[-1]
    match short:
        case "containerservice:ManagedCluster":
            found: dict[str, Any] = {
                "nodeResourceGroup": inputs.get("nodeResourceGroup", f"MC_{inputs['resourceGroupName']}_{name}"),
                "identityProfile": {
                    "kubeletidentity": {
                        "objectId": guid(identity, "kubelet"),
                        "clientId": guid(identity, "kubelet", "client"),
                        "resourceId": f"{identity}-agentpool",
                    }
                },
                "currentKubernetesVersion": f"{inputs.get('kubernetesVersion', '1.34')}.2",
                "privateFQDN": f"{name}.privatelink.azmk8s.io",
                "fqdn": f"{name}.azmk8s.io",
            }
            if inputs.get("oidcIssuerProfile", {}).get("enabled"):
                issuer = f"https://oidc.test.invalid/{TENANT}/{guid(identity, 'issuer')}/"
                found["oidcIssuerProfile"] = {"enabled": True, "issuerURL": issuer}
            profile = inputs.get("addonProfiles", {}).get("azureKeyvaultSecretsProvider")
            if profile:
                told = {"clientId": guid(identity, "csi"), "objectId": guid(identity, "csi", "object")}
                addons = {**inputs["addonProfiles"]}
                addons["azureKeyvaultSecretsProvider"] = {**profile, "identity": told}
                found["addonProfiles"] = addons
            return found
        case "managedidentity:UserAssignedIdentity":
            return {
                "clientId": guid(identity, "client"),
                "principalId": guid(identity, "principal"),
                "tenantId": TENANT,
            }
        case "containerregistry:Registry":
            return {"loginServer": f"{name}.azurecr.io"}
        case "keyvault:Vault":
            return {"properties": {**inputs["properties"], "vaultUri": f"https://{name}.vault.azure.net/"}}
        case "storage:StorageAccount":
            return {
                "primaryEndpoints": {
                    kind: f"https://{name}.{kind}.core.windows.net/" for kind in ("blob", "file", "dfs")
                }
            }
        case "operationalinsights:Workspace":
            return {"customerId": guid(identity, "customer")}
        case "monitor:AzureMonitorWorkspace":
            return {"metrics": {"prometheusQueryEndpoint": f"https://{name}.prometheus.monitor.azure.com"}}
        case "dashboard:Grafana":
            endpoint = f"https://{name}.grafana.azure.com"
            return {"properties": {**inputs.get("properties", {}), "endpoint": endpoint}}
        case _:
            return {}


def _other_id(name: str, inputs: Mapping[str, Any]) -> str:
    metadata = inputs.get("metadata")
    if isinstance(metadata, Mapping) and "name" in metadata:
        namespace = metadata.get("namespace")
        return f"{namespace}/{metadata['name']}" if namespace else str(metadata["name"])
    return f"{name}_id"


def answer(token: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a provider function returns; empty where the function is not known."""
    match token.removeprefix("azure-native:"):
        case "authorization:getClientConfig":
            return {
                "clientId": guid("client"),
                "objectId": guid("object"),
                "subscriptionId": SUBSCRIPTION,
                "tenantId": TENANT,
            }
        case (
            "containerservice:listManagedClusterUserCredentials" | "containerservice:listManagedClusterAdminCredentials"
        ):
            return {"kubeconfigs": [{"name": "clusterUser", "value": KUBECONFIG}]}
        case "containerservice:getManagedCluster":
            known = {"resourceGroupName": given["resourceGroupName"], "resourceName": given["resourceName"]}
            return computed("azure-native:containerservice:ManagedCluster", "known", {**known}, None)[1]
        case _:
            return {}
