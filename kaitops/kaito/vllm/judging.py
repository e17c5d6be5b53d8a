"""Judging the ``vllm`` section of an inference configuration: what the server refuses, or takes otherwise than meant.

Owns the words for the one who wrote it. The same judgement is the gate's, on a ConfigMap, and the renderer's, on a
fleet.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kaitops.documents.plain import Object
from kaitops.errors import nearest
from kaitops.kaito import facts
from kaitops.kaito.vllm import flags, together, values
from kaitops.kaito.vllm.flags import Table
from kaitops.kaito.vllm.handing import Given, Reading, Refused, Word, parsed, read, text

_OFF = frozenset({"false", "no", "off", "0", "none"})
_SAID = _OFF | {"true", "yes", "on", "1"}
_KAITOS = {"kaito-max-probe-steps": "max_probe_steps"}
_KAITOS["kaito-kv-cache-cpu-memory-utilization"] = "kv_cache_cpu_memory_utilization"
_LENGTH = "max-model-len"
_PORT, _KAITOS_PORT = "port", "5000"
_TOOLS, _OLD = "tool-call-parser", "allow-deprecated-quantization"
# What brings further names with it.
_PLUGINS = {_TOOLS: "tool-parser-plugin", "reasoning-parser": "reasoning-parser-plugin"}
_ANY_CASE = ("quantization", "load-format")


class Problem(NamedTuple):
    """What is the matter with one key of a section.

    Attributes:
        refused: the server does not start; otherwise it does and does something else than what is written.
        message: fact, consequence and remedy.
    """

    key: str
    refused: bool
    message: str


def problems(section: Object, table: Table) -> list[Problem]:
    """What is wrong with a section, one thing a key, in the order of its keys."""
    reading = read(section, table)
    # One mistake may have several consequences; of each key the first is told, and a refusal before what else there is.
    found: dict[str, Problem] = {}
    for one in (
        *_refused(reading, table), *_wrong(reading), *_named(reading, table), *_left(reading, section, table),
        *_apart(reading),
    ):  # fmt: skip
        if one.key not in found or (one.refused and not found[one.key].refused):
            found[one.key] = one
    return [found[key] for key in section if key in found]


def overridden(section: Object, table: Table) -> Iterator[Problem]:
    """Flags of a section that KAITO has set already: the server takes the later one, which is the section's."""
    for given in read(section, table).given:
        name = given.flag.name
        if name in table.own:
            yield Problem(
                given.key, False,
                f"overrides what KAITO sets from {table.own[name]}, and nothing else of KAITO follows it; drop it",
            )  # fmt: skip


def told(words: Sequence[str], table: Table, *, by_kaito: bool) -> Iterator[str]:
    """What is wrong with the words that a server is started with: flags that there are not, and values they refuse.

    Short names are passed over, with their values, and so is what a variable gives.

    Args:
        by_kaito: its script starts the server.
    """
    known: list[Word] = []
    is_short = False
    for word in words:
        if (name := word.removeprefix("-").partition("=")[0]) != word and len(name) > 2 and table.get(name) is not None:
            yield f"{word[:80]}: has one dash, so the server does not start; write -{word[:80]}"
        is_short = (word.startswith("-") and not word.startswith("--")) or (is_short and not word.startswith("-"))
        known += [] if is_short else [Word(word, word.partition("=")[0])]
    reading = parsed(known, table)
    for one in reading.refused:
        if "$" not in one.key:
            yield f"{one.key[:80]}: {_why(one, table)}"
    for one in _named(reading, table):
        yield f"{one.key[:80]}: {one.message}"
    yield from (f"{key[:80]}: {wrong}" for key, wrong in together.problems(reading, by_kaito=by_kaito))
    yield from _loose(reading, table)
    for given in reading.given:
        if given.value is not None and "$" not in given.value and (wrong := _unfit(given)):
            yield f"{given.key[:80]}: {wrong}"


def _unfit(given: Given) -> str:
    """Why the server does not take the value of a flag; empty where it does."""
    # What another value replaces must be JSON, and of what shape nobody looks.
    loose = given.lost and given.flag.type == "json"
    try:
        values.check(given.flag._replace(shape="", entries="", keys=None) if loose else given.flag, given.value or "")
    except values.Wrong as wrong:
        fact, _, remedy = str(wrong).partition("; ")
        return f"{fact}, so the server does not start; {remedy}"
    return ""


def _refused(reading: Reading, table: Table) -> Iterator[Problem]:
    for one in reading.refused:
        yield Problem(one.key, True, _why(one, table))


