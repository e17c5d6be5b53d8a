"""`kaitops connect`: ways, what is printed, commands, and that nothing stays behind."""

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from kaitops.cli import calling
from kaitops.live import formats
from kaitops.live.expecting import expected
from kaitops.live.forward import Forward
from kaitops.live.kubectl import Kubectl as Real
from kaitops.live.snapshot import Snapshot
from kaitops.live.target import Target, find
from kaitops.live.workloads import workloads
from kaitops.smoke.expected import Expected
from tests.conftest import KAITOPS, Run
from tests.live import world as w
from tests.live.server import served
from tests.live.situations import PLAYED
from tests.live.standin import FORWARD, Kubectl, serving, without_quota, workspace
from tests.live.terminal import at_terminal
from tests.version import KAITO


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    """A cluster with a model that serves; forwarding leads to where `port` says."""
    found = Kubectl(tmp_path_factory.mktemp("cluster"), serving(), FORWARD)
    _pod(found, "uid-phi-4-mini")
    return found


def _pod(cluster: Kubectl, uid: str) -> None:
    path = cluster.folder / "raw" / ".api.v1.namespaces.models.pods.phi-4-mini-0"
    path.write_text(json.dumps({"metadata": {"uid": uid}}))


def leads(cluster: Kubectl, url: str) -> None:
    (cluster.folder / "port").write_text(url.rpartition(":")[2])


def started(cluster: Kubectl, folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [KAITOPS, "connect", *arguments], cwd=folder, env={**os.environ, **cluster.env}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_command_runs_with_the_way_and_ends_with_its_own_code(run: Run, cluster: Kubectl) -> None:
    with served() as (url, _):
        leads(cluster, url)
        code = "import os,sys; print(os.environ['OPENAI_BASE_URL'], os.environ['OPENAI_MODEL'], os.environ['OPENAI_API_KEY']); sys.exit(7)"
        done = run("connect", "phi-4-mini", "--", sys.executable, "-c", code, env=cluster.env, code=7)
        assert done.stdout == f"{url}/v1 m none\n"
        assert cluster.gone()


def test_what_is_printed_and_the_end_by_ctrl_c(cluster: Kubectl, tmp_path: Path) -> None:
    with served() as (url, _):
        leads(cluster, url)
        process = started(cluster, tmp_path, "phi-4-mini")
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(8)]
        assert lines[0] == "workload    Workspace models/phi-4-mini\n"
        assert lines[1] == "way         port-forward to pod models/phi-4-mini-0\n"
        assert lines[2] == f"base URL    {url}/v1\n"
        assert lines[3] == "in cluster  http://phi-4-mini.models.svc/v1\n"
        assert lines[4] == "model       m, context 16384 tokens\n"
        assert lines[5] == "adapter     support, of m\n"
        assert lines[6] == "load        0 running, 2 waiting, cache 25% full\n"
        assert lines[7].startswith(f"try         curl {url}/v1/chat/completions")
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=5)
        assert time.monotonic() - start < 1.5
        assert process.returncode == 130
        assert cluster.gone()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_ends_it_ends_the_command_that_it_runs(cluster: Kubectl, tmp_path: Path, number: signal.Signals) -> None:
    with served() as (url, _):
        leads(cluster, url)
        code = "import time; print('runs', flush=True); time.sleep(60)"
        process = started(cluster, tmp_path, "phi-4-mini", "--", sys.executable, "-c", code)
        assert process.stdout is not None
        assert process.stdout.readline() == "runs\n"
        process.send_signal(number)
        # The pipe is the command's as well, so this waits for its end.
        process.communicate(timeout=5)
        assert process.returncode == 128 + number
        assert cluster.gone()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_kill_ends_the_command_that_it_runs(cluster: Kubectl, tmp_path: Path) -> None:
    with served() as (url, _):
        leads(cluster, url)
        process = started(cluster, tmp_path, "phi-4-mini", "--", "sh", "-c", "echo runs; exec sleep 60")
        assert process.stdout is not None
        assert process.stdout.readline() == "runs\n"
        process.kill()
        # The pipe is the command's as well, so this waits for its end.
        process.communicate(timeout=5)
        assert process.returncode == -signal.SIGKILL
        assert cluster.gone()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands over what a process leaves behind")
