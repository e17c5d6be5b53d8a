"""What Azure refuses of what is there: changes of what is fixed, and deletions of what others hold."""

from typing import Any

import pytest

from tests.arm.standing import There, refused_change, refused_deletion

GROUP = "/subscriptions/s/resourceGroups/rg/providers"
VNET = f"{GROUP}/Microsoft.Network/virtualNetworks/v"
SUBNET = There(
    f"{VNET}/subnets/nodes", "network:Subnet", {"addressPrefix": "10.0.0.0/20", "natGateway": {"id": "/NAT"}}
)
CLUSTER = There(
    f"{GROUP}/Microsoft.ContainerService/managedClusters/aks",
    "containerservice:ManagedCluster",
    {"kubernetesVersion": "1.35", "apiServerAccessProfile": {"privateDNSZone": "system"}},
)
POOL = There(
    f"{CLUSTER.id}/agentPools/a",
    "containerservice:AgentPool",
    {"agentPoolName": "a", "enableAutoScaling": True, "vnetSubnetID": SUBNET.id.upper(), "maxPods": 50},
)
REGISTRY = There("/cr", "containerregistry:Registry", {"sku": {"name": "Premium"}})
ENDPOINT = There("/pe", "network:PrivateEndpoint", {"connections": [{"id": "/cr"}], "subnet": {"id": "/x"}})
ACCOUNT = There("/st", "storage:StorageAccount", {"kind": "StorageV2", "sku": {"name": "Standard_ZRS"}, "tags": {}})
ALL = [SUBNET, CLUSTER, POOL, REGISTRY, ENDPOINT, ACCOUNT]


@pytest.mark.parametrize(
    ("one", "change", "said"),
    [
        (CLUSTER, {"kubernetesVersion": "1.34"}, "is not downgraded"),
        (CLUSTER, {"kubernetesVersion": "1.37"}, "is left out"),
        (CLUSTER, {"kubernetesVersion": "1.36", "tags": {"a": "b"}}, ""),
        (CLUSTER, {"apiServerAccessProfile": {"privateDNSZone": "/zone"}}, "to none only"),
        (CLUSTER, {"apiServerAccessProfile": {"privateDNSZone": "none"}}, ""),
        (CLUSTER, {"nodeProvisioningProfile": {"mode": "Auto"}}, "the cluster autoscaler is on for a"),
        (CLUSTER, {"apiServerAccessProfile": {"enablePrivateCluster": True, "privateDNSZone": "system"}}, "cannot be"),
        (POOL, {"maxPods": 110}, "maxPods cannot be changed"),
        (POOL, {"nodeLabels": {"a": "b"}}, ""),
        (SUBNET, {"addressPrefix": "10.0.0.0/21"}, "InUseSubnetCannotBeUpdated"),
        (SUBNET, {"natGateway": None}, ""),
        (REGISTRY, {"sku": {"name": "Standard"}}, "/pe needs Premium"),
        (ENDPOINT, {"subnet": {"id": "/y"}}, "subnet.id cannot be changed"),
        (ACCOUNT, {"sku": {"name": "Standard_LRS"}}, "sku.name cannot be changed"),
        (ACCOUNT, {"tags": {"a": "b"}}, ""),
    ],
    ids=str,
)
def test_a_change_of_what_is_fixed_is_refused(one: There, change: dict[str, Any], said: str) -> None:
    found = list(refused_change(one, {**one.inputs, **change}, ALL))
    assert len(found) == bool(said) and all(said in each for each in found)


def test_what_others_hold_stays() -> None:
    assert "is in it" not in refused_deletion(SUBNET, ALL) and POOL.id in refused_deletion(SUBNET, ALL)
    assert refused_deletion(SUBNET, [SUBNET, CLUSTER]) == ""
    gateway = There("/nat", "network:NatGateway", {})
    assert SUBNET.id in refused_deletion(gateway, ALL)
    assert refused_deletion(POOL, ALL) == ""
