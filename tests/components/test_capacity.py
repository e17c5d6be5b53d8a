"""How GPU nodes come about: the values of KAITO's chart, and pools that change without losing capacity."""

from typing import Any

import grpc
import pytest

from kaitops.components.capacity import AksAddon, Byo, GpuProvisioner, Karpenter, capacity_of
from kaitops.components.capacity.byo import GpuPools, GpuPoolsArgs
from kaitops.components.settings import machine_checks
from kaitops.components.settings.infra import InfraSettings
from kaitops.errors import BadInput
from kaitops.kaito import facts
from tests.arm.rules import changed
from tests.components import recorder
from tests.components.azure_answers import SUBSCRIPTION
from tests.components.recorder import Registered
from tests.components.stacks import stack
from tests.version import KAITO

POOL = {"size": "Standard_NC24ads_A100_v4"}
GET = "azure-native:containerservice:getAgentPool"


def capacity(provisioner: str, settings: dict[str, Any] | None = None, **cluster: Any) -> Any:
    declared = {"provisioner": provisioner, "region": "westeurope", **cluster}
    return capacity_of(InfraSettings.read(settings or {}), declared, "aks-prod", KAITO)


def test_each_provisioner_has_its_type() -> None:
    kinds = {"karpenter": Karpenter, "byo": Byo, "azure-gpu-provisioner": GpuProvisioner, "aks-addon": AksAddon}
    for name, kind in kinds.items():
        assert isinstance(capacity(name), kind)
    with pytest.raises(BadInput, match="is not known"):
        capacity("magic")


@pytest.mark.parametrize("provisioner", ["karpenter", "byo", "azure-gpu-provisioner"])
def test_the_controller_knows_its_cluster(provisioner: str) -> None:
    assert capacity(provisioner).chart_values["clusterName"] == "aks-prod"


def test_the_add_on_has_no_operator() -> None:
    assert capacity("aks-addon").chart_values is None


def test_karpenter_gets_kaitos_node_classes_with_room_for_weights() -> None:
    classes = capacity("karpenter", {"tags": {"team": "ml"}}).chart_values["karpenterProviders"]["azure"]["nodeClasses"]
    assert [one["name"] for one in classes] == facts.load(KAITO, "controller.json")["node_classes"]["azure"]["names"]
    assert [one.get("default", False) for one in classes] == [True, False]
    assert [one["spec"]["imageFamily"] for one in classes] == ["Ubuntu", "AzureLinux"]
    for one in classes:
        assert one["spec"]["osDiskSizeGB"] >= 300
        assert one["spec"]["security"] == {"encryptionAtHost": True}
        assert one["spec"]["tags"] == {"team": "ml"}


def test_node_classes_of_the_fleet_come_in_place_of_kaitos() -> None:
    settings = {"nodeClass": {"imageFamily": "AzureLinux", "osDiskGb": 512, "hostEncryption": False}}
    values = capacity("karpenter", settings, nodeClasses=["gpu-2026-11"]).chart_values
    assert values["karpenterProviders"]["azure"]["nodeClasses"] == [
        {"name": "gpu-2026-11", "default": True, "spec": {"imageFamily": "AzureLinux", "osDiskSizeGB": 512}}
    ]


def test_the_gpu_operator_owns_driver_plugin_and_discovery_together() -> None:
    values = capacity("byo", {"gpuPools": {"a": {**POOL, "driver": "None"}}}).chart_values
    discovery = values["gpu-feature-discovery"]
    assert (
        discovery["gfd"]["enabled"] is discovery["nfd"]["enabled"] is values["nvidiaDevicePlugin"]["enabled"] is False
    )


@pytest.mark.parametrize(
    ("pool", "gates", "spot"),
    [({}, None, None), ({"mig": "MIG1g"}, {"enableMIG": True}, None), ({"spot": True}, None, {"enabled": True})],
)  # fmt: skip
def test_split_and_spot_pools_turn_on_what_kaito_needs(pool: Any, gates: Any, spot: Any) -> None:
    values = capacity("byo", {"gpuPools": {"a": {**POOL, **pool}}}).chart_values
    assert values.get("featureGates") == gates
    assert values.get("spotInstance") == spot


