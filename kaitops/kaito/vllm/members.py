"""What stands within a flag that is a JSON object: its keys, and values of the types that vLLM's settings have.

Types are taken as loosely as vLLM takes them: a number in quotes is one, a text without them is none. Source: the
classes of ``vllm/config``.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from kaitops.documents.plain import Object, mapping
from kaitops.errors import nearest
from kaitops.kaito import spans

OPEN = "~"
"""What a list of names begins with that others may add to, so that slips alone are told."""
_SAID = frozenset(("true", "false", "on", "off", "t", "f", "y", "n", "yes", "no", "0", "1"))
_NAMES = {"int": "a whole number", "float": "a number", "bool": "true or false", "text": "text in quotes"}
_CONNECTOR, _ROLE = "kv_connector", "kv_role"
_MODULE = "kv_connector_module_path"


def problem(known: Object, value: Object, at: str = "") -> str:
    """What is wrong first, in words that follow the flag's name; empty where nothing is.

    Args:
        known: the keys, each with the kind of its value, those of an object within it, or None where anything may be.
        at: where the object stands within the flag, with a dot behind it.
    """
    for key, entry in value.items():
        if key not in known:
            near = nearest(key, list(known), 1, 0.6)
            return f"has no key {at + key!r}; " + (f"nearest: {near[0]}" if near else f"known: {', '.join(known)}")
        kind = known[key]
        if isinstance(kind, Mapping):
            found = problem(mapping(kind), mapping(entry), f"{at}{key}.")
        else:
            found = _value(entry, kind) if kind is not None and entry is not None else ""
            found = f"has {at}{key} {found}" if found else ""
        if found and not (key == _CONNECTOR and value.get(_MODULE)):
            return found
    if _ROLE in known and value.get(_CONNECTOR) and value.get(_ROLE) is None:
        return f"has {_CONNECTOR} and no {_ROLE}; add {_ROLE}"
    return ""


def _value(entry: object, kind: str | Sequence[object]) -> str:
    if not isinstance(kind, str):
        return _choice(entry, kind)
    name, _, bound = kind.partition(" ")
    if not _fits(entry, name):
        return f"{_shown(entry)}, which is not {_NAMES[name]}; write {_NAMES[name]}"
    if not bound or isinstance(entry, bool):
        return ""
    limit, _, number = bound.partition(" ")
    if spans.HOLDS[limit](float(cast("float", entry)), float(number)):
        return ""
    return f"{_shown(entry)}, which is too small; write a number {spans.described({limit: float(number)})}"


def _choice(entry: object, kind: Sequence[object]) -> str:
    names = [str(one) for one in kind if one != OPEN]
    if entry in kind and entry != OPEN:
        return ""
    near = nearest(str(entry), names, 1, 0.85 if OPEN in kind else 0.6)
    if OPEN in kind and not near:
        return ""
    return f"{_shown(entry)}, which there is not; " + (f"nearest: {near[0]}" if near else f"known: {', '.join(names)}")


def _fits(entry: object, name: str) -> bool:
    if name == "text":
        return isinstance(entry, str)
    if name == "bool":
        return entry in (0, 1) if isinstance(entry, int | float) else isinstance(entry, str) and entry.lower() in _SAID
    try:
        number = float(entry) if isinstance(entry, int | float | str) else None
    except ValueError:
        return False
    return number is not None and (name == "float" or number.is_integer())


def _shown(entry: object) -> str:
    return repr(entry)[:60]
