"""What ConfigMaps and Secrets hold: keys, size, and what a Secret of a known type needs. No message holds a value."""

import base64
import json
from collections.abc import Iterator

from kaitops.documents.plain import Object, Path, mapping
from kaitops.gate.native.forms import is_key

Found = Iterator[tuple[Path, str]]
_PARTS = {"ConfigMap": ("data", "binaryData"), "Secret": ("data", "stringData")}
_MOST = 1 << 20
_NEEDED = {
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
_EITHER = {"kubernetes.io/basic-auth": ("username", "password")}
_OF_AN_ACCOUNT = "kubernetes.io/service-account-token"
_ACCOUNT = "kubernetes.io/service-account.name"


def problems(document: Object) -> Found:
    """What is wrong with the data."""
    kind = document["kind"]
    if kind not in _PARTS:
        return
    size = 0
    for part in _PARTS[kind]:
        for key, value in mapping(document.get(part)).items():
            if not is_key(key):
                yield (part, key), "has a key of other signs than letters, digits, '-', '_' and '.'; rename it"
            if kind == "ConfigMap" and part == "binaryData" and key in mapping(document.get("data")):
                yield (part, key), "is in data as well, and one would hide the other; drop one"
            encoded = part == "binaryData" or (kind == "Secret" and part == "data")
            size += len(value or "") * 3 // 4 if encoded else len((value or "").encode("utf-8", "replace"))
    if size > _MOST:
        yield (
            (_PARTS[kind][0],),
            f"holds more than {_MOST} bytes, which the server takes at most; split it or use a volume",
        )
    if kind == "Secret":
        yield from _secret(document)


def _secret(document: Object) -> Found:
    kind = document.get("type")
    held = {**mapping(document.get("data")), **mapping(document.get("stringData"))}
    for key in _NEEDED.get(kind or "", ()):
        if key not in held:
            yield ("data",), f"has no {key}, which a Secret of type {kind} needs; add it"
    either = _EITHER.get(kind or "", ())
    if either and not any(key in held for key in either):
        yield ("data",), f"has none of {', '.join(either)}, of which a Secret of type {kind} needs one; add it"
    if kind == _OF_AN_ACCOUNT and not mapping(mapping(document.get("metadata")).get("annotations")).get(_ACCOUNT):
        yield ("metadata", "annotations"), f"lack {_ACCOUNT}, without which the token is nobody's; name the account"
    for key in (".dockerconfigjson", ".dockercfg"):
        if key in _NEEDED.get(kind or "", ()) and key in held and not _is_json(document, key):
            part = "stringData" if key in mapping(document.get("stringData")) else "data"
            yield (
                (part, key),
                "is not JSON, which pulls of images read; write it by kubectl create secret docker-registry",
            )


def _is_json(document: Object, key: str) -> bool:
    plain, encoded = (mapping(document.get(part)).get(key) for part in ("stringData", "data"))
    if plain is None and encoded is None:
        return True  # a value that is encrypted in the file
    try:
        json.loads(plain if plain is not None else base64.b64decode(str(encoded)))
    except (ValueError, RecursionError):
        return False
    return True
