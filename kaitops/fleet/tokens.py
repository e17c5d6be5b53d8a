"""Finding what looks like a secret in a text, without ever repeating it.

Owns the patterns; a finding carries the kind and the length of the value, never the value. Each pattern has a literal
that every match contains, so that a text without it costs nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_KINDS = (
    ("a Hugging Face token", "hf_", r"\bhf_[A-Za-z0-9]{20,}"),
    ("a GitHub token", "gh", r"\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}"),
    ("a GitLab token", "glpat-", r"\bglpat-[A-Za-z0-9_-]{16,}"),
    ("an AWS access key", "IA", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("a Slack token", "xox", r"\bxox[abposr]-[A-Za-z0-9-]{10,}"),
    ("an API key", "k-", r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{20,}"),
    ("an NVIDIA API key", "nvapi-", r"\bnvapi-[A-Za-z0-9_-]{16,}"),
    ("a Google API key", "AIza", r"\bAIza[0-9A-Za-z_-]{30,}"),
    ("a JSON web token", "eyJ", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    ("a private key", "PRIVATE KEY", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    ("an Azure storage key", "==", r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{86}=="),
    ("an Azure storage key", "AccountKey=", r"AccountKey=[A-Za-z0-9+/=]{20,}"),
    ("a shared access signature", "sig=", r"\bsig=[A-Za-z0-9%+/=]{20,}"),
    ("an Azure client secret", "8Q~", r"[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,34}"),
    ("credentials in a URL", "://", r"\b[a-z][a-z0-9+.-]*://[^/\s:@\"']*:[^/\s:@\"']+@"),
)
_RUN = r"(?<![A-Za-z0-9+/=._-])[A-Za-z0-9+]{32,}={0,2}(?![A-Za-z0-9+/._-])"
_CLASSES = ("[a-z]", "[A-Z]", "[0-9]")


@dataclass(frozen=True, slots=True)
class Token:
    """Something that looks like a secret."""

    kind: str
    length: int
    offset: int


def find(text: str) -> list[Token]:
    """All places in a text that look like a secret value, in order."""
    found: list[Token] = []
    for token in sorted(_matches(text), key=lambda one: one.offset):
        if not found or token.offset >= found[-1].offset + found[-1].length:
            found.append(token)
    return found


def without(text: str) -> str:
    """The text with kind and length in the place of whatever looks like a secret value."""
    for token in reversed(find(text)):
        end = token.offset + token.length
        text = f"{text[: token.offset]}<{token.kind}, {token.length} characters>{text[end:]}"
    return text


def _matches(text: str) -> Iterator[Token]:
    for kind, literal, pattern in _KINDS:
        if literal in text:
            for match in re.finditer(pattern, text):
                yield Token(kind, match.end() - match.start(), match.start())
    for match in re.finditer(_RUN, text):
        # Mixed case and digits without a break: no name, path, digest or commit looks like this.
        if all(re.search(each, match.group()) for each in _CLASSES):
            yield Token("a random key", match.end() - match.start(), match.start())
