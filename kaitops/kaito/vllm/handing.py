"""What becomes of a ``vllm`` section on its way to the server: from keys to words, from words to flags.

KAITO writes each entry as two words, ``--key`` and the value as text, behind its own flags; vLLM's parser then joins
dashes, gathers dotted names and hands the rest to Python's argument parser. Source: KAITO's
``presets/workspace/inference/vllm/inference_api.py`` and vLLM's ``vllm/utils/argparse_utils.py``. A flag that takes no
value leaves the text behind it over: the server swallows one such word as the name of a model that it does not use, and
refuses the second.
"""

import json
import re
from collections.abc import Collection
from typing import NamedTuple, cast

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito.vllm.flags import Flag, Table

_NEGATIVE = re.compile(r"^-\d+$|^-\d*\.\d+$")
_HELP = "help"


class Word(NamedTuple):
    """A word of the command line and the key that it is of."""

    text: str
    key: str


class Given(NamedTuple):
    """A flag as the server reads it.

    Attributes:
        value: None where the flag takes none.
        lost: the server does not look at it: a part of the same flag comes later.
    """

    flag: Flag
    key: str
    value: str | None
    negated: bool = False
    lost: bool = False


class Refused(NamedTuple):
    """A word that the parser does not take: ``unknown``, ``ambiguous``, ``missing`` (no value), ``explicit``."""

    key: str
    kind: str
    name: str


class Reading(NamedTuple):
    """What the parser makes of the words.

    Attributes:
        left: words that are of no flag, in order; the parser refuses all but the first.
    """

    given: list[Given]
    refused: list[Refused]
    left: list[Word]


def text(value: object) -> str:
    """A value of the section as KAITO hands it on."""
    return str(value)


def read(section: Object, table: Table) -> Reading:
    """Read a section as the server does."""
    words = [word for key, value in section.items() for word in (Word(f"--{key}", key), Word(text(value), key))]
    return parsed(words, table)


def parsed(words: list[Word], table: Table) -> Reading:
    """Read the words of a command line as the server does."""
    reading = Reading([], [], [])
    plain, gathered = _gathered([Word(_joined(word.text), word.key) for word in words], reading)
    later = {word.text.removeprefix("--") for word in gathered[::2]} | table.parts
    _parse(plain, table, reading, later)
    _parse(gathered, table, reading, frozenset())
    return reading


def _joined(word: str) -> str:
    """Underscores become dashes in the name, up to a dot."""
    if not word.startswith("--"):
        return word
    name, equals, value = word.partition("=")
    head, dot, rest = name.partition(".")
    return f"{head.replace('_', '-')}{dot}{rest}{equals}{value}"


def _gathered(words: list[Word], reading: Reading) -> tuple[list[Word], list[Word]]:
    """The words without dotted names, and those as one JSON value for each flag, which the server reads last."""
    plain: list[Word] = []
    parts: dict[str, tuple[MutableObject, str]] = {}
    rest = iter(words)
    for word in rest:
        name, equals, value = word.text.partition("=")
        if not word.text.startswith("-") or "." not in name:
            plain.append(word)
            continue
        if not equals:
            following = next(rest, None)
            if following is None:
                reading.refused.append(Refused(word.key, "missing", name.lstrip("-")))
                break
            value = following.text
        if name.endswith("+"):
            name, value = name[:-1], json.dumps(value.split(","))
        head, *steps = name.split(".")
        whole, _ = parts.setdefault(head, ({}, word.key))
        _merge(whole, steps, _plain_value(value))
    return plain, [Word(part, key) for head, (whole, key) in parts.items() for part in (head, json.dumps(whole))]


def _plain_value(value: str) -> object:
    try:
        return json.loads(value)
    except ValueError:
        return value


def _merge(whole: MutableObject, steps: list[str], value: object) -> None:
    for step in steps[:-1]:
        inner = whole.get(step)
        if not isinstance(inner, dict):
            inner = whole[step] = {}
        whole = cast("MutableObject", inner)
    whole[steps[-1]] = value


def _parse(words: list[Word], table: Table, reading: Reading, later: Collection[str]) -> None:
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if not _is_option(word.text, table):
            reading.left.append(word)
            continue
        name, equals, explicit = word.text.removeprefix("--").partition("=")
        found = _resolved(name, table) if word.text.startswith("--") else []
        if len(found) != 1 or found[0] == _HELP:
            reading.refused.append(Refused(word.key, "ambiguous" if len(found) > 1 else "unknown", name))
            # What follows is its value to whoever wrote it, and one mistake is one finding.
            if place < len(words) and words[place].key == word.key:
                place += 1
            continue
        flag = cast("Flag", table.get(found[0]))
        lost = flag.name in later
        if flag.takes_no_value:
            if equals:
                reading.refused.append(Refused(word.key, "explicit", name))
            else:
                reading.given.append(Given(flag, word.key, None, table.is_negated(found[0]), lost))
        elif equals:
            reading.given.append(Given(flag, word.key, explicit, lost=lost))
        elif place < len(words) and not _is_option(words[place].text, table):
            reading.given.append(Given(flag, word.key, words[place].text, lost=lost))
            place += 1
        else:
            reading.refused.append(Refused(word.key, "missing", name))


def _resolved(name: str, table: Table) -> list[str]:
    """Names that a written one stands for: itself, else all that it is the start of."""
    if table.get(name) is not None or name == _HELP:
        return [name]
    return table.completions(name) + ([_HELP] if _HELP.startswith(name) else [])


def _is_option(word: str, table: Table) -> bool:
    """Whether Python's parser takes a word for the name of a flag rather than for a value, as it does a dash."""
    if len(word) < 2 or not word.startswith("-"):
        return False
    if word.startswith("--") and _resolved(word[2:].partition("=")[0], table):
        return True
    return not _NEGATIVE.match(word) and " " not in word
