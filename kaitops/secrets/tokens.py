"""Finding what looks like a secret in a text, without ever repeating it.

A finding carries the kind and the length of the value, never the value. What is hidden is looked for as well: with
signs of no width in between, cut into lines, in base64, in hexadecimal digits and with escapes in it. Certificates,
digests, commits and names are no secrets.
"""

import re
from binascii import Error as NotBase64
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from kaitops.documents import visible
from kaitops.secrets import spellings
from kaitops.secrets.token_kinds import KINDS

# What a shorter text holds is judged by its name, if at all.
_SHORTEST = 12
_RUN = re.compile(r"(?<![A-Za-z0-9+/._-])[A-Za-z0-9+/]{32,}={0,2}(?![A-Za-z0-9+/._-])", re.ASCII)
_LONGEST_KEY = 128
_CLASSES = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"))
# Random signs change between small, large and digit at two of three steps, words and paths seldom.
_CHANGES = r"(?<=[a-z])[A-Z0-9+/]|(?<=[A-Z])[a-z0-9+/]|(?<=[0-9])[A-Za-z+/]|(?<=[+/])[A-Za-z0-9]"
_RANDOM = 0.42
_PUBLIC = (
    r"-----BEGIN (?:[A-Z0-9 ]{0,20}CERTIFICATE(?: REQUEST)?|[A-Z0-9 ]{0,10}PUBLIC KEY)-----[A-Za-z0-9+/=\s\\]*-----END"
)
_HIDDEN = f"(?![\n\r\t ])[{visible.HIDDEN}]+"
# Where a value is cut: an end of a line, a text that goes on in the next one.
_CUT = re.compile(r"\\?[ \t]{0,64}\r?\n\s{0,400}|[\"'][ \t]{0,8}\+?[ \t]{0,8}[\"']")
_AT_CUTS = dict.fromkeys(map(ord, " \t\r\n\f\v\\\"'+"))
# What follows looks for no shorter one without a break.
_RUN_OF = 16
_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/_-]{16,}\s{0,64}\n\s{0,64})*[A-Za-z0-9+/_-]{16,}={0,2}", re.ASCII
)
_AUTH = r"\"auth\"\s{0,8}:\s{0,8}\"([A-Za-z0-9+/]{6,}={0,2})\""
_BASIC = r"(?i)(?<![A-Za-z0-9])Basic[ \t]{1,8}([A-Za-z0-9+/]{6,}={0,2})"
_USER = r"://[^/\s:@\"']{0,256}:([^/\s:@\"']+)@"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}\Z")
_DEEPEST = 2
_SHORT = 256
_MOST_DECODED = 256 * 1024


class Token(NamedTuple):
    """Something that looks like a secret."""

    kind: str
    length: int
    offset: int


def find(text: str) -> list[Token]:
    """All places in a text that look like a secret value, in order."""
    return list(_in(text))


def _in(text: str) -> Sequence[Token]:
    if len(text) < _SHORTEST:
        return ()
    return _remembered(text) if len(text) <= _SHORT else _ordered(_found(text, 0))


@lru_cache(maxsize=16384)
def _remembered(text: str) -> tuple[Token, ...]:
    """Keys, sizes and labels are the same in most objects of a tree."""
    return tuple(_ordered(_found(text, 0)))


def without(text: str) -> str:
    """The text with kind and length in the place of whatever looks like a secret value."""
    for token in reversed(find(text)):
        end = token.offset + token.length
        text = f"{text[: token.offset]}<{token.kind}, {token.length} characters>{text[end:]}"
    return text


def _ordered(found: Iterator[Token]) -> list[Token]:
    ordered: list[Token] = []
    for token in sorted(found, key=lambda one: (one.offset, -one.length)):
        if not ordered or token.offset >= ordered[-1].offset + ordered[-1].length:
            ordered.append(token)
    return ordered


def _found(text: str, depth: int) -> Iterator[Token]:
    if not text.isascii() and re.search(_HIDDEN, text):
        yield from _mapped(text, re.compile(_HIDDEN), depth, whole=True)
    if "CERTIFICATE" in text or "PUBLIC KEY" in text:
        text = re.sub(_PUBLIC, lambda match: " " * len(match.group()), text)
    yield from _known(text, cut=False)
    yield from _credentials(text)
    if ("\n" in text or '"' in text or "'" in text) and _may_be_cut(text):
        yield from _mapped(text, _CUT, depth, whole=False)
    # A pattern tries each place of a text, and most texts have no word of that length.
    if any(len(word) >= _RUN_OF for word in text.replace(".", " ").split()):
        yield from _random(text)
        if depth < _DEEPEST:
            yield from _encoded(text, depth)
    if depth < _DEEPEST and spellings.may_hold(text):
        yield from _spelled(text, depth)


