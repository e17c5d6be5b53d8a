"""A question to a server that speaks OpenAI's protocol, and what stands in its answer."""

import time
from collections.abc import Mapping
from typing import Any

from .shape import BROKEN, at, items, mapping
from .wire import Answer, Wire

TRIES, _PAUSE = 4, 0.5
_ASKED = "Say hello."


def ask(wire: Wire, body: Mapping[str, Any]) -> Answer:
    """A chat; where the server is busy (429) again, after a while.

    Raises:
        Trouble: there is no answer.
    """
    deadline = time.monotonic() + wire.seconds
    pause = _PAUSE
    for number in range(TRIES):
        found = wire.ask("POST", "/v1/chat/completions", body)
        if found.status != 429 or number == TRIES - 1 or time.monotonic() + pause > deadline:
            return found
        time.sleep(pause)
        pause *= 2
    raise AssertionError


def chat(model: str, **more: Any) -> dict[str, Any]:
    """The body of a chat."""
    messages = [{"role": "user", "content": _ASKED}]
    return {"model": model, "messages": messages, "max_tokens": 8, "temperature": 0, "stream": False, **more}


def message_of(data: object) -> Mapping[str, Any]:
    """The message of an answer, empty where it has none."""
    return mapping(at(data, "choices", 0, "message"))


def says(message: Mapping[str, Any]) -> bool:
    """There is content, or reasoning, whose name differs between versions."""
    return any(text_of(message.get(key)).strip() for key in ("content", "reasoning", "reasoning_content"))


def text_of(value: object) -> str:
    """Text as such, or in the parts of a message that may hold pictures as well; of anything else none."""
    if isinstance(value, str):
        return value
    return "".join(said for one in items(value) if isinstance(said := at(one, "text"), str))


def broken(data: object) -> str:
    """Why the server itself gave an answer up; empty where it did not."""
    end = at(data, "choices", 0, "finish_reason")
    return str(end) if end in BROKEN else ""


def problem(found: Answer) -> str:
    """What a refusal says, without what it was about."""
    return f"answers {found.status}" + (" (busy)" if found.status == 429 else "")
