"""Texts on which readers of YAML may part: a fixed number of them for a seed, from a grammar and from small damage."""

import json
import random
from collections.abc import Iterator

_WORDS = [
    "a",
    "b",
    "name",
    "kind",
    "x-y",
    "a.b/c",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "Y",
    "N",
    "Yes",
    "NO",
    "On",
    "OFF",
    "true",
    "false",
    "True",
    "TRUE",
    "null",
    "Null",
    "NULL",
    "~",
    "=",
    "<<",
    ".",
    "..",
    "...",
    "-",
    "--",
    "---",
    "--x",
    "-1",
    "0",
    "00",
    "01",
    "007",
    "08",
    "09",
    "0o17",
    "0O7",
    "0x1F",
    "0X1F",
    "0xg",
    "0b11",
    "0B1",
    "0b2",
    "1_000",
    "1_000.5",
    "_1",
    "1_",
    "1e3",
    "1E3",
    "1e+3",
    "1e",
    "1e400",
    "-1e-400",
    "1.5",
    ".5",
    "5.",
    "+1",
    "+.5",
    "-.5",
    ".inf",
    "-.inf",
    "+.inf",
    ".iNF",
    ".nan",
    ".nAn",
    ".NaN",
    "12:30",
    "1:2:3",
    "190:20:30",
    "2024-01-01",
    "2024-1-1",
    "2024-01-01T10:00:00Z",
    "2024-13-45",
    "2024-01-01t10:00:00+01:00",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "123456789012345678901234567890",
    "0.1",
    "1.0",
    "-0",
    "-0.0",
    "+0",
    "1.10",
    "1.2.3",
    "1,000",
    "0x",
    "0b",
    "0o",
    "http://x:80/y",
    "a:b",
    ":a",
    "a:",
    "a::",
    "#a",
    "a#b",
    "@x",
    "`x",
    "%x",
    "!x",
    "&x",
    "*x",
    "|x",
    ">x",
    "?x",
    "-x",
    "[x",
    "{x",
    ",x",
    "]x",
    "}x",
    "'x",
    '"x',
    "a,b",
    "a[b",
    "a]b",
    "a{b",
    "a}b",
    "é",
    "日本",
    "💥",
    "\xa0",
    "\u2028",
    "\x85",
    "\ufeff",
    "\u200b",
    "1\xa0",
    "A\tb",
]
_ESCAPES = ("\\n", "\\t", "\\/", "\\\\", '\\"', "\\x41", "\\u0041", "\\u00e9", "\\ud83d\\ude00", "\\U0001F600", "\\0", "\\e", "\\_",
            "\\N", "\\L", "\\P", "\\ ", "\\\n", "\\q", "\\a")  # fmt: skip
_TAGS = ("!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq", "!!binary", "!!timestamp", "!!merge", "!!set", "!!omap",
         "!", "!x", "!<tag:yaml.org,2002:str>", "!<tag:yaml.org,2002:int>", "!!")  # fmt: skip
_BETWEEN = ("---\n", "---\n---\n", "--- # x\n", "---x\n", "--- x\n", "--- {a: 1}\n", "--- |\n x\n", "---\t\n", "...\n", "...\n---\n", "... # x\n",
            "%YAML 1.1\n---\n", "%TAG ! x\n---\n", "# x\n", "\n", "   \n", "\t\n", "---#x\n", "\r\n---\r\n", "--- !!map\n", "----\n", "--\n")  # fmt: skip
_DAMAGE = " \t\n\r:-#&*!|>'\"%@`{}[],?~0123456789abyn\\/<=._+\u0085\u2028\ufeff\u00a0é💥\0\x07"


def texts(count: int, seed: int) -> Iterator[str]:
    """As many texts."""
    source = random.Random(seed)
    for _ in range(count):
        text = (
            _stream(source)
            if source.random() < 0.9
            else json.dumps(_plain(source, 3), ensure_ascii=source.random() < 0.5)
        )
        if source.random() < 0.3:
            text = _damaged(text, source)
        yield text


def _stream(source: random.Random) -> str:
    if source.random() < 0.7:
        return _mapping(source, 0, 0)
    parts = [_mapping(source, 0, 1) for _ in range(source.randint(1, 3))]
    text = source.choice(("", "", source.choice(_BETWEEN))) + parts[0]
    for part in parts[1:]:
        text += source.choice(("---\n", source.choice(_BETWEEN))) + part
    return text + source.choice(("", "", "", source.choice(_BETWEEN)))


def _mapping(source: random.Random, indent: int, depth: int) -> str:
    pad = " " * indent
    lines: list[str] = []
    for _ in range(source.randint(1, 3)):
        lines.append(f"{pad}{_key(source)}:{_value(source, indent, depth)}")
    return "\n".join(lines) + "\n"


def _key(source: random.Random) -> str:
    chance = source.random()
    if chance < 0.88:
        return source.choice("abcdefgh") + source.choice("abcdefgh")
    if chance < 0.9:
        return "<<"
    if chance < 0.93:
        return source.choice(("? a\n", "&k a", "*v", '"<<"', "'<<'", "!!str a", "!!merge <<", "? [a]\n", "? "))
    return _scalar(source)


