"""Words that somebody was to replace and did not: they are names or addresses that nothing answers to.

Prose, scripts and data of programs may hold such words, so ConfigMaps, definitions and described fields are left out.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, cast

from kaitops.documents.plain import Object, Path, raw

_PASSED = frozenset({"ConfigMap", "CustomResourceDefinition", "PrometheusRule", "Secret"})
_PROSE = frozenset(
    ("annotations", "data", "description", "message", "stringData", "summary", "query", "expr", "status")
)
# Of the registries that Azure's own documentation takes for an example.
_EXAMPLES = ("myregistry", "mycontainerregistry", "myacr")
_MARKS = ("change", "replace", "your", "_here", "-here", "placeholder", "fixme", *_EXAMPLES)
_SIGNS = (b"<", *(mark.encode() for mark in _MARKS))
_LONGEST = 500
# What stands in angle brackets in prompts and stop words of models.
_TOKENS = frozenset({"BOS", "EOS", "PAD", "UNK", "CLS", "SEP", "MASK", "EOT", "EOF"})
_NAMING = (
    " account address bucket client cluster container digest domain email example group host hostname id insert key "
    "model my name namespace object org owner password path region registry repo repository resource secret "
    "subscription tag tenant token url user username value version your "
)


def problems(document: Object) -> Iterator[tuple[Path, str]]:
    """Path and message of each."""
    if document["kind"] in _PASSED:
        return
    written = raw(document).lower()
    if not any(sign in written for sign in _SIGNS):
        return
    waiting: list[tuple[Path, Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        given: type[object] = value.__class__
        if given is str:
            if len(value) <= _LONGEST and (word := _placeholder(value)):
                field = ".".join(map(str, path))
                yield path, f"{field} holds the placeholder {word}, which names nothing; write what is meant"
        elif given is dict:
            held = cast("Object", value)
            waiting += [((*path, key), entry) for key, entry in held.items() if entry and key not in _PROSE]
        elif given is list:
            waiting += [((*path, number), entry) for number, entry in enumerate(cast("list[Any]", value))]


def is_one(text: str) -> bool:
    """Whether a text holds such a word, of which is told by itself."""
    return _placeholder(text) is not None


def _placeholder(text: str) -> str | None:
    if "<" in text:
        for inner in _patterns()[0].findall(text):
            words = re.split(r"[^A-Za-z0-9]+", inner)
            if (inner.isupper() and inner not in _TOKENS) or any(f" {word.lower()} " in _NAMING for word in words):
                return f"<{inner}>"
    low = text.lower()
    if any(mark in low for mark in _MARKS) and " " not in text and "\n" not in text:
        found = _patterns()[1].search(text)
        return found[0] if found else None
    return None


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        re.compile(r"<([A-Za-z](?:[A-Za-z0-9 _./:-]{0,60}[A-Za-z0-9])?)>"),
        re.compile(
            r"CHANGE[_-]?ME|REPLACE[_-]?(?:ME|THIS|WITH)\b|(?<![A-Za-z])(?-i:YOUR[_-][A-Z]+)|"
            # In small letters it may be the name of something, unless a word for what is to be named follows.
            rf"(?<![A-Za-z])YOUR(?:[_-](?:[A-Z0-9]+[_-]){{0,3}}(?:{'|'.join(_NAMING.split())})(?![A-Za-z])|"
            r"(?:REGISTRY|REPO|ACCOUNT|IMAGE|NAME|TOKEN|ORG|DOMAIN|USERNAME|BUCKET|STORAGE)[A-Z]*)|"
            rf"(?<![A-Za-z0-9.-])(?:{'|'.join(_EXAMPLES)})(?=\.azurecr\.)|"
            r"[A-Z]+[_-](?:GOES[_-])?HERE(?![A-Za-z])|(?<![A-Za-z])(?:PLACEHOLDER|FIXME)(?![A-Za-z])",
            re.IGNORECASE,
        ),
    )
