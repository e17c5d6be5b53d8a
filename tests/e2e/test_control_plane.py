"""The control plane of these tests itself: it serves, it schedules, and nothing of it is ever left behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.assets import Assets
from tests.e2e.client import ApiError, Client
from tests.e2e.cluster import Cluster
from tests.e2e.waiting import wait

ROOT = Path(__file__).resolve().parents[2]

RUN = """
import sys, time
from pathlib import Path
from tests.e2e.assets import Assets
from tests.e2e.cluster import Cluster

with Cluster(Assets(Path(sys.argv[1])), controllers=False) as cluster:
    print(cluster.directory, flush=True)
    if sys.argv[2] == "raise":
        raise RuntimeError("a test failed")
    time.sleep(600)
"""


def processes_of(directory: Path) -> list[int]:
    """The processes that work in a directory or name it in their arguments. Linux and anything else with /proc."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            cwd = str((entry / "cwd").readlink())
            arguments = (entry / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if cwd.startswith(str(directory)) or str(directory) in arguments:
            found.append(int(entry.name))
    return found


needs_proc = pytest.mark.skipif(
    not Path("/proc/self/cwd").exists(), reason="looks for processes in /proc, which this system lacks"
)


def test_serves(client: Client) -> None:
    """It answers, and what is written is there."""
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "first"}}
    assert client.create(namespace)["status"]["phase"] == "Active"
    assert client.exists(namespace)
    assert "first" in [item["metadata"]["name"] for item in client.list("v1", "Namespace")]
    client.delete(namespace)
    wait(lambda: not client.exists(namespace), "the controller manager empties and removes a namespace")


def test_refuses_strangers(api_server: Cluster) -> None:
    """Without the token nothing is to be had, not even the version."""
    stranger = Client(api_server.url, str(api_server.ca_file), "guess")
    with pytest.raises(ApiError) as refused:
        stranger.request("GET", "/version")
    stranger.close()
    assert refused.value.code == 401


def test_controllers_and_scheduler_work(api_server: Cluster, client: Client) -> None:
    """A Deployment becomes a pod, which stays unschedulable for want of a node."""
    if set(api_server.programs()) < {"kube-controller-manager", "kube-scheduler"}:
        pytest.skip("KUBEBUILDER_ASSETS holds no kube-controller-manager or kube-scheduler")
    pod = {"containers": [{"name": "main", "image": "registry.example/pause:1"}]}
    deployment = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "idle", "namespace": "default"},
        "spec": {
            "selector": {"matchLabels": {"app": "idle"}},
            "template": {"metadata": {"labels": {"app": "idle"}}, "spec": pod},
        },
    }
    client.apply(deployment)

    def reason() -> str:
        conditions = [
            c for item in client.list("v1", "Pod", "default", "app=idle") for c in item["status"].get("conditions", [])
        ]
        return next((c["reason"] for c in conditions if c["type"] == "PodScheduled"), "")

    assert wait(reason, "the scheduler looks at the pod") == "Unschedulable"
    client.delete(deployment)
    wait(lambda: not client.list("v1", "Pod", "default", "app=idle"), "the pod goes with its owner")


@needs_proc
def test_stop_ends_all(assets: Assets) -> None:
    """After an orderly stop there is no process and no file."""
    with Cluster(assets) as cluster:
        directory = cluster.directory
        assert len(processes_of(directory)) >= 4
    assert processes_of(directory) == []
    assert not directory.exists()


@needs_proc
@pytest.mark.parametrize("way", ["raise", "SIGTERM", "SIGKILL"])
def test_no_way_to_end_leaves_processes(assets: Assets, way: str) -> None:
    """A test run that raises, is asked to stop or is killed outright takes its control plane with it."""
    command = [sys.executable, "-c", RUN, str(assets.directory), way]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        assert run.stdout is not None
        directory = Path(run.stdout.readline().strip())
        assert directory.name.startswith("kaitops-e2e-")
        if way != "raise":
            assert processes_of(directory)
            run.send_signal(getattr(signal, way))
        run.wait(30)
    wait(lambda: not processes_of(directory), "every process of the control plane is gone", 15)
    wait(lambda: not directory.exists(), "its files are gone", 5)


@needs_proc
def test_a_dead_server_is_said_and_cleaned_up(tmp_path: Path, assets: Assets) -> None:
    """A server that ends at once is an error with the end of its log, and etcd does not stay behind."""
    (tmp_path / "etcd").symlink_to(assets.path("etcd"))
    broken = tmp_path / "kube-apiserver"
    broken.write_text("#!/bin/sh\necho 'no such flag' >&2\nexit 3\n")
    broken.chmod(0o755)
    cluster = Cluster(Assets(tmp_path))
    started = time.monotonic()
    with pytest.raises(Exception, match=r"(?s)kube-apiserver ended with 3.*no such flag"):
        cluster.start()
    assert time.monotonic() - started < 20
    assert processes_of(tmp_path) == []