def _value(source: random.Random, indent: int, depth: int) -> str:
    chance = source.random()
    before = " "
    if source.random() < 0.03:
        before += source.choice(_TAGS) + " "
    if source.random() < 0.05:
        before += source.choice(("&v ", "&w ", "&v"))
    after = source.choice(("", "", "", "", "", "", " # x", source.choice(("#x", " ", "\t", " #", "\t# x"))))
    if chance < 0.03:
        return source.choice((" *v", " *w", " *v ", " [*v, *w]")) + after
    if chance < 0.2 and depth < 3:
        return before + _flow(source, depth) + after
    if chance < 0.35 and depth < 3:
        return (
            before.rstrip(" ")
            + "\n"
            + _mapping(source, indent + source.choice((1, 2, 2, 2, 4)), depth + 1).rstrip("\n")
        )
    if chance < 0.45 and depth < 3:
        return before.rstrip(" ") + "\n" + _sequence(source, indent + source.choice((0, 0, 2)), depth + 1)
    if chance < 0.55:
        return before + _block(source, indent)
    if chance < 0.6:
        return after
    return before + _scalar(source) + after


def _sequence(source: random.Random, indent: int, depth: int) -> str:
    pad = " " * indent
    lines: list[str] = []
    for _ in range(source.randint(1, 3)):
        chance = source.random()
        if chance < 0.3:
            lines.append(f"{pad}- {_mapping(source, indent + 2, depth).strip()}")
        elif chance < 0.4:
            lines.append(f"{pad}-")
        else:
            lines.append(f"{pad}-{_value(source, indent, depth + 1)}")
    return "\n".join(lines)


def _block(source: random.Random, indent: int) -> str:
    head = source.choice("|>") + source.choice(
        ("", "", "", "-", "+", source.choice(("2", "1-", "-2", "9", "0", " # x", "#x")))
    )
    pad = " " * (indent + source.choice((1, 2, 2, 4)))
    lines = [
        source.choice((pad, pad, pad, pad, pad + " ", "", source.choice(("\t", pad[:-1])))) + source.choice(_WORDS)
        for _ in range(source.randint(0, 4))
    ]
    return head + "\n" + "\n".join(lines)


def _flow(source: random.Random, depth: int) -> str:
    entries = [_flow_entry(source, depth) for _ in range(source.randint(0, 3))]
    gap = source.choice((", ", ", ", ",", " , ", ",\n  ", ", # x\n  "))
    if source.random() < 0.5:
        return "[" + gap.join(entries) + source.choice(("", "", ",", " ")) + "]"
    pairs = [f"{_key(source)}{source.choice((': ', ': ', ':', ' : '))}{entry}" for entry in entries]
    if source.random() < 0.1:
        pairs.append(_key(source))
    return "{" + gap.join(pairs) + source.choice(("", "", ",", " ")) + "}"


def _flow_entry(source: random.Random, depth: int) -> str:
    chance = source.random()
    if chance < 0.2 and depth < 3:
        return _flow(source, depth + 1)
    if chance < 0.28:
        return f"{_scalar(source)}: {_scalar(source)}"
    return source.choice(("", "", "", "!!str ", "&v ", "")) + source.choice(
        (_scalar(source), _scalar(source), "*v", "")
    )


def _scalar(source: random.Random) -> str:
    chance = source.random()
    if chance < 0.45:
        return source.choice(("a", "b", "name", "x-y", "1", "17", "1.5", "true", "a.b/c", "a: b"[:1], "v1", "null"))
    if chance < 0.65:
        return source.choice(_WORDS)
    words = [source.choice(_WORDS) for _ in range(source.randint(1, 3))]
    gap = source.choice((" ", " ", "  ", "\n  ", "\n\n  ", " \n ", "\n", "\t"))
    if chance < 0.7:
        return gap.join(words)
    if chance < 0.85:
        return '"' + gap.join(source.choice((word.replace('"', ""), source.choice(_ESCAPES))) for word in words) + '"'
    return "'" + gap.join(word.replace("'", "''") for word in words) + "'"


def _plain(source: random.Random, depth: int) -> object:
    chance = source.random()
    if depth and chance < 0.4:
        return {source.choice(_WORDS): _plain(source, depth - 1) for _ in range(source.randint(1, 3))}
    if depth and chance < 0.55:
        return [_plain(source, depth - 1) for _ in range(source.randint(0, 3))]
    return source.choice((1, -1, 0, 1.5, 1e20, 2**63, 2**64, -(2**63), True, None, *source.choices(_WORDS, k=6)))


def _damaged(text: str, source: random.Random) -> str:
    for _ in range(source.randint(1, 3)):
        place = source.randint(0, len(text))
        width = source.choice((0, 0, 1, 1, 2))
        text = text[:place] + source.choice(("", *_DAMAGE)) + text[place + width :]
    return text