@pytest.mark.parametrize("way", ["end", "kill", "hang up", "fail"])
def test_what_the_command_started_ends_with_it(cluster: Kubectl, tmp_path: Path, way: str) -> None:
    """In a session of its own, deaf to what asks it to end, and below a process that is gone."""
    deaf = "import os, signal, time; signal.signal(15, signal.SIG_IGN); signal.signal(1, signal.SIG_IGN); print(os.getpid(), flush=True); time.sleep(60)"
    ends = {"end": "exit 3", "fail": "kill -9 $$"}.get(way, "sleep 60")
    shell = f"(setsid \"$0\" -c '{deaf}' & sleep 60 & echo $! &) ; sleep 0.5; echo runs; {ends}"
    with served() as (url, _):
        leads(cluster, url)
        process = started(cluster, tmp_path, "phi-4-mini", "--", "sh", "-c", shell, sys.executable)
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(3)]
        assert lines[2] == "runs"
        if way == "kill":
            process.kill()
        elif way == "hang up":
            process.send_signal(signal.SIGHUP)
        # The pipe is theirs as well, so this waits for their end.
        process.communicate(timeout=8)
        expected = {"end": 3, "fail": 128 + signal.SIGKILL, "kill": -signal.SIGKILL, "hang up": 128 + signal.SIGHUP}
        assert process.returncode == expected[way]
        assert not [
            one
            for one in lines[:2]
            if Path(f"/proc/{one}/cmdline").exists() and Path(f"/proc/{one}/cmdline").read_text()
        ]
        assert cluster.gone()


def test_a_command_that_cannot_be_run_is_said(run: Run, cluster: Kubectl) -> None:
    with served() as (url, _):
        leads(cluster, url)
        done = run("connect", "phi-4-mini", "--", "no-such-program", env=cluster.env, code=2)
        assert "no-such-program: cannot be run: No such file or directory" in done.stderr
        assert run("connect", "phi-4-mini", "--", "sh", "-c", "exit 127", env=cluster.env, code=127).stderr == ""


def test_ctrl_c_at_a_terminal_ends_with_the_command_s_own_code(cluster: Kubectl, tmp_path: Path) -> None:
    with served() as (url, _):
        leads(cluster, url)
        shell = "trap 'exit 9' INT; echo runs; while :; do sleep 0.05; done"
        for command, code in ((("sh", "-c", shell), 9), (("sh", "-c", "echo runs; exec sleep 60"), 130)):
            with at_terminal(tmp_path, cluster.env, "connect", "phi-4-mini", "--", *command) as terminal:
                terminal.until(b"runs")
                terminal.type(b"\x03")
                assert terminal.ended() == code
            assert cluster.gone()


@pytest.mark.parametrize("command", [(), ("--", "sh", "-c", "echo open until; exec sleep 60")])
def test_nothing_stays_behind_a_terminal_that_is_gone(
    cluster: Kubectl, tmp_path: Path, command: tuple[str, ...]
) -> None:
    with served() as (url, _):
        leads(cluster, url)
        with at_terminal(tmp_path, cluster.env, "connect", "phi-4-mini", *command) as terminal:
            terminal.until(b"open until")
            terminal.hang_up()
            assert terminal.ended() in (129, -signal.SIGHUP)
        assert cluster.gone()


def test_an_end_that_comes_while_the_command_starts_reaches_it() -> None:
    """A terminal that goes tells its first process alone: what that lost would let the command go on for ever."""
    script = (
        "import os, signal, subprocess, sys\n"
        "from kaitops.cli import connect\n"
        "start = subprocess.Popen\n"
        "def popen(*given, **more):\n"
        "    process = start(*given, **more)\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "    return process\n"
        "subprocess.Popen = popen\n"
        "sys.exit(connect._command(['sleep', '60'], 'http://localhost/v1', [], ''))\n"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, timeout=30).returncode == 128 + signal.SIGHUP


