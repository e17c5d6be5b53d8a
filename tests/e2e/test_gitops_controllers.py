"""Argo CD and Flux themselves, on small trees: they apply, heal, prune, wait, and leave nothing behind.

That they do so with our trees is asked elsewhere; here it is asked of the machinery, so that a failure there is a
failure of a tree.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.assets import Assets
from tests.e2e.client import Client
from tests.e2e.gitops import argo, argo_objects
from tests.e2e.gitops import flux as fluxcd
from tests.e2e.gitops.argo import ArgoCD
from tests.e2e.gitops.flux import Flux
from tests.e2e.gitops.repository import Repository
from tests.e2e.gitops.source import SOURCE
from tests.e2e.test_control_plane import ROOT, needs_proc, processes_of
from tests.e2e.waiting import wait

NAMESPACE = "small"


def config(name: str, value: str = "declared") -> dict[str, Any]:
    """An object to be synced."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": NAMESPACE},
        "data": {"value": value},
    }


def writer(*objects: dict[str, Any]) -> Callable[[Path], object]:
    """Writes objects as a tree with a kustomization."""
    namespace: dict[str, Any] = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}

    def write(folder: Path) -> None:
        tree = folder / "tree"
        tree.mkdir(parents=True)
        names: list[str] = []
        for obj in (namespace, *objects):
            names.append(f"{obj['kind'].lower()}-{obj['metadata']['name']}.yaml")
            (tree / names[-1]).write_text(yaml.safe_dump(obj))
        kustomization = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization", "resources": names}
        (tree / "kustomization.yaml").write_text(yaml.safe_dump(kustomization))

    return write


def value_of(client: Client, name: str) -> str:
    """What an object holds now; empty where it is not there."""
    there = {item["metadata"]["name"]: item for item in client.list("v1", "ConfigMap", NAMESPACE)}
    return there[name]["data"]["value"] if name in there else ""


def overwrite(client: Client, name: str) -> None:
    """Somebody's hand in the cluster."""
    path = f"/api/v1/namespaces/{NAMESPACE}/configmaps/{name}"
    client.request("PATCH", path, {"data": {"value": "by hand"}}, content_type="application/merge-patch+json")


@pytest.fixture(autouse=True)
def empty(live_client: Client) -> Iterator[None]:
    """The namespace is gone after each test."""
    yield
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    live_client.delete(namespace)
    wait(lambda: not live_client.exists(namespace), "the namespace is gone")


def test_argocd_syncs_heals_prunes_and_deletes(argocd: ArgoCD, live_client: Client, tmp_path: Path) -> None:
    """The life of one Application."""
    repository = Repository(tmp_path / "repository")
    first = repository.commit(writer(config("kept"), config("dropped")))
    application = argo_objects.application(
        "small", repository.url, argo.SERVER, automated={"prune": True, "selfHeal": True}
    )
    live_client.apply(application)
    try:
        argocd.await_state("small", revision=first)
        assert value_of(live_client, "kept") == "declared"
        overwrite(live_client, "kept")
        wait(lambda: value_of(live_client, "kept") == "declared", "the change by hand is undone", 60)
        second = repository.commit(writer(config("kept")), anew=True)
        argocd.refresh("small")
        argocd.await_state("small", revision=second)
        wait(lambda: not value_of(live_client, "dropped"), "what left the tree leaves the cluster")
    finally:
        live_client.delete(application)
    wait(lambda: not live_client.exists(application), "the Application is gone", 60)
    assert value_of(live_client, "kept") == ""


def test_argocd_tells_a_broken_tree(argocd: ArgoCD, live_client: Client, tmp_path: Path) -> None:
    """A tree that cannot be rendered is an error of the Application, not silence."""
    repository = Repository(tmp_path / "repository")
    repository.commit(lambda folder: (folder / "kustomization.yaml").write_text("resources: [absent.yaml]\n"))
    application = {
        "apiVersion": argo_objects.API,
        "kind": "Application",
        "metadata": {"name": "broken", "namespace": argo_objects.NAMESPACE},
        "spec": {
            "project": "default",
            "source": {"repoURL": repository.url, "targetRevision": "main", "path": "."},
            "destination": {"server": argo.SERVER},
        },
    }
    live_client.apply(application)
    try:
        found = argocd.await_state("broken", sync="Unknown", health="")
        told = json.dumps(wait(lambda: argocd.application("broken")["status"].get("conditions"), "it is told"))
        assert "absent.yaml" in told, found
    finally:
        live_client.delete(application)


