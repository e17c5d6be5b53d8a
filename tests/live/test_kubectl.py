"""What becomes of what kubectl says wrong: each a clear line, of its own class."""

import pytest

from kaitops.errors import ToolMissing
from kaitops.live.kubectl import Forbidden, LoginExpired, NotFound, ServerGone, refused
from tests.conftest import Run
from tests.live.standin import Kubectl, serving

SAID = {
    "Error from server (Forbidden): pods is forbidden: User \"a\" cannot list resource \"pods\" in API group \"\"": (Forbidden, "ask for the right"),
    "Error from server (NotFound): the server could not find the requested resource": (NotFound, "check its name"),
    "error: You must be logged in to the server (Unauthorized)": (LoginExpired, "log in again"),
    "Unable to connect to the server: getting credentials: exec: executable kubelogin failed with exit code 1": (LoginExpired, "log in again"),
    "E1128 memcache.go:265] noise\nThe connection to the server 127.0.0.1:9 was refused - did you specify the right host or port?": (
        ServerGone, "check that the cluster runs"),
    "The connection to the server localhost:8080 was refused - did you specify the right host or port?": (
        ToolMissing, "no kubeconfig names a cluster: log in to one",
    ),
    "Unable to connect to the server: dial tcp: lookup gone.example.com: no such host": (ServerGone, "this machine reaches it"),
    "Unable to connect to the server: net/http: TLS handshake timeout": (ServerGone, "this machine reaches it"),
    "Unable to connect to the server: getting credentials: exec: executable kubelogin not found\n\nIt looks like you are "
    "trying to use a plugin that is not installed.\n\nconsult the documentation available at:\n  https://example.com/docs": (
        ToolMissing, "exec: executable kubelogin not found; the kubeconfig logs in by a program that is not on the PATH; install it"),
    'error: context "nope" does not exist': (ToolMissing, "get-contexts"),
    "something new": (ToolMissing, "run the same with kubectl"),
}  # fmt: skip


@pytest.mark.parametrize("text", SAID)
def test_a_refusal_is_told_by_its_cause(text: str) -> None:
    kind, remedy = SAID[text]
    error = refused("context prod", "/api/v1/pods", text)
    assert type(error) is kind
    assert str(error).startswith("context prod: cannot be asked about /api/v1/pods: ")
    assert remedy in str(error)
    assert "\n" not in str(error)


def test_a_token_in_what_kubectl_says_is_taken_out() -> None:
    token = "hf_" + "aB3dE6gH9" * 4
    assert token not in str(refused("c", "x", f"error: request with {token} failed"))


@pytest.mark.parametrize("text", [one for one in SAID if SAID[one][0] in (LoginExpired, ServerGone)])
def test_a_cluster_that_cannot_be_asked_is_no_verdict(run: Run, kubectl: Kubectl, text: str) -> None:
    kubectl.all(text)
    done = run("status", env=kubectl.env)
    assert done.returncode == 3
    assert done.stdout == ""
    assert SAID[text][1] in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_kubectl_there_is_a_way_left(run: Run) -> None:
    done = run("status", env={"PATH": "/nonexistent"})
    assert done.returncode == 3
    assert "kubectl: is not on the PATH" in done.stderr
    assert "--from FILE" in done.stderr


def test_a_kind_is_asked_for_once_however_many_workloads_there_are(run: Run, kubectl: Kubectl) -> None:
    kubectl.give([one for number in range(20) for one in serving(f"m-{number}")])
    run("status", env=kubectl.env, code=0)
    paths = [line.split()[-1] for line in kubectl.calls() if "--raw" in line]
    assert len(paths) == len(set(paths)) == 17


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("#!/bin/sh\nexit 4\n", "kubectl ended with exit code 4 and said nothing"),
        ("#!/bin/sh\nkill -9 $$\n", "signal 9 ended kubectl"),
        ("#!/nonexistent/sh\n", "cannot be run: No such file or directory"),
        ("no program", "cannot be run: Exec format error"),
        ("#!/bin/sh\necho '<html>'\n", "something that is no JSON"),
        ("#!/bin/sh\nhead -c 99999 /dev/zero | tr '\\000' '['\n", "something that is no JSON"),
        ("#!/bin/sh\necho null\n", "something that is no list"),
        ("#!/bin/sh\necho '[1]'\n", "something that is no list"),
        ("#!/bin/sh\necho '{\"items\": 3}'\n", "something that is no list"),
    ],
)
def test_what_answers_in_place_of_a_cluster_is_no_empty_cluster(
    run: Run, kubectl: Kubectl, program: str, said: str
) -> None:
    (kubectl.bin / "kubectl").write_text(program)
    for verb in (("status",), ("why", "x"), ("connect", "x")):
        done = run(*verb, env=kubectl.env, code=3)
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert done.stdout == ""


def test_a_kubectl_that_lies_in_the_tree_is_not_run(run: Run, tmp_path, kubectl: Kubectl) -> None:
    mine = tmp_path / "bin"
    mine.mkdir()
    (mine / "kubectl").write_text("#!/bin/sh\necho stolen\n")
    (mine / "kubectl").chmod(0o755)
    done = run("status", env={"PATH": f"{mine}:{kubectl.env['PATH']}"})
    assert "stolen" not in done.stdout + done.stderr
    assert kubectl.calls()
