"""References to container images: whether a text is one, in the library's words, and what it is in full.

Source of the grammar: ``ParseDockerRef`` of ``distribution/reference`` 0.6, where the default registry is Docker Hub,
the default tag ``latest`` and a tag beside a digest is dropped, and the digest rules of ``opencontainers/go-digest``.
"""

import re
from functools import cache
from typing import NamedTuple

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
HUB = "docker.io"
"""The registry of a name that says none."""
LATEST = "latest"
"""The tag of a name that says neither tag nor digest."""


class Parts(NamedTuple):
    """What a reference says.

    Attributes:
        registry: host and port; empty where what stands there can be no host, which is a part of the repository then.
        repository: in the registry.
        tag: as written, beside a digest too, which decides; the default one where there is neither.
        digest: with its algorithm, or empty.
    """

    registry: str
    repository: str
    tag: str
    digest: str

    @property
    def name(self) -> str:
        """Registry and repository."""
        return f"{self.registry}/{self.repository}".lstrip("/")


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Compiled on first use: most objects name no image."""
    return re.compile(text)


def problem(text: str) -> str | None:
    """Why a text is no image reference, in the library's words; None where it is one."""
    found = _parsed(text)
    return found if isinstance(found, str) else None


def full(text: str) -> str:
    """The reference with registry and tag or digest; unchanged where it is none."""
    found = _parsed(text)
    if isinstance(found, str):
        return text
    return f"{found.name}@{found.digest}" if found.digest else f"{found.name}:{found.tag}"


def parts(text: str) -> Parts:
    """Registry, repository, tag and digest; of a text that is no reference, the whole as a repository."""
    found = _parsed(text)
    return Parts(HUB, text, LATEST, "") if isinstance(found, str) else found


def _parsed(text: str) -> Parts | str:
    """The parts of a reference, or what is the matter with it."""
    if _pattern(_IDENTIFIER).match(text):
        return f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings"
    domain, remainder = _split_domain(text)
    remote = remainder.split(":", 1)[0]
    if remote.lower() != remote:
        return f"invalid reference format: repository name ({remote}) must be lowercase"
    whole = f"{domain}/{remainder}"
    match = _pattern(_REFERENCE).match(whole)
    if match is None:
        if _pattern(_REFERENCE).match(whole.lower()):
            return "repository name must be lowercase"
        return "invalid reference format"
    name = _pattern(_NAME).match(match.group(1))
    host, path = name.groups(default="") if name else ("", "")
    path = path if host else match.group(1)
    if len(path) > _MAX_PATH:
        return f"repository name must not be more than {_MAX_PATH} characters"
    wrong = _digest_problem(match.group(3)) if match.group(3) else None
    if wrong:
        return wrong
    _, tag, digest = match.groups(default="")
    return Parts(host, path, tag if tag or digest else LATEST, digest)


def _split_domain(text: str) -> tuple[str, str]:
    """Registry and the rest: the first segment is a registry if it could not be a user's name."""
    first, slash, rest = text.partition("/")
    is_registry = slash and ("." in first or ":" in first or first == "localhost" or first.lower() != first)
    domain, remote = (first, rest) if is_registry else (HUB, text)
    if domain == f"index.{HUB}":
        domain = HUB
    return domain, f"library/{remote}" if domain == HUB and "/" not in remote else remote


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
