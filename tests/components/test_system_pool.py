"""The system pool is made once: what is changed of it later is told, since the stack changes nothing."""

from typing import Any

import pytest

from kaitops.components.settings.infra import InfraSettings
from tests.components import stacks

AZURE: dict[str, Any] = {
    "name": "system", "vmSize": "Standard_D4ds_v5", "availabilityZones": ["1", "2", "3"], "osDiskSizeGB": 128,
    "enableEncryptionAtHost": True, "enableAutoScaling": False, "count": 2,
    "upgradeSettings": {"maxSurge": "33%"},
}  # fmt: skip
SCALED = {"enableAutoScaling": True, "count": 4, "minCount": 2, "maxCount": 5}


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("settings", "azure", "told"),
    [
        ({}, {}, ()),
        ({"systemPool": {"size": "Standard_D8ds_v5"}}, {}, ("systemPool.size: is declared Standard_D8ds_v5",)),
        ({"systemPool": {"zones": []}}, {}, ("systemPool.zones: is declared none",)),
        ({"systemPool": {"osDiskGb": 256}}, {}, ("systemPool.osDiskGb",)),
        ({"security": {"hostEncryption": False}}, {}, ("security.hostEncryption: is declared false",)),
        ({"systemPool": {"min": 3}}, {}, ("systemPool.min", "systemPool.max: is declared 3")),
        ({"upgrades": {"systemSurge": "50%"}}, {}, ("upgrades.systemSurge: is declared 50%",)),
        ({"systemPool": {"min": 2, "max": 5}}, SCALED, ()),
        ({"systemPool": {"min": 2, "max": 6}}, SCALED, ("systemPool.max: is declared 6",)),
    ],
    ids=str,
)
def test_what_azure_has_otherwise_is_a_warning(
    settings: dict[str, Any], azure: dict[str, Any], told: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", lambda message, **_: heard.append(message))
    calls = {"azure-native:containerservice:getAgentPool": lambda given: {**AZURE, **azure, "id": str(given)}}
    stacks.run(settings, calls=calls, provisioner="azure-gpu-provisioner")
    assert len(heard) == len(told)
    for one, words in zip(heard, told, strict=True):
        assert one.startswith(f"infra.{words}") and "and the system pool of aks-prod-weu has" in one
        assert "az aks nodepool" in one


def test_a_cluster_that_is_not_there_yet_has_nothing_to_tell() -> None:
    from kaitops.components.azure.system_pool import differences

    assert list(differences(InfraSettings(), None, "aks")) == []