def _may_be_cut(text: str) -> bool:
    """Whether the literal of a kind is there once all is dropped that may stand where a value is cut."""
    squeezed = text.translate(_AT_CUTS)
    return any(kind.literal in squeezed for kind in KINDS if not kind.whole)


def _known(text: str, *, cut: bool) -> Iterator[Token]:
    folded = text.lower() if text.isascii() else ""
    for kind in KINDS:
        if kind.literal in (folded if kind.folds else text) and not (cut and kind.whole):
            for match in kind.pattern.finditer(text):
                yield Token(kind.name, match.end(kind.group) - match.start(kind.group), match.start(kind.group))


def _mapped(text: str, dropped: re.Pattern[str], depth: int, *, whole: bool) -> Iterator[Token]:
    """What is found once some signs are dropped, at its place in the text as it is."""
    kept: list[str] = []
    starts: list[tuple[int, int]] = []
    length = last = 0
    for match in dropped.finditer(text):
        part = text[last : match.start()]
        kept.append(part)
        starts.append((length, last))
        length, last = length + len(part), match.end()
    if not last:
        return
    kept.append(text[last:])
    starts.append((length, last))
    joined = "".join(kept)
    places = [start for start, _ in starts]
    for token in _found(joined, depth) if whole else _known(joined, cut=True):
        end = token.offset + token.length
        following = _after(places, token.offset)
        if following == len(places) or places[following] >= end:
            continue  # found without dropping anything
        if not whole and not _is_mixed(joined[token.offset : end]):
            continue  # words that stand one below the other
        first, last = _origin(starts, places, token.offset), _origin(starts, places, end - 1) + 1
        yield Token(token.kind, last - first, first)


def _after(places: list[int], offset: int) -> int:
    from bisect import bisect_right

    return bisect_right(places, offset)


def _origin(starts: list[tuple[int, int]], places: list[int], offset: int) -> int:
    joined, original = starts[_after(places, offset) - 1]
    return original + offset - joined


def _is_mixed(value: str) -> bool:
    return all(each.search(value) for each in _CLASSES[1:]) or len(_CLASSES[2].findall(value)) > 3


def _random(text: str) -> Iterator[Token]:
    for match in _RUN.finditer(text):
        value = match.group()
        # Mixed case and digits without a break: no name, path, digest or commit looks like this.
        if not all(each.search(value) for each in _CLASSES):
            continue
        if "/" in value and len(value) > _LONGEST_KEY:
            continue
        if len(re.findall(_CHANGES, value)) >= _RANDOM * len(value) and not _says_something(value):
            yield Token("a random key", len(value), match.start())


def _says_something(value: str) -> bool:
    decoded = _decoded(value)
    return decoded is not None and len(decoded) >= 20


def _credentials(text: str) -> Iterator[Token]:
    if "://" in text:
        for match in re.finditer(_USER, text):
            if not match.group(1).startswith(("$", "<", "{", "%(")):
                scheme = _SCHEME.search(text, max(0, match.start() - 31), match.start())
                start = scheme.start() if scheme else match.start()
                yield Token("credentials in a URL", match.end() - start, start)
    for pattern, literal in ((_AUTH, '"auth"'), (_BASIC, "asic")):
        if literal in text or literal.upper() in text:
            for match in re.finditer(pattern, text):
                decoded = _decoded(match.group(1))
                if decoded is not None and ":" in decoded:
                    yield Token("registry credentials" if pattern is _AUTH else "basic credentials",
                                len(match.group(1)), match.start(1))  # fmt: skip


def _encoded(text: str, depth: int) -> Iterator[Token]:
    left = _MOST_DECODED
    for match in _BASE64.finditer(text):
        left -= len(match.group())
        if left < 0:
            return
        decoded = _decoded(match.group())
        if decoded is None:
            continue
        inner = next(_found(decoded, depth + 1), None)
        if inner is not None:
            yield Token(f"{inner.kind} in base64", len(match.group()), match.start())


def _spelled(text: str, depth: int) -> Iterator[Token]:
    left = _MOST_DECODED
    for one in spellings.of(text):
        left -= one.length
        if left < 0:
            return
        inner = next(_found(one.text, depth + 1), None)
        # What is found as it stands is told as that.
        if inner is not None and next(_found(text[one.start : one.start + one.length], _DEEPEST), None) is None:
            yield Token(f"{inner.kind} in {one.name}", one.length, one.start)


def _decoded(value: str) -> str | None:
    """The text that a value is the base64 of; None where it is of none."""
    from base64 import b64decode

    plain = "".join(value.split()).rstrip("=").replace("-", "+").replace("_", "/")
    if len(plain) % 4 == 1:
        return None
    try:
        text = b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode("ascii")
    except (NotBase64, ValueError):
        return None
    return text if text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable() else None
