"""The fixtures of the tests against real servers.

Owns the rule for a machine that lacks something: a user's run skips by a reason that names it; a run with
`KAITOPS_E2E_REQUIRED=1` fails, so that no pipeline is green by testing nothing.
"""

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, NoReturn

import pytest

from tests.e2e import kinds, programs
from tests.e2e.assets import Assets, find
from tests.e2e.client import Client
from tests.e2e.cluster import Cluster
from tests.e2e.fleet import DISKS
from tests.e2e.gitops.argo import ArgoCD
from tests.e2e.gitops.flux import Flux
from tests.e2e.gobuild import AssetsMissing
from tests.e2e.players.kaito import Kaito
from tests.e2e.players.kwok import Kwok
from tests.e2e.players.machines import Machine
from tests.e2e.players.provisioner import Provisioner
from tests.e2e.players.storage import Storage

BUILD_TIMEOUT = 1800
"""Seconds for one test where pytest-timeout is in use: the first test also pays for building the control plane."""


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known."""
    config.addinivalue_line("markers", "e2e: runs against a real control plane; see tests/e2e/README.md")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks every test of this directory."""
    here = config.rootpath / "tests" / "e2e"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if config.pluginmanager.hasplugin("timeout") and not item.get_closest_marker("timeout"):
                item.add_marker(pytest.mark.timeout(BUILD_TIMEOUT))


def lacking(reason: str, *, fault: bool = True) -> NoReturn:
    """Ends a test that lacks something.

    Args:
        reason: what is missing and how to get it.
        fault: whether a run that requires everything fails for it.
    """
    if fault and os.environ.get("KAITOPS_E2E_REQUIRED") == "1":
        pytest.fail(f"KAITOPS_E2E_REQUIRED=1, but {reason}", pytrace=False)
    pytest.skip(reason)


@contextmanager
def needing() -> Generator[None]:
    """What is inside needs programs or definitions; a machine without them ends the test."""
    try:
        yield
    except (AssetsMissing, kinds.SourceMissing) as missing:
        lacking(str(missing))


@pytest.fixture(scope="session")
def assets() -> Assets:
    """The programs of the control plane, built at need."""
    with needing():
        return find()


@pytest.fixture(scope="session")
def api_server(assets: Assets, pytestconfig: pytest.Config) -> Iterator[Cluster]:
    """One control plane for all tests; `kubeconfig` for programs, `client()` for tests."""
    with Cluster(assets) as cluster:
        client = cluster.client()
        version = client.request("GET", "/version")["gitVersion"]
        client.close()
        capture = pytestconfig.pluginmanager.getplugin("capturemanager")
        line = f"\ncontrol plane {version}: {', '.join(cluster.programs())}; ready after {cluster.started_in:.1f} s\n"
        if capture:
            with capture.global_and_fixture_disabled():
                print(line, flush=True)
        else:
            print(line, flush=True)
        yield cluster


@pytest.fixture(scope="session")
def client(api_server: Cluster) -> Iterator[Client]:
    """A client with an administrator's rights."""
    with closing(api_server.client()) as client:
        yield client


@pytest.fixture(scope="session")
def live(assets: Assets) -> Iterator[Cluster]:
    """A second control plane, where machines, kubelets, storage and controllers are played; the first stays still."""
    with Cluster(assets) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def live_client(live: Cluster) -> Iterator[Client]:
    """A client of the live control plane."""
    with closing(live.client()) as client:
        yield client


@pytest.fixture(scope="session")
def live_install(live_client: Client) -> "Install":
    """Installs kinds on the live control plane."""
    return installer(live_client)


@pytest.fixture(scope="session")
def kwok(live: Cluster) -> Iterator[Kwok]:
    """Kubelets: every pod on a played node becomes ready, unless a test says otherwise."""
    with needing():
        programs.KWOK.find()
    with Kwok(live) as running:
        yield running


@pytest.fixture(scope="session")
def machines(live_client: Client, live_install: "Install") -> Iterator[Provisioner]:
    """Karpenter: NodePools and NodeClaims become nodes. One machine is there from the start, as in every cluster."""
    live_install(["karpenter.sh", "karpenter.azure.com"])
    with Provisioner(live_client) as running:
        running.add("system-0", Machine("system", 0, 0, "", 16, 64), {})
        yield running


@pytest.fixture(scope="session")
def storage(live_client: Client) -> Iterator[Storage]:
    """Volumes for every claim of the sample fleet's storage classes."""
    with Storage(live_client, DISKS) as running:
        yield running


@pytest.fixture(scope="session")
def argocd(live: Cluster) -> Iterator[ArgoCD]:
    """Argo CD on the live control plane."""
    with needing(), ArgoCD(live) as running:
        yield running


@pytest.fixture(scope="session")
def flux(live: Cluster) -> Iterator[Flux]:
    """Flux on the live control plane, its sources served by the test."""
    with needing(), Flux(live) as running:
        yield running


PlayKaito = Callable[[Mapping[str, Any]], Kaito]


@pytest.fixture
def play_kaito(live_client: Client, live_install: "Install") -> Iterator[PlayKaito]:
    """Starts KAITO's controllers with given settings on the live control plane, for one test."""
    live_install([kinds.KAITO_GROUP])
    running: list[Kaito] = []

    def play(settings: Mapping[str, Any]) -> Kaito:
        running.append(Kaito(live_client, settings).start())
        return running[-1]

    yield play
    for player in running:
        player.stop()


Install = Callable[[Iterable[str]], None]


def installer(client: Client) -> Install:
    """A function that installs the definitions of API groups on one server, each once.

    A group without a source ends the test by name.
    """
    installed: set[str] = set()

    def install_groups(groups: Iterable[str]) -> None:
        for group in sorted(set(groups) - installed):
            if kinds.built_in(group):
                continue
            try:
                definitions = kinds.definitions(group)
            except kinds.SourceMissing as missing:
                lacking(str(missing))
            for definition in definitions:
                client.install_crd(definition)
            installed.add(group)

    return install_groups


@pytest.fixture(scope="module")
def quiet(assets: Assets) -> Iterator[Client]:
    """A further control plane without controllers: whatever changes there, this test changed it."""
    with Cluster(assets, controllers=False) as cluster:
        client = cluster.client()
        yield client
        client.close()


@pytest.fixture(scope="module")
def install_quietly(quiet: Client) -> Install:
    """Installs kinds on it."""
    return installer(quiet)


@pytest.fixture(scope="session")
def install(client: Client) -> Install:
    """Installs kinds on the server of the session."""
    return installer(client)


@pytest.fixture(scope="session")
def kaito(install: Install) -> None:
    """KAITO's own kinds are on the server."""
    install([kinds.KAITO_GROUP])


@pytest.fixture(scope="session")
def ensure_namespaces(client: Client) -> Callable[[Iterable[Mapping[str, Any]]], None]:
    """Makes the namespaces that objects name; dry runs need them too."""
    made = {"default"}

    def ensure(objects: Iterable[Mapping[str, Any]]) -> None:
        for name in sorted({obj["metadata"].get("namespace", "default") for obj in objects} - made):
            client.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
            made.add(name)

    return ensure