def test_nothing_stays_behind_a_kill(cluster: Kubectl, tmp_path: Path) -> None:
    with served() as (url, _):
        leads(cluster, url)
        process = started(cluster, tmp_path, "phi-4-mini", "--format", "env")
        assert process.stdout is not None
        assert process.stdout.readline() == f"export OPENAI_BASE_URL={url}/v1\n"
        assert _until(lambda: bool(cluster.alive()))
        process.kill()
        process.communicate()
        assert cluster.gone()


def test_forwarding_that_is_forbidden_goes_through_the_proxy(run: Run, cluster: Kubectl) -> None:
    (cluster.folder / "refuse-forward").write_text(
        'error: error upgrading connection: pods "phi-4-mini-0" is forbidden: User "dev" cannot create resource "pods/portforward"'
    )
    with served() as (url, _):
        leads(cluster, url)
        done = run("connect", "phi-4-mini", "--", "true", env=cluster.env)
        # The server of the test does not answer under the proxy's path; the way is what is asked here.
        assert "going through the API server's proxy" in done.stderr
        (call,) = [line for line in cluster.calls() if " proxy " in f" {line} " and "--port" in line]
        assert "--accept-paths=^/api/v1/namespaces/models/pods/phi" in call
        assert "--address=127.0.0.1" in call
        assert cluster.gone()


@pytest.mark.parametrize(
    ("said", "code", "expected"),
    [
        ("error: unable to listen on any of the requested ports: [{5000 5000}]", 3, "--port: 8099 is taken"),
        ("error: You must be logged in to the server (Unauthorized)", 3, "log in again"),
        (
            "The connection to the server x was refused - did you specify the right host or port?",
            3,
            "check that the cluster runs",
        ),
    ],
)
def test_a_way_that_cannot_be_opened(run: Run, cluster: Kubectl, said: str, code: int, expected: str) -> None:
    (cluster.folder / "refuse-forward").write_text(said)
    done = run("connect", "phi-4-mini", "--port", "8099", "--", "true", env=cluster.env, code=code)
    assert expected in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_what_does_not_serve_is_told_by_its_cause(run: Run, cluster: Kubectl) -> None:
    cluster.give(without_quota())
    done = run("connect", "phi-4-mini", "--ready", "1", "--", "true", env=cluster.env, code=1)
    assert "no pod serves after 1 s" in done.stderr
    obj = workspace(ready=False)
    pod = w.pod(obj, w.waiting("CrashLoopBackOff"), restarts=3, last=w.ended(137, "OOMKilled"))
    cluster.give([obj, w.controller(obj), pod])
    done = run("connect", "phi-4-mini", "--", "true", env=cluster.env, code=1)
    assert "the machine's memory" in done.stderr
    assert "kaitops why phi-4-mini" in done.stderr
    assert "no workload of that name serves" in run("connect", "other", "--", "true", env=cluster.env, code=2).stderr


def test_a_server_that_lists_nothing_is_said_to(run: Run) -> None:
    for lie, why in (("no model", "names no model"), ("odd ids", "ids that are no plain text"), ("deep", "no JSON")):
        with served(lie) as (url, _):
            done = run("connect", "--url", url, "--once", code=0)
            assert "serves no model that a client could ask for" in done.stderr
            assert why in done.stderr
            assert "model " not in done.stdout
            assert (
                "there is nothing to configure" in run("connect", "--url", url, "--format", "openwebui", code=2).stderr
            )


def test_the_line_to_copy_is_whole_whatever_a_model_is_called(run: Run) -> None:
    with served(model="m'; touch evil; '") as (url, _):
        (line,) = [one for one in run("connect", "--url", url, "--once", code=0).stdout.splitlines() if "curl" in one]
        words = shlex.split(line)
        assert json.loads(words[words.index("-d") + 1])["model"] == "m'; touch evil; '"
        assert words[-2] == "-d"


def test_pods_that_may_not_be_read_are_not_absent(run: Run, cluster: Kubectl) -> None:
    cluster.refuse("Pod", 'Error from server (Forbidden): pods is forbidden: User "dev" cannot list resource "pods"')
    done = run("connect", "phi-4-mini", "--", "true", env=cluster.env, code=3)
    assert "ask for the right to read it" in done.stderr


