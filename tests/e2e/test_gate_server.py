"""``kaitops gate --server`` against a control plane that it starts, and against the cluster of a kubeconfig."""

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import FLEET, KAITOPS
from tests.e2e.assets import Assets
from tests.e2e.cluster import Cluster
from tests.e2e.conftest import lacking

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: asked}
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 99999}
"""
UNKNOWN = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: notes, namespace: asked}
data: {a: b}
date: typo
"""


def gate(folder: Path, *arguments: str, **env: str) -> "subprocess.CompletedProcess[str]":
    clean = {key: value for key, value in os.environ.items() if key not in {"KUBEBUILDER_ASSETS", "KUBECONFIG"}}
    return subprocess.run(
        [str(KAITOPS), "gate", "--server", "--no-checkov", *arguments], cwd=folder, env={**clean, **env},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    # A namespace that no other test makes: the server is one for all.
    two = FLEET.replace("namespace: models", "namespace: asked").replace(
        "models:\n  phi",
        "  other:\n    region: westeurope\n    provisioner: karpenter\n    gitops: flux\n    models: {phi-4-mini: {gpu: Standard_NC40ads_H100_v5}}\nmodels:\n  phi",
    )
    (tmp_path / "fleet.yaml").write_text(two)
    subprocess.run([str(KAITOPS), "render", "-q"], cwd=tmp_path, check=True)
    return tmp_path


@pytest.fixture
def programs(assets: Assets) -> str:
    folder = str(assets.directory)
    if not (assets.directory / "kubectl").exists():
        lacking("the assets have no kubectl")
    return folder


def test_a_control_plane_of_its_own_takes_the_tree_and_is_gone(tree: Path, programs: str) -> None:
    scratch = tree / "scratch"
    scratch.mkdir()
    done = gate(tree, "manifests", KUBEBUILDER_ASSETS=programs, TMPDIR=str(scratch))
    assert done.returncode == 0, done.stdout + done.stderr
    # Two clusters differ in one Workspace, so neither stands in the other's way.
    assert "the throw-away control plane (v1." in done.stderr
    assert "was asked about 7 objects" in done.stderr
    assert "does not know helm.toolkit.fluxcd.io/v2 HelmRelease, so 1 of its objects" in done.stderr
    assert list(scratch.iterdir()) == []
    running = subprocess.run(["pgrep", "-f", str(scratch)], capture_output=True, text=True, check=False)
    assert running.stdout == ""


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (SERVICE, 7, "spec.ports[0].port: Invalid value: 99999"),
        (UNKNOWN, 3, ".date: field not declared in schema"),
    ],
)
def test_what_it_refuses_is_a_finding_at_its_field(
    tree: Path, programs: str, text: str, line: int, message: str
) -> None:
    path = tree / "manifests" / "clusters" / "prod-weu" / "workloads" / "asked" / "extra.yaml"
    path.write_text(text)
    done = gate(tree, "manifests", KUBEBUILDER_ASSETS=programs)
    assert done.returncode == 1
    found = [each for each in done.stdout.splitlines() if "KAITOPS-SERVER" in each]
    assert len(found) == 1, done.stdout
    assert f"extra.yaml:{line}:" in found[0]
    assert message in found[0]


def namespaces(cluster: Cluster) -> set[str]:
    with closing(cluster.client()) as client:
        return {each["metadata"]["name"] for each in client.list("v1", "Namespace")}


def test_a_cluster_is_asked_without_writing(tree: Path, programs: str, api_server: Cluster) -> None:
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    env = {"KUBECONFIG": str(api_server.kubeconfig), "PATH": path}
    (tree / "extra.yaml").write_text(SERVICE)
    before = namespaces(api_server)
    assert "asked" not in before
    done = gate(tree, "manifests/clusters/prod-weu", "extra.yaml", **env)
    assert done.returncode == 1
    assert "the current context refuses it (422)" in done.stdout
    assert "asked about" in done.stderr
    # Only declared: its objects were tried elsewhere, and it was not made.
    assert namespaces(api_server) == before
    (tree / "extra.yaml").write_text(SERVICE.replace("99999", "80"))
    assert gate(tree, "extra.yaml", "--context", "e2e", **env).returncode == 1  # its namespace is nowhere
    named = gate(
        tree, "manifests/clusters/prod-weu", "extra.yaml", "--context", "e2e", KUBEBUILDER_ASSETS="/nowhere", **env
    )
    assert named.returncode == 0, named.stdout + named.stderr
    assert "server: context e2e" in named.stderr


def test_a_server_that_cannot_be_asked_is_no_green_gate(tree: Path, programs: str, tmp_path: Path) -> None:
    done = gate(tree, "manifests", KUBEBUILDER_ASSETS=str(tmp_path))
    assert (done.returncode, "has no program etcd" in done.stderr) == (3, True)
    only = tmp_path / "bin"
    only.mkdir()
    (only / "sh").symlink_to(shutil.which("sh") or "/bin/sh")
    assert "kubectl is not on the PATH" in gate(tree, "manifests", PATH=str(only)).stderr
    broken = tmp_path / "kubeconfig"
    broken.write_text(
        "apiVersion: v1\nkind: Config\ncurrent-context: x\nclusters: [{name: x, cluster: {server: 'https://127.0.0.1:1'}}]\n"
        "contexts: [{name: x, context: {cluster: x, user: x}}]\nusers: [{name: x, user: {}}]\n"
    )
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = gate(tree, "manifests", KUBECONFIG=str(broken), PATH=path)
    assert done.returncode == 3, done.stdout + done.stderr
    ended = tmp_path / "assets"
    ended.mkdir()
    for name in ("etcd", "kube-apiserver"):
        (ended / name).write_text("#!/bin/sh\necho no luck; exit 1\n")
        (ended / name).chmod(0o755)
    done = gate(tree, "manifests", KUBEBUILDER_ASSETS=str(ended))
    assert done.returncode == 3
    assert "ended with 1: no luck" in done.stderr