def pools() -> dict[str, Registered]:
    return {one.inputs["agentPoolName"]: one for one in stack("byo").of(":AgentPool")}


@pytest.mark.e2e
def test_a_new_generation_comes_beside_the_old_one() -> None:
    assert sorted(pools()) == ["a1001", "a1002", "spot1"]
    old, new = pools()["a1001"], pools()["a1002"]
    # Two resources, so that nothing is deleted before its successor is there.
    assert old.urn != new.urn
    assert old.urn in new.depends_on


def test_a_pool_is_sent_whole() -> None:
    given = pools()["a1002"].inputs
    assert given["resourceName"] == "aks-prod-weu"
    assert (given["mode"], given["vmSize"], given["nodeTaints"]) == ("User", POOL["size"], ["sku=gpu:NoSchedule"])
    assert given["nodeLabels"] == {"kaitops.io/pool": "a100"}
    assert given["osDiskSizeGB"] == 300
    assert given["gpuProfile"] == {"driver": "Install"}
    assert given["enableEncryptionAtHost"] is True
    assert given["maxPods"] >= 50
    assert given["vnetSubnetID"].endswith("/subnets/nodes")
    assert given["upgradeSettings"] == {"maxSurge": "0", "maxUnavailable": "1", "drainTimeoutInMinutes": 30}


def test_a_scaled_pool_sends_a_count_and_then_leaves_it_alone() -> None:
    scaled, fixed = pools()["a1002"], pools()["spot1"]
    assert (scaled.inputs["count"], scaled.inputs["minCount"], scaled.inputs["maxCount"]) == (1, 1, 3)
    assert scaled.ignore_changes == ("count",)
    assert (fixed.inputs["count"], fixed.inputs["enableAutoScaling"], fixed.ignore_changes) == (1, False, ())


SPOT = "kubernetes.azure.com/scalesetpriority"


def test_spot_pools_say_all_that_cannot_be_changed_later() -> None:
    given = pools()["spot1"].inputs
    assert (given["scaleSetPriority"], given["scaleSetEvictionPolicy"], given["spotMaxPrice"]) == ("Spot", "Delete", -1)
    assert (given["availabilityZones"], given["nodeLabels"]) == (["1"], {"pool": "spot", SPOT: "spot"})
    # Azure sets both by itself; undeclared they would be drift after each refresh.
    assert given["nodeTaints"] == ["sku=gpu:NoSchedule", f"{SPOT}=spot:NoSchedule"]
    assert not {one for one in pools()["a1002"].inputs["nodeTaints"] if SPOT in one}


def test_what_azure_refuses_in_place_is_planned_as_a_replacement_that_deletes_first() -> None:
    for one in pools().values():
        # Azure's own words on each: property may not be changed.
        assert {"osDiskType", "gpuProfile", "scaleSetPriority", "availabilityZones", "vnetSubnetID", "maxPods"} <= set(
            one.replace_on_changes
        )
        assert not set(one.replace_on_changes) & {"count", "minCount", "maxCount", "nodeLabels", "tags"}
        # A second pool of the same name is refused, so the first one goes before; protection keeps that from happening.
        assert one.delete_before_replace is True
        # Skipped deletions would leave pools in Azure that the state does not know.
        assert one.deleted_with == ""


class Refused(grpc.RpcError):
    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return self.words


def some_pools(
    calls: dict[str, Any] | None = None, protect: bool = True, **given: dict[str, Any]
) -> dict[str, Registered]:
    settings = InfraSettings.read({"gpuPools": given})

    def program() -> None:
        args: GpuPoolsArgs = {
            "resource_group_name": "rg",
            "location": "westeurope",
            "cluster_name": "aks",
            "node_subnet_id": f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Network/nodes",
            "pools": settings.gpu_pools,
            "known": ("rg", "aks"),
            "protect": protect,
        }
        GpuPools("gpu", args)

    return {one.inputs["agentPoolName"]: one for one in recorder.run(program, calls=calls).of(":AgentPool")}


