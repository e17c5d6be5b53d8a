"""Storage of weights: no keys, no public address, and it outlives the stack."""

from typing import Any

import pytest

from kaitops.components.azure.weights import Weights
from kaitops.components.settings.services import Weights as WeightSettings
from tests.components.conftest import Record
from tests.components.recorder import Recording

SUBNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/pe"


def weights(record: Record, **settings: Any) -> Recording:
    return record(
        lambda: Weights(
            "weights",
            {
                "resource_group_name": "rg",
                "location": "westeurope",
                "account_name": "stprod",
                "settings": WeightSettings.model_validate(settings),
                "vnet_id": SUBNET.rpartition("/subnets/")[0],
                "endpoint_subnet_id": SUBNET,
            },
        )
    )


@pytest.mark.parametrize("kind", ["blob", "files"])
def test_weights_are_closed_and_kept(record: Record, kind: str) -> None:
    found = weights(record, kind=kind)
    account = found.one(":StorageAccount")
    assert account.inputs["allowSharedKeyAccess"] is False
    assert account.inputs["allowBlobPublicAccess"] is False
    assert account.inputs["publicNetworkAccess"] == "Disabled"
    assert account.inputs["networkRuleSet"]["defaultAction"] == "Deny"
    assert account.inputs["minimumTlsVersion"] == "TLS1_2"
    for one in (account, found.one(":BlobContainer" if kind == "blob" else ":FileShare")):
        assert one.protect and one.retain_on_delete


@pytest.mark.e2e
def test_blobs_are_private_and_zone_redundant(record: Record) -> None:
    found = weights(record, kind="blob", container="llm")
    account = found.one(":StorageAccount").inputs
    assert (account["kind"], account["sku"], account["enableHttpsTrafficOnly"]) == (
        "StorageV2", {"name": "Standard_ZRS"}, True,
    )  # fmt: skip
    assert found.one(":BlobContainer").inputs["publicAccess"] == "None"
    assert found.one(":Weights").outputs["location_url"] == "https://stprod.blob.core.windows.net/llm"
    assert found.one(":PrivateZone").inputs["privateZoneName"] == "privatelink.blob.core.windows.net"


def test_blobs_on_premium_storage_have_an_account_that_holds_blobs(record: Record) -> None:
    for redundancy in ("Premium_LRS", "Premium_ZRS"):
        account = weights(record, kind="blob", redundancy=redundancy).one(":StorageAccount").inputs
        assert (account["kind"], account["sku"]) == ("BlockBlobStorage", {"name": redundancy})


def test_files_are_an_nfs_share_on_premium_storage(record: Record) -> None:
    found = weights(record, kind="files", shareGb=2048)
    account, share = found.one(":StorageAccount").inputs, found.one(":FileShare").inputs
    assert (account["kind"], account["sku"], account["enableHttpsTrafficOnly"]) == (
        "FileStorage", {"name": "Premium_ZRS"}, False,
    )  # fmt: skip
    assert (share["enabledProtocols"], share["rootSquash"], share["shareQuota"]) == ("NFS", "RootSquash", 2048)
    assert found.one(":Weights").outputs["location_url"] == "stprod.file.core.windows.net:/stprod/weights"
    assert found.one(":PrivateZone").inputs["privateZoneName"] == "privatelink.file.core.windows.net"


def test_redundancy_can_be_chosen(record: Record) -> None:
    found = weights(record, kind="blob", redundancy="Standard_LRS")
    assert found.one(":StorageAccount").inputs["sku"] == {"name": "Standard_LRS"}
