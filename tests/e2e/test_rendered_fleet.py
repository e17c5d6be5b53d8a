"""The sample fleet, rendered by the command that users run, on a real API server.

The tree is read as its consumers read it: by the `kustomization.yaml` files, in their order. What a cluster must hold
beside the tree (secrets, claims) is not needed here, as no pod ever runs.
"""

import pytest

from tests.e2e import kinds
from tests.e2e.client import ApiError, Client, label
from tests.e2e.conftest import Install, lacking
from tests.e2e.fleet import CommandMissing, Objects, groups, listed, render
from tests.e2e.waiting import wait

WRITTEN_TWICE = {"PersistentVolumeClaim"}
"""Kinds that the server itself stores a little differently at the first update than at creation, with equal content."""


@pytest.fixture(scope="module", params=["as declared", "operator", "plain"])
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Objects]:
    """The rendered objects by cluster, for each way to render a workload."""
    mode = "" if request.param == "as declared" else request.param
    try:
        clusters = render(tmp_path_factory.mktemp("fleet"), mode)
    except CommandMissing as missing:
        lacking(str(missing))
    return {name: list(listed(folder)) for name, folder in clusters.items()}


def refusals(client: Client, objects: Objects, *, dry_run: bool) -> list[str]:
    """Applies objects in order and collects what the server has against them."""
    found = []
    for obj in objects:
        try:
            client.apply(obj, dry_run=dry_run, force=False)
        except ApiError as error:
            found.append(f"{label(obj)}: {error.code} {error.message}")
    return found


def test_every_kind_is_known(tree: dict[str, Objects]) -> None:
    """The tests below leave nothing out for want of a definition."""
    found = {group for objects in tree.values() for group in groups(objects)}
    assert not {group for group in found if not kinds.built_in(group) and not kinds.known(group)}


def test_apply_twice_changes_nothing(tree: dict[str, Objects], quiet: Client, install_quietly: Install) -> None:
    """Each object is taken, first as a dry run; applied again as it is, the server finds nothing to write."""
    for cluster, objects in tree.items():
        install_quietly(groups(objects))
        namespaces = [obj for obj in objects if obj["kind"] == "Namespace"]
        # A dry run of an object needs its namespace for real.
        assert refusals(quiet, namespaces, dry_run=False) == [], cluster
        assert refusals(quiet, objects, dry_run=True) == [], cluster
        first = {label(obj): quiet.apply(obj, force=False) for obj in objects}
        second = {label(obj): quiet.apply(obj, force=False) for obj in objects}
        third = {label(obj): quiet.apply(obj, force=False) for obj in objects}
        for name, obj in first.items():
            if obj["kind"] in WRITTEN_TWICE:
                obj["metadata"]["resourceVersion"] = second[name]["metadata"]["resourceVersion"]
            assert second[name] == obj, f"{cluster}: the second apply changed {name}"
            assert third[name] == second[name], f"{cluster}: the third apply changed {name}"
        for obj in reversed(objects):
            if obj["kind"] != "Namespace":
                quiet.delete(obj)


def test_applied_and_deleted(tree: dict[str, Objects], client: Client, install: Install) -> None:
    """With controllers at work the tree is taken, and gone without a trace when it is deleted in the opposite order."""
    for cluster, objects in tree.items():
        install(groups(objects))
        assert refusals(client, objects, dry_run=False) == [], cluster
        assert all(client.exists(obj) for obj in objects), cluster
        for obj in reversed(objects):
            client.delete(obj)
        for obj in reversed(objects):
            wait(lambda obj=obj: not client.exists(obj), f"{label(obj)} of {cluster} is gone", 60)
