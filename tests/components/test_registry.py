"""The registry: closed, without admin, and pullable by the nodes."""

from typing import Any

import pytest

from kaitops.components.azure.registry import Registry
from kaitops.components.settings.services import RegistrySettings
from tests.components.conftest import Record
from tests.components.recorder import Recording

SUBNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/pe"


def registry(record: Record, subnet: str | None = SUBNET, **settings: Any) -> Recording:
    return record(
        lambda: Registry(
            "acr",
            {
                "resource_group_name": "rg",
                "location": "westeurope",
                "registry_name": "crprod",
                "settings": RegistrySettings.model_validate(settings),
                "kubelet_object_id": "kubelet",
                "vnet_id": SUBNET.rpartition("/subnets/")[0],
                "endpoint_subnet_id": subnet,
            },
        )
    )


def test_the_default_is_closed_and_without_shared_accounts(record: Record) -> None:
    found = registry(record)
    one = found.one("azure-native:containerregistry:Registry")
    assert one.inputs["adminUserEnabled"] is False
    assert one.inputs["anonymousPullEnabled"] is False
    assert one.inputs["publicNetworkAccess"] == "Disabled"
    assert one.inputs["zoneRedundancy"] == "Enabled"
    assert one.inputs["policies"]["retentionPolicy"] == {"days": 30, "status": "enabled"}
    assert one.protect
    # Azure decides it once, so a registry that becomes Premium later asks for no other.
    assert one.ignore_changes == ("zoneRedundancy",)
    assert found.one(":PrivateEndpoint").inputs["subnet"]["id"] == SUBNET
    assert found.one(":PrivateZone").inputs["privateZoneName"] == "privatelink.azurecr.io"


def test_manifests_without_a_tag_are_kept_as_long_as_is_declared(record: Record) -> None:
    one = registry(record, untaggedDays=365).one("azure-native:containerregistry:Registry")
    assert one.inputs["policies"]["retentionPolicy"] == {"days": 365, "status": "enabled"}


def test_the_kubelet_may_pull(record: Record) -> None:
    role = registry(record).one(":RoleAssignment")
    assert (role.name, role.inputs["principalId"]) == ("acr-pull", "kubelet")
    assert role.inputs["scope"].endswith("/registries/crprod")
    assert role.inputs["roleDefinitionId"].endswith("7f951dda-4ed3-4680-a7ca-43fe172d538d")


def test_imports_become_cache_rules(record: Record) -> None:
    rule = registry(record, imports=["mcr.microsoft.com/aks/kaito/workspace"]).one(":CacheRule")
    assert rule.inputs["sourceRepository"] == "mcr.microsoft.com/aks/kaito/workspace"
    assert rule.inputs["targetRepository"] == "aks/kaito/workspace"
    assert rule.inputs["cacheRuleName"] == "mcr-microsoft-com-aks-kaito-workspace"


def test_replicas_are_regions(record: Record) -> None:
    replica = registry(record, replicas=["northeurope"]).one(":Replication")
    assert replica.inputs["location"] == replica.inputs["replicationName"] == "northeurope"


@pytest.mark.parametrize(("subnet", "settings"), [(None, {}), (SUBNET, {"sku": "Standard", "publicAccess": True})])
def test_no_private_address_without_subnet_or_premium(record: Record, subnet: str | None, settings: Any) -> None:
    assert registry(record, subnet, **settings).of(":PrivateEndpoint") == []


def test_an_existing_registry_only_gets_the_role(record: Record) -> None:
    own = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/hub/providers/Microsoft.ContainerRegistry/registries/HubRegistry"
    found = registry(record, existing=own)
    assert [one.type.rpartition(":")[2] for one in found] == ["Registry", "RoleAssignment"]
    assert found.one("kaitops:azure:Registry").outputs == {"id": own, "login_server": "hubregistry.azurecr.io"}
