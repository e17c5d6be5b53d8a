"""The vault: role-based, purge-protected, closed; and it never holds a value of ours."""

from typing import Any

import pytest

from kaitops.components.azure.secrets import Secrets
from kaitops.components.settings.services import SecretSettings
from tests.components.conftest import Record
from tests.components.recorder import Recording

SUBNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/pe"


def secrets(record: Record, subnet: str | None = SUBNET, **settings: Any) -> Recording:
    return record(
        lambda: Secrets(
            "kv",
            {
                "resource_group_name": "rg",
                "location": "westeurope",
                "vault_name": "kv-prod",
                "tenant_id": "tenant",
                "settings": SecretSettings.model_validate(settings),
                "vnet_id": SUBNET.rpartition("/subnets/")[0],
                "endpoint_subnet_id": subnet,
            },
        )
    )


def test_the_vault_is_closed_and_cannot_be_purged(record: Record) -> None:
    found = secrets(record)
    vault = found.one(":Vault")
    properties = vault.inputs["properties"]
    assert properties["enableRbacAuthorization"] is True
    assert properties["enablePurgeProtection"] is True
    assert properties["softDeleteRetentionInDays"] == 90
    assert properties["publicNetworkAccess"] == "Disabled"
    assert properties["networkAcls"] == {"bypass": "AzureServices", "defaultAction": "Deny"}
    assert "accessPolicies" not in properties
    assert vault.protect
    assert found.one(":PrivateZone").inputs["privateZoneName"] == "privatelink.vaultcore.azure.net"
    assert found.of("azure-native:keyvault:Secret") == []


def test_public_access_is_said_twice_as_azure_wants_it(record: Record) -> None:
    properties = secrets(record, None, publicAccess=True).one(":Vault").inputs["properties"]
    assert (properties["publicNetworkAccess"], properties["networkAcls"]["defaultAction"]) == ("Enabled", "Allow")


@pytest.mark.parametrize("subnet", [SUBNET, None])
def test_an_existing_vault_is_left_alone(record: Record, subnet: str | None) -> None:
    own = "/subscriptions/s/resourceGroups/hub/providers/Microsoft.KeyVault/vaults/kv-hub"
    found = secrets(record, subnet, existing=own)
    assert [one.type for one in found] == ["kaitops:azure:Secrets"]
    assert found.one("kaitops:azure:Secrets").outputs == {"id": own, "vault_name": "kv-hub"}
