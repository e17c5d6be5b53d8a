"""`kaitops status -w` and `--wait`: all clusters at once, ended at once, and nothing left behind."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kaitops.errors import ToolMissing
from kaitops.live import following
from kaitops.live.bell import Bell
from kaitops.live.children import Children, Ended
from kaitops.live.following import follow
from kaitops.live.kinds import KINDS, QUEUED
from kaitops.live.kubectl import Kubectl as Real
from kaitops.live.kubectl import ServerGone
from kaitops.live.snapshot import Snapshot
from tests.conftest import FLEET, KAITOPS, Run
from tests.live import world
from tests.live.held_back import queued
from tests.live.standin import Kubectl, serving, without_quota, workspace

TWO = FLEET.replace(
    "models:\n", "  lab:\n    region: westeurope\n    provisioner: karpenter\n    gitops: none\nmodels:\n", 1
)
GONE = "Unable to connect to the server: dial tcp 10.0.0.4:443: i/o timeout"


def left(kubectl: Kubectl) -> str:
    """The processes of a stand-in that run; one that was killed needs a moment of a busy machine to be gone."""
    ends = time.monotonic() + 2
    while True:
        done = subprocess.run(["pgrep", "-af", str(kubectl.bin)], capture_output=True, text=True, check=False)
        if not done.stdout or time.monotonic() > ends:
            return done.stdout
        time.sleep(0.05)


@contextmanager
def started(kubectl: Kubectl, folder: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [KAITOPS, "status", *arguments],
        cwd=folder,
        env={**os.environ, **kubectl.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def ends(process: "subprocess.Popen[str]", number: int = signal.SIGINT) -> tuple[int, str]:
    """Exit code and standard error of what a signal ended, within two seconds."""
    start = time.monotonic()
    process.send_signal(number)
    try:
        _, said = process.communicate(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        pytest.fail(f"goes on after the signal: {process.communicate()[1]}")
    assert time.monotonic() - start < 2, said
    return process.returncode, said


@pytest.fixture
def two(kubectl: Kubectl, run: Run, tmp_path: Path) -> Kubectl:
    """A fleet of two clusters, each with a context; the second one is `lab`."""
    (tmp_path / "fleet.yaml").write_text(TWO)
    run("render", "-q", code=0)
    (kubectl.folder / "contexts").write_text("prod-weu\nlab\n")
    kubectl.give(serving())
    return kubectl.cluster("lab", without_quota())


def test_following_takes_one_list_and_one_watch_a_kind(kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = without_quota()
    later = serving()[0]
    kubectl.give([first])
    kubectl.watch(
        "Workspace", {"type": "BOOKMARK", "object": {"kind": "Workspace"}}, {"type": "MODIFIED", "object": later}
    )
    monkeypatch.setenv("PATH", kubectl.env["PATH"])
    seen: list[str] = []
    with closing(follow({"": Real()}, None, 0.2)) as looks:
        for look in looks:
            snapshot = look[""]
            assert isinstance(snapshot, Snapshot)
            (one,) = snapshot.of("Workspace")
            seen.append(one["status"]["state"])
            if len(seen) > 3 or seen[-1] == "Ready":
                break
    assert seen[-1] == "Ready"
    paths = [line.split()[-1] for line in kubectl.calls()]
    assert len([one for one in paths if "watch=1" not in one]) == len(KINDS)
    assert len([one for one in paths if "watch=1" in one]) <= len(KINDS)
    assert all("resourceVersion=7" in one for one in paths if "watch=1" in one)
    assert left(kubectl) == ""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_watching_ends_at_once_and_leaves_no_process(
    kubectl: Kubectl, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    kubectl.give(serving())
    with started(kubectl, tmp_path, "-w") as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        returned, said = ends(process, number)
    assert first.startswith("NAME"), said
    assert returned == code, said
    assert left(kubectl) == ""
    assert kubectl.gone()


def test_nothing_stays_behind_a_kill(two: Kubectl, kubectl: Kubectl, tmp_path: Path) -> None:
    """Who is killed ends nothing any more, and a watch goes on for half an hour."""
    with started(kubectl, tmp_path, "-w") as process:
        assert process.stdout is not None
        process.stdout.readline()
        until = time.monotonic() + 5
        while not (two.alive() and kubectl.alive()) and time.monotonic() < until:
            time.sleep(0.02)
        assert two.alive()
        assert kubectl.alive()
        process.kill()
        process.communicate()
    assert two.gone()
    assert kubectl.gone()


def test_lists_that_hang_end_with_the_command(kubectl: Kubectl, tmp_path: Path) -> None:
    """What was asked before the first line is a process as well."""
    program = kubectl.bin / "kubectl"
    program.write_text(program.read_text().replace('case "$1 $2" in', 'sleep 50\ncase "$1 $2" in', 1))
    with started(kubectl, tmp_path, "-w") as process:
        until = time.monotonic() + 10
        while len(kubectl.calls()) < len(KINDS) and time.monotonic() < until:
            time.sleep(0.02)
        returned, said = ends(process)
    assert returned == 130, said
    assert left(kubectl) == ""


def test_all_clusters_are_followed(two: Kubectl, kubectl: Kubectl, tmp_path: Path) -> None:
    two.watch("Workspace", {"type": "MODIFIED", "object": serving()[0]})
    with started(kubectl, tmp_path, "-w", "-o", "json") as process:
        assert process.stdout is not None
        text = ""
        for line in process.stdout:
            text += line
            if line == "]\n":
                break
        returned, said = ends(process)
    assert '"cluster": "prod-weu"' in text, said
    assert '"cluster": "lab"' in text, said
    assert returned == 130, said
    watched = {line.split()[0] for line in kubectl.calls() if "watch=1" in line}
    assert watched == {"prod-weu", "lab"}
    assert left(kubectl) == ""


@pytest.mark.e2e
def test_a_wait_is_over_when_all_clusters_are_ready(run: Run, two: Kubectl, kubectl: Kubectl) -> None:
    two.give(serving())
    done = run("status", "--wait", "--timeout", "20s", env=kubectl.env, code=0)
    assert [line.split()[:4] for line in done.stdout.splitlines()[1:]] == [
        ["prod-weu", "models/phi-4-mini", "Workspace", "ready"],
        ["lab", "models/phi-4-mini", "Workspace", "ready"],
    ]
    two.give([workspace(ready=False)])
    assert "not ready after 1 s" in run("status", "--wait", "--timeout", "1s", env=kubectl.env, code=4).stderr
    two.give(without_quota())
    assert "quota is used up" in run("status", "--wait", "--timeout", "1s", env=kubectl.env, code=1).stdout


@pytest.mark.e2e
def test_a_cluster_that_cannot_be_reached_is_said_and_never_absent(run: Run, two: Kubectl, kubectl: Kubectl) -> None:
    two.all(GONE)
    done = run("status", "--wait", "--timeout", "1s", env=kubectl.env, code=4)
    assert ["lab", "models/phi-4-mini", "Workspace", "unknown"] in [
        line.split()[:4] for line in done.stdout.splitlines()
    ]
    assert "absent" not in done.stdout
    assert done.stderr.count("there may be more workloads than are shown: context lab: cannot be asked") == 1
    kubectl.cluster("prod-weu").all(GONE)
    done = run("status", "--wait", env=kubectl.env, code=3)
    assert "context prod-weu: cannot be asked" in done.stderr
    assert "context lab: cannot be asked" in done.stderr


def test_what_there_is_no_way_to_is_not_waited_for(run: Run, two: Kubectl, kubectl: Kubectl) -> None:
    (kubectl.folder / "contexts").write_text("prod-weu\n")
    done = run("status", "--wait", env=kubectl.env, code=3)
    assert "the kubeconfig has no context lab" in done.stderr
    assert not [line for line in kubectl.calls() if line.startswith("lab ")]
    (kubectl.folder / "contexts").write_text("other\nsecond\n")
    done = run("status", "--wait", env=kubectl.env, code=3)
    assert "the kubeconfig has no context prod-weu" in done.stderr
    assert "the kubeconfig has no context lab" in done.stderr


def test_a_cluster_that_was_lost_is_tried_again(
    two: Kubectl, kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_AGAIN", 0.2)
    monkeypatch.setenv("PATH", kubectl.env["PATH"])
    two.all(GONE)
    seen: list[bool] = []
    with closing(follow({"prod-weu": Real("prod-weu"), "lab": Real("lab")}, None, 0.1)) as looks:
        for look in looks:
            assert isinstance(look["prod-weu"], Snapshot)
            seen.append(isinstance(look["lab"], Snapshot))
            if not seen[-1]:
                assert isinstance(look["lab"], ServerGone)
            if len(seen) == 3:
                two.none()
            if seen[-1] or len(seen) > 100:
                break
    assert seen[:3] == [False] * 3
    assert seen[-1]
    assert left(kubectl) == ""


def test_a_slow_cluster_does_not_hold_up_the_others(
    two: Kubectl, kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_PATIENCE", 0.5)
    monkeypatch.setenv("PATH", kubectl.env["PATH"])
    program = kubectl.bin / "kubectl"
    program.write_text(
        program.read_text().replace('case "$1 $2" in', '[ "$context" = lab ] && sleep 50\ncase "$1 $2" in')
    )
    with closing(follow({"prod-weu": Real("prod-weu"), "lab": Real("lab")}, None, 0.1)) as looks:
        look = next(looks)
    assert isinstance(look["prod-weu"], Snapshot)
    assert isinstance(look["lab"], ToolMissing)
    assert "lab: has not answered yet" in str(look["lab"])


@pytest.mark.parametrize("moment", [0.0, 0.05])
def test_a_signal_ends_a_wait_whenever_it_comes(moment: float) -> None:
    """Also one that came before the wait began, which a lock of Python's would sleep through."""
    before = signal.getsignal(signal.SIGINT)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Bell() as bell:
        if moment:
            threading.Timer(moment, os.kill, (os.getpid(), signal.SIGINT)).start()
        else:
            os.kill(os.getpid(), signal.SIGINT)
        bell.wait(30)
    assert time.monotonic() - start < 2
    assert signal.getsignal(signal.SIGINT) is before


