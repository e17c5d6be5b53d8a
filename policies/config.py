"""kaitops-policy.yaml: what an organisation decides, read strictly.

Owns the form of the file. A key that is not known, a value of another form, a severity without a reason are errors:
a policy that is not read as written is none.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from kaitops.documents import reader, source
from kaitops.documents.plain import MutableObject, Object
from kaitops.errors import BadInput
from kaitops.policies.rule import ENVIRONMENTS, Config, Override, Severity

FILE = "kaitops-policy.yaml"
_LISTS = {
    "registries": "registries",
    "organisations": "organisations",
    "datasetHosts": "dataset_hosts",
    "requiredLabels": "required_labels",
    "knownSecrets": "known_secrets",
    "rules": "rules",
    "acceptedKinds": "accepted_kinds",
}


def read(path: str | os.PathLike[str]) -> Config:
    """The configuration in a file; folders of rules are taken from where the file lies.

    Raises:
        BadInput: the file cannot be read, or something in it is not as it has to be.
    """
    return parse(source.read(path), os.fspath(path))


def parse(raw: bytes, name: str) -> Config:
    """The configuration in the content of a file.

    Raises:
        BadInput: something in it is not as it has to be.
    """
    documents = reader.read_bytes(raw, name)
    if not documents:
        return Config()
    if len(documents) > 1:
        raise BadInput(f"{name}: holds {len(documents)} documents, only one would count; keep one")
    return _Reading(documents[0]).config()


class _Reading:
    """One document, with its places for errors."""

    def __init__(self, document: reader.Document) -> None:
        self._document = document

    def config(self) -> Config:
        data = self._mapping(self._document.data)
        values: MutableObject = {}
        readers: dict[str, Callable[[], Any]] = {
            "environment": lambda: self._environment(data["environment"], "environment"),
            "clusters": lambda: self._clusters(data["clusters"]),
            "maxNodes": lambda: self._max_nodes(data["maxNodes"]),
            "severity": lambda: self._overrides(data["severity"]),
        }
        names = {"maxNodes": "max_nodes", "severity": "overrides"} | _LISTS
        for key in data:
            if key in _LISTS:
                values[names[key]] = self._texts(data[key], key)
            elif key in readers:
                values[names.get(key, key)] = readers[key]()
            else:
                known = ", ".join(sorted([*readers, *_LISTS]))
                raise self._error([key], f"is no key of this file, so it would do nothing; known keys: {known}")
        folder = Path(self._document.file).parent
        values["rules"] = tuple(str(folder / name) for name in values.get("rules", ()))
        return Config(**values)

    def _environment(self, value: object, *path: str) -> str:
        if value not in ENVIRONMENTS:
            raise self._error(path, f"has to be one of {', '.join(ENVIRONMENTS)}")
        return value

    def _clusters(self, value: object) -> dict[str, str]:
        held = self._mapping(value, "clusters")
        return {name: self._environment(each, "clusters", name) for name, each in held.items()}

    def _max_nodes(self, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._error(["maxNodes"], "has to be a whole number from 1")
        return value

    def _texts(self, value: object, key: str) -> tuple[str, ...]:
        entries = cast("list[Any]", value) if isinstance(value, list) else None
        if entries is None or not all(isinstance(each, str) and each for each in entries):
            raise self._error([key], "has to be a list of texts")
        return tuple(entries)

    def _overrides(self, value: object) -> dict[str, Override]:
        found: dict[str, Override] = {}
        for rule, entry in self._mapping(value, "severity").items():
            held = self._mapping(entry, "severity", rule)
            if set(held) != {"level", "reason"}:
                raise self._error(["severity", rule], "takes exactly level and reason")
            level, reason = held["level"], held["reason"]
            if not isinstance(reason, str) or not reason.strip():
                raise self._error(["severity", rule, "reason"], "has to say why, for those who read the report")
            # A YAML 1.1 reader makes False of a bare off.
            if level is False or level == "off":
                found[rule] = Override(None, reason)
            elif level in list(Severity):
                found[rule] = Override(Severity(level), reason)
            else:
                raise self._error(["severity", rule, "level"], f"has to be one of off, {', '.join(Severity)}")
        return found

    def _mapping(self, value: object, *path: str) -> Object:
        if not isinstance(value, dict):
            raise self._error(path, "has to be a mapping")
        return cast("Object", value)

    def _error(self, path: Any, message: str) -> BadInput:
        line, column = self._document.locate(list(path))
        where = ".".join(path) or "the file"
        return BadInput(f"{self._document.file}:{line}:{column}: {where} {message}")
