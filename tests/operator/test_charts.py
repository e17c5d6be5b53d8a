"""Which charts a cluster gets, with which values."""

from typing import Any

import pytest

from kaitops.errors import BadInput
from kaitops.fleet.image_lock import ImageLock, chart_key
from kaitops.operator.charts import Chart, charts
from tests.version import KAITO

CLUSTER: dict[str, Any] = {"cloud": "azure", "region": "westeurope", "nvmeStorageClass": True}
DIGEST = "sha256:" + "ab" * 32


def cluster(provisioner: str = "karpenter", **more: Any) -> dict[str, Any]:
    return {**CLUSTER, "provisioner": provisioner, **more}


def workspace(declared: dict[str, Any], *kinds: str, lock: ImageLock | None = None) -> Chart:
    found = charts(KAITO, "prod", declared, frozenset(kinds), lock)
    (one,) = [each for each in found if each.key == "workspace"]
    return one


@pytest.mark.parametrize(
    ("provisioner", "keys"),
    [
        ("karpenter", ["workspace"]),
        ("byo", ["workspace"]),
        ("azure-gpu-provisioner", ["gpu-provisioner", "workspace"]),
        ("aks-addon", []),
    ],
)
def test_each_provisioner_gets_its_charts_in_order(provisioner: str, keys: list[str]) -> None:
    found = charts(KAITO, "prod", cluster(provisioner))
    assert [one.key for one in found] == keys
    assert all(one.version and one.repository.startswith("https://") for one in found)


def test_definitions_that_auto_provisioning_owns_are_left_out() -> None:
    assert workspace(cluster()).skip_crds is True
    assert workspace(cluster("azure-gpu-provisioner")).skip_crds is False


def test_brought_nodes_need_both_values_and_a_discovery_that_reaches_them() -> None:
    values = workspace(cluster("byo")).values
    assert values["nodeProvisioner"] == "byo"
    assert values["featureGates"] == {"disableNodeAutoProvisioning": True}
    discovery = values["gpu-feature-discovery"]
    assert discovery["tolerations"] == discovery["nfd"]["worker"]["tolerations"]
    assert discovery["tolerations"][0]["key"] == "sku"
    assert discovery["gfd"]["enabled"] is discovery["nfd"]["enabled"] is True


@pytest.mark.parametrize(
    ("provisioner", "gate"), [("byo", False), ("karpenter", True), ("azure-gpu-provisioner", True)]
)
def test_a_gate_against_the_provisioner_is_refused(provisioner: str, gate: bool) -> None:
    with pytest.raises(BadInput, match=r"clusters\.prod\.featureGates\.disableNodeAutoProvisioning.*remove the gate"):
        charts(KAITO, "prod", cluster(provisioner, featureGates={"disableNodeAutoProvisioning": gate}))


def test_kinds_of_the_fleet_turn_their_gates_on() -> None:
    values = workspace(cluster(), "MultiRoleInference", "ModelMirror").values
    assert values["featureGates"] == {"ModelMirror": True, "enableMultiRoleInferenceController": True}


def test_an_engine_brings_the_second_chart() -> None:
    found = charts(KAITO, "prod", cluster(registry="contoso.azurecr.io/kaito"), frozenset({"RAGEngine"}))
    assert [one.key for one in found] == ["workspace", "ragengine"]
    assert (
        found[0].values["presetRegistryName"] == found[1].values["presetRagRegistryName"] == "contoso.azurecr.io/kaito"
    )


def test_the_system_pools_taint_is_borne_and_users_values_win() -> None:
    values = workspace(cluster(operator={"values": {"replicaCount": 2, "clusterName": "x"}})).values
    assert values["tolerations"][0]["key"] == "CriticalAddonsOnly"
    assert (values["replicaCount"], values["clusterName"]) == (2, "x")


def test_node_classes_outlive_the_charts_default() -> None:
    (one,) = workspace(cluster()).values["karpenterProviders"]["azure"]["nodeClasses"]
    assert one == {
        "name": "image-family-ubuntu",
        "default": True,
        "spec": {"imageFamily": "Ubuntu", "osDiskSizeGB": 300},
    }
    named = workspace(cluster(nodeClasses=["a", "image-family-azure-linux"])).values["karpenterProviders"]["azure"]
    assert [(each["name"], each.get("default"), each["spec"]["imageFamily"]) for each in named["nodeClasses"]] == [
        ("a", True, "Ubuntu"),
        ("image-family-azure-linux", None, "AzureLinux"),
    ]


def test_the_add_on_takes_no_operator() -> None:
    with pytest.raises(BadInput, match=r"clusters\.prod\.operator: the AKS add-on installs KAITO"):
        charts(KAITO, "prod", cluster("aks-addon", operator={"values": {"replicaCount": 2}}))


@pytest.mark.parametrize(
    ("operator", "text"),
    [
        ({"gpuOperator": {"version": "25.3.0"}}, "gpuOperator: installs a device plugin while gpuOwner is kaito"),
        ({"gpuOwner": "aks", "values": {"nvidiaDevicePlugin": {"enabled": True}}}, "a second device plugin"),
        ({"values": {"nvidiaDevicePlugin": {"enabled": False}}}, "no owner"),
        ({"values": {"gpu-feature-discovery": {"devicePlugin": {"enabled": True}}}}, "a second device plugin"),
        ({"gpuOwner": "gpu-operator", "values": {"gpu-feature-discovery": {"nfd": {"enabled": True}}}}, "discovery"),
        ({"gatewayApi": {"version": "1.2.0"}}, r"gatewayApi\.repository: .*there is no usual one"),
    ],
)
def test_a_layer_has_exactly_one_owner(operator: dict[str, Any], text: str) -> None:
    with pytest.raises(BadInput, match=text):
        charts(KAITO, "prod", cluster("byo", operator=operator))


def test_the_gpu_operator_owns_all_of_its_layers() -> None:
    declared = cluster("byo", operator={"gpuOwner": "gpu-operator", "gpuOperator": {"version": "25.3.0"}})
    first, second = charts(KAITO, "prod", declared)
    assert (first.key, first.namespace, first.privileged) == ("gpuOperator", "gpu-operator", True)
    assert second.values["nvidiaDevicePlugin"] == {"enabled": False}
    assert second.values["gpu-feature-discovery"] == {"nfd": {"enabled": False}, "gfd": {"enabled": False}}
    with pytest.raises(BadInput, match="which only brought pools can be"):
        charts(KAITO, "prod", cluster("karpenter", operator={"gpuOwner": "gpu-operator"}))


def test_recorded_digests_pin_controllers_and_charts() -> None:
    one = workspace(cluster())
    lock = ImageLock(
        {"mcr.microsoft.com/aks/kaito/workspace:0.12.0": {"digest": DIGEST}},
        {chart_key(one.repository, "workspace", KAITO): {"digest": DIGEST}},
    )
    pinned = workspace(cluster(), lock=lock)
    assert pinned.values["image"] == {
        "repository": "mcr.microsoft.com/aks/kaito/workspace",
        "tag": f"0.12.0@{DIGEST}",
    }
    assert pinned.digest == DIGEST
    assert "image" not in one.values and one.digest == ""
    provisioner = charts(
        KAITO,
        "prod",
        cluster("azure-gpu-provisioner"),
        lock=ImageLock({"mcr.microsoft.com/aks/kaito/gpu-provisioner:0.4.3": {"digest": DIGEST}}, {}),
    )[0]
    assert provisioner.values["controller"]["image"]["tag"] == f"0.4.3@{DIGEST}"
