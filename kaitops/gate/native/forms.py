"""Forms of values that several kinds share."""

import re
from typing import Any

from kaitops.kaito.kubernetes import object_names, quantity

_PORT_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?")
_KEY = re.compile(r"[-._a-zA-Z0-9]{1,253}")
_PERCENT = re.compile(r"[0-9]{1,9}%")


def is_port(value: object) -> bool:
    """A port's number."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 65535


def is_port_name(value: object) -> bool:
    """A port's name: at most 15 signs, a letter among them, no two dashes in a row."""
    return (
        isinstance(value, str)
        and _PORT_NAME.fullmatch(value) is not None
        and "--" not in value
        and any(char.isalpha() for char in value)
    )


def is_key(value: object) -> bool:
    """A key of a ConfigMap or Secret."""
    return isinstance(value, str) and _KEY.fullmatch(value) is not None and not value.startswith("..") and value != "."


def is_label(value: object) -> bool:
    """A label's value, or none."""
    return isinstance(value, str) and not object_names.findings({"labels": {"a": value}}, create=False)


def is_label_key(value: object) -> bool:
    """A label's key."""
    return isinstance(value, str) and not object_names.findings({"labels": {value: ""}}, create=False)


def is_part(value: object) -> bool:
    """A number of pods, or a part of them in percent."""
    if isinstance(value, str):
        return _PERCENT.fullmatch(value) is not None and int(value[:-1]) <= 100
    return isinstance(value, int) and value >= 0


def amount(value: object) -> Any:
    """The amount of a quantity, None where it is none that can be compared."""
    text = str(value)
    if len(text) > 40 or "e" in text or "E" in text[:-1]:
        return None
    return quantity.read(text)
