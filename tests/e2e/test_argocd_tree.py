"""The whole rendered fleet in the hands of Argo CD, from the documented first command to the documented last one.

Real: Argo CD, its waves, its diff, our Lua in it. Played: machines, kubelets, storage, KAITO, its charts' content.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.assets import Assets
from tests.e2e.client import label
from tests.e2e.conftest import needing
from tests.e2e.gitops import argo_objects, life
from tests.e2e.gitops.argo import ArgoCD
from tests.e2e.gitops.stand import BROUGHT, MODES, PROVISIONED, Stand
from tests.e2e.gitops.tree import Tree
from tests.e2e.waiting import wait

CLUSTER = "prod-weu"


@pytest.fixture(scope="module")
def stand(assets: Assets, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """The cluster."""
    with needing(), Stand(assets, tmp_path_factory.mktemp("stand"), "argocd", CLUSTER) as running:
        yield running


@pytest.fixture(scope="module")
def argo(stand: Stand) -> Iterator[ArgoCD]:
    """Argo CD on it, which may read the charts."""
    with needing(), ArgoCD(stand.cluster) as running:
        secret: dict[str, Any] = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {
                "name": "charts",
                "namespace": argo_objects.NAMESPACE,
                "labels": {"argocd.argoproj.io/secret-type": "repository"},
            },
            "stringData": {"type": "helm", "name": "charts", "url": stand.charts.url, "insecure": "true"},
        }
        running.client.apply(secret)
        yield running


class ArgoTree(Tree):
    """A tree that Argo CD has taken over."""

    START = "argocd"

    def __init__(self, stand: Stand, argo: ArgoCD, mode: str, sample: str = PROVISIONED) -> None:
        """Renders, commits, and runs the documented commands."""
        self.argo = argo
        super().__init__(stand, mode, sample)

    def publish(self, folder: Path) -> None:
        """Commits it."""
        self.revision = self.stand.commit(folder)

    def look(self) -> None:
        """Makes Argo CD compare every stage with the repository, and waits until it has."""
        names = [f"{CLUSTER}-{stage}" for stage in life.stages(self.folder)]
        before = {name: self.argo.application(name)["status"]["reconciledAt"] for name in names}
        # Its clock has seconds.
        wait(lambda: all(self._later(name, before[name]) for name in names), "Argo CD has looked", life.SECONDS, 1)

    def _later(self, name: str, before: str) -> bool:
        if self.argo.application(name)["status"]["reconciledAt"] > before:
            return True
        self.argo.refresh(name)
        return False

    def put(self, folder: Path) -> None:
        """Commits another tree and lets Argo CD see it."""
        self.publish(folder)
        for stage in ("", *(f"-{stage}" for stage in life.stages(self.folder))):
            self.argo.refresh(f"{CLUSTER}{stage}")

    def await_healthy(self) -> None:
        """All stages are at the revision, in sync and healthy, and so is the whole."""
        for stage in life.stages(self.folder):
            self.argo.await_state(f"{CLUSTER}-{stage}", revision=self.revision, seconds=life.SECONDS)
        self.argo.await_state(CLUSTER, seconds=life.SECONDS)


@pytest.fixture(scope="module", params=MODES)
def tree(request: pytest.FixtureRequest, stand: Stand, argo: ArgoCD) -> Iterator[ArgoTree]:
    """The tree in one mode, healthy; deleted at the end if the last test has not done so."""
    with life.clean(stand, "argocd-delete", lambda: argo.client.list(argo_objects.API, "Application")):
        yield ArgoTree(stand, argo, request.param)


def test_the_documented_start_brings_everything_in_stages(tree: ArgoTree, stand: Stand, argo: ArgoCD) -> None:
    """When the last command comes back, all is there, in sync and healthy; each stage came after the one before."""
    for obj in stand.objects(tree.folder):
        assert stand.client.exists(obj), label(obj)
    for stage in life.stages(tree.folder):
        argo.await_state(f"{CLUSTER}-{stage}", revision=tree.revision, seconds=1)
    life.check_created_in_stages(stand.recorder, stand, tree.folder)


def test_a_second_look_writes_nothing(tree: ArgoTree, stand: Stand) -> None:
    """Neither to the fleet's objects nor to the charts'."""
    life.check_still(stand, tree.folder, tree.look)


def test_drift_is_taken_back_and_what_others_own_is_left(tree: ArgoTree, stand: Stand) -> None:
    """A change by hand goes, the scaler's replicas and the webhook's certificate stay."""
    life.check_drift(stand, tree.folder, tree.mode, tree.look)
    tree.await_healthy()


def test_a_failing_model_is_told_with_its_cause(tree: ArgoTree, stand: Stand, argo: ArgoCD) -> None:
    """In operator mode KAITO's own words, up to the first Application; in plain mode the set that waits and its pod."""
    life.break_model(stand, tree.mode)
    broken = life.FAILING[tree.mode]
    health = "Degraded" if tree.mode == "operator" else "Progressing"
    argo.await_state(f"{CLUSTER}-workloads", health=health, seconds=life.SECONDS)
    argo.await_state(CLUSTER, health=health, seconds=life.SECONDS)
    status, message = argo.healths(f"{CLUSTER}-workloads")[broken]
    assert status == health
    if tree.mode == "operator":
        assert "quota" in message
    else:
        told = wait(lambda: argo.healths(f"{CLUSTER}-workloads")["Pod models/gpt-oss-0"], "the pod is judged")
        assert told[0] == "Degraded"
        assert "back-off" in told[1].lower()
    life.mend_model(stand)
    if tree.mode == "plain":
        stand.client.delete(
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "gpt-oss-0", "namespace": "models"}}
        )
    tree.await_healthy()


