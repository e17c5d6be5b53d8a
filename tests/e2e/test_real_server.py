"""`smoke`, `connect` and `chat` against a real OpenAI-compatible server, and its makers' own client as a referee.

The server is llama.cpp's, the model one of few rows that is made here. The way to it is played, as no cluster is needed
for what is asked.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.e2e.conftest import lacking
from tests.e2e.pods import llama, talking
from tests.live.standin import FORWARD, Kubectl, serving
from tests.speed import SLOW

SECOND = SLOW
KEY = "sk-of-the-real-server"
OPENAI = ("openai>=2,<3",)
CANARY = "compatcanary", "0.2.2"
_ASK = """
import os
import openai

client, model = openai.OpenAI(), os.environ["OPENAI_MODEL"]
ask = [{"role": "user", "content": "Help me."}]
print([one.id for one in client.models.list()])
print(client.chat.completions.create(model=model, messages=ask).choices[0].message.content)
parts = client.chat.completions.create(model=model, messages=ask, stream=True)
print("".join(one.choices[0].delta.content or "" for one in parts if one.choices))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the server."""
    try:
        llama.python()
    except llama.LlamaMissing as error:
        lacking(str(error))
    with talking.served(tmp_path_factory.mktemp("server")) as url:
        yield url


@pytest.fixture(scope="module")
def guarded(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of another one, which wants a key."""
    assert server
    with talking.served(tmp_path_factory.mktemp("guarded"), KEY) as url:
        yield url


def of_server(url: str, folder: Path) -> Kubectl:
    """A cluster whose model is a server."""
    found = Kubectl(folder, serving(), FORWARD)
    pod = found.folder / "raw" / ".api.v1.namespaces.models.pods.phi-4-mini-0"
    pod.write_text(json.dumps({"metadata": {"uid": "uid-phi-4-mini"}}))
    (found.folder / "port").write_text(url.rpartition(":")[2])
    return found


@pytest.fixture
def cluster(server: str, tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    """A cluster whose model is the server that wants no key."""
    return of_server(server, tmp_path_factory.mktemp("cluster"))


def test_smoke_finds_it_ready_within_a_second(run: Run, server: str) -> None:
    run("smoke", "--url", server, code=0)
    start = time.monotonic()
    done = run("smoke", "--url", server, "--tools", "--model", talking.NAME, "-o", "json", code=0)
    took = time.monotonic() - start
    (report,) = json.loads(done.stdout)
    assert report["verdict"] == "READY"
    seen = {one["name"]: one["verdict"] for one in report["checks"]}
    assert set(seen.values()) == {"pass"}, seen
    assert {"chat", "stream", "tools", "turn after a tool", "json", "errors", "metrics"} <= set(seen)
    assert talking.ANSWER not in done.stdout
    assert took < SECOND, f"{took:.2f} s"


def test_smoke_tells_what_is_not_as_declared(run: Run, server: str) -> None:
    done = run("smoke", "--url", server, "--model", "other", "--adapter", "support", code=1)
    assert "other is not served" in done.stdout
    assert "NOT READY" in done.stdout or "READY WITH LIMITS" in done.stdout


def test_behind_a_key_all_of_them_work_with_it_and_say_so_without(
    run: Run, guarded: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cluster = of_server(guarded, tmp_path_factory.mktemp("cluster"))
    held = {**cluster.env, "OPENAI_API_KEY": KEY}
    ways = (("phi-4-mini",), ("--url", guarded))
    for way in ways:
        assert "READY" in run("smoke", *way, env=held, code=0).stdout
        assert run("chat", *way, "Help me.", env=held, code=0).stdout.strip() == talking.ANSWER
    done = run("connect", "phi-4-mini", "--", "sh", "-c", "echo $OPENAI_API_KEY", env=held, code=0)
    assert done.stdout.strip() == KEY
    for way in ways:
        for key, said in (("sk-of-another", "does not take the key of OPENAI_API_KEY"), ("", "wants a key")):
            for verb, *more in (("smoke",), ("chat", "Help me."), ("connect", "--once")):
                done = run(verb, *way, *more, env={**cluster.env, "OPENAI_API_KEY": key})
                assert done.returncode in (1, 3)
                assert said in done.stdout + done.stderr
                assert "sk-of-another" not in done.stdout + done.stderr


def test_load_is_measured(run: Run, server: str) -> None:
    done = run("smoke", "--url", server, "--load", "2", "--load-seconds", "1", "-o", "json", code=0)
    figures = json.loads(done.stdout)[0]["load"]
    assert figures["requests"] > 2
    assert figures["failed"] == 0
    assert figures["tokensPerSecond"] > 1


def test_chat_shows_what_it_says(run: Run, cluster: Kubectl) -> None:
    done = run("chat", "phi-4-mini", "Help me.", env=cluster.env, code=0)
    assert done.stdout.strip() == talking.ANSWER
    told = json.loads(run("chat", "phi-4-mini", "Help me.", "--json", env=cluster.env, code=0).stdout)
    assert talking.ANSWER in told.values()


def test_openais_own_client_takes_what_connect_hands_out(run: Run, cluster: Kubectl, tmp_path: Path) -> None:
    try:
        python = llama.environment("openai", OPENAI, "the openai SDK")
    except llama.LlamaMissing as error:
        lacking(str(error))
    program = tmp_path / "ask.py"
    program.write_text(_ASK)
    done = run("connect", "phi-4-mini", "--", str(python), str(program), env=cluster.env, code=0)
    assert done.stdout.splitlines() == [f"['{talking.NAME}']", talking.ANSWER, talking.ANSWER]


def test_a_referee_of_compatibility_finds_all_behind_what_connect_hands_out(run: Run, cluster: Kubectl) -> None:
    """It takes address, key and model from the variables that connect sets."""
    try:
        canary = llama.node_package(*CANARY, "CompatCanary")
    except llama.LlamaMissing as error:
        lacking(str(error))
    done = run("connect", "phi-4-mini", "--", *canary, "scan", "--format", "json", env=cluster.env, code=0)
    report = json.loads(done.stdout)
    assert report["target"]["model"] == talking.NAME
    failed = [one for one in report["results"] if one["required"] and one["status"] != "pass"]
    assert not failed, failed


def test_connect_is_there_within_a_second(run: Run, cluster: Kubectl) -> None:
    run("connect", "phi-4-mini", "--", "true", env=cluster.env, code=0)
    start = time.monotonic()
    run("connect", "phi-4-mini", "--", "true", env=cluster.env, code=0)
    assert time.monotonic() - start < SECOND
