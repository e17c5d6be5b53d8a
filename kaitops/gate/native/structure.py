"""The schemas of kinds beside KAITO's: which fields there are, of which type, which are needed, which values they take.

Owns reading ``presets/kubernetes.json`` and, of the kinds that other projects define, those of ``presets/definitions``.
A type is the name of one with fields, ``[]T``, ``map:T``, a basic one, ``string:A|B`` for listed values, or
``match:PATTERN``. No message holds a value: it may be one of a Secret.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, cast

from kaitops.documents.plain import Object, Path
from kaitops.errors import nearest
from kaitops.kaito import facts

_FILE, _DEFINED = "kubernetes.json", "definitions"
# How much like a known word another one must be to be taken for a slip, and how long the rest of one.
_LIKE, _WORDS_LIKE, _SHORT = 0.75, 0.8, 5
_QUANTITY = r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,3})?"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})"
_BASE64 = r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_MATCH = "match:"
# What is put in later, and signs of a pattern for lengths of time, which is better said than shown.
_OPEN, _TIMES = re.compile(r"\$|\{\{"), re.compile(r"m\|h|h\|m|\)ms\)")
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
        listed: a word that is none of those that there are.
        missing: a field that the schema demands.
    """

    path: Path
    message: str
    mistyped: bool = False
    listed: bool = False
    missing: bool = False


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
        yield from _defined(document)
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
    yield from _Reading(known["types"]).of(document, known["kinds"][name]["type"], (), listed=True)


def _defined(document: Object) -> Iterator[Problem]:
    """The same for kinds that other projects define.

    A cluster may have another release of them, with further fields and words, and needing fewer: told are values of the
    wrong type, and what is like a known field or word.
    """
    group, _, version = document["apiVersion"].rpartition("/")
    if group not in _groups():
        return
    known = facts.load(_DEFINED, f"{group}.json")
    if wanted := known["kinds"].get(f"{version}/{document['kind']}"):
        yield from _Reading(known["types"], is_sure=False).of(document, wanted, (), listed=True)


def metadata_problems(document: Object) -> Iterator[Problem]:
    """What of an object's metadata has a type that the server cannot read, whatever the kind."""
    found = _Reading(_facts()["types"]).of(document.get("metadata"), "ObjectMeta", ("metadata",), listed=False)
    return (one for one in found if one.mistyped)


def _facts() -> Object:
    return facts.load(".", _FILE)


@cache
def _groups() -> frozenset[str]:
    return frozenset(path.stem for path in (facts.root() / _DEFINED).glob("*.json"))


class _Reading:
    """One look at a value.

    Args:
        types: by name.
        is_sure: the server has these types and no others. Else a field or word that is like none of theirs passes, and
            what they lack.
    """

    __slots__ = ("_found", "_is_sure", "_types")

    def __init__(self, types: Mapping[str, Object], *, is_sure: bool = True) -> None:
        self._types, self._is_sure = types, is_sure
        self._found: list[Problem] = []

    def of(self, value: object, wanted: str, path: Path, *, listed: bool) -> list[Problem]:
        """What is wrong with a value of a type."""
        self._look(value, wanted, path, listed)
        return self._found

    def _look(self, value: Any, wanted: str, path: Path, listed: bool) -> None:
        if value is None or wanted == "any":
            return
        given: type[object] = value.__class__
        # First what most values are.
        if wanted == "string":
            if given is not str:
                self._found.append(_mistyped(path, _TITLES["string"]))
        elif wanted in self._types:
            self._object(value, wanted, path, listed)
        elif wanted.startswith("[]"):
            if given is not list:
                self._found.append(_mistyped(path, "a list"))
                return
            # Of a list nothing is filled in: what is empty there is a word that is none of those.
            inner = wanted[2:].replace("string:", "word:", 1)
            for place, entry in enumerate(value):
                self._look("" if entry is None and inner.startswith("word:") else entry, inner, (*path, place), listed)
        elif wanted.startswith("map:"):
            if given is not dict:
                self._found.append(_mistyped(path, "a mapping"))
                return
            for key, entry in value.items():
                if entry is None and wanted == "map:string":
                    self._found.append(Problem((*path, key), "must be text; write '' or drop it", mistyped=True))
                elif entry.__class__ is not str or wanted != "map:string":
                    self._look(entry, wanted[4:], (*path, key), listed)
        elif wanted.startswith(_MATCH):
            if given is not str:
                self._found.append(_mistyped(path, _TITLES["string"]))
            elif listed and not _OPEN.search(value) and not re.search(wanted[len(_MATCH) :], value):
                self._found.append(Problem(path, _unmatched(wanted[len(_MATCH) :])))
        elif (problem := _basic(value, wanted, path, listed=listed)) and (
            self._is_sure or problem.mistyped or _meant(str(value), wanted.partition(":")[2].split("|"), _WORDS_LIKE)
        ):
            self._found.append(problem)

    def _object(self, value: object, wanted: str, path: Path, listed: bool) -> None:
        given: type[object] = value.__class__
        if given is not dict:
            self._found.append(_mistyped(path, "a mapping"))
            return
        held = cast("Object", value)
        known = self._types[wanted]
        fields: Mapping[str, str] = known["fields"]
        for key, entry in held.items():
            inner = fields.get(key)
            if inner is None:
                self._unknown(key, wanted, fields, path)
            elif inner != "string" or entry.__class__ is not str:
                # What a status says counts for nothing on a create; only its form does.
                self._look(entry, inner, (*path, key), listed and (path != () or key != "status"))
        for key in known.get("required", ()) if self._is_sure else ():
            if held.get(key) is None and listed:
                self._found.append(Problem((*path, key), f"is missing, and {wanted} needs it; add it", missing=True))

    def _unknown(self, key: str, wanted: str, fields: Mapping[str, str], path: Path) -> None:
        near = nearest(key, fields) if self._is_sure else _meant(key, fields, _LIKE)
        if near or self._is_sure:
            hint = f"meant is {near[0]}?" if near else "drop it"
            text = f"is no field of {self._title(wanted, path)}, so kubectl and GitOps tools refuse it; {hint}"
            self._found.append(Problem((*path, key), text))

    def _title(self, wanted: str, path: Path) -> str:
        # Types that a definition gives no name are called by where they stand.
        return wanted if self._is_sure or not path else ".".join(one for one in path if isinstance(one, str))


def _meant(word: str, known: Collection[str], like: float) -> list[str]:
    """The known field or word that surely was meant by one that another release may have."""
    return nearest(word, known, 1, like) or [
        one for one in known if len(word) > _SHORT and one.lower().endswith(word.lower())
    ]


def _unmatched(pattern: str) -> str:
    if _TIMES.search(pattern):
        return f"must be a length of time such as 10m or 1h30m, of the form {pattern}; correct it"
    return f"must be of the form {pattern}; correct it"


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
        known = ", ".join(one for one in choices.split("|") if one)
        return Problem(path, f"must be one of {known}; correct it", listed=True)
    return None


def _mistyped(path: Path, wanted: str) -> Problem:
    hint = "; quote it" if wanted == "text" else ""
    return Problem(path, f"must be {wanted}{hint}", mistyped=True)
