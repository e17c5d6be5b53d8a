"""Changes that Azure takes from nobody once a resource is made are refused before anything is registered."""

from datetime import date
from typing import Any

import pytest

from kaitops.errors import BadInput
from tests.components import stacks
from tests.components.recorder import Recording
from tests.components.test_capacity import Refused

GROUP = {"entraAdmins": [stacks.GROUP]}
VNET = "/subscriptions/00000000-0000-0000-0000-00000000beef/resourceGroups/rg-prod-weu/providers/Microsoft.Network/virtualNetworks/vnet-prod-weu"
HUB = VNET.replace("vnet-prod-weu", "hub")
ZONE = "/subscriptions/00000000-0000-0000-0000-00000000beef/resourceGroups/hub/providers/Microsoft.Network/privateDnsZones/privatelink.westeurope.azmk8s.io"
PREMIUM = {"sku": {"name": "Premium"}, "location": "westeurope"}
STANDARD = {"registry": {"sku": "Standard", "publicAccess": True}}
BLOB = {"weights": {"kind": "blob"}}
# What Azure has, the function that tells it, the settings, what is said; nothing where Azure takes the change.
ROWS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("getManagedCluster", {"currentKubernetesVersion": "1.36.1"}, {"kubernetesVersion": "1.35"}, "infra.kubernetesVersion: 1.35, and aks-prod-weu runs 1.36"),
    ("getManagedCluster", {"currentKubernetesVersion": "1.35.9"}, {"kubernetesVersion": "1.37"}, "declare 1.36 and run 'pulumi up' first"),
    ("getManagedCluster", {"currentKubernetesVersion": "1.35.9"}, {"kubernetesVersion": "1.36"}, ""),
    ("getManagedCluster", {"currentKubernetesVersion": "1.36.1"}, {"kubernetesVersion": "1.36"}, ""),
    ("getManagedCluster", {"currentKubernetesVersion": "1.32.9"}, {"kubernetesVersion": "1.36"}, ""),
    ("getManagedCluster", {"currentKubernetesVersion": "1.37.0"}, {"kubernetesVersion": "1.35", "upgrades": {"channel": "stable"}}, ""),
    ("getManagedCluster", {"apiServerAccessProfile": {"enablePrivateCluster": True, "privateDNSZone": "system"}}, {"apiServer": {"privateDnsZone": ZONE}}, "infra.apiServer.privateDnsZone"),
    ("getManagedCluster", {"apiServerAccessProfile": {"enablePrivateCluster": True, "privateDNSZone": "none"}}, {}, "infra.apiServer.privateDnsZone: system"),
    ("getManagedCluster", {"apiServerAccessProfile": {"enablePrivateCluster": True, "privateDNSZone": ZONE.lower()}}, {"apiServer": {"privateDnsZone": ZONE}}, ""),
    ("getManagedCluster", {"apiServerAccessProfile": {"enablePrivateCluster": True, "privateDNSZone": "system"}}, {"apiServer": {"privateDnsZone": "none", "publicName": True}}, ""),
    ("getManagedCluster", {"agentPoolProfiles": [{"name": "system"}, {"name": "a1001", "enableAutoScaling": True}]}, {}, "the cluster autoscaler is on for a1001"),
    ("getManagedCluster", {"agentPoolProfiles": [{"name": "system", "vnetSubnetID": f"{VNET}/subnets/nodes"}]}, {}, ""),
    ("getManagedCluster", {"agentPoolProfiles": [{"name": "system", "vnetSubnetID": f"{HUB}/subnets/nodes"}]}, {}, "infra.network: vnet-prod-weu, and the pool system"),
    ("getManagedCluster", {"agentPoolProfiles": [{"name": "system", "vnetSubnetID": f"{HUB}/subnets/old"}]}, {"network": {"outbound": "loadBalancer", "existing": {"vnetId": HUB, "nodeSubnetId": f"{HUB}/subnets/new"}}}, ""),
    ("getSubnet", {"addressPrefix": "10.64.0.0/19", "ipConfigurations": [{"id": "nic"}]}, {}, "infra.network.nodeSubnetCidr: 10.64.0.0/20, and the subnet nodes"),
    ("getSubnet", {"addressPrefix": "10.64.0.0/19"}, {}, ""),
    ("getSubnet", {"addressPrefix": "10.64.0.0/20", "ipConfigurations": [{"id": "nic"}]}, {"network": {"endpointSubnetCidr": "10.64.0.0/20", "nodeSubnetCidr": "10.64.16.0/20"}}, "infra.network.nodeSubnetCidr: 10.64.16.0/20"),
    ("getNatGateway", {"zones": ["1"], "location": "westeurope"}, {}, "infra.network.natZone: none, and nat-vnet-prod-weu was made with 1"),
    ("getNatGateway", {"location": "westeurope"}, {"network": {"natZone": "2"}}, "infra.network.natZone: 2"),
    ("getNatGateway", {"zones": ["2"], "location": "westeurope"}, {"network": {"natZone": "2"}}, ""),
    ("getStorageAccount", {"kind": "StorageV2", "sku": {"name": "Standard_LRS"}}, BLOB, "az storage account migration start"),
    ("getStorageAccount", {"kind": "StorageV2", "sku": {"name": "Standard_ZRS"}}, BLOB, ""),
    ("getStorageAccount", {"kind": "StorageV2", "sku": {"name": "Standard_ZRS"}}, {"weights": {"kind": "files"}}, "infra.weights.kind: files, and the account"),
    ("getStorageAccount", {"kind": "StorageV2", "sku": {"name": "Standard_ZRS"}}, {"weights": {"kind": "blob", "redundancy": "Premium_LRS"}}, "infra.weights.redundancy: Premium_LRS"),
    ("getRegistry", {**PREMIUM, "zoneRedundancy": "Enabled"}, STANDARD, "infra.registry.sku: Standard"),
    ("getRegistry", {**PREMIUM, "zoneRedundancy": "Disabled", "privateEndpointConnections": [{"id": "pe"}]}, STANDARD, "and private endpoints"),
    ("getRegistry", {**PREMIUM, "zoneRedundancy": "Disabled"}, STANDARD, ""),
    ("getRegistry", {"sku": {"name": "Standard"}}, {}, ""),
]  # fmt: skip
_MODULES = {
    "getManagedCluster": "containerservice", "getSubnet": "network", "getNatGateway": "network",
    "getStorageAccount": "storage", "getRegistry": "containerregistry",
}  # fmt: skip


