"""Image references in full, as registries know them.

Source of the grammar: github.com/distribution/reference, ``ParseDockerRef``: the default registry is Docker Hub, the
default tag ``latest``, and a tag beside a digest is dropped. What is not a reference is left as it is.
"""

import re

_SEPARATOR = r"(?:[._]|__|[-]+)"
_COMPONENT = rf"[a-z0-9]+(?:{_SEPARATOR}[a-z0-9]+)*"
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?"
_REFERENCE = re.compile(
    rf"(?P<domain>{_DOMAIN})/(?P<path>{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>\w[\w.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?\Z",
    re.ASCII,
)
_IDENTIFIER = re.compile(r"[a-f0-9]{64}\Z")
_DIGEST_LENGTHS = {"sha256": 64, "sha384": 96, "sha512": 128}
_HUB = "docker.io"
_LONGEST_NAME = 255


def full(reference: str) -> str:
    """The reference with registry and tag or digest; unchanged where it is not a valid reference."""
    if _IDENTIFIER.match(reference):
        return reference
    domain, rest = _split(reference)
    remote = rest.split(":", 1)[0]
    if remote.lower() != remote:
        return reference
    match = _REFERENCE.match(f"{domain}/{rest}")
    if match is None or len(match["path"]) > _LONGEST_NAME:
        return reference
    name, tag, digest = f"{match['domain']}/{match['path']}", match["tag"], match["digest"]
    if digest:
        algorithm, _, value = digest.partition(":")
        if _DIGEST_LENGTHS.get(algorithm) != len(value) or value != value.lower():
            return reference
        return f"{name}@{digest}"
    return f"{name}:{tag or 'latest'}"


def _split(reference: str) -> tuple[str, str]:
    """Registry and the rest: the first segment is a registry if it could not be a user name of Docker Hub."""
    head, slash, tail = reference.partition("/")
    registry = slash and ("." in head or ":" in head or head == "localhost" or head.lower() != head)
    domain, rest = (head, tail) if registry else (_HUB, reference)
    if domain == "index.docker.io":
        domain = _HUB
    if domain == _HUB and "/" not in rest:
        rest = f"library/{rest}"
    return domain, rest