def changed_pool(**pool: Any) -> dict[str, Registered]:
    return some_pools(a100={**POOL, **pool})


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({"mig": "MIG3g"}, {"gpuInstanceProfile"}),
        ({"zones": ["2"]}, {"availabilityZones"}),
        pytest.param({"osDiskGb": 512}, {"osDiskSizeGB"}, marks=pytest.mark.e2e),
        pytest.param({"osDiskType": "Ephemeral"}, {"osDiskType"}, marks=pytest.mark.e2e),
        pytest.param({"driver": "None"}, {"gpuProfile.driver"}, marks=pytest.mark.e2e),
        pytest.param({"hostEncryption": False}, {"enableEncryptionAtHost"}, marks=pytest.mark.e2e),
        pytest.param({"temporaryKubeletDisk": True}, {"kubeletDiskType"}, marks=pytest.mark.e2e),
        pytest.param({"maxPods": 110}, {"maxPods"}, marks=pytest.mark.e2e),
        (
            {"spot": True},
            {"scaleSetPriority", "scaleSetEvictionPolicy", "spotMaxPrice", "nodeTaints", f"nodeLabels.{SPOT}"},
        ),
        ({"size": "Standard_NC48ads_A100_v4"}, {"vmSize"}),
        pytest.param(
            {"labels": {"team": "a"}}, {"nodeLabels.kaitops.io/pool", "nodeLabels.team"}, marks=pytest.mark.e2e
        ),
        ({"taints": ["sku=gpu:NoSchedule", "team=a:NoSchedule"]}, {"nodeTaints"}),
        ({"max": 4}, {"maxCount", "minCount", "enableAutoScaling"}),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_the_generation_before_stays_as_it_is_whatever_the_new_one_changes(
    change: dict[str, Any], paths: set[str]
) -> None:
    before = changed_pool()["a1001"]
    after = changed_pool(**change, generation=2, keepPrevious=True)
    differs = set(changed(dict(before.inputs), dict(after["a1001"].inputs)))
    assert differs == paths
    assert all(any(path.split(".")[0] == each for each in after["a1001"].ignore_changes) for path in differs)
    # In place the same change is foreseen, where Azure refuses an update.
    fixed = set(changed(dict(before.inputs), dict(changed_pool(**change)["a1001"].inputs)))
    held = {path for path in fixed if path.split(".")[0] in before.replace_on_changes}
    movable = {"nodeTaints", "nodeLabels", "maxCount", "minCount", "enableAutoScaling"}
    assert held == {path for path in fixed if path.split(".")[0] not in movable}


def test_pools_are_protected_until_they_are_the_generation_before() -> None:
    assert {name: one.protect for name, one in pools().items()} == {"a1001": False, "a1002": True, "spot1": True}
    assert not changed_pool(protect=False)["a1001"].protect
    assert some_pools(protect=False, a100={**POOL, "protect": True})["a1001"].protect
    assert not some_pools(protect=False, a100=POOL)["a1001"].protect


@pytest.mark.parametrize(
    ("held", "count", "ignored"),
    [
        ({"count": 1, "minCount": 1, "maxCount": 3}, 2, ()),
        ({"count": 3, "minCount": 1, "maxCount": 5}, 3, ()),
        ({"count": 5, "minCount": 1, "maxCount": 5}, 4, ()),
        ({"count": 1}, 2, ()),
        ({"count": 3, "minCount": 2, "maxCount": 4}, 2, ("count",)),
        (None, 2, ("count",)),
    ],
)
def test_moved_bounds_send_a_count_that_lies_within(held: Any, count: int, ignored: tuple[str, ...]) -> None:
    def told(given: Any) -> dict[str, Any]:
        assert (given["agentPoolName"], given["resourceName"]) == ("a1001", "aks")
        if held is None:
            raise Refused("StatusCode=404 Code=NotFound")
        return held

    calls = {"azure-native:containerservice:getAgentPool": told}
    one = some_pools(calls, a100={**POOL, "min": 2, "max": 4})["a1001"]
    assert (one.inputs["count"], one.ignore_changes) == (count, ignored)


def test_a_count_that_cannot_be_read_is_an_error() -> None:
    def told(given: Any) -> None:
        raise Refused("AuthorizationFailed")

    with pytest.raises(Exception, match="AuthorizationFailed"):
        some_pools({"azure-native:containerservice:getAgentPool": told}, a100={**POOL, "max": 4})


