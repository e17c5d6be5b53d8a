"""`kaitops chat` and `kaitops rag`: answers as they come, histories, and never one that is made up."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from kaitops.errors import ToolMissing
from kaitops.live import extra
from kaitops.live.talk import metrics, refusals
from kaitops.live.talk.session import Session
from kaitops.live.talk.speaking import Speaker
from kaitops.live.talk.turn import Turn
from tests.conftest import KAITOPS, Run
from tests.live.server import METRICS, served
from tests.live.terminal import at_terminal

_PROMPTS = b"\x1b[?2004h"
"""How a prompt that takes keys tells the terminal to mark what is pasted."""


def test_one_question(run: Run) -> None:
    with served() as (url, _):
        done = run("chat", "--url", url, "Hi", code=0)
        assert done.stdout == "Think.\nHello.\n"
        assert "3 tokens" in done.stderr
        told = json.loads(run("chat", "--url", url, "--json", stdin="Hi there", code=0).stdout)
        assert (told["text"], told["reasoning"], told["tokens"], told["model"]) == ("Hello.", "Think.", 3, "m")
        assert told["secondsToFirst"] is not None
        assert (
            json.loads(run("chat", "--url", url, "--model", "support", "--json", "Hi", code=0).stdout)["model"]
            == "support"
        )


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ("cut", "broke off in the middle of its answer"),
        ("ends by an error", "the server ended the answer by 'error'"),
        ("error object", "the server broke off: engine died"),
        ("packed otherwise", "packs its answer in another way than it says"),
        ("page", "the server answers 401: a page for people, not for programs (HTML); the server wants a key"),
        ("fails", "the server answers 500: engine is dead"),
        ("busy", "the server answers 429"),
        ("wrong type", "no stream came back"),
        ("error as an answer", "the server gives an error in place of an answer: CUDA error"),
        ("error in the stream", "the server broke off: engine died"),
        ("no choice", "the stream holds no choice in any chunk, so there is no answer"),
        ("no model", "lists no model"),
        ("odd ids", "lists no model"),
        ("deep", "the server's list of models is no JSON"),
        ("sign in", "the server's list of models is no JSON (text/html, 20 bytes), so no model of it is known"),
        ("moved", "the server answers 302; it sends us elsewhere, which is not followed; name the address"),
    ],
)
def test_no_answer_is_made_up(run: Run, lie: str, said: str) -> None:
    with served(lie) as (url, _):
        done = run("chat", "--url", url, "Hi")
        assert done.returncode in (2, 3)
        assert said in done.stderr
        # What came before the server said so has been shown as it came.
        assert ("lo." in done.stdout) == (lie == "ends by an error")


@pytest.mark.parametrize("lie", ["forms of events", "parts of content", "type in capitals"])
def test_other_forms_of_an_answer_are_read(run: Run, lie: str) -> None:
    with served(lie) as (url, _):
        assert "Hello." in run("chat", "--url", url, "Hi", code=0).stdout


def test_a_list_of_models_that_never_ends_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaitops.live.talk.speaking._LISTED", 0.2)
    monkeypatch.setattr("kaitops.live.talk.speaking._CONNECT", 0.2)
    with served("trickle") as (url, _), pytest.raises(ToolMissing, match="no whole answer within"):
        Speaker(f"{url}/v1").models()


def test_a_list_of_models_that_is_packed_is_not_unpacked() -> None:
    with (
        served("packed") as (url, _),
        pytest.raises(ToolMissing, match=r"is no JSON \(application/json, [1-9][0-9]{4} bytes\)"),
    ):
        Speaker(f"{url}/v1").models()


@pytest.mark.parametrize("index", ["", "books"])
def test_a_head_that_never_ends_is_no_answer(monkeypatch: pytest.MonkeyPatch, index: str) -> None:
    """A time-out of the line begins anew with each byte of it."""
    monkeypatch.setattr("kaitops.live.talk.speaking._HEAD", 0.4)
    with served("head without end") as (url, _):
        start = time.monotonic()
        with pytest.raises(ToolMissing, match=r"begins an answer and does not end it within 0\.4 s"):
            Session(Speaker(f"{url}/v1"), "m", index=index).ask("Hi", lambda kind, text: None)
        assert time.monotonic() - start < 4


def test_a_server_that_says_nothing_is_given_up_and_waited_for_as_long_as_asked(run: Run) -> None:
    with served("late", slow=1.5) as (url, _):
        done = run("chat", "--url", url, "--model", "m", "--seconds", "0.5", "Hi", code=3)
        assert "gives no sign of an answer within 0.5 s; --seconds waits longer" in done.stderr
        assert "Hello." in run("chat", "--url", url, "--model", "m", "--seconds", "20", "Hi", code=0).stdout
    assert "--seconds: is a positive number" in run("chat", "--url", "http://x", "--seconds", "0", "Hi", code=2).stderr


def test_what_one_has_to_know_of_an_answer_is_said_beside_it(run: Run) -> None:
    for lie, said in (("cut at the length", "the answer is cut"), ("other model in the stream", "answered as other")):
        with served(lie) as (url, _):
            for form in ([], ["--json"]):
                done = run("chat", "--url", url, *form, "Hi", code=0)
                assert "Hello." in done.stdout
                assert said in done.stderr


def test_the_choice_that_was_asked_for_is_shown(run: Run) -> None:
    with served("two choices") as (url, _):
        assert run("chat", "--url", url, "Hi", code=0).stdout == "Mine.\n"


def test_signs_of_life_are_no_answer() -> None:
    with served("signs of life") as (url, _):
        session, said = Session(Speaker(f"{url}/v1", seconds=0.3), "m"), []
        start = time.monotonic()
        with pytest.raises(ToolMissing, match=r"says nothing for 0\.3 s"):
            session.ask("Hi", lambda kind, text: said.append(text))
        assert time.monotonic() - start < 5
        assert said == ["Hel"]


def test_an_answer_without_end_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kaitops.live.talk.speaking._MOST_BYTES", 50)
    with served() as (url, _), pytest.raises(ToolMissing, match="holds more than"):
        Session(Speaker(f"{url}/v1"), "m").ask("Hi", lambda kind, text: None)


def test_half_a_sign_can_be_shown_and_sent_on(tmp_path: Path) -> None:
    with served("half a sign") as (url, _):
        session = Session(Speaker(f"{url}/v1"), "m")
        assert session.ask("Hi", lambda kind, text: None).text == "a\ufffd\ufffdb"
        session.ask("Again", lambda kind, text: None)
        assert session.command(f"/save {tmp_path / 'saved'}") == f"{tmp_path / 'saved'}: written"


def test_words_that_are_no_text_are_refused(run: Run, tmp_path: Path) -> None:
    with served() as (url, _):
        odd = "gr\udcfc\udcdfe"
        for arguments in (("chat", "--url", url, odd), ("chat", "--url", url, "--system", odd, "Hi")):
            assert "the text is not UTF-8" in run(*arguments, code=2).stderr
        assert "the text is not UTF-8" in run("rag", "--url", url, "query", "i", odd, code=2).stderr
        done = subprocess.run(
            [KAITOPS, "chat", "--url", url], input=b"gr\xfc\xdfe", capture_output=True, cwd=tmp_path, check=False
        )
        assert done.returncode == 2
        assert b"chat: standard input:1: byte 2 (0xfc) is not UTF-8" in done.stderr


def test_a_model_that_is_not_there(run: Run) -> None:
    with served() as (url, _):
        done = run("chat", "--url", url, "--model", "ghost", "Hi", code=3)
        assert "The model `ghost` does not exist" in done.stderr
    assert "cannot be reached" in run("chat", "--url", url, "Hi", code=3).stderr
    assert "nothing to ask" in run("chat", "--url", url, "-", stdin=" ", code=2).stderr


def test_a_conversation_has_a_history_and_commands(tmp_path: Path) -> None:
    with served() as (url, _):
        speaker = Speaker(f"{url}/v1")
        session = Session(speaker, "m", "Be short.")
        seen: list[tuple[str, str]] = []
        turn = session.ask("Hi", lambda kind, text: seen.append((kind, text)))
        assert seen == [("thought", "Think."), ("text", "Hel"), ("text", "lo.")]
        assert turn.speed > 0
        session.ask("Again", lambda kind, text: None)
        assert [one["content"] for one in session.history] == ["Hi", "Hello.", "Again", "Hello."]
        assert session.command("/model") == "models: *m, support"
        assert session.command("/model support") == "model: support"
        assert session.command("/model ghost") == "models: m, *support"
        assert session.command("/system Be long.") == "system prompt: Be long."
        path = tmp_path / "saved.json"
        assert session.command(f"/save {path}") == f"{path}: written"
        assert [one["role"] for one in json.loads(path.read_text())["messages"]] == [
            "system",
            "user",
            "assistant",
            "user",
            "assistant",
        ]
        assert "nothing is written" in (session.command(f"/save {path}") or "")
        assert session.command("/clear") == "forgotten"
        assert session.history == []
        assert "/model" in (session.command("/what") or "")
        assert session.command("/quit") is None
        speaker.close()


def test_a_conversation_is_drawn_on_a_terminal(tmp_path: Path) -> None:
    with served() as (url, _), at_terminal(tmp_path, {}, "chat", "--url", url) as terminal:
        terminal.until(b"m; /help")
        terminal.until(_PROMPTS)
        terminal.type(b"Hi there\r")
        drawn = terminal.until(b"3 tokens")
        assert b"\x1b[2mThink." in drawn
        assert b"Hello." in drawn
        terminal.until(_PROMPTS)
        terminal.type(b"/model\r")
        terminal.until(b"models: *m, support")
        terminal.until(_PROMPTS)
        terminal.type(b"\x04")
        assert terminal.ended() == 0
        # Orders to the terminal are orders, and no text that shows them.
        assert b"\\x1b" not in terminal.seen


def test_what_a_model_says_gives_a_terminal_no_orders(tmp_path: Path) -> None:
    with served("orders") as (url, _), at_terminal(tmp_path, {}, "chat", "--url", url, "Hi") as terminal:
        drawn = terminal.until(b"tokens")
        assert b"\x1b]52" not in drawn
        assert b"\\x1b]52" in drawn
        assert terminal.ended() == 0


def test_a_failure_leaves_nothing_in_the_history() -> None:
    with served("cut") as (url, _):
        speaker = Speaker(f"{url}/v1")
        session = Session(speaker, "m")
        with pytest.raises(ToolMissing):
            session.ask("Hi", lambda kind, text: None)
        assert session.history == []
        speaker.close()


def test_a_stop_keeps_what_there_was() -> None:
    with served() as (url, _):
        speaker = Speaker(f"{url}/v1")
        session = Session(speaker, "m")

        def stop(kind: str, text: str) -> None:
            if text == "Hel":
                raise KeyboardInterrupt

        turn = session.ask("Hi", stop)
        assert turn.stopped
        assert session.history[-1] == {"role": "assistant", "content": "Hel"}
        assert session.ask("On", lambda kind, text: None).text == "Hello."
        speaker.close()


@pytest.mark.e2e
def test_ctrl_c_in_one_question_ends_it(tmp_path: Path) -> None:
    with served("late", slow=10) as (url, handler):
        process = subprocess.Popen(
            [KAITOPS, "chat", "--url", url, "Hi"],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ,
        )
        while not handler.asked and process.poll() is None:
            time.sleep(0.05)
        start = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=5)
        assert time.monotonic() - start < 1.5
        assert process.returncode == 130, said


def test_a_rag_engine_answers_with_sources() -> None:
    with served("rag") as (url, handler):
        handler.documents["books"] = [{"doc_id": "d0", "text": "The lamp is green."}]
        speaker = Speaker(f"{url}/v1")
        turn = Session(speaker, "any", index="books").ask("Which?", lambda kind, text: None)
        assert turn.text == "Hello."
        assert [one["doc_id"] for one in turn.sources] == ["d0"]
        speaker.close()


def test_indexes(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The lamp is green.")
    (tmp_path / "b.bin").write_bytes(b"\xff\xfe\x00")
    with served("rag") as (url, handler):
        assert run("rag", "--url", url, "index", "books", "a.txt", code=0).stdout == "index books: 1 document\n"
        assert run("rag", "--url", url, "list", "-o", "name", code=0).stdout == "books\n"
        assert "The lamp is green." in run("rag", "--url", url, "list", "books", code=0).stdout
        (found,) = json.loads(run("rag", "--url", url, "query", "books", "Which", "lamp?", "-o", "json", code=0).stdout)
        assert (found["document"], found["text"]) == ("a.txt", "The lamp is green.")
        assert run("rag", "--url", url, "delete", "books", code=0).stdout == "index books: deleted\n"
        assert "the service refuses (404): No such index" in run("rag", "--url", url, "delete", "books", code=1).stderr
        assert "nothing was indexed" in run("rag", "--url", url, "index", "books", "b.bin", code=2).stderr
        assert "nothing was indexed" in run("rag", "--url", url, "index", "books", "c", code=2).stderr
        assert "takes NAME and one of" in run("rag", "--url", url, "make", code=2).stderr
        assert handler.documents == {}


def test_what_is_no_list_is_no_empty_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The lamp is green.")
    asked = (["list"], ["list", "books"], ["query", "books", "Which?"], ["index", "books", "a.txt"])
    for words in asked:
        with served("objects for lists") as (url, _):
            done = run("rag", "--url", url, *words, code=3)
            assert (done.stdout, "answers with no list" in done.stderr) == ("", True)
        with served("fails in words") as (url, _):
            assert "the service refuses (500): Internal Server Error" in run("rag", "--url", url, *words, code=1).stderr
    with served("takes fewer") as (url, _):
        done = run("rag", "--url", url, "index", "books", "a.txt", code=1)
        assert "1 documents were sent and the service names 0" in done.stderr
    with served("takes nothing by name") as (url, _):
        assert "the service names 0" in run("rag", "--url", url, "index", "books", "a.txt", code=1).stderr
    for words in asked[:3]:
        with served("words for documents") as (url, _):
            done = run("rag", "--url", url, *words, code=3)
            assert (done.stdout, "is it a RAGEngine's?" in done.stderr) == ("", True)
    with served("no words") as (url, _):
        assert run("rag", "--url", url, "delete", "books", code=0).stdout == "index books: deleted\n"


def test_the_load_by_its_several_names() -> None:
    assert metrics.told(METRICS) == "0 running, 2 waiting, cache 25% full"
    assert metrics.told("llamacpp:requests_processing 3\n") == "3 running"
    assert metrics.told("{{{") == ""


def test_what_is_missing_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    extra.demand("chat")
    monkeypatch.setattr("kaitops.live.extra.find_spec", lambda name: None if name in ("httpx", "rich") else object())
    with pytest.raises(ToolMissing, match=r"chat: httpx, rich are not installed.*as kaitops\[live\] in the line"):
        extra.demand("chat")


@pytest.mark.parametrize("body", [{"error": {"message": "bad sk-1"}}, {"detail": "sk-1"}, {"error": ["sk-1"]}])
def test_a_key_that_the_server_repeats_is_not_shown(body: dict[str, object]) -> None:
    raw = json.dumps(body).encode()
    told = [refusals.refused(400, raw, "sk-1"), refusals.refused(400, b"no sk-1", "sk-1"), refusals.words(body, "sk-1")]
    assert all("***" in str(one) and "sk-1" not in str(one) for one in told)
    assert "sk-1" in refusals.words(body, "")


def test_the_pieces_of_both_names_of_reasoning_count_once() -> None:
    turn = Turn()
    found = list(turn.take({"reasoning": "a", "reasoning_content": "a", "content": "b"}, 0.0))
    assert [one.text for one in found] == ["a", "b"]


def test_options_may_stand_between_words() -> None:
    from kaitops.cli.parser import parse

    found = parse(["chat", "phi", "--system", "x", "Hello", "you"])
    assert (found.name, found.text, found.system) == ("phi", ["Hello", "you"], "x")
    found = parse(["connect", "phi", "--ready", "1", "--", "curl", "-s", "--", "x"])
    assert (found.name, found.command, found.ready) == ("phi", ["curl", "-s", "--", "x"], 1.0)
    found = parse(["smoke", "a", "--seconds", "3", "b"])
    assert (found.first, found.more) == ("a", ["b"])
