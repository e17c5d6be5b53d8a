"""Stacks that our releases made keep their clusters, pools, models and everything else under the program of today."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pulumi
import pytest
from pulumi_azure_native import containerservice

from kaitops.components.capacity import byo
from tests.components.recording import Recording
from tests.components.stacks import SETTINGS
from tests.components.states import recorded
from tests.components.states.comparing import harm
from tests.sampling import some

RECORDS = recorded.releases()
RELEASE = "0.1.0"


@cache
def today(provisioner: str) -> Recording:
    return recorded.replay(recorded.read(RELEASE, provisioner)["program"])


def test_every_release_has_a_record_of_each_provisioner() -> None:
    names = {release for release, _ in RECORDS}
    assert set(RECORDS) == {(release, provisioner) for release in names for provisioner in SETTINGS}
    assert RELEASE in names


@pytest.mark.parametrize(("release", "provisioner"), some(RECORDS, [one for one in RECORDS if one[1] == "karpenter"]))
def test_the_program_of_today_replaces_and_deletes_nothing(release: str, provisioner: str) -> None:
    held = recorded.read(release, provisioner)
    found = today(provisioner) if release == RELEASE else recorded.replay(held["program"])
    assert harm(held, found) == []
    pools = [row["name"] for row in held["resources"] if row["type"].endswith(":AgentPool")]
    assert len(pools) == (3 if provisioner == "byo" else 0)


def test_a_record_is_never_written_again() -> None:
    with pytest.raises(SystemExit, match="is there"):
        recorded.record(RELEASE)


def _replayed() -> list[str]:
    held = recorded.read(RELEASE, "byo")
    # Azure's part alone, which takes a quarter of the time.
    held["resources"] = [row for row in held["resources"] if row["type"].startswith("azure-native:")]
    return harm(held, recorded.replay(held["program"], "infra"))


Made = Callable[..., None]


def _component(change: Callable[[str, str, Any], tuple[str, str, Any]]) -> Made:
    init = pulumi.ComponentResource.__init__

    def made(self: Any, type_: str, name: str, props: Any = None, opts: Any = None, *rest: Any, **more: Any) -> None:
        type_, name, opts = change(type_, name, opts)
        init(self, type_, name, props, opts, *rest, **more)

    return made


@pytest.mark.e2e
def test_a_renamed_type_of_component_is_found_and_an_alias_mends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    mended = False

    def renamed(type_: str, name: str, opts: Any) -> tuple[str, str, Any]:
        if type_ != "kaitops:azure:GpuPools":
            return type_, name, opts
        alias = pulumi.ResourceOptions(aliases=[pulumi.Alias(type_=type_)] if mended else [])
        return "kaitops:azure:MachinePools", name, pulumi.ResourceOptions.merge(opts, alias)

    monkeypatch.setattr(pulumi.ComponentResource, "__init__", _component(renamed))
    found = _replayed()
    assert len(found) == 3 and all("AgentPool" in line and "would be deleted" in line for line in found)
    mended = True
    assert _replayed() == []


@pytest.mark.e2e
def test_a_moved_parent_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def moved(type_: str, name: str, opts: Any) -> tuple[str, str, Any]:
        return type_, name, pulumi.ResourceOptions() if type_ == "kaitops:azure:AksCluster" else opts

    monkeypatch.setattr(pulumi.ComponentResource, "__init__", _component(moved))
    assert any(":ManagedCluster::" in line and "would be deleted" in line for line in _replayed())


@pytest.mark.e2e
def test_a_renamed_pool_and_properties_that_azure_holds_fixed_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    changes: dict[str, dict[str, Any]] = {
        "prod-gpu-a1002": {"os_disk_size_gb": 512, "node_labels": {"other": "label"}},
        "prod-gpu-spot1": {"agent_pool_name": "other"},
    }
    pool = containerservice.AgentPool

    def made(name: str, **inputs: Any) -> containerservice.AgentPool:
        return pool(name.replace("a1001", "big1"), **{**inputs, **changes.get(name, {})})

    monkeypatch.setattr(byo.containerservice, "AgentPool", made)
    assert [line.rpartition("::")[2] for line in _replayed()] == [
        "prod-gpu-a1001: would be deleted",
        "prod-gpu-a1002: would be replaced by a change of osDiskSizeGB",
        "prod-gpu-spot1: would be replaced by a change of agentPoolName",
    ]


def test_a_field_that_kaito_holds_fixed_is_found() -> None:
    held = recorded.read(RELEASE, "karpenter")
    workspace = next(row for row in held["resources"] if row["type"].endswith("kaito.sh/v1beta1:Workspace"))
    workspace["inputs"]["resource"]["instanceType"] = "Standard_NC12s_v3"
    workspace["trigger"] = {**workspace["trigger"], "tuning": True}
    assert [line.partition(": would")[2] for line in harm(held, today("karpenter"))] == [
        " be replaced by a change of the replacement trigger",
        " be replaced by a change of resource.instanceType",
    ]


@pytest.mark.e2e
def test_a_renamed_cluster_is_taken_over_where_its_former_name_is_said() -> None:
    held = recorded.read(RELEASE, "karpenter")
    program = json.loads(json.dumps(held["program"]))
    program["fleet"]["clusters"] = {"other": program["fleet"]["clusters"]["prod"]}
    # What Azure knows it by does not change with the fleet.
    program["infra"]["name"] = "prod"
    assert harm(held, recorded.replay(program, cluster="other", renamedFrom="prod")) == []
    assert len(harm(held, recorded.replay(program, cluster="other"))) > 60