def test_an_edit_that_is_refused_holds_up_itself_only(tree: ArgoTree, stand: Stand, argo: ArgoCD) -> None:
    """Argo CD names object and reason, and the other change of the same commit arrives."""
    for obj in life.guard():
        stand.client.apply(obj)
    try:
        folder = stand.render(tree.mode)
        refused, taken = life.edit_refused(folder, tree.mode)
        tree.put(folder)
        wait(lambda: life.is_changed(stand, taken), "the other change arrives", life.SECONDS)
        name = f"{CLUSTER}-workloads"

        def told() -> str:
            results = argo.application(name)["status"]["operationState"].get("syncResult", {}).get("resources", [])
            failed = [one for one in results if one["status"] == "SyncFailed"]
            return next((one["message"] for one in failed if one["name"] == refused["metadata"]["name"]), "")

        text = wait(told, "the refusal is told", life.SECONDS)
        assert "immutable" in text or "Forbidden" in text

        def held() -> set[str]:
            resources = argo.application(name)["status"]["resources"]
            return {one["name"] for one in resources if one["status"] != "Synced" and one["kind"] == refused["kind"]}

        wait(lambda: held() == {refused["metadata"]["name"]}, "only the refused object is out of sync", life.SECONDS)
    finally:
        for obj in life.guard():
            stand.client.delete(obj)
        tree.put(stand.render(tree.mode))
        # It would be tried again with its own revision first, for twenty minutes.
        argo.terminate(f"{CLUSTER}-workloads")
    tree.await_healthy()


def differing(argo: ArgoCD) -> set[tuple[str, bool]]:
    """What the first Application calls out of sync, and whether only because it would have to be pruned."""
    resources = argo.application(CLUSTER)["status"].get("resources", [])
    return {(one["name"], one.get("requiresPruning", False)) for one in resources if one["status"] != "Synced"}


def test_what_left_the_tree_is_pruned_but_weights(tree: ArgoTree, stand: Stand, argo: ArgoCD) -> None:
    """Models and their configuration go, exactly; the last mirror stays with its Application, which the first one names."""
    after = stand.render(tree.mode, life.LEAVING, lambda data: data["mirrors"].clear())
    stays = life.uids(stand, stand.objects(after))
    tree.put(after)
    life.check_pruned(stand, tree.folder, after)
    assert life.uids(stand, stand.objects(after)) == stays
    wait(
        lambda: differing(argo) == {(f"{CLUSTER}-weights", True)}, "only the mirror's stage is left over", life.SECONDS
    )
    tree.put(tree.folder)
    tree.await_healthy()


def test_the_documented_deletion_leaves_nothing(tree: ArgoTree, stand: Stand, argo: ArgoCD) -> None:
    """Models before controllers, and no object with a finalizer that nobody takes away."""
    tree.delete()
    assert stand.left() == []
    assert not argo.client.list(argo_objects.API, "Application")
    life.check_deleted_in_stages(stand.recorder)


def test_a_central_argocd_makes_what_bootstraps_each_cluster(stand: Stand, argo: ArgoCD) -> None:
    """From the clusters that name their address: the ApplicationSet, its Application, the project, the whole tree."""
    folder = stand.render("operator", edit=lambda data: data["clusters"][CLUSTER].update(server=stand.cluster.url))
    access = {"bearerToken": stand.cluster.token, "tlsClientConfig": {"insecure": True}}
    secret: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": CLUSTER,
            "namespace": argo_objects.NAMESPACE,
            "labels": {"argocd.argoproj.io/secret-type": "cluster"},
        },
        "stringData": {"name": CLUSTER, "server": stand.cluster.url, "config": json.dumps(access)},
    }
    argo.client.apply(secret)
    stand.recorder.clear()
    stand.commit(folder)
    hub = stand.documents(folder.parent / "_argocd")
    for obj in hub:
        argo.client.apply(obj)
    try:
        argo.await_state(f"{CLUSTER}-bootstrap", seconds=life.SECONDS)
        argo.await_state(CLUSTER, seconds=life.SECONDS)
        assert argo.application(f"{CLUSTER}-workloads")["spec"]["destination"]["server"] == stand.cluster.url
        life.check_created_in_stages(stand.recorder, stand, folder)
        (maker,) = [obj for obj in hub if obj["kind"] == "ApplicationSet"]
        argo.client.delete(maker)
        wait(lambda: not argo.client.exists(maker), "the ApplicationSet is gone", life.SECONDS)
        assert argo.application(CLUSTER)["metadata"].get("deletionTimestamp") is None
        first = argo.application(f"{CLUSTER}-bootstrap")
        argo.client.delete(first)
        wait(lambda: not argo.client.list(argo_objects.API, "Application"), "all Applications are gone", life.SECONDS)
        life.check_deleted_in_stages(stand.recorder)
    finally:
        argo.client.delete(secret)


@pytest.mark.parametrize("mode", MODES)
def test_a_cluster_of_brought_nodes_comes_up_and_goes(stand: Stand, argo: ArgoCD, mode: str) -> None:
    """The sample's other cluster under this one's name: one chart, no weights, and a node that was there before."""
    with stand.brought():
        life.check_comes_and_goes(stand, ArgoTree(stand, argo, mode, BROUGHT))
