"""What Azure answers to the registrations and calls of a test: ids, and the outputs that Azure computes.

Every id and key here is made up and the same in each run. Types of other providers get a plain id and their inputs.
"""

import base64
import json
import uuid
from collections.abc import Mapping
from typing import Any

from kaitops.kaito import facts

SUBSCRIPTION = "00000000-0000-0000-0000-00000000beef"
TENANT = "00000000-0000-0000-0000-0000000000aa"
TYPES: Mapping[str, Any] = facts.load(".", "arm.json")["types"]

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
    if short == type_ and known_id and type_ == "kubernetes:core/v1:Namespace":
        return known_id, {**inputs, "metadata": {"name": known_id, "uid": guid(known_id)}}
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
        path = TYPES[short]["path"].format(**inputs)
        if TYPES[short]["path"].startswith("{"):
            # A type that hangs on any other resource.
            return path
        return f"{root}/resourceGroups/{inputs['resourceGroupName']}/providers/{path}"
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
        case "network:PublicIPAddress":
            return {"ipAddress": "198.51.100.7"}
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
            known = {**given, "oidcIssuerProfile": {"enabled": True}}
            return computed("azure-native:containerservice:ManagedCluster", "known", known, None)[1]
        case "managedidentity:getUserAssignedIdentity":
            return computed("azure-native:managedidentity:UserAssignedIdentity", "known", {**given}, None)[1]
        case "dashboard:getGrafana":
            known = {**given, "identity": {"type": "SystemAssigned"}}
            return computed("azure-native:dashboard:Grafana", "known", known, None)[1]
        case _:
            return {}