def test_a_signal_waits_for_what_threads_share_and_for_nothing_else() -> None:
    with contextlib.suppress(KeyboardInterrupt), Bell() as bell:
        os.kill(os.getpid(), signal.SIGINT)
        reached = True
        bell.wait(0)
        pytest.fail("the signal is forgotten")
    assert reached
    with pytest.raises(KeyboardInterrupt), Bell() as bell, bell.free():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.01)
        pytest.fail("the signal has to wait")


def test_a_ring_ends_a_wait_and_not_a_rest() -> None:
    with Bell() as bell:
        bell.ring()
        assert bell.wait(30)
        assert not bell.wait(0)
        threading.Timer(0.05, bell.ring).start()
        start = time.monotonic()
        bell.rest(0.2)
        assert time.monotonic() - start >= 0.2
    bell.ring()


def test_after_the_end_no_process_begins() -> None:
    children = Children()
    process = children.start(["sleep", "60"])
    children.end()
    assert process.wait(2) < 0
    with pytest.raises(Ended):
        children.start(["true"])
    children.stop(process)


@pytest.mark.parametrize("older", [False, True])
def test_following_watches_what_kueue_makes_of_a_pod_that_it_holds_and_nothing_elsewhere(
    kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch, older: bool
) -> None:
    obj = workspace(ready=False)
    waits = world.condition("QuotaReserved", "False", "Pending", "insufficient unused quota for nvidia.com/gpu")
    kubectl.give([obj, *queued(waits)(obj)])
    newest = QUEUED[0].path(None).replace("/", ".")
    if older:
        (kubectl.folder / "raw" / newest).unlink()
    monkeypatch.setenv("PATH", kubectl.env["PATH"])
    with closing(follow({"": Real()}, None, 0.2)) as looks:
        snapshot = next(looks)[""]
        assert isinstance(snapshot, Snapshot)
        assert len(snapshot.of("Workload")) == 1
    asked = [line.split()[-1] for line in kubectl.calls() if "kueue" in line]
    assert len([one for one in asked if "watch=1" not in one]) == 1 + older
    assert left(kubectl) == ""
    with closing(follow({"": Real()}, None, 0.2)) as looks:
        kubectl.give(serving())
        next(looks)
    assert len([line for line in kubectl.calls() if "kueue" in line and "watch=1" not in line]) == 1 + older


def test_what_kueue_makes_may_not_be_read_and_is_said_so(kubectl: Kubectl, monkeypatch: pytest.MonkeyPatch) -> None:
    obj = workspace(ready=False)
    kubectl.give([obj, *queued()(obj)])
    said = "Error from server (Forbidden): workloads.kueue.x-k8s.io is forbidden: User cannot list"
    for kind in QUEUED:
        (kubectl.folder / "refused" / kind.path(None).replace("/", ".")).write_text(said)
    monkeypatch.setenv("PATH", kubectl.env["PATH"])
    with closing(follow({"": Real()}, None, 0.2)) as looks:
        snapshot = next(looks)[""]
    assert isinstance(snapshot, Snapshot)
    assert not snapshot.knows("Workload")
    assert "forbidden" in snapshot.unread["Workload"]
