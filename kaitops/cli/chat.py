"""``kaitops chat``: talk to a model."""

import argparse
import sys

from kaitops.cli import calling, output
from kaitops.errors import BadInput
from kaitops.live import extra
from kaitops.report import printable

_MOST = 4 * 1024 * 1024
_LONGEST = 3600


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = "exit codes: 0 ok, 2 bad input, 3 no answer; without TEXT and with a terminal it is a conversation"
    calling.add(parser)
    parser.add_argument("text", nargs="*", metavar="TEXT", help="ask this and end; - reads standard input")
    parser.add_argument("--model", metavar="ID", help="model or adapter (default: the first that is served)")
    parser.add_argument("--system", default="", metavar="TEXT", help="system prompt")
    parser.add_argument(
        "--index", default="", metavar="NAME", help="of a RAGEngine: answer from this index, with sources"
    )
    parser.add_argument("--max-tokens", type=int, metavar="N", help="longest answer")
    parser.add_argument("--temperature", type=float, metavar="T")
    parser.add_argument("--seconds", type=float, metavar="N", help="that the server may say nothing (default: 120)")
    parser.add_argument("--thoughts", action="store_true", help="show reasoning whole, not folded")
    parser.add_argument("--json", action="store_true", help="print the answer with its figures as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Ask once, or converse."""
    extra.demand("chat")
    name, words = arguments.name, list(arguments.text)
    if arguments.url and name:
        name, words = None, [name, *words]
    if arguments.seconds is not None and not 0 < arguments.seconds <= _LONGEST:
        raise BadInput(f"--seconds: is a positive number up to {_LONGEST}")
    text = _text(words)
    calling.require_text(text or "", arguments.system, arguments.model or "", arguments.index)
    with calling.way(arguments, name) as way:
        from contextlib import closing

        from kaitops.live.talk.session import Session, converse
        from kaitops.live.talk.speaking import SILENT, Speaker
        from kaitops.smoke.wire import Wire

        with closing(Speaker(Wire(way.url).base, way.key, arguments.seconds or SILENT)) as speaker:
            is_rag = bool(arguments.index) or (way.view is not None and way.view.kind == "RAGEngine")
            more = {"max_tokens": arguments.max_tokens, "temperature": arguments.temperature}
            session = Session(
                speaker,
                arguments.model or _first(speaker, is_rag),
                arguments.system,
                arguments.index,
                arguments.thoughts,
                {key: value for key, value in more.items() if value is not None},
            )
            if text is None:
                converse(session, arguments.thoughts)
                return 0
            return _once(session, text, arguments)


def _text(words: list[str]) -> str | None:
    """What is asked; None for a conversation."""
    if words and words != ["-"]:
        return " ".join(words)
    if not words and sys.stdin.isatty():
        return None
    from kaitops.documents import text as texts

    raw = sys.stdin.buffer.read(_MOST + 1) if sys.stdin else b""
    text = texts.decode(raw, "chat: standard input") if len(raw) <= _MOST else ""
    if not text.strip():
        raise BadInput("chat: standard input holds nothing, or more than 4 MiB, so there is nothing to ask; give TEXT")
    return text


def _first(speaker: object, is_rag: bool) -> str:
    from kaitops.live.talk.speaking import Speaker

    assert isinstance(speaker, Speaker)  # noqa: S101 - for the type alone
    if is_rag:
        # A RAGEngine lists no models, and passes the name on.
        return "default"
    names = speaker.models()
    if not names:
        raise BadInput("chat: the server lists no model; name one by --model")
    return names[0]


def _once(session: object, text: str, arguments: argparse.Namespace) -> int:
    from kaitops.live.talk.session import Screen, Session, notes

    assert isinstance(session, Session)  # noqa: S101 - for the type alone
    if arguments.json:
        turn = session.ask(text, lambda kind, piece: None)
        told = {
            "model": session.model,
            "text": turn.text,
            "reasoning": turn.thought,
            "tokens": turn.tokens,
            "secondsToFirst": turn.first,
            "seconds": turn.seconds,
            "tokensPerSecond": turn.speed,
            "stopped": turn.stopped,
            "ended": turn.ended,
            "sources": [dict(one) for one in turn.sources],
        }
        print(printable.as_json(told, indent=2))
        for text in notes(turn, session):
            output.note(text)
    else:
        screen = Screen(arguments.thoughts)
        turn = session.ask(text, screen.show)
        screen.end(turn, session)
    if turn.stopped:
        raise KeyboardInterrupt("the answer was stopped")
    if not turn.text and not turn.thought:
        output.note("the model said nothing")
    return 0