@pytest.fixture
def forward(cluster: Kubectl, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Forward, list[str]]]:
    """A way that looks often."""
    monkeypatch.setenv("PATH", cluster.env["PATH"])
    monkeypatch.setattr("kaitops.live.forward._LOOKS", 0.05)
    said: list[str] = []
    target = Target("models", "phi-4-mini-0", "uid-phi-4-mini", 5000, "")
    after = Target("models", "phi-4-mini-0", "new", 5000, "")
    (cluster.folder / "port").write_text("40123")
    made = Forward(Real(), target, lambda: after, said.append, 0).open()
    yield made, said
    made.close()
    assert cluster.gone()


def _until(condition, seconds: float = 5.0) -> bool:
    ends = time.monotonic() + seconds
    while not condition() and time.monotonic() < ends:
        time.sleep(0.02)
    return bool(condition())


def test_a_replaced_pod_is_followed_by_the_same_address(forward, cluster: Kubectl) -> None:
    made, said = forward
    assert made.port == 40123
    _pod(cluster, "new")
    assert _until(lambda: any("serves, by the same address" in one for one in said))
    assert said[0] == "the way to pod phi-4-mini-0 is lost; waiting for one that serves"
    (last,) = [line for line in cluster.calls() if "port-forward" in line][-1:]
    assert "40123:5000" in last
    assert _until(lambda: len(cluster.alive()) == 1)


def test_a_way_that_breaks_is_made_again(forward, cluster: Kubectl) -> None:
    _, said = forward
    assert _until(lambda: cluster.alive())
    os.kill(cluster.alive()[0], signal.SIGKILL)
    assert _until(lambda: any("serves, by the same address" in one for one in said))


def test_an_api_server_that_is_away_changes_nothing(forward, cluster: Kubectl) -> None:
    _, said = forward
    cluster.all("The connection to the server x was refused - did you specify the right host or port?")
    assert _until(lambda: cluster.alive())
    time.sleep(0.4)
    assert said == []
    assert _until(lambda: len(cluster.alive()) == 1)
    (cluster.folder / "all").unlink()


def _view(name: str):
    obj = PLAYED[name].obj()
    snapshot = PLAYED[name].snapshot()
    return next(
        one for one in workloads(snapshot, KAITO) if one.name == obj["metadata"]["name"] and one.kind == obj["kind"]
    )


def test_the_pod_that_answers() -> None:
    assert find(_view("ws-byo-crash-loop-unseen")) is None
    found = find(_view("ws-byo-ready"))
    assert found is not None
    assert (found.pod.endswith("-0"), found.port) == (True, 5000)
    replica = find(_view("is-byo-template-changed"))
    assert replica is not None
    assert replica.pod.startswith("iset-00000")
    rag = find(_view("rag-ready"))
    assert rag is not None
    assert rag.inside == "http://rag.models.svc"


def test_a_route_is_a_way() -> None:
    route = {
        "kind": "HTTPRoute", "metadata": {"name": "r", "namespace": "models"},
        "spec": {"hostnames": ["phi.example.com", "*.x"], "rules": [{"backendRefs": [{"name": "phi-4-mini"}]}]},
    }  # fmt: skip
    found: dict[str, list] = {}
    for one in [*serving(), route]:
        found.setdefault(one["kind"], []).append(one)
    (view,) = workloads(Snapshot(found), KAITO)
    target = find(view)
    assert target is not None
    assert target.routes == ("https://phi.example.com",)


def test_what_an_endpoint_is_held_to_comes_from_its_flags() -> None:
    objects = serving()
    objects[0]["inference"]["adapters"] = [{"source": {"name": "support", "image": "x"}}]
    objects[2]["spec"]["containers"][0]["command"] = [
        "/bin/sh", "-c", "python3 api.py --served-model-name=phi-4-mini-instruct --max-model-len 16384 --tool-call-parser=phi4_mini_json",
    ]  # fmt: skip
    found: dict[str, list] = {}
    for one in objects:
        found.setdefault(one["kind"], []).append(one)
    (view,) = workloads(Snapshot(found), KAITO)
    assert expected(view) == Expected("", "phi-4-mini-instruct", ("support",), 16384, tools=True)
    rag = expected(_view("rag-ready"))
    assert (rag.rag, rag.llm, rag.embedder) == (True, True, "BAAI/bge-small-en-v1.5")


