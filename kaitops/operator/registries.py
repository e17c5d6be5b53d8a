"""Asking registries what a tag is now: the only module of this room that uses the network.

A digest is computed from the bytes that came, never taken from a header alone.
"""

import hashlib
import json
import re
import urllib.error
from typing import Any
from urllib.parse import urlencode

from kaitops import asking
from kaitops.documents import reader
from kaitops.documents.plain import at, items, mapping
from kaitops.errors import ToolMissing
from kaitops.kaito.kubernetes import image_reference

_HUB_API = "registry-1.docker.io"
_TIMEOUT_SECONDS = 30
_LIMIT_BYTES = 32 * 1024 * 1024
_ACCEPT = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_DIGEST = re.compile(r"[0-9a-f]{64}")


def image_digest(image: str) -> str:
    """The digest of an image's manifest (of all platforms where there are several) as ``sha256:...``.

    Raises:
        ToolMissing: the registry gave no answer, or one that is no manifest.
    """
    named = image_reference.parts(image)
    host = _HUB_API if named.registry == image_reference.HUB else named.registry
    address = f"{_scheme(host)}://{host}/v2/{named.repository}/manifests/{named.digest or named.tag}"
    body = _get(address, {"Accept": _ACCEPT}, image)
    try:
        manifest = json.loads(body)
    except (ValueError, RecursionError):
        manifest = None
    if not isinstance(manifest, dict) or "schemaVersion" not in manifest:
        raise ToolMissing(f"{image}: {host} answered with something that is no manifest, so no digest was recorded")
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def chart_digest(repository: str, chart: str, version: str) -> str:
    """The checksum of a chart's archive, as its repository's index or the OCI registry has it.

    Raises:
        ToolMissing: no answer, or the chart or version is not there.
    """
    what = f"{chart} {version} of {repository}"
    if repository.startswith("oci://"):
        return image_digest(f"{repository.removeprefix('oci://')}/{chart}:{version}")
    body = _get(f"{repository.rstrip('/')}/index.yaml", {}, what)
    for document in reader.read_bytes(body, "index.yaml"):
        for entry in items(at(document.data, "entries", chart)):
            digest = str(mapping(entry).get("digest", "")).removeprefix("sha256:")
            if str(mapping(entry).get("version")) == version and _DIGEST.fullmatch(digest):
                return f"sha256:{digest}"
    raise ToolMissing(f"{what}: the index of the repository does not have it with a checksum, so none was recorded")


def _scheme(host: str) -> str:
    return "http" if host.partition(":")[0] in {"localhost", "127.0.0.1"} else "https"


def _get(address: str, headers: dict[str, str], what: str) -> bytes:
    try:
        try:
            return _read(address, headers)
        except urllib.error.HTTPError as error:
            challenge = error.headers.get("WWW-Authenticate", "")
            if error.code != 401 or not challenge.startswith("Bearer "):
                raise
            return _read(address, {**headers, "Authorization": f"Bearer {_token(challenge)}"})
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise ToolMissing(f"{what}: {address} gave no answer ({reason}), so nothing was recorded") from None


def _token(challenge: str) -> str:
    parts = dict(_CHALLENGE.findall(challenge))
    realm = parts.pop("realm", "")
    if not (realm.startswith("https://") or (realm.startswith("http://") and asking.is_loopback(realm))):
        raise ValueError(f"the registry sends the request for a token to {realm}")
    try:
        answer: Any = json.loads(_read(f"{realm}?{urlencode(parts)}", {}))
    except RecursionError:
        answer = None
    token = at(answer, "token") or at(answer, "access_token")
    if isinstance(token, str):
        return token
    raise ValueError(f"{realm} answered with no token")


def _read(address: str, headers: dict[str, str]) -> bytes:
    return asking.fetched(address, headers, limit=_LIMIT_BYTES, seconds=_TIMEOUT_SECONDS)
