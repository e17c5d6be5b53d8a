"""The operator form of the sample fleet through its life, with KAITO's controllers played from recordings.

Pods, jobs, scheduling and garbage collection are real; machines, kubelets and KAITO's own part are played. What is
asked: that the tree gets ready as a whole, that what KAITO adds is left alone by the next apply, and that a deletion
in the opposite order leaves nothing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import fleet
from tests.e2e.client import Client, label
from tests.e2e.conftest import Install, PlayKaito, lacking
from tests.e2e.fleet import Objects
from tests.e2e.players.kaito import KINDS, STUCK, Kaito, address
from tests.e2e.players.provisioner import KARPENTER, Provisioner
from tests.e2e.waiting import wait

pytestmark = pytest.mark.usefixtures("kwok", "storage")
CLUSTER = "prod-weu"
SECONDS = 120.0
READY = {
    "Workspace": "WorkspaceSucceeded",
    "InferenceSet": "InferenceSetReady",
    "MultiRoleInference": "Ready",
    "ModelMirror": "Ready",
    "RAGEngine": "RAGEngineSucceeded",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The rendered folder of the cluster."""
    try:
        return fleet.render(tmp_path_factory.mktemp("fleet"), "operator")[CLUSTER]
    except fleet.CommandMissing as missing:
        lacking(str(missing))


@pytest.fixture
def kaito(folder: Path, play_kaito: PlayKaito, machines: Provisioner) -> Kaito:
    """KAITO's controllers with the cluster's settings."""
    machines.plays.clear()
    return play_kaito(fleet.settings(folder))


@pytest.fixture
def applied(kaito: Kaito, folder: Path, live_client: Client, live_install: Install) -> Iterator[Objects]:
    """The tree, on the server; deleted in the opposite order after the test."""
    objects = list(fleet.listed(folder))
    needs = fleet.needed(folder)
    live_install(fleet.groups(objects))
    namespaces = [obj for obj in objects if obj["kind"] == "Namespace"]
    for obj in [*namespaces, *needs, *objects]:
        live_client.apply(obj)
    yield objects
    kaito.scenario.clear()
    for obj in [*reversed(objects), *needs]:
        live_client.delete(obj)
    for obj in [*reversed(objects), *needs]:
        wait(lambda obj=obj: not live_client.exists(obj), f"{label(obj)} is gone", SECONDS)


def is_true(client: Client, obj: dict[str, Any]) -> bool:
    """Whether an object of KAITO's says that it is ready, of its present generation."""
    there = client.request("GET", client.path(obj))
    return any(
        condition["type"] == READY[obj["kind"]]
        and condition["status"] == "True"
        and condition.get("observedGeneration", there["metadata"]["generation"]) == there["metadata"]["generation"]
        for condition in there.get("status", {}).get("conditions", [])
    )


def of_kaito(objects: Objects) -> Objects:
    """The objects that KAITO reconciles."""
    return [obj for obj in objects if obj["kind"] in KINDS]


def await_ready(client: Client, objects: Objects) -> None:
    """Waits until all of KAITO's objects are ready."""
    for obj in of_kaito(objects):
        wait(lambda obj=obj: is_true(client, obj), f"{label(obj)} is ready", SECONDS)


def test_the_fleet_gets_ready_and_goes_without_a_trace(applied: Objects, live_client: Client) -> None:
    """Everything serves; the next apply writes nothing, whatever KAITO added; deletion leaves no child behind."""
    await_ready(live_client, applied)
    marked = {label(obj): live_client.request("GET", live_client.path(obj)) for obj in of_kaito(applied)}
    for obj in of_kaito(applied):
        again = live_client.apply(obj, force=False)
        assert again["metadata"]["resourceVersion"] == marked[label(obj)]["metadata"]["resourceVersion"], label(obj)
        assert again["metadata"].get("finalizers"), label(obj)
    for obj in reversed(applied):
        live_client.delete(obj)
    for kind, added in KINDS.items():
        wait(lambda a=added.api_version, k=kind: not live_client.list(a, k), f"no {kind} is left", SECONDS)
    for api_version, kind in (
        ("apps/v1", "StatefulSet"),
        ("apps/v1", "Deployment"),
        ("batch/v1", "Job"),
        ("v1", "Pod"),
    ):
        wait(lambda a=api_version, k=kind: not live_client.list(a, k, "models"), f"no {kind} is left", SECONDS)
    for kind in ("NodePool", "NodeClaim"):
        wait(lambda k=kind: not live_client.list(KARPENTER, k), f"no {kind} is left", SECONDS)


def test_a_recorded_failure_is_shown_and_heals(applied: Objects, live_client: Client, kaito: Kaito) -> None:
    """A scenario asked for by name is what the object says, and only that object."""
    await_ready(live_client, applied)
    workspaces = [obj for obj in of_kaito(applied) if obj["kind"] == "Workspace" and "inference" in obj]
    victim = workspaces[0]
    kaito.scenario[address(victim)] = "ws-karp-quota-exceeded"

    def told() -> str:
        status = live_client.request("GET", live_client.path(victim))["status"]
        return next(c["reason"] for c in status["conditions"] if c["type"] == "ResourceReady")

    wait(lambda: told() == "SubscriptionQuotaReached", "the quota is spoken of", SECONDS)
    assert all(is_true(live_client, obj) for obj in workspaces[1:])
    kaito.scenario.clear()
    await_ready(live_client, [victim])


def test_a_held_finalizer_holds_the_object(applied: Objects, live_client: Client, kaito: Kaito) -> None:
    """With the controller away a deleted object stays; with it back it goes."""
    (victim, *_) = [obj for obj in applied if obj["kind"] == "InferenceSet"]
    wait(lambda: live_client.request("GET", live_client.path(victim))["metadata"].get("finalizers"), "it is marked")
    kaito.scenario[address(victim)] = STUCK
    live_client.delete(victim)
    with pytest.raises(TimeoutError):
        wait(lambda: not live_client.exists(victim), "it is gone", 3)
    kaito.scenario.clear()
    wait(lambda: not live_client.exists(victim), "it is gone", SECONDS)
