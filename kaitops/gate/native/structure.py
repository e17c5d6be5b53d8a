"""The schema of Kubernetes' own kinds: which fields there are, of which type, which are needed, which values they take.

Owns reading ``presets/kubernetes.json``. A type is the name of one with fields, ``[]T``, ``map:T``, a basic one, or
``string:A|B`` for listed values. No message holds a value: it may be one of a Secret.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, cast

from kaitops.documents.plain import Object, Path
from kaitops.errors import nearest
from kaitops.kaito import facts

_FILE = "kubernetes.json"
_QUANTITY = r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,3})?"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
_BASE64 = r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_INTEGERS = {"int32": 1 << 31, "int64": 1 << 63}
_TITLES = {
    "string": "text",
    "word": "text",
    "bool": "true or false",
    "bytes": "base64 text",
    "number": "a number",
    "time": "a time",
}


class Problem(NamedTuple):
    """What is wrong at a path.

    Attributes:
        mistyped: a value of a type that nothing can read as what is meant.
    """

    path: Path
    message: str
    mistyped: bool = False


def name_of(document: Object) -> str | None:
    """The kind's name in the facts, whatever the version; None where it is not held."""
    group, _, version = document["apiVersion"].rpartition("/")
    if not group:
        return f"v1/{document['kind']}" if f"v1/{document['kind']}" in _facts()["kinds"] else None
    known = f"{group}/{document['kind']}"
    return f"{group}/{version}/{document['kind']}" if known in _facts()["served"] else None


def is_served(document: Object) -> bool:
    """Whether the server has the kind in the version that the object names, and its schema is held."""
    return f"{document['apiVersion']}/{document['kind']}" in _facts()["kinds"]


def problems(document: Object) -> Iterator[Problem]:
    """Everything that the schema of the object's kind refuses; nothing where none is held."""
    name = name_of(document)
    if name is None:
        return
    known = _facts()
    if not is_served(document):
        group, _, version = document["apiVersion"].rpartition("/")
        versions = known["served"].get(f"{group}/{document['kind']}", ["v1"])
        if version not in versions:
            served = ", ".join(f"{group}/{one}" if group else one for one in versions)
            release = known["source"]["version"]
            text = f"is no version that Kubernetes {release} serves {document['kind']} in; write {served}"
            yield Problem(("apiVersion",), text)
        return
    yield from _read(document, known["kinds"][name]["type"], (), listed=True)


def metadata_problems(document: Object) -> Iterator[Problem]:
    """What of an object's metadata has a type that the server cannot read, whatever the kind."""
    return (one for one in _read(document.get("metadata"), "ObjectMeta", ("metadata",), listed=False) if one.mistyped)


def _facts() -> Object:
    return facts.load(".", _FILE)


def _read(value: object, wanted: str, path: Path, *, listed: bool) -> list[Problem]:
    found: list[Problem] = []
    _look(value, wanted, path, found, listed)
    return found


def _look(value: Any, wanted: str, path: Path, found: list[Problem], listed: bool) -> None:
    if value is None or wanted == "any":
        return
    given: type[object] = value.__class__
    # First what most values are.
    if wanted == "string":
        if given is not str:
            found.append(_mistyped(path, _TITLES["string"]))
    elif wanted in _facts()["types"]:
        _object(value, wanted, path, found, listed)
    elif wanted.startswith("[]"):
        if given is not list:
            found.append(_mistyped(path, "a list"))
            return
        # Of a list nothing is filled in: what is empty there is a word that is none of those.
        inner = wanted[2:].replace("string:", "word:", 1)
        for place, entry in enumerate(value):
            _look("" if entry is None and inner.startswith("word:") else entry, inner, (*path, place), found, listed)
    elif wanted.startswith("map:"):
        if given is not dict:
            found.append(_mistyped(path, "a mapping"))
            return
        for key, entry in value.items():
            if entry is None and wanted == "map:string":
                found.append(Problem((*path, key), "must be text; write '' or drop it", mistyped=True))
            elif entry.__class__ is not str or wanted != "map:string":
                _look(entry, wanted[4:], (*path, key), found, listed)
    elif problem := _basic(value, wanted, path, listed=listed):
        found.append(problem)


def _object(value: object, wanted: str, path: Path, found: list[Problem], listed: bool) -> None:
    given: type[object] = value.__class__
    if given is not dict:
        found.append(_mistyped(path, "a mapping"))
        return
    held = cast("Object", value)
    known = _facts()["types"][wanted]
    fields: Mapping[str, str] = known["fields"]
    for key, entry in held.items():
        inner = fields.get(key)
        if inner is None:
            near = nearest(key, fields)
            hint = f"meant is {near[0]}?" if near else "drop it"
            text = f"is no field of {wanted}, so kubectl and GitOps tools refuse it; {hint}"
            found.append(Problem((*path, key), text))
        elif inner != "string" or entry.__class__ is not str:
            # What a status says counts for nothing on a create; only its form does.
            _look(entry, inner, (*path, key), found, listed and (path != () or key != "status"))
    for key in known.get("required", ()):
        if held.get(key) is None and listed:
            found.append(Problem((*path, key), f"is missing, and {wanted} needs it; add it"))


def _basic(value: Any, wanted: str, path: Path, *, listed: bool) -> Problem | None:
    given: type[object] = value.__class__
    kind, _, choices = wanted.partition(":")
    if kind in _INTEGERS:
        if given is not int:
            return _mistyped(path, "a whole number")
        if not -_INTEGERS[kind] <= value < _INTEGERS[kind]:
            return _mistyped(path, f"a whole number of {kind[3:]} bits")
    elif kind == "intstr":
        if given not in (str, int) or (given is int and not -(1 << 31) <= value < 1 << 31):
            return _mistyped(path, "a whole number or text")
    elif kind == "quantity":
        if given not in (str, int, float) or not re.fullmatch(_QUANTITY, str(value)):
            return Problem(path, "must be an amount such as 500m or 4Gi", mistyped=given not in (str, int, float))
    elif given is not {"bool": bool, "number": float}.get(kind, str) and not (kind == "number" and given is int):
        return _mistyped(path, _TITLES[kind])
    elif kind == "time" and not re.fullmatch(_TIME, value):
        return _mistyped(path, "a time such as 2026-01-31T12:00:00Z")
    elif kind == "bytes" and not re.fullmatch(_BASE64, value.replace("\n", "").replace("\r", "")):
        return Problem(
            path, "is not base64, so the server cannot read it; encode it, or use stringData or data", mistyped=True
        )
    elif choices and listed and (value or kind == "word") and value not in filter(None, choices.split("|")):
        # What is empty the server fills in, but for what has to be one of those words if it is written.
        return Problem(path, f"must be one of {', '.join(one for one in choices.split('|') if one)}; correct it")
    return None


def _mistyped(path: Path, wanted: str) -> Problem:
    hint = "; quote it" if wanted == "text" else ""
    return Problem(path, f"must be {wanted}{hint}", mistyped=True)