def _why(one: Refused, table: Table) -> str:
    name = one.name.replace("_", "-")
    if one.kind == "ambiguous":
        known = ", ".join(sorted(table.completions(name))[:4])
        return f"is the start of several flags, so the server does not start; write one of {known}, ..."
    if one.kind == "missing":
        return (
            "has no value that could not be a flag, so the server does not start; write a value that has no dash first"
        )
    if one.kind == "explicit":
        return "takes no value, so the server does not start; drop what follows '='"
    if name in _KAITOS:
        return f"is KAITO's and not vLLM's, so the server does not start; write {_KAITOS[name]} beside 'vllm'"
    near = table.near(name)
    hint = f"nearest: {', '.join(near)}" if near else "drop it"
    return f"is no flag of vLLM {table.version}, so the server does not start; {hint}"


def _wrong(reading: Reading) -> Iterator[Problem]:
    for given in reading.given:
        if given.value is not None and (wrong := _unfit(given)):
            yield Problem(given.key, True, wrong)
            continue
        if given.flag.name == _PORT and given.value != _KAITOS_PORT:
            text = (
                "moves the server away from the port that KAITO's Service and probes use, so nobody reaches it; drop it"
            )
            yield Problem(given.key, False, text)
        if given.flag.name == _LENGTH and given.key != _LENGTH:
            text = f"is not seen by KAITO, which counts nodes as for 2048 tokens; write {_LENGTH}"
            yield Problem(given.key, False, text)
        if given.lost:
            remedy = f"write {given.flag.name}.KEY for each"
            yield Problem(
                given.key, False, f"is lost: a part of the same flag is read after it and replaces it; {remedy}"
            )


def _named(reading: Reading, table: Table) -> Iterator[Problem]:
    """Names of parts that vLLM does not have: its parser takes any text, and the server ends on it later.

    Told are slips, and names of other releases. What else there may be an image of one's own may bring with it.
    """
    told = {given.flag.name for given in reading.given}
    for given in reading.given:
        name, known = given.flag.name, table.named.get(given.flag.name)
        if known is None or given.value in (None, "", "None") or _PLUGINS.get(name) in told:
            continue
        value = given.value.lower() if name in _ANY_CASE else given.value
        start = "a server with enable-auto-tool-choice" if name == _TOOLS else "the server"
        if value not in known:
            # A name without its form, as llama3 of llama3_json, is none and no plugin's.
            near = nearest(value, known, 2, 0.75) or [one for one in known if one.startswith(f"{value}_")][:2]
            hint = f"nearest: {', '.join(near)}" if near else f"write one of {', '.join(known)}"
            text = f"is no {name} of vLLM {table.version}, so {start} does not start; {hint}"
            if near or any(value in one.named[name] for one in _tables()):
                yield Problem(given.key, False, text)
        elif value in table.deprecated.get(name, ()) and _OLD not in told:
            text = f"is a {name} that vLLM {table.version} gives up, so the server does not start; take another one"
            yield Problem(given.key, False, f"{text}, or add '{_OLD}: --{_OLD}'")


def _apart(reading: Reading) -> Iterator[Problem]:
    yield from (Problem(key, True, wrong) for key, wrong in together.problems(reading, by_kaito=True))


def _loose(reading: Reading, table: Table) -> Iterator[str]:
    """Words of no flag, which were meant as one or as its value: the server takes them for the name of a model."""
    for word in reading.left:
        name, blank, rest = word.text.partition(" ")
        shown = word.text[:80]
        if blank and name.startswith("--") and table.get(name.removeprefix("--").partition("=")[0]) is not None:
            text = "is one word, which the server takes for the name of a model, so it does not start"
            yield f"{shown}: {text}; write {name} and {rest.strip()[:80]!r} as two"
        elif word.text.strip().lower() in _SAID:
            text = "stands behind a flag that takes no value, and the server takes it for the name of a model, so it"
            yield f"{shown}: {text} does not start; drop it"


def _tables() -> list[Table]:
    return [found for version in facts.versions() if (found := flags.table(version)) is not None]


def _left(reading: Reading, section: Object, table: Table) -> Iterator[Problem]:
    """Words behind flags that take none."""
    by_key = {given.key: given for given in reading.given if given.flag.takes_no_value}
    for place, word in enumerate(reading.left):
        given = by_key.get(word.key)
        if given is None:
            if place:
                yield Problem(word.key, True, f"leaves {word.text!r} over, which the server refuses; correct it")
            continue
        turned = word.text.strip().lower() in _OFF
        if turned:
            yield Problem(
                word.key,
                place > 0,
                f"{_turned(given, text(section[word.key]))}; write {_form(given, on=given.negated)}",
            )
        elif place:
            yield Problem(
                word.key, True,
                f"takes no value, and the server refuses the second word that is left over, {word.text!r}, so it does "
                f"not start; write {_form(given, on=not given.negated)}",
            )  # fmt: skip


def _turned(given: Given, word: str) -> str:
    does = "off" if given.negated else "on"
    return f"is turned {does} by this, as the flag takes no value and {word} is not looked at"


def _form(given: Given, *, on: bool) -> str:
    name = given.flag.name if on else f"no-{given.flag.name}"
    if given.flag.type == "bare" and not on:
        return "nothing: it is off unless it is there"
    return f"'{name}: --{name}'"