def run(function: str, answer: Any, settings: dict[str, Any]) -> Recording:
    calls = {f"azure-native:{_MODULES[function]}:{function}": answer}
    return stacks.run({**GROUP, **settings}, calls=calls, provisioner="karpenter")


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Support of 1.34 and older has ended, that of the others has not."""
    monkeypatch.setattr("kaitops.components.azure.standing.today", lambda: date(2026, 12, 1))


@pytest.mark.sampled(6)
@pytest.mark.parametrize(("function", "has", "settings", "said"), ROWS, ids=str)
def test_what_azure_would_refuse_is_refused(
    function: str, has: dict[str, Any], settings: dict[str, Any], said: str
) -> None:
    def told(given: dict[str, Any]) -> dict[str, Any]:
        # The two subnets are asked for one after the other; the rows are about the first.
        return {} if given.get("subnetName") == "endpoints" else {**given, **has}

    if not said:
        assert run(function, told, settings).of(":ManagedCluster")
        return
    with pytest.raises(BadInput, match=r"^(infra|fleet)") as refused:
        run(function, told, settings)
    assert said in str(refused.value) and "Azure" in str(refused.value)


def test_what_is_not_there_yet_is_made_and_a_question_that_fails_is_an_error() -> None:
    def failing(words: str) -> Any:
        def told(given: dict[str, Any]) -> dict[str, Any]:
            raise Refused(words)

        return told

    for function in _MODULES:
        settings = {**BLOB, **STANDARD}
        assert run(function, failing("StatusCode=404 Code=ResourceNotFound"), settings).of(":StorageAccount")
        if function != "getManagedCluster":
            with pytest.raises(Exception, match="AuthorizationFailed"):
                run(function, failing("AuthorizationFailed"), settings)
