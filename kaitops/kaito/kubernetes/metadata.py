"""Object metadata as the API server decodes it: the types of its fields, and which fields there are.

Source of the types and messages: ``ObjectMeta`` of k8s.io/apimachinery, read by Go's ``encoding/json``. What the values
have to say is for ``object_names``.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

from kaitops.documents.plain import Object, mapping

_MAP, _TEXT, _WHOLE, _TIME, _BOOL, _ANY = "map[string]string", "string", "int64", "time", "bool", ""
_OWNER = {
    "apiVersion": _TEXT,
    "blockOwnerDeletion": _BOOL,
    "controller": _BOOL,
    "kind": _TEXT,
    "name": _TEXT,
    "uid": "types.UID",
}
_MANAGED = {
    "apiVersion": _TEXT,
    "fieldsType": _TEXT,
    "fieldsV1": _ANY,
    "manager": _TEXT,
    "operation": "v1.ManagedFieldsOperationType",
    "subresource": _TEXT,
    "time": _TIME,
}
FIELDS = {
    "annotations": _MAP,
    "creationTimestamp": _TIME,
    "deletionGracePeriodSeconds": _WHOLE,
    "deletionTimestamp": _TIME,
    "finalizers": "[]string",
    "generateName": _TEXT,
    "generation": _WHOLE,
    "labels": _MAP,
    "managedFields": "[]v1.ManagedFieldsEntry",
    "name": _TEXT,
    "namespace": _TEXT,
    "ownerReferences": "[]v1.OwnerReference",
    "resourceVersion": _TEXT,
    "selfLink": _TEXT,
    "uid": "types.UID",
}
"""The fields of an object's metadata with the names of their types in Go."""
_PARTS = {"v1.ManagedFieldsEntry": _MANAGED, "v1.OwnerReference": _OWNER}
GO_KINDS: dict[type[object], str] = {
    bool: "bool",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
    str: "string",
}
_LAYOUT = "2006-01-02T15:04:05Z07:00"
# Go takes an hour of one digit and a comma before the fraction.
_MOMENT = (
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]+)?(?:Z|[-+]([0-9]{2}):([0-9]{2}))"
)


def check_metadata(metadata: Any) -> tuple[str | None, list[str]]:
    """Why the metadata cannot be decoded (None where it can), and the fields that Kubernetes does not know."""
    if metadata is None:
        return None, []
    kind: type[object] = metadata.__class__
    if kind is not dict:
        return f"json: cannot unmarshal {GO_KINDS[kind]} into Go value of type v1.ObjectMeta", []
    problem = next(_problems(metadata, FIELDS, "ObjectMeta."), None)
    if problem is not None:
        return problem, []
    return None, [f"metadata.{path}" for path in _unknown(metadata, FIELDS, "")]


def _problems(held: Object, fields: Mapping[str, str], place: str) -> Iterator[str]:
    # The server writes the metadata anew before it reads it, with its keys in order, and stops at the first.
    for key in sorted(held) if len(held) > 1 else held:
        wanted, value = fields.get(key), held[key]
        if wanted and value is not None and not (wanted is _TEXT and value.__class__ is str):
            yield from _mistyped(value, wanted, place + key, key)


def _mistyped(value: Any, wanted: str, place: str, key: str) -> Iterator[str]:
    given: type[object] = value.__class__
    if wanted is _MAP:
        if given is not dict:
            yield _cannot(value, place, wanted)
            return
        for each in value.values():
            if each is not None and type(each) is not str:
                yield _cannot(each, place, _TEXT)
    elif wanted.startswith("[]"):
        if given is not list:
            yield _cannot(value, place, wanted)
            return
        for each in value:
            yield from _mistyped_part(each, wanted[2:], place, key)
    elif wanted is _TIME:
        if given is not str:
            yield _cannot(value, place, _TEXT)
        elif reason := _no_moment(value):
            yield reason
    elif wanted is _WHOLE:
        if given is int and -(1 << 63) <= value < 1 << 63:
            return
        if given is float and value.is_integer() and -(2.0**63) <= value < 2.0**63:
            return
        yield _cannot(value, place, wanted)
    elif (wanted is _BOOL) != (given is bool) or (wanted is not _BOOL and given is not str):
        yield _cannot(value, place, wanted)


def _mistyped_part(value: Any, wanted: str, place: str, key: str) -> Iterator[str]:
    if value is None:
        return
    fields = _PARTS.get(wanted)
    if fields is None:
        if type(value) is not str:
            yield _cannot(value, place, wanted)
    elif isinstance(value, dict):
        yield from _problems(mapping(cast("object", value)), fields, f"{wanted[3:]}.{key}.")
    else:
        yield _cannot(value, place, wanted)


def _cannot(value: Any, place: str, wanted: str) -> str:
    given = GO_KINDS[type(value)]
    if wanted is _WHOLE and given == "number":
        given += f" {value:.15g}" if isinstance(value, float) else f" {value}"
    return f"json: cannot unmarshal {given} into Go struct field {place} of type {wanted}"


def _no_moment(text: str) -> str | None:
    """Why a text is no time to Go; None where it is one."""
    found = re.fullmatch(_MOMENT, text)
    if found is None:
        return f'parsing time "{text}" as "{_LAYOUT}": cannot parse "{text}" as "{_LAYOUT}"'
    year, month, day, hour, minute, second, zone, zone_minute = (int(part or 0) for part in found.groups())
    if month not in range(1, 13):
        part = "month"
    elif hour > 23:
        part = "hour"
    elif minute > 59:
        part = "minute"
    elif second > 59:
        part = "second"
    elif zone > 24 or zone_minute > 60:
        part = "time zone offset hour" if zone > 24 else "time zone offset minute"
    elif not _is_day(year, month, day):
        part = "day"
    else:
        return None
    return f'parsing time "{text}": {part} out of range'


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        # The calendar repeats after 400 years, and the year 0 is one to Go.
        datetime(year % 400 + 400, month, day)
    except ValueError:
        return False
    return True


def _unknown(held: Object, fields: Mapping[str, str], place: str) -> Iterator[str]:
    for key, value in held.items():
        wanted = fields.get(key)
        if wanted is None:
            yield place + key
        elif wanted.startswith("[]v1.") and value:
            for number, each in enumerate(value):
                yield from _unknown(each or {}, _PARTS[wanted[2:]], f"{place}{key}[{number}].")