@pytest.mark.parametrize("keyed", [False, True])
@pytest.mark.parametrize("form", formats.FORMATS)
def test_configurations_of_clients_are_well_formed(form: str, keyed: bool) -> None:
    text = formats.FORMATS[form]("http://127.0.0.1:1/v1", ["a", 'b"c'], keyed)
    # What takes a key takes it from elsewhere, where the server wants one.
    assert ("none" in text) == (not keyed and form != "llm")
    assert "http://127.0.0.1:1/v1" in text
    if form in ("openai", "langchain"):
        compile(text, form, "exec")
    elif form in ("litellm", "llm", "continue"):
        assert 'b"c' in json.dumps(yaml.safe_load(text)).replace("\\", "")
    elif form == "env":
        assert "export OPENAI_MODEL=a" in text.splitlines()


KEY = "sk-of-the-test"
_HELD = "import os; print(os.environ['OPENAI_API_KEY'])"


def test_a_server_that_wants_a_key_gets_that_of_the_environment(run: Run, cluster: Kubectl) -> None:
    env = {**cluster.env, "OPENAI_API_KEY": f"{KEY}\n"}
    with served(key=KEY) as (url, server):
        leads(cluster, url)
        done = run("connect", "phi-4-mini", "--", sys.executable, "-c", _HELD, env=env, code=0)
        assert done.stdout == f"{KEY}\n"
        assert run("chat", "phi-4-mini", "Hi", env=env, code=0).stdout == "Think.\nHello.\n"
        assert "READY" in run("smoke", "phi-4-mini", env=env, code=0).stdout
        assert f"Bearer {KEY}" in server.sent
        assert not any(KEY in call for call in cluster.calls())


def test_a_key_is_not_sent_to_a_server_that_wants_none(run: Run, cluster: Kubectl) -> None:
    """The variable may hold somebody's key of another service."""
    env = {**cluster.env, "OPENAI_API_KEY": KEY}
    with served() as (url, server):
        leads(cluster, url)
        assert run("connect", "phi-4-mini", "--", sys.executable, "-c", _HELD, env=env, code=0).stdout == "none\n"
        run("chat", "phi-4-mini", "Hi", env=env, code=0)
        run("smoke", "phi-4-mini", env=env, code=0)
        assert set(server.sent) == {""}


@pytest.mark.parametrize(
    "verb", [("connect", "phi-4-mini", "--", "true"), ("chat", "phi-4-mini", "Hi"), ("smoke", "phi-4-mini")]
)
@pytest.mark.parametrize("held", ["", "sk-of-another"])
def test_a_key_that_is_missing_or_wrong_is_said_and_never_shown(
    run: Run, cluster: Kubectl, verb: tuple[str, ...], held: str
) -> None:
    objects = serving()
    pod = next(one for one in objects if one["kind"] == "Pod")
    ref = {"secretKeyRef": {"name": "keys", "key": "api-key"}}
    pod["spec"]["containers"][0]["env"] = [{"name": "VLLM_API_KEY", "valueFrom": ref}]
    cluster.give(objects)
    with served(key=KEY) as (url, _):
        leads(cluster, url)
        done = run(*verb, env={**cluster.env, "OPENAI_API_KEY": held}, code=3)
        said = "does not take the key of OPENAI_API_KEY (401)" if held else "wants a key (401); set OPENAI_API_KEY"
        assert said in done.stderr
        get = """kubectl -n models get secret keys -o go-template='{{index .data "api-key" | base64decode}}'"""
        assert f'its VLLM_API_KEY is from Secret keys: export OPENAI_API_KEY="$({get})"' in done.stderr
        assert "sk-of-another" not in done.stdout + done.stderr
        assert cluster.gone()


