"""The whole rendered fleet in the hands of Flux, from the documented first command to the documented last one.

Real: kustomize-controller, its order, its health checks with our CEL. Played: sources, Helm releases, machines,
kubelets, storage, KAITO. The page's commands name edge-lab, so here that cluster has what prod-weu has in the sample.
"""

import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.assets import Assets
from tests.e2e.client import label
from tests.e2e.conftest import needing
from tests.e2e.gitops import charts, life
from tests.e2e.gitops.flux import API, Flux
from tests.e2e.gitops.source import SOURCE
from tests.e2e.gitops.stand import BROUGHT, MODES, PROVISIONED, Stand
from tests.e2e.gitops.tree import Tree
from tests.e2e.waiting import wait

CLUSTER = "edge-lab"
WORKLOADS = f"{CLUSTER}-workloads"
NAME = "kaitops"
"""Of the source, in every tree."""


@pytest.fixture(scope="module")
def stand(assets: Assets, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """The cluster."""
    with needing(), Stand(assets, tmp_path_factory.mktemp("stand"), "flux", CLUSTER) as running:
        yield running


@pytest.fixture(scope="module")
def flux(stand: Stand) -> Iterator[Flux]:
    """Flux on it; a release of a chart of KAITO's installs the chart's objects."""
    with needing(), Flux(stand.cluster) as running:
        running.releases.charts = {chart: charts.objects(chart) for chart in charts.CHARTS}
        yield running


class FluxTree(Tree):
    """A tree that Flux has taken over."""

    START = "flux"

    def __init__(self, stand: Stand, flux: Flux, mode: str, sample: str = PROVISIONED) -> None:
        """Renders, publishes, and runs the documented commands."""
        self.flux = flux
        super().__init__(stand, mode, sample)

    def look(self) -> None:
        """Makes Flux reconcile every stage, and waits until it has."""
        for stage in life.stages(self.folder):
            self.flux.await_reconciled(f"{CLUSTER}-{stage}")

    def publish(self, folder: Path) -> None:
        """Serves it as what the source stands for."""
        self.revision = f"main@sha1:{self.stand.commit(folder)}"
        self.flux.source.publish(NAME, self.stand.repository.folder, self.revision)

    def await_healthy(self) -> None:
        """All stages are ready with the revision."""
        for stage in life.stages(self.folder):
            self.flux.await_ready(f"{CLUSTER}-{stage}", revision=self.revision, seconds=life.SECONDS)

    def told(self, kind: str = "Ready") -> dict[str, Any]:
        """A condition of the workloads' Kustomization."""
        conditions = self.flux.kustomization(WORKLOADS).get("status", {}).get("conditions", [])
        return next((one for one in conditions if one["type"] == kind), {"status": "", "message": "", "reason": ""})


@pytest.fixture(scope="module", params=MODES)
def tree(request: pytest.FixtureRequest, stand: Stand, flux: Flux) -> Iterator[FluxTree]:
    """The tree in one mode, healthy; deleted at the end if the last test has not done so."""
    with life.clean(stand, "flux-delete", lambda: flux.client.list(API, "Kustomization")):
        yield FluxTree(stand, flux, request.param)


def test_the_documented_start_brings_everything_in_stages(tree: FluxTree, stand: Stand) -> None:
    """When the last command comes back, the models are there and ready; each stage came after the one before."""
    for obj in stand.objects(tree.folder, "namespaces", "configs", "workloads"):
        assert stand.client.exists(obj), label(obj)
    tree.flux.await_ready(WORKLOADS, revision=tree.revision, seconds=1)
    tree.await_healthy()
    life.check_created_in_stages(stand.recorder, stand, tree.folder)


def test_a_second_look_writes_nothing(tree: FluxTree, stand: Stand) -> None:
    """Neither to the fleet's objects nor to the charts'."""
    life.check_still(stand, tree.folder, tree.look)


def test_drift_is_taken_back_and_what_others_own_is_left(tree: FluxTree, stand: Stand) -> None:
    """A change by hand goes, the scaler's replicas stay; the charts' drift is helm-controller's, which is played."""
    life.check_drift(stand, tree.folder, tree.mode, tree.look)
    tree.await_healthy()


def test_a_failing_model_is_told_by_name(tree: FluxTree, stand: Stand, flux: Flux) -> None:
    """In operator mode at once, by our rules; in plain mode Flux goes on waiting, and looks at nothing else."""
    life.break_model(stand, tree.mode)
    kind, _, name = life.FAILING[tree.mode].partition(" ")
    if tree.mode == "operator":
        flux.reconcile(WORKLOADS)
        flux.await_ready(WORKLOADS, ready="False", reason="HealthCheckFailed", seconds=life.SECONDS)
        assert f"{kind}/{name}" in tree.told()["message"]
        life.mend_model(stand)
        tree.await_healthy()
        return
    model = {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": "gpt-oss", "namespace": "models"}}
    wait(lambda: not stand.there(model)["status"].get("readyReplicas"), "the model has failed", life.SECONDS)
    flux.reconcile(WORKLOADS)
    wait(lambda: "Running health checks" in tree.told("Healthy")["message"], "Flux waits", life.SECONDS)
    life.mend_model(stand)
    stand.client.delete({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "gpt-oss-0", "namespace": "models"}})
    tree.await_healthy()


def test_an_edit_that_is_refused_holds_up_its_stage(tree: FluxTree, stand: Stand, flux: Flux) -> None:
    """Flux asks for all objects of a Kustomization before it writes one: nothing of the commit arrives, by name why."""
    for obj in life.guard():
        stand.client.apply(obj)
    try:
        folder = stand.render(tree.mode)
        refused, taken = life.edit_refused(folder, tree.mode)
        tree.publish(folder)
        flux.await_ready(WORKLOADS, ready="False", reason="ReconciliationFailed", seconds=life.SECONDS)
        message = tree.told()["message"]
        meta = refused["metadata"]
        assert f"{refused['kind']}/{meta['namespace']}/{meta['name']}" in message
        assert "immutable" in message or "Forbidden" in message
        assert not life.is_changed(stand, taken)
    finally:
        for obj in life.guard():
            stand.client.delete(obj)
        tree.publish(stand.render(tree.mode))
    tree.await_healthy()


def test_what_left_the_tree_is_pruned_but_weights(tree: FluxTree, stand: Stand) -> None:
    """Models and their configuration go, exactly; the mirror stays."""
    after = stand.render(tree.mode, life.LEAVING, lambda data: data["mirrors"].clear())
    stays = life.uids(stand, stand.objects(after))
    tree.publish(after)
    life.check_pruned(stand, tree.folder, after)
    assert life.uids(stand, stand.objects(after)) == stays
    tree.publish(tree.folder)
    tree.await_healthy()


def test_the_documented_deletion_leaves_nothing(tree: FluxTree, stand: Stand, flux: Flux) -> None:
    """Models before controllers, and no object with a finalizer that nobody takes away."""
    tree.delete()
    assert stand.left() == []
    assert not flux.client.list(API, "Kustomization")
    assert not [obj for kind in ("GitRepository", "HelmRepository") for obj in flux.client.list(SOURCE, kind)]
    life.check_deleted_in_stages(stand.recorder)


def unpacked(bundle: Path, folder: Path) -> str:
    """The tree of a bundle, as a registry would hand it out.

    Returns:
        The digest of the artifact.
    """
    with tarfile.open(bundle) as archive:

        def blob(digest: str) -> bytes:
            held = archive.extractfile("blobs/" + digest.replace(":", "/"))
            assert held is not None
            return held.read()

        index = archive.extractfile("index.json")
        assert index is not None
        digest = json.load(index)["manifests"][0]["digest"]
        (layer, *_) = json.loads(blob(digest))["layers"]
        with tarfile.open(fileobj=io.BytesIO(blob(layer["digest"]))) as tree:
            tree.extractall(folder, filter="data")
    return digest


def test_a_bundle_serves_as_well_as_a_repository(stand: Stand, flux: Flux, tmp_path: Path) -> None:
    """What `kaitops bundle` packs is what Flux applies from an artifact, in the same stages."""

    def declare(data: dict[str, Any]) -> None:
        data["gitops"] = {"artifact": "oci://registry.example.com/fleet", "revision": "v1.0.0", "interval": "10s"}

    folder = stand.render("operator", edit=declare)
    stand.recorder.clear()
    stand.commit(folder)
    command = Path(sys.executable).with_name("kaitops")
    bundle = tmp_path / "fleet.oci.tar"
    tree = folder.parents[1]
    made = subprocess.run(
        [str(command), "bundle", "--fleet", "fleet.yaml", "--tree", str(tree), "--out", str(bundle)],
        cwd=tree.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    (tmp_path / "artifact").mkdir()
    digest = unpacked(bundle, tmp_path / "artifact")
    flux.source.publish(NAME, tmp_path / "artifact", f"v1.0.0@{digest}")
    try:
        stand.transcript.run("flux")
        flux.await_ready(WORKLOADS, revision=f"v1.0.0@{digest}", seconds=1)
        life.check_created_in_stages(stand.recorder, stand, folder)
    finally:
        stand.transcript.run("flux-delete")
    assert stand.left() == []


@pytest.mark.parametrize("mode", MODES)
def test_a_cluster_of_brought_nodes_comes_up_and_goes(stand: Stand, flux: Flux, mode: str) -> None:
    """The sample's other cluster under this one's name: one chart, no weights, and a node that was there before."""
    with stand.brought():
        life.check_comes_and_goes(stand, FluxTree(stand, flux, mode, BROUGHT))


def test_a_promotion_arrives_with_nobody_at_the_cluster(stand: Stand, flux: Flux) -> None:
    """Flux itself applies the source that holds the cluster's revision, from the fleet's branch."""
    branch = f"{NAME}-branch"

    def publish(revision: str) -> Path:
        folder = stand.render("operator", edit=lambda data: data["clusters"][CLUSTER].update(revision=revision))
        flux.source.publish(branch, stand.repository.folder, f"main@sha1:{stand.commit(folder)}")
        return folder

    def followed() -> str:
        source = {"apiVersion": SOURCE, "kind": "GitRepository", "metadata": {"name": NAME, "namespace": "flux-system"}}
        # Asked once: it may go between two questions.
        found = stand.client.find(source)
        return found["spec"]["ref"].get("tag", "") if found else ""

    applied = stand.documents(publish("v1.0.0") / "bootstrap")
    # What the revision itself holds is another test's: this one ends where Flux knows which one to take.
    applied = [one for one in applied if one["metadata"]["name"] != CLUSTER]
    for one in sorted(applied, key=lambda one: one["kind"]):
        stand.client.apply(one)
    try:
        flux.await_ready(f"{CLUSTER}-source", seconds=life.SECONDS)
        assert followed() == "v1.0.0"
        publish("v1.1.0")
        flux.reconcile(f"{CLUSTER}-source")
        wait(lambda: followed() == "v1.1.0", "the promoted revision is there", life.SECONDS)
    finally:
        for one in sorted(applied, key=lambda one: one["kind"], reverse=True):
            stand.client.delete(one)
        wait(lambda: not followed(), "the source goes with what applied it", life.SECONDS)
