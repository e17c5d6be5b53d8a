"""What a context file says of its cluster, read strictly.

Owns the form of the file. Whether somebody may believe it is for who judges.
"""

from collections.abc import Callable, Mapping
from typing import Any

from kaitops.documents import reader
from kaitops.documents.plain import Object, items, mapping
from kaitops.errors import BadInput
from kaitops.kaito import facts
from kaitops.kaito.settings import CLOUDS, PROVISIONERS

_MAX_TEXT = 253


def read(documents: list[reader.Document]) -> Object:
    """The content of a context file.

    Raises:
        BadInput: it holds something else than exactly the keys of one, each of its form.
    """
    if len(documents) != 1:
        file = documents[0].file if documents else "the context file"
        raise BadInput(f"{file}: holds {len(documents)} documents and describes one cluster; keep one")
    document = documents[0]
    held = mapping(document.data)
    if not held:
        raise _error(document, (), "says nothing of a cluster; render the tree again, or remove the file")
    for key, value in held.items():
        check = _KEYS.get(key)
        if check is None:
            known = ", ".join(_KEYS)
            raise _error(document, (key,), f"is no key of a context file, which takes {known}; remove it")
        if problem := check(value):
            raise _error(document, (key,), problem)
    return held


def _error(document: reader.Document, path: tuple[str, ...], message: str) -> BadInput:
    line, column = document.locate(path)
    return BadInput(f"{document.file}:{line}:{column}: {'.'.join(path) or 'the file'} {message}")


def _version(value: object) -> str | None:
    known = facts.versions()
    return None if value in known else f"is no version of KAITO that is known here; known: {', '.join(known)}"


def _text(value: object) -> str | None:
    is_text = isinstance(value, str) and len(value) <= _MAX_TEXT
    return None if is_text else f"has to be a text of at most {_MAX_TEXT} characters"


def _nodes(value: Any) -> str | None:
    for node in items(value) if isinstance(value, list) else [None]:
        held = mapping(node)
        if held.get("kind") != "Node" or not isinstance(mapping(held.get("metadata")).get("name"), str):
            return "has to be a list of Nodes, each with its name"
        labels, status = mapping(held["metadata"]).get("labels"), held.get("status")
        if not _are_texts(labels) or not isinstance(status, dict | None):
            return "holds a Node whose labels are no texts or whose status is no mapping"
        if not all(isinstance(one, dict) for one in items(mapping(status).get("conditions"))):
            return "holds a Node whose conditions are no mappings"
    return None


def _are_texts(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and all(isinstance(one, str) for one in mapping(value).values()))


def settings(value: Any) -> str | None:
    """What is wrong with how KAITO's controllers run, as a context file says it; None where nothing is."""
    if not isinstance(value, dict):
        return "has to be a mapping"
    for key, entry in mapping(value).items():
        problem = _SETTINGS[key](entry) if key in _SETTINGS else "is no setting of KAITO's controllers"
        if problem:
            return f"holds {key!r}, which {problem}" if len(key) <= _MAX_TEXT else "holds what is no setting"
    return None


def _one_of(known: tuple[str, ...]) -> Callable[[Any], str | None]:
    return lambda value: None if value in known else f"has to be one of {', '.join(known)}"


def _flag(value: object) -> str | None:
    return None if isinstance(value, bool) else "has to be true or false"


def _gates(value: Any) -> str | None:
    are_flags = isinstance(value, dict) and all(isinstance(one, bool) for one in mapping(value).values())
    return None if are_flags else "has to be a mapping of true and false"


def _texts(value: Any) -> str | None:
    are_texts = isinstance(value, list) and all(_text(one) is None for one in items(value))
    return None if are_texts else "has to be a list of texts"


_SETTINGS: Mapping[str, Callable[[Any], str | None]] = {
    "cloud": _one_of(CLOUDS),
    "nodeProvisioner": _one_of(PROVISIONERS),
    "registry": _text,
    "ragImage": _text,
    "featureGates": _gates,
    "nvmeStorageClass": _flag,
    "childAdmission": _flag,
    "releaseNamespace": _text,
    "nodeClasses": _texts,
}
_KEYS: Mapping[str, Callable[[Any], str | None]] = {
    "kaito": _version,
    "cluster": _text,
    "region": _text,
    "settings": settings,
    "nodes": _nodes,
    "needs": _texts,
}
