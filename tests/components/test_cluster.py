"""The cluster: hardened without being asked, and stable against what Azure changes by itself."""

from typing import Any

import pytest

from tests.components.recorder import Recording
from tests.components.stacks import SETTINGS, run, stack


def inputs(provisioner: str = "karpenter") -> Any:
    return stack(provisioner).one(":ManagedCluster").inputs


def test_the_default_is_private_and_known_by_entra_only() -> None:
    given = inputs()
    assert given["apiServerAccessProfile"] == {
        "enablePrivateCluster": True, "enablePrivateClusterPublicFQDN": False, "privateDNSZone": "system",
        "disableRunCommand": True,
    }  # fmt: skip
    assert given["disableLocalAccounts"] is given["enableRBAC"] is True
    assert given["aadProfile"] == {
        "managed": True, "enableAzureRBAC": True, "adminGroupObjectIDs": SETTINGS["karpenter"]["entraAdmins"],
    }  # fmt: skip
    assert given["nodeResourceGroupProfile"] == {"restrictionLevel": "ReadOnly"}


def test_a_public_api_server_has_its_ranges() -> None:
    profile = inputs("aks-addon")["apiServerAccessProfile"]
    # Nodes reach it by the NAT gateway, which Azure lets in no more than anybody else.
    assert profile == {
        "enablePrivateCluster": False, "authorizedIPRanges": ["192.0.2.0/24", "198.51.100.7/32"], "disableRunCommand": True,
    }  # fmt: skip


def test_azure_lets_its_own_load_balancer_in_by_itself() -> None:
    found = run({**SETTINGS["aks-addon"], "network": {"outbound": "loadBalancer"}}, provisioner="aks-addon")
    assert found.one(":ManagedCluster").inputs["apiServerAccessProfile"]["authorizedIPRanges"] == ["192.0.2.0/24"]


def test_security_is_on() -> None:
    given = inputs()
    security = given["securityProfile"]
    assert security["workloadIdentity"] == {"enabled": True}
    assert security["imageCleaner"] == {"enabled": True, "intervalHours": 168}
    assert security["defender"]["securityMonitoring"] == {"enabled": True}
    assert security["defender"]["logAnalyticsWorkspaceResourceId"].endswith("/workspaces/log-prod-weu")
    addons = given["addonProfiles"]
    assert addons["azurepolicy"]["enabled"] is True
    assert addons["azureKeyvaultSecretsProvider"]["config"]["enableSecretRotation"] == "true"
    assert addons["omsagent"]["config"]["logAnalyticsWorkspaceResourceID"].endswith("/workspaces/log-prod-weu")


def test_what_is_off_is_said_to_be_off() -> None:
    addons = inputs("aks-addon")["addonProfiles"]
    assert {name: profile["enabled"] for name, profile in addons.items()} == {
        "azurepolicy": True, "azureKeyvaultSecretsProvider": False, "omsagent": False,
    }  # fmt: skip
    # Silence would leave Defender as it is.
    assert inputs("aks-addon")["securityProfile"]["defender"] == {"securityMonitoring": {"enabled": False}}
    assert inputs("aks-addon")["azureMonitorProfile"]["metrics"]["enabled"] is False


def test_every_range_is_sent() -> None:
    profile = inputs()["networkProfile"]
    assert profile["podCidr"] == "10.244.0.0/16"
    assert profile["serviceCidr"] == "10.65.0.0/16"
    assert profile["dnsServiceIP"] == "10.65.0.10"
    assert (profile["networkPlugin"], profile["networkPluginMode"]) == ("azure", "overlay")
    assert (profile["networkDataplane"], profile["networkPolicy"]) == ("cilium", "cilium")


@pytest.mark.parametrize(
    ("provisioner", "outbound"),
    [
        ("karpenter", "userAssignedNATGateway"),
        ("byo", "userDefinedRouting"),
        ("azure-gpu-provisioner", "loadBalancer"),
    ],
)
def test_the_way_out_has_azures_name(provisioner: str, outbound: str) -> None:
    assert inputs(provisioner)["networkProfile"]["outboundType"] == outbound


def test_the_one_inline_pool_is_the_system_pool() -> None:
    (pool,) = inputs()["agentPoolProfiles"]
    assert pool["mode"] == "System"
    assert pool["nodeTaints"] == ["CriticalAddonsOnly=true:NoSchedule"]
    assert (pool["osDiskType"], pool["type"], pool["availabilityZones"]) == (
        "Ephemeral", "VirtualMachineScaleSets", ["1", "2", "3"],
    )  # fmt: skip
    assert pool["enableEncryptionAtHost"] is True
    assert pool["maxPods"] >= 50
    # Node auto-provisioning and the cluster autoscaler exclude each other.
    assert (pool["count"], pool["enableAutoScaling"]) == (2, False)
    assert "maxCount" not in pool


def test_the_autoscaler_has_bounds_and_a_count_to_begin_with() -> None:
    (pool,) = inputs("byo")["agentPoolProfiles"]
    assert (pool["enableAutoScaling"], pool["count"], pool["minCount"], pool["maxCount"]) == (True, 2, 2, 5)


def test_what_azure_changes_by_itself_is_not_a_change() -> None:
    assert stack("karpenter").one(":ManagedCluster").ignore_changes == ("agentPoolProfiles",)
    assert stack("aks-addon").one(":ManagedCluster").ignore_changes == ("agentPoolProfiles", "kubernetesVersion")
    assert inputs()["kubernetesVersion"].count(".") == 1


def test_a_public_cluster_does_not_become_a_private_one() -> None:
    cluster = stack("karpenter").one(":ManagedCluster")
    assert cluster.replace_on_changes == ("apiServerAccessProfile.enablePrivateCluster",)
    # Two of one name cannot be, and the first is held.
    assert cluster.delete_before_replace and cluster.protect


def test_the_identity_is_user_assigned() -> None:
    found = stack("karpenter")
    own = found.one(":UserAssignedIdentity", "infra-cluster-identity-identity")
    assert inputs()["identity"] == {"type": "UserAssigned", "userAssignedIdentities": [own.id]}


def windows(found: Recording) -> dict[str, Any]:
    return {one.inputs["configName"]: one for one in found.of(":MaintenanceConfiguration")}


def test_azure_may_change_the_cluster_in_two_windows_only() -> None:
    found = stack("karpenter")
    told = windows(found)
    assert set(told) == {"aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"}
    for one in told.values():
        assert one.inputs["maintenanceWindow"]["durationHours"] >= 4
        assert one.inputs["maintenanceWindow"]["utcOffset"] == "+00:00"
        assert one.deleted_with == ""
    days = {one.inputs["maintenanceWindow"]["schedule"]["weekly"]["dayOfWeek"] for one in told.values()}
    assert days == {"Saturday", "Sunday"}
    first, second = told["aksManagedAutoUpgradeSchedule"], told["aksManagedNodeOSUpgradeSchedule"]
    assert first.urn in second.depends_on


def test_upgrades_are_declared() -> None:
    assert inputs()["autoUpgradeProfile"] == {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"}
    assert inputs()["sku"] == {"name": "Base", "tier": "Standard"}
    assert inputs()["supportPlan"] == "KubernetesOfficial"


def test_the_blob_driver_follows_the_weights() -> None:
    assert inputs()["storageProfile"]["blobCSIDriver"] == {"enabled": True}
    assert inputs("byo")["storageProfile"]["blobCSIDriver"] == {"enabled": False}
