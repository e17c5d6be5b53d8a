"""References to container images, judged as KAITO judges them.

Source of the grammar: ``ParseDockerRef`` of ``distribution/reference`` 0.6 and the digest rules of
``opencontainers/go-digest``.
"""

import re
from functools import cache

_COMPONENT = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_COMPONENT}(?:\.{_COMPONENT})*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?"
_PATH = r"[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*"
_REMOTE = rf"{_PATH}(?:/{_PATH})*"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*[:][0-9A-Fa-f]{32,}"
_REFERENCE = rf"((?:{_DOMAIN}/)?{_REMOTE})(?::([A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}))?(?:@({_DIGEST}))?\Z"
_NAME = rf"(?:({_DOMAIN})/)?({_REMOTE})\Z"
_IDENTIFIER = r"[a-f0-9]{64}\Z"
_DIGEST_SIZES = {"sha256": 64, "sha384": 96, "sha512": 128}
_ANCHORED_DIGEST = r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+\Z"
_MAX_PATH = 255


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Compiled on first use: most objects name no image."""
    return re.compile(text)


def reference_problem(text: str) -> str | None:
    """Why a text is no image reference, in the library's words; None where it is one."""
    if _pattern(_IDENTIFIER).match(text):
        return f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings"
    domain, remainder = _split_domain(text)
    remote = remainder.split(":", 1)[0]
    if remote.lower() != remote:
        return f"invalid reference format: repository name ({remote}) must be lowercase"
    full = f"{domain}/{remainder}"
    match = _pattern(_REFERENCE).match(full)
    if match is None:
        if _pattern(_REFERENCE).match(full.lower()):
            return "repository name must be lowercase"
        return "invalid reference format"
    name = _pattern(_NAME).match(match.group(1))
    path = name.group(2) if name and name.group(1) else match.group(1)
    if len(path) > _MAX_PATH:
        return f"repository name must not be more than {_MAX_PATH} characters"
    return _digest_problem(match.group(3)) if match.group(3) else None


def _split_domain(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    if not slash:
        return "docker.io", f"library/{text}"
    if first == "localhost":
        domain, remote = first, rest
    elif first == "index.docker.io":
        domain, remote = "docker.io", rest
    elif "." in first or ":" in first or first.lower() != first:
        domain, remote = first, rest
    else:
        domain, remote = "docker.io", text
    if domain == "docker.io" and "/" not in remote:
        remote = f"library/{remote}"
    return domain, remote


def _digest_problem(digest: str) -> str | None:
    algorithm, _, encoded = digest.partition(":")
    if algorithm not in _DIGEST_SIZES:
        return (
            "unsupported digest algorithm"
            if _pattern(_ANCHORED_DIGEST).match(digest)
            else "invalid checksum digest format"
        )
    if len(encoded) != _DIGEST_SIZES[algorithm]:
        return "invalid checksum digest length"
    if not re.fullmatch("[a-f0-9]+", encoded):
        return "invalid checksum digest format"
    return None
