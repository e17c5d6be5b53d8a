"""Finding what looks like a secret in a text, without ever repeating it.

Owns the patterns; a finding carries the kind and the length of the value, never the value.
"""

import re
from dataclasses import dataclass

_KINDS = (
    ("a Hugging Face token", r"\bhf_[A-Za-z0-9]{20,}"),
    ("a GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})"),
    ("a GitLab token", r"\bglpat-[A-Za-z0-9_-]{16,}"),
    ("an AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    ("a Slack token", r"\bxox[abposr]-[A-Za-z0-9-]{10,}"),
    ("an API key", r"\b(?:sk|pk|rk)-[A-Za-z0-9_-]{20,}|\bnvapi-[A-Za-z0-9_-]{16,}|\bAIza[0-9A-Za-z_-]{30,}"),
    ("a JSON web token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    ("a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    ("an Azure storage key", r"AccountKey=[A-Za-z0-9+/=]{20,}|\b[A-Za-z0-9+/]{86}==|\bsig=[A-Za-z0-9%+/=]{20,}"),
    ("an Azure client secret", r"\b[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{31,34}"),
    ("credentials in a URL", r"\b[a-z][a-z0-9+.-]*://[^/\s:@\"']*:[^/\s:@\"']+@"),
    # Mixed case and digits without a break: no name, path, digest or commit looks like this.
    (
        "a random key",
        r"(?<![A-Za-z0-9+/=._-])(?=[A-Za-z0-9+]*[a-z])(?=[A-Za-z0-9+]*[A-Z])(?=[A-Za-z0-9+]*[0-9])"
        r"[A-Za-z0-9+]{32,}={0,2}(?![A-Za-z0-9+/._-])",
    ),
)
_ANY = re.compile("|".join(f"(?P<k{number}>{pattern})" for number, (_, pattern) in enumerate(_KINDS)))


@dataclass(frozen=True, slots=True)
class Token:
    """Something that looks like a secret."""

    kind: str
    length: int
    offset: int


def find(text: str) -> list[Token]:
    """All places in a text that look like a secret value."""
    found: list[Token] = []
    for match in _ANY.finditer(text):
        number = int((match.lastgroup or "k0")[1:])
        found.append(Token(_KINDS[number][0], match.end() - match.start(), match.start()))
    return found
