"""`kaitops smoke` against servers that keep their word and twelve that do not: each is caught, and none hangs."""

import json
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from kaitops.live import expecting
from kaitops.smoke.__main__ import main as as_program
from kaitops.smoke.__main__ import run as run_checks
from kaitops.smoke.expected import Expected
from kaitops.smoke.load import measure
from kaitops.smoke.verdict import FAIL, LIMITED, NOT_READY, PASS, READY, SKIPPED, UNSUPPORTED, Report
from kaitops.smoke.wire import Trouble, Wire
from tests.conftest import Run
from tests.live.server import served
from tests.version import KAITO

WANTED = Expected(model="m", adapters=("support",), context=16384, tools=True)
LIARS = {
    "no done": ("stream", FAIL, "ends without [DONE]", LIMITED),
    "other model": ("chat", FAIL, "asked m, and other answers", NOT_READY),
    "no adapter": ("adapters support", FAIL, "declared and not listed", LIMITED),
    "tool as text": ("tools", FAIL, "stands as text in the content", LIMITED),
    "busy": ("chat", SKIPPED, "429 after 4 tries; that is load, not failure", LIMITED),
    "no model": ("models", FAIL, "names no model, whatever /health says", NOT_READY),
    "odd ids": ("models", FAIL, "names models by ids that are no plain text", NOT_READY),
    "deep": ("models", FAIL, "is no JSON", NOT_READY),
    "downloading": ("health", FAIL, "still downloads the weights, 4 minutes left", NOT_READY),
    "cut": ("stream", FAIL, "the stream is not whole", LIMITED),
    "late": ("chat", FAIL, "answer within", NOT_READY),
    "wrong type": ("stream", FAIL, "its type is text/html", LIMITED),
    "redirect": ("health", FAIL, "sends us elsewhere (302 to http://elsewhere.example/health)", NOT_READY),
    "huge": ("models", FAIL, "more than 8 MiB", NOT_READY),
    "trickle": ("health", FAIL, "answer within", NOT_READY),
    "other model in the stream": ("stream", FAIL, "asked m, and other answers", LIMITED),
    "error in the stream": ("stream", FAIL, "an error comes in place of a chunk", LIMITED),
    "error object": ("stream", FAIL, "an error comes in place of a chunk", LIMITED),
    "ends by an error": ("stream", FAIL, "the server itself ends it as broken", LIMITED),
    "packed otherwise": ("stream", FAIL, "it is packed as gzip, which nobody asked for", LIMITED),
    "deep error": ("errors", FAIL, "404, no JSON", LIMITED),
    "goes on": ("stream", FAIL, "it goes on after [DONE]", LIMITED),
    "no choice": ("stream", FAIL, "no chunk holds content", LIMITED),
    "counts of no tokens": ("usage", FAIL, "no counts of them", LIMITED),
    "error as an answer": ("chat", FAIL, "neither content nor reasoning", NOT_READY),
    "fails": ("chat", FAIL, "answers 500", NOT_READY),
    "content of another kind": ("chat", FAIL, "neither content nor reasoning", NOT_READY),
    "given up": ("chat", FAIL, "ends the answer as broken (abort)", NOT_READY),
    "words in the stream": ("stream", FAIL, "a chunk is no JSON object", LIMITED),
    "another choice alone": ("stream", FAIL, "no chunk holds content", LIMITED),
    "call of no id": ("tools", FAIL, "the call has no id", LIMITED),
    "call of no city": ("tools", FAIL, "lacks the argument that the tool requires", LIMITED),
    "call in Python": ("tools", FAIL, "stands as text in the content", LIMITED),
    "call of a channel": ("tools", FAIL, "stands as text in the content", LIMITED),
    "call in thought": ("tools", FAIL, "stands in the reasoning", LIMITED),
}


def checked(url: str, wanted: Expected = WANTED, seconds: float = 5.0) -> Report:
    return run_checks(Wire(url, seconds=seconds), wanted, expecting.known(KAITO))


