"""The rendered trees, applied as people and tools apply them: in order, out of order, again, on either side.

On a control plane without controllers, so that whatever changes is the doing of the apply.
"""

import random
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.e2e import fleet
from tests.e2e.assets import Assets
from tests.e2e.client import ApiError, Client, label
from tests.e2e.cluster import Cluster
from tests.e2e.conftest import installer, lacking
from tests.e2e.fleet import Objects
from tests.e2e.kubectl import Kubectl

ROUNDS = 3
WRITTEN_TWICE = {"PersistentVolumeClaim"}
"""Kinds that the server itself stores a little differently at the first update than at creation, with equal content."""

SAID_TO_CHANGE = {"persistentvolumeclaim", "statefulset.apps"}
"""What kubectl calls configured although the server writes nothing: the server gives a claim template a status, and to
a client that merges lists of templates as a whole that is a difference."""


@pytest.fixture(scope="module")
def still(assets: Assets) -> Iterator[Cluster]:
    """A control plane on which nobody acts but the test."""
    with Cluster(assets, controllers=False) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def client(still: Cluster) -> Iterator[Client]:
    """An administrator there."""
    with closing(still.client()) as client:
        yield client


@pytest.fixture(scope="module")
def kubectl(still: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    """kubectl, configured for it."""
    if not still.assets.has("kubectl"):
        lacking(f"{still.assets.directory} holds no kubectl")
    return Kubectl(still, tmp_path_factory.mktemp("kubectl"))


Trees = dict[str, Objects]


@pytest.fixture(scope="module", params=["as declared", "operator", "plain"])
def trees(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, client: Client) -> Trees:
    """The rendered objects by cluster, in their order, for each way to render a workload."""
    mode = "" if request.param == "as declared" else request.param
    try:
        clusters = fleet.render(tmp_path_factory.mktemp("fleet"), mode)
    except fleet.CommandMissing as missing:
        lacking(str(missing))
    found = {name: list(fleet.listed(folder)) for name, folder in clusters.items()}
    installer(client)({group for objects in found.values() for group in fleet.groups(objects)})
    return found


@pytest.fixture(autouse=True)
def tidy(trees: Trees, client: Client) -> Iterator[None]:
    """Nothing but the namespaces, which nobody empties here, outlives a test."""
    yield
    for objects in trees.values():
        for obj in reversed(objects):
            if obj["kind"] != "Namespace":
                client.delete(obj)


def versions(client: Client, objects: Objects) -> dict[str, str]:
    """What changes whenever the server writes an object."""
    found: dict[str, str] = {}
    for obj in objects:
        there = client.request("GET", client.path(obj))
        found[label(obj)] = there["metadata"]["resourceVersion"]
    return found


def once_stored(objects: Objects) -> Objects:
    """The objects that the server stores the same way each time."""
    return [obj for obj in objects if obj["kind"] not in WRITTEN_TWICE]


def test_client_side_apply_settles_at_once(trees: Trees, client: Client, kubectl: Kubectl) -> None:
    """`kubectl apply` takes the tree in one go; a second time it finds nothing to do and the server writes nothing."""
    for cluster, objects in trees.items():
        first = kubectl.apply(objects)
        assert len(first) == len(objects), cluster
        before = versions(client, once_stored(objects))
        second = kubectl.apply(objects)
        after = versions(client, once_stored(objects))
        assert after == before, f"{cluster}: {[name for name in after if after[name] != before[name]]}"
        changed = [line for line in second if not line.endswith("unchanged")]
        assert {line.partition("/")[0] for line in changed} <= SAID_TO_CHANGE, cluster


def test_server_side_apply_settles_at_once(trees: Trees, client: Client, kubectl: Kubectl) -> None:
    """`kubectl apply --server-side` without force meets no conflict, and a second time the server writes nothing."""
    for cluster, objects in trees.items():
        kubectl.apply(objects, "--server-side")
        before = versions(client, once_stored(objects))
        kubectl.apply(objects, "--server-side")
        after = versions(client, once_stored(objects))
        assert after == before, f"{cluster}: {[name for name in after if after[name] != before[name]]}"


def test_either_side_takes_over_from_the_other(trees: Trees, client: Client, kubectl: Kubectl) -> None:
    """From client side to server side: the content stays, and then nothing is written any more."""
    for cluster, objects in trees.items():
        kubectl.apply(objects)
        content = {label(obj): body(client.request("GET", client.path(obj))) for obj in objects}
        kubectl.apply(objects, "--server-side", "--force-conflicts")
        assert {label(obj): body(client.request("GET", client.path(obj))) for obj in objects} == content, cluster
        before = versions(client, objects)
        kubectl.apply(objects, "--server-side", "--force-conflicts")
        assert versions(client, objects) == before, cluster


def body(obj: dict[str, Any]) -> dict[str, Any]:
    """An object without the server's bookkeeping."""
    return {key: value for key, value in obj.items() if key not in ("metadata", "status")}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_order_converges(trees: Trees, client: Client, seed: int) -> None:
    """In a shuffled order, tried again as tools do, everything is in place within three rounds."""
    for cluster, objects in trees.items():
        shuffled = objects[:]
        random.Random(seed).shuffle(shuffled)
        refused: list[str] = []
        for _ in range(ROUNDS):
            refused = []
            for obj in shuffled:
                try:
                    client.apply(obj, force=False)
                except ApiError as error:
                    refused.append(f"{label(obj)}: {error.message}")
            if not refused:
                break
        assert refused == [], cluster
        before = versions(client, once_stored(objects))
        for obj in objects:
            client.apply(obj, force=False)
        assert versions(client, once_stored(objects)) == before, f"{cluster}: the declared order changes something"


def autoscaled(objects: Objects) -> Objects:
    """The sets whose number of replicas is an autoscaler's."""
    mark = "scaledobject.kaito.sh/auto-provision"
    return [obj for obj in objects if obj["metadata"].get("annotations", {}).get(mark) == "true"]


@pytest.mark.parametrize("flags", [[], ["--server-side"]], ids=["client side", "server side"])
def test_an_autoscaler_keeps_its_replicas(
    trees: Trees, client: Client, kubectl: Kubectl, flags: list[str], request: pytest.FixtureRequest
) -> None:
    """What an autoscaler sets through the scale subresource outlives the next apply of the tree.

    Plain mode has no InferenceSet for it to scale.
    """
    scaled = {cluster: found for cluster, objects in trees.items() if (found := autoscaled(objects))}
    assert bool(scaled) is (request.node.callspec.params["trees"] != "plain")
    for cluster, sets in scaled.items():
        kubectl.apply(trees[cluster], *flags)
        for obj in sets:
            patch = {"spec": {"replicas": 3}}
            query = {"fieldManager": "autoscaler"}
            client.request("PATCH", f"{client.path(obj)}/scale", patch, query, "application/merge-patch+json")
        kubectl.apply(trees[cluster], *flags)
        for obj in sets:
            assert client.request("GET", client.path(obj))["spec"]["replicas"] == 3, label(obj)


def test_a_change_by_hand_is_taken_back(trees: Trees, client: Client) -> None:
    """A field that the tree declares and somebody changes is the tree's again after the next apply, and only that one."""
    for cluster, objects in trees.items():
        settings = [obj for obj in objects if obj["kind"] == "ConfigMap"]
        assert settings, cluster
        for obj in objects:
            client.apply(obj)
        before = versions(client, once_stored(objects))
        victim = settings[0]
        patch = {"data": dict.fromkeys(victim["data"], "by hand")}
        query = {"fieldManager": "a-hand"}
        client.request("PATCH", client.path(victim), patch, query, "application/merge-patch+json")
        for obj in objects:
            client.apply(obj)
        assert client.request("GET", client.path(victim))["data"] == victim["data"]
        after = versions(client, once_stored(objects))
        assert [name for name in after if after[name] != before[name]] == [label(victim)], cluster