IMAGE = "AKSUbuntu-2204gen2containerd-202604.24.0"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("pool", "image", "said"),
    [
        ({"size": "Standard_NV36ads_A10_v5"}, IMAGE, "comes with 202606.08.1"),
        (POOL, IMAGE, "comes with 202606.08.1"),
        (POOL, "AKSUbuntu-2204gen2containerd-202606.08.1", None),
        (POOL, "AKSUbuntu-2204gen2containerd-202611.02.0-2026.11.20", None),
        (POOL, None, None),
        ({"size": "Standard_NC40ads_H100_v5"}, IMAGE, None),
        ({**POOL, "driver": "None"}, IMAGE, None),
        ({**POOL, "minimumImage": "202604.24.0"}, IMAGE, None),
    ],
)
def test_nodes_with_an_image_before_the_driver_are_a_warning(
    pool: dict[str, Any], image: str | None, said: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("pulumi.log.warn", lambda message, **_: told.append(message))
    some_pools({GET: {"nodeImageVersion": image, "count": 1}}, a10=pool)
    assert [said in one for one in told] == ([True] if said else [])
    if said:
        assert f"infra.gpuPools.a10: its nodes run image {IMAGE}" in told[0]
        assert "az aks nodepool upgrade --node-image-only" in told[0] and "--name a101'" in told[0]


def test_nodes_with_an_image_before_the_one_that_is_asked_for_are_refused() -> None:
    pool = {"size": "Standard_NC40ads_H100_v5", "minimumImage": "202605.01.0"}
    with pytest.raises(BadInput, match=r"gpuPools\.h100: its nodes run .* minimumImage is 202605\.01\.0"):
        some_pools({GET: {"nodeImageVersion": IMAGE}}, h100=pool)
    # What is not there yet gets the newest.
    assert some_pools({GET: _absent}, h100=pool)


def test_a_pool_is_stopped_and_started_and_else_left_to_others() -> None:
    for stopped, code in ((True, "Stopped"), (False, "Running")):
        one = some_pools({GET: {"count": 1}}, a100={**POOL, "stopped": stopped})["a1001"]
        assert one.inputs["powerState"] == {"code": code}
    assert "powerState" not in some_pools({GET: {"count": 1}}, a100=POOL)["a1001"].inputs
    with pytest.raises(BadInput, match=r"gpuPools\.a100\.stopped: true for a pool that is not there yet"):
        some_pools({GET: _absent}, a100={**POOL, "stopped": True})


def _absent(given: Any) -> None:
    raise Refused("StatusCode=404 Code=NotFound")


def test_the_pools_names_are_an_output() -> None:
    assert stack("byo").one(":GpuPools").outputs == {"names": ["a1001", "a1002", "spot1"]}


@pytest.mark.parametrize(
    ("labels", "wanted", "told"),
    [
        ({}, {"kaitops.io/pool": "a100"}, 0),
        ({"team": "a"}, {"kaitops.io/pool": "a100"}, 1),
        ({"example.com/pool": "a"}, {"example.com/pool": "a", "nvidia.com/gpu.product": "A100"}, 0),
        ({}, {"node.kubernetes.io/instance-type": "Standard_NC24ads_A100_v4"}, 0),
        ({}, {"agentpool": "a1001"}, 0),
    ],
)
def test_labels_that_the_fleet_selects_by_and_no_pool_has_are_told(
    labels: dict[str, str], wanted: dict[str, str], told: int
) -> None:
    settings = InfraSettings.read({"gpuPools": {"a100": {"size": "Standard_NC24ads_A100_v4", "labels": labels}}})
    nodes = {"a100": {"product": "A100", "gpus": 1, "memoryMiB": 81920, "labels": wanted}}
    cluster: Any = {"region": "westeurope", "provisioner": "byo", "nodes": nodes}
    found = list(machine_checks.unselected(settings, cluster))
    assert len(found) == told
    assert all("kaitops.io/pool=a100" in line and "nodes.a100.labels" in line for line in found)