def verdicts(report: Report) -> dict[str, str]:
    return {one.name: one.verdict for one in report.checks}


def test_a_server_that_is_what_was_declared() -> None:
    with served() as (url, handler):
        report = checked(url)
        assert report.verdict == READY
        assert report.runtime == "vllm"
        assert set(verdicts(report).values()) == {PASS}
        assert set(verdicts(report)) == {
            "health", "models", "model", "adapters support", "context", "chat", "usage", "stream", "usage in a stream",
            "adapter support", "tools", "turn after a tool", "json", "errors", "metrics",
        }  # fmt: skip
        assert "support" in handler.asked


@pytest.mark.sampled(3)
@pytest.mark.parametrize("lie", LIARS)
def test_a_lie_is_caught_in_time(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaitops.smoke.question._PAUSE", 0.02)
    name, verdict, evidence, whole = LIARS[lie]
    with served(lie, slow=1.8) as (url, _):
        start = time.monotonic()
        # Long enough for what is in time on a busy machine, and shorter than what is late.
        report = checked(url, seconds=1.2 if lie in ("late", "trickle") else 5.0)
        assert time.monotonic() - start < 10
        assert report.verdict == whole
        assert report.exit_code == 1
        (found,) = [one for one in report.checks if one.name == name]
        assert found.verdict == verdict
        assert evidence in found.evidence


def test_an_event_may_have_each_of_its_forms() -> None:
    with served("forms of events") as (url, _):
        report = checked(url)
        assert (verdicts(report)["stream"], verdicts(report)["usage in a stream"]) == (PASS, PASS)


def test_a_type_is_the_same_in_capitals() -> None:
    with served("type in capitals") as (url, _):
        assert verdicts(checked(url))["stream"] == PASS


def test_busy_for_a_moment_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaitops.smoke.question._PAUSE", 0.02)
    with served("busy once") as (url, _):
        assert checked(url).verdict == READY


def test_what_is_not_there_or_no_server() -> None:
    with served() as (url, _):
        pass
    report = checked(url)
    assert report.verdict == NOT_READY
    assert "refused" in report.checks[0].evidence
    with pytest.raises(Trouble, match="no address"):
        Wire("ftp://x")


@pytest.mark.parametrize(
    ("wanted", "name", "said"),
    [
        (Expected(model="n"), "model", "n is not served"),
        (Expected(model="m", context=4096), "context", "16384 tokens, declared 4096"),
    ],
)
def test_what_is_declared_and_not_so(wanted: Expected, name: str, said: str) -> None:
    with served() as (url, _):
        report = checked(url, wanted)
        (found,) = [one for one in report.checks if one.name == name]
        assert (found.verdict, found.evidence) == (FAIL, said)
        assert report.verdict == (NOT_READY if name == "model" else LIMITED)


def test_contracts_differ_between_runtimes() -> None:
    """What vLLM must, the transformers server need not: the end mark, its own name, a list of adapters."""
    with served("no done") as (url, _):
        report = checked(url, Expected("transformers", "m", ("support",), 16384, tools=True))
        assert verdicts(report)["stream"] == PASS
        assert verdicts(report)["adapters support"] == UNSUPPORTED
        assert verdicts(report)["context"] == UNSUPPORTED
        assert verdicts(report)["tools"] == UNSUPPORTED
        assert verdicts(report)["metrics"] == FAIL


def test_a_rag_service() -> None:
    wanted = Expected("rag", rag=True, embedder="BAAI/bge-small-en-v1.5", llm=True)
    with served("rag") as (url, handler):
        report = checked(url, wanted)
        assert report.verdict == READY, report.checks
        assert list(verdicts(report)) == [
            "health",
            "embedder",
            "index",
            "retrieve",
            "answer with sources",
            "delete",
            "metrics",
        ]
        assert handler.documents == {}
        other = checked(url, Expected("rag", rag=True, embedder="intfloat/e5-base"))
        assert verdicts(other)["embedder"] == FAIL
        assert other.verdict == LIMITED


def test_a_rag_service_that_forgets_leaves_no_index_behind() -> None:
    with served("forgets") as (url, handler):
        report = checked(url, Expected("rag", rag=True))
        assert verdicts(report)["retrieve"] == FAIL
        assert report.verdict == NOT_READY
        assert handler.documents == {}


@pytest.mark.parametrize(
    ("lie", "name", "said"),
    [("keeps", "delete", "deleted and still listed"), ("sources in words", "answer with sources", "no sources")],
)
def test_a_rag_service_that_lies(lie: str, name: str, said: str) -> None:
    with served(lie, model="any") as (url, _):
        report = checked(url, Expected("rag", rag=True, llm=True))
        (found,) = [one for one in report.checks if one.name == name]
        assert found.verdict == FAIL
        assert said in found.evidence
        assert report.verdict == LIMITED


def test_load_is_measured_within_its_time() -> None:
    with served() as (url, _):
        start = time.monotonic()
        found = measure(Wire(url), "m", 3, 0.3)
        assert time.monotonic() - start < 2
        assert found["requests"] > 3
        assert found["failed"] == 0
        assert found["firstTokenMedianSeconds"] is not None
    with served("busy") as (url, _):
        assert measure(Wire(url), "m", 2, 0.2)["busy"] > 0
        assert measure(Wire("http://127.0.0.1:9"), "m", 1, 0.2)["failed"] > 0


def test_the_verb(run: Run, tmp_path: Path) -> None:
    with served() as (url, _):
        done = run(
            "smoke", "--url", url, "--model", "m", "--adapter", "support", "--tools", "--junit", "out.xml", code=0
        )
        assert done.stdout.splitlines()[-1] == f"{url}: READY"
        assert "Hello" not in done.stdout
        suite = ET.fromstring((tmp_path / "out.xml").read_text())
        assert len(suite.findall(".//testcase")) == 14
        (told,) = json.loads(
            run("smoke", "--url", f"{url}/v1", "--load", "1", "--load-seconds", "0.2", "-o", "json", code=0).stdout
        )
        assert told["verdict"] == READY
        assert told["load"]["requests"] > 0
        limited = ("smoke", "--url", url, "--adapter", "none")
        assert "READY WITH LIMITS, 1 of" in run(*limited, code=1).stdout
        run(*limited, "--accept-limits", code=0)
    assert run("smoke", "--url", url, code=1).stdout.splitlines()[-1].endswith("NOT READY, 1 of 1 checks failed")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "neither were given"),
        (("a", "--url", "http://x"), "give one of the two"),
        (("a", "--tools"), "a workload declares these itself"),
        (("--url", "ftp://x"), "no address of a server"),
        (("--url", "http://x", "--seconds", "0"), "take positive numbers"),
        *(
            (("--url", url), "is no address of a server; write http://HOST:PORT")
            for url in (
                "http://[::1",
                "http://a:99999",
                "http://a b",
                "http://a\nb:1",
                "http://a..b",
                "//",
                "http://a\\b",
            )
        ),
        (("--url", "http://me:secret@127.0.0.1:1"), "holds a name to log in with"),
        (("a", "--port", "70000"), "are a port up to 65535"),
        (("a", "--ready", "nan"), "a number of seconds"),
    ],
)
def test_what_makes_no_sense_is_refused(run: Run, arguments: tuple[str, ...], said: str) -> None:
    done = run("smoke", *arguments, code=2)
    assert said in done.stderr
    assert "secret" not in done.stderr


def test_as_a_program_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from kaitops.kaito import facts

    with served() as (url, _):
        given = {
            "url": url,
            "expected": {"model": "m", "adapters": ["support"]},
            "facts": facts.load(KAITO, "runtimes.json"),
        }
        (tmp_path / "given.json").write_text(json.dumps(given))
        assert as_program(str(tmp_path / "given.json")) == 0
        assert json.loads(capsys.readouterr().out)["verdict"] == READY