@pytest.fixture
def kustomization(flux: Flux, live_client: Client) -> Iterator[dict[str, Any]]:
    """A source and a Kustomization that reads it; removed after the test."""
    source = {
        "apiVersion": SOURCE,
        "kind": "GitRepository",
        "metadata": {"name": "small", "namespace": fluxcd.NAMESPACE},
        "spec": {"interval": "1h", "url": "https://git.example.com/small.git", "ref": {"branch": "main"}},
    }
    reader = {
        "apiVersion": fluxcd.API,
        "kind": "Kustomization",
        "metadata": {"name": "small", "namespace": fluxcd.NAMESPACE},
        "spec": {
            "interval": "5s",
            "retryInterval": "2s",
            "timeout": "5s",
            "path": "./tree",
            "prune": True,
            "wait": True,
            "sourceRef": {"kind": "GitRepository", "name": "small"},
        },
    }
    live_client.apply(source)
    live_client.apply(reader)
    yield reader
    live_client.delete(reader)
    wait(lambda: not live_client.exists(reader), "the Kustomization is gone", 60)
    live_client.delete(source)


def publish(flux: Flux, folder: Path, number: int, *objects: dict[str, Any]) -> str:
    """A new revision of the small tree."""
    shutil.rmtree(folder, ignore_errors=True)
    writer(*objects)(folder)
    revision = f"main@sha1:{number:040x}"
    flux.source.publish("small", folder, revision)
    return revision


def test_flux_applies_heals_prunes_and_deletes(
    flux: Flux, live_client: Client, kustomization: dict[str, Any], tmp_path: Path
) -> None:
    """The life of one Kustomization."""
    folder = tmp_path / "source"
    flux.await_ready("small", revision=publish(flux, folder, 1, config("kept"), config("dropped")))
    assert value_of(live_client, "kept") == "declared"
    overwrite(live_client, "kept")
    wait(lambda: value_of(live_client, "kept") == "declared", "the change by hand is undone", 60)
    flux.await_ready("small", revision=publish(flux, folder, 2, config("kept")))
    assert value_of(live_client, "dropped") == ""
    live_client.delete(kustomization)
    wait(lambda: not live_client.exists(kustomization), "the Kustomization is gone", 60)
    assert value_of(live_client, "kept") == ""


def test_flux_waits_for_health(flux: Flux, live_client: Client, kustomization: dict[str, Any], tmp_path: Path) -> None:
    """With `wait`, a workload that cannot start fails the revision, and the next one without it is ready."""
    pod = {"containers": [{"name": "main", "image": "registry.example/pause:1"}], "nodeSelector": {"no": "node"}}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "stuck", "namespace": NAMESPACE},
        "spec": {
            "selector": {"matchLabels": {"app": "stuck"}},
            "template": {"metadata": {"labels": {"app": "stuck"}}, "spec": pod},
        },
    }
    first = publish(flux, tmp_path / "source", 1, deployment)
    flux.await_ready("small", ready="False", reason="HealthCheckFailed", revision=first)
    flux.await_ready("small", revision=publish(flux, tmp_path / "source", 2, config("kept")))
    assert value_of(live_client, "kept") == "declared"


RUN = """
import sys, time
from pathlib import Path
from tests.e2e.assets import Assets
from tests.e2e.cluster import Cluster
from tests.e2e.gitops.argo import ArgoCD
from tests.e2e.gitops.flux import Flux
from tests.e2e.players.kwok import Kwok

with Cluster(Assets(Path(sys.argv[1]))) as cluster, Kwok(cluster), ArgoCD(cluster), Flux(cluster):
    print("running", flush=True)
    time.sleep(600)
"""


@needs_proc
@pytest.mark.usefixtures("argocd", "flux", "kwok")
def test_a_killed_run_leaves_nothing(assets: Assets, tmp_path: Path) -> None:
    """A test run that is killed outright takes all controllers, Redis and their files with it."""
    command = [sys.executable, "-c", RUN, str(assets.directory)]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline().strip() == "running"
        assert len(processes_of(tmp_path)) >= 10
        run.kill()
        run.wait(30)
    wait(lambda: not processes_of(tmp_path), "every process is gone", 20)
    wait(lambda: not list(tmp_path.glob("kaitops-e2e-*")), "all files are gone", 10)
