"""The rendered fleet in the hands of Argo CD and Flux: what is in the tree is on the server, what leaves it goes.

The plain form, so that nothing but the GitOps controller writes these objects. Health is asked elsewhere.
"""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from tests.e2e import fleet
from tests.e2e.client import Client, label
from tests.e2e.conftest import Install, lacking
from tests.e2e.fleet import Objects
from tests.e2e.gitops import argo, argo_objects
from tests.e2e.gitops import flux as fluxcd
from tests.e2e.gitops.argo import ArgoCD
from tests.e2e.gitops.flux import Flux
from tests.e2e.gitops.repository import Repository
from tests.e2e.gitops.source import SOURCE
from tests.e2e.waiting import wait

CLUSTER = "prod-weu"
LEAVES = "gpt-oss"
SECONDS = 120.0
SYNC_SECONDS = 40.0


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The cluster's folder, and the one after a model has left the declaration."""
    try:
        whole = fleet.render(tmp_path_factory.mktemp("whole"), "plain")[CLUSTER]
        less = fleet.render(tmp_path_factory.mktemp("less"), "plain", without=[LEAVES])[CLUSTER]
    except fleet.CommandMissing as missing:
        lacking(str(missing))
    return whole, less


@pytest.fixture(autouse=True)
def ready_server(trees: tuple[Path, Path], live_client: Client, live_install: Install) -> Iterator[None]:
    """Kinds and needs are there before, and nothing is left after."""
    live_install(fleet.groups(list(fleet.listed(trees[0]))))
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "models"}}
    live_client.apply(namespace)
    for obj in fleet.needed(trees[0]):
        live_client.apply(obj)
    yield
    live_client.delete(namespace)
    for obj in reversed(list(fleet.listed(trees[0]))):
        live_client.delete(obj)
    wait(lambda: not live_client.exists(namespace), "the namespace is gone", SECONDS)


def names(objects: Objects) -> set[str]:
    """Objects by their names."""
    return {label(obj) for obj in objects}


def there(client: Client, objects: Objects) -> set[str]:
    """Which of the objects are on the server."""
    return {label(obj) for obj in objects if client.exists(obj)}


def check_pruned(client: Client, trees: tuple[Path, Path]) -> None:
    """Of all that was ever in the tree, the server holds what is in it now."""
    before, after = (list(fleet.listed(tree)) for tree in trees)
    assert names(before) - names(after), "the trees differ in nothing"
    wait(lambda: there(client, before) <= names(after), "what left the tree is gone", SECONDS)
    assert there(client, before) == names(after)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param([], id="client side"),
        pytest.param(["ServerSideApply=true"], id="server side"),
    ],
)
def test_argocd_prunes_exactly_what_left(
    argocd: ArgoCD, live_client: Client, trees: tuple[Path, Path], tmp_path: Path, options: list[str]
) -> None:
    """In sync with the whole tree; after the model has left, everything else is untouched."""
    repository = Repository(tmp_path / "repository")
    first = repository.commit(lambda folder: copytree(trees[0], folder / CLUSTER))
    application: dict[str, Any] = {
        "apiVersion": argo_objects.API,
        "kind": "Application",
        "metadata": {
            "name": "fleet",
            "namespace": argo_objects.NAMESPACE,
            "finalizers": ["resources-finalizer.argocd.argoproj.io"],
        },
        "spec": {
            "project": "default",
            "source": {"repoURL": repository.url, "targetRevision": "main", "path": CLUSTER},
            "destination": {"server": argo.SERVER},
            "syncPolicy": {"automated": {"prune": True, "selfHeal": True}, "syncOptions": options},
        },
    }
    live_client.apply(application)
    try:
        argocd.await_state("fleet", health="", revision=first, seconds=SYNC_SECONDS)
        objects = list(fleet.listed(trees[0]))
        assert there(live_client, objects) == names(objects)
        second = repository.commit(lambda folder: copytree(trees[1], folder / CLUSTER), anew=True)
        argocd.refresh("fleet")
        argocd.await_state("fleet", health="", revision=second, seconds=SYNC_SECONDS)
        check_pruned(live_client, trees)
    finally:
        live_client.delete(application)
        wait(lambda: not live_client.exists(application), "the Application is gone", SECONDS)


def test_flux_prunes_exactly_what_left(flux: Flux, live_client: Client, trees: tuple[Path, Path]) -> None:
    """The same with a Kustomization."""
    source = {
        "apiVersion": SOURCE,
        "kind": "GitRepository",
        "metadata": {"name": "fleet", "namespace": fluxcd.NAMESPACE},
        "spec": {"interval": "1h", "url": "https://git.example.com/fleet.git", "ref": {"branch": "main"}},
    }
    reader: dict[str, Any] = {
        "apiVersion": fluxcd.API,
        "kind": "Kustomization",
        "metadata": {"name": "fleet", "namespace": fluxcd.NAMESPACE},
        "spec": {
            "interval": "1m",
            "path": f"./{CLUSTER}",
            "prune": True,
            "sourceRef": {"kind": "GitRepository", "name": "fleet"},
        },
    }
    first, second = (f"main@sha1:{number:040x}" for number in (1, 2))
    flux.source.publish("fleet", trees[0].parent, first)
    for obj in (source, reader):
        live_client.apply(obj)
    try:
        flux.await_ready("fleet", revision=first)
        objects = list(fleet.listed(trees[0]))
        assert there(live_client, objects) == names(objects)
        flux.source.publish("fleet", trees[1].parent, second)
        flux.await_ready("fleet", revision=second)
        check_pruned(live_client, trees)
    finally:
        live_client.delete(reader)
        wait(lambda: not live_client.exists(reader), "the Kustomization is gone", SECONDS)
        live_client.delete(source)
