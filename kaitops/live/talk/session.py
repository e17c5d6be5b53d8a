"""A chat with its history: what a person types, what the model answers, and the commands between."""

import json
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import TextIO, cast

from kaitops.documents.plain import MutableObject, Object
from kaitops.errors import KaitopsError
from kaitops.live.talk.speaking import Speaker
from kaitops.live.talk.turn import Turn
from kaitops.report import printable

HELP = """\
/model [ID]     ask another model or adapter; without ID lists them
/system [TEXT]  set the system prompt; without TEXT shows it
/index [NAME]   of a RAGEngine: answer from this index
/clear          forget the conversation
/save FILE      write it as JSON
/help  /quit    Ctrl-C stops an answer, Ctrl-D leaves"""
_FOLDED = 200


@dataclass
class Session:
    """One conversation.

    Attributes:
        thoughts: reasoning is shown whole, not folded.
        more: further keys of each request.
    """

    speaker: Speaker
    model: str
    system: str = ""
    index: str = ""
    thoughts: bool = False
    more: Object = field(default_factory=MutableObject)
    history: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def ask(self, text: str, show: Callable[[str, str], object]) -> Turn:
        """Ask once; an answer that was stopped or is whole stays in the history, any other leaves none behind.

        Args:
            show: given kind and text of each piece.

        Raises:
            KaitopsError: there is no answer.
        """
        messages = [{"role": "user", "content": text}]
        head = [{"role": "system", "content": self.system}] if self.system else []
        body = {"model": self.model, **self.more, **({"index_name": self.index} if self.index else {})}
        turn = Turn()
        with closing(self.speaker.say([*head, *self.history, *messages], turn, **body)) as pieces:
            try:
                for piece in pieces:
                    show(piece.kind, piece.text)
            except KeyboardInterrupt:
                turn.stopped = True
        if turn.text:
            self.history += [*messages, {"role": "assistant", "content": turn.text}]
        return turn

    def command(self, line: str) -> str | None:
        """Carry out a line that begins with a slash; what to print, None to leave."""
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if word in ("/quit", "/exit"):
            return None
        if word == "/clear":
            self.history.clear()
            return "forgotten"
        if word == "/system":
            self.system = rest or self.system
            return f"system prompt: {self.system or 'none'}"
        if word == "/index":
            self.index = rest
            return f"index: {self.index or 'none'}"
        if word == "/model":
            return self._model(rest)
        if word == "/save":
            return self._save(rest)
        return HELP

    def _model(self, name: str) -> str:
        try:
            names = self.speaker.models()
        except KaitopsError as error:
            return str(error)
        if name and name in names:
            self.model = name
            return f"model: {name}"
        return "models: " + ", ".join(f"*{one}" if one == self.model else one for one in names)

    def _save(self, path: str) -> str:
        if not path:
            return "/save FILE: name the file"
        head = [{"role": "system", "content": self.system}] if self.system else []
        try:
            with open(path, "x", encoding="utf-8") as file:
                json.dump({"model": self.model, "messages": [*head, *self.history]}, file, indent=1, ensure_ascii=False)
        except OSError as error:
            return f"{path}: {error.strerror}; nothing is written"
        return f"{path}: written"


_ENDS = {
    "length": "the answer is cut: it is as long as --max-tokens or the model's context allows",
    "content_filter": "a filter of the server withheld the answer or its rest",
    "tool_calls": "the model called a tool, which nobody here answers",
}


def notes(turn: Turn, session: Session) -> list[str]:
    """What one has to know of an answer beside its text."""
    found = [_ENDS[turn.ended]] if turn.ended in _ENDS else []
    # A RAGEngine passes any name on.
    if turn.model and turn.model != session.model and not session.index and session.model != "default":
        found.append(f"answered as {printable.name(turn.model)}, asked was {printable.name(session.model)}")
    return found


class _Terminal:
    """Standard output for libraries that draw: their orders to the terminal are meant. Words of models come clean."""

    @property
    def encoding(self) -> str:
        """How signs become bytes."""
        return sys.stdout.encoding

    def write(self, text: str) -> int:
        """Write as it is."""
        getattr(sys.stdout, "plain", sys.stdout.write)(text)
        return len(text)

    def flush(self) -> None:
        """Hand on what is held back."""
        sys.stdout.flush()

    def isatty(self) -> bool:
        """A person reads it."""
        return sys.stdout.isatty()

    def fileno(self) -> int:
        """The descriptor below."""
        return sys.stdout.fileno()


class Screen:
    """Shows an answer as it comes, its reasoning folded to its beginning."""

    def __init__(self, thoughts: bool) -> None:
        from rich.console import Console

        self._whole = thoughts
        drawn = cast("TextIO", _Terminal())
        self._console = Console(file=drawn, highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._thought = 0
        self._kind = ""

    def show(self, kind: str, text: str) -> None:
        """One piece."""
        clean = printable.lines(text)
        if kind == "thought" and not self._whole:
            room = _FOLDED - self._thought
            self._thought += len(clean)
            clean = clean[: max(room, 0)].replace("\n", " ")
        if kind == "text" and self._kind == "thought":
            folded = self._thought > _FOLDED and not self._whole
            self._write(f"... ({self._thought} characters of reasoning)\n" if folded else "\n", "thought")
        self._kind = kind
        self._write(clean, kind)

    def end(self, turn: Turn, session: Session) -> None:
        """After an answer."""
        self._write("\n", "text")
        first = f", first after {turn.first:.2f} s" if turn.first is not None else ""
        stopped = "stopped, " if turn.stopped else ""
        for number, source in enumerate(turn.sources, 1):
            score = source.get("score")
            told = f" ({score:.2f})" if isinstance(score, int | float) else ""
            self._write(
                printable.lines(f"[{number}] {source.get('doc_id', '')}{told}: {str(source.get('text', ''))[:100]}\n"),
                "thought",
            )
        for note in notes(turn, session):
            print(note, file=sys.stderr)
        print(f"{stopped}{turn.tokens} tokens, {turn.speed:.1f} per second{first}", file=sys.stderr)
        self._kind, self._thought = "", 0

    def _write(self, text: str, kind: str) -> None:
        if text:
            self._console.print(text, end="", style="dim" if kind == "thought" else None)
            sys.stdout.flush()


def converse(session: Session, thoughts: bool) -> None:
    """Ask what a person types until they leave."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import InMemoryHistory
    from prompt_toolkit.output import create_output

    drawn = create_output(stdout=cast("TextIO", _Terminal()))
    prompt: PromptSession[str] = PromptSession(history=InMemoryHistory(), output=drawn)
    print(f"{session.model}; /help", file=sys.stderr)
    while True:
        try:
            line = prompt.prompt("> ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if not line:
            continue
        if line.startswith("/"):
            said = session.command(line)
            if said is None:
                return
            print(said)
            continue
        screen = Screen(thoughts)
        try:
            turn = session.ask(line, screen.show)
        except KaitopsError as error:
            print(f"\nno answer: {error}", file=sys.stderr)
            continue
        screen.end(turn, session)