def test_by_its_address_a_server_gets_the_key_and_shows_it_nowhere(run: Run) -> None:
    with served(key=KEY) as (url, _):
        env = {"OPENAI_API_KEY": KEY}
        shown = run("connect", "--url", url, "--once", env=env, code=0).stdout
        assert "key         the one of OPENAI_API_KEY\n" in shown
        assert '-H "Authorization: Bearer $OPENAI_API_KEY"' in shown
        for form in formats.FORMATS:
            shown += run("connect", "--url", url, "--once", "--format", form, env=env, code=0).stdout
        assert KEY not in shown
        assert "READY" in run("smoke", "--url", url, env=env, code=0).stdout
        run("chat", "--url", url, "Hi", env=env, code=0)
        for verb, *more in (("connect", "--once"), ("smoke",), ("chat", "Hi")):
            for held, said in (("sk-of-another", "does not take the key of OPENAI_API_KEY"), ("", "wants a key")):
                done = run(verb, "--url", url, *more, env={"OPENAI_API_KEY": held})
                assert said in done.stdout + done.stderr
                assert "sk-of-another" not in done.stdout + done.stderr
                assert done.returncode != 0
        run("connect", "--url", url, "--", "true", code=3)
        assert "cannot be sent" in run("chat", "--url", url, "Hi", env={"OPENAI_API_KEY": "a\nb"}, code=2).stderr


def test_a_rag_service_behind_a_key_gets_that_of_the_environment(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The lamp is green.")
    actions = (("index", "books", "a.txt"), ("list",), ("query", "books", "Which?"), ("delete", "books"))
    with served("proxied", key=KEY) as (url, server):
        for words in actions:
            run("rag", "--url", url, *words, env={"OPENAI_API_KEY": KEY}, code=0)
        assert set(server.sent) == {f"Bearer {KEY}"}
        for held, said in (("sk-of-another", "does not take the key of OPENAI_API_KEY"), ("", "wants a key; set")):
            for words in actions:
                done = run("rag", "--url", url, *words, env={"OPENAI_API_KEY": held}, code=1)
                assert said in done.stderr
                assert "sk-of-another" not in done.stdout + done.stderr
        assert "cannot be sent" in run("rag", "--url", url, "list", env={"OPENAI_API_KEY": "a\nb"}, code=2).stderr


def test_the_key_does_not_go_through_the_api_server(run: Run, cluster: Kubectl) -> None:
    """It would be taken for a login there."""
    (cluster.folder / "refuse-forward").write_text(
        'error: error upgrading connection: pods "phi-4-mini-0" is forbidden: User "dev" cannot create resource "pods/portforward"'
    )
    with served("proxied", key=KEY) as (url, server):
        leads(cluster, url)
        done = run("connect", "phi-4-mini", "--", "true", env={**cluster.env, "OPENAI_API_KEY": KEY}, code=3)
        assert "which the API server's proxy does not pass on" in done.stderr
        assert set(server.sent) == {""}


def test_a_route_that_wants_a_key_is_taken_with_it_and_passed_by_without(
    cluster: Kubectl, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", cluster.env["PATH"])
    parser = argparse.ArgumentParser()
    calling.add(parser)
    given = parser.parse_args(["phi-4-mini"])
    with served(key=KEY) as (guarded, gateway), served() as (url, _):
        leads(cluster, url)
        monkeypatch.setattr("kaitops.live.routes.addresses", lambda view: (guarded,))
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        with calling.way(given, given.name) as way:
            assert (way.url, way.key) == (guarded, KEY)
        assert gateway.sent == ["", f"Bearer {KEY}"]
        monkeypatch.delenv("OPENAI_API_KEY")
        with calling.way(given, given.name) as way:
            assert (way.url, way.key) == (url, "")
    assert f"{guarded}: the server wants a key (401); set OPENAI_API_KEY; going to the pod" in capsys.readouterr().err


def test_what_is_talked_to_offers_no_file_in_place_of_a_cluster(run: Run) -> None:
    for verb in ("connect", "chat", "smoke"):
        assert "--from" not in run(verb, "--help", code=0).stdout
        given = (verb, "m", *(("hello",) if verb == "chat" else ()), "--from", "x")
        assert "--from: what a file holds cannot be talked to; drop it" in run(*given, code=2).stderr
    for verb in ("status", "why"):
        assert "--from FILE" in run(verb, "--help", code=0).stdout
