"""One answer of a model as it comes: its pieces, why it ended, what it took."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from kaitops.documents.plain import Object, at, items, mapping

_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer.

    Attributes:
        kind: ``text`` or ``thought``.
    """

    kind: str
    text: str


@dataclass
class Turn:
    """One answer as it comes.

    Attributes:
        first: seconds until the first piece.
        model: as which the server answers; empty where it does not say.
        ended: why it ended, in the server's word.
        tokens: as the server counts them, else the pieces.
        sources: of a RAGEngine.
    """

    text: str = ""
    thought: str = ""
    first: float | None = None
    seconds: float = 0.0
    tokens: int = 0
    stopped: bool = False
    model: str = ""
    ended: str = ""
    sources: list[Object] = field(default_factory=list[Object])

    @property
    def speed(self) -> float:
        """Tokens per second after the first."""
        spent = self.seconds - (self.first or 0.0)
        return self.tokens / spent if spent > 0 else 0.0

    def take(self, delta: Object, start: float) -> Iterator[Piece]:
        """The pieces of a part of the answer, which the turn holds from then on.

        Args:
            start: when it was asked for, by the monotonic clock.
        """
        for key, kind in (("reasoning", "thought"), ("reasoning_content", "thought"), ("content", "text")):
            text = delta.get(key)
            if isinstance(text, list):
                # The form of a message that may hold pictures as well.
                text = "".join(said for one in items(text) if isinstance(said := at(one, "text"), str))
            if not isinstance(text, str) or not text:
                continue
            # Half of a sign, which some servers cut in two, can be neither shown nor sent.
            text = _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)
            if self.first is None:
                self.first = time.monotonic() - start
            self.tokens += 1
            if kind == "text":
                self.text += text
            else:
                self.thought += text
            yield Piece(kind, text)
            if key == "reasoning":
                # Both names of the same, for clients of two ages.
                delta = {**delta, "reasoning_content": ""}


def choice_of(data: object) -> Object:
    """The one choice that was asked for, whatever others a server gives beside it."""
    found = [mapping(one) for one in items(at(data, "choices"))]
    return next((one for one in found if one.get("index", 0) in (0, None)), mapping(None))


def word(value: object) -> str:
    """The value where it is text, an empty one elsewhere."""
    return value if isinstance(value, str) else ""
