"""The API server's own rules on the names and labels of an object, which hold before any webhook is asked.

Source of the forms and messages: k8s.io/apimachinery ``pkg/util/validation``.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kaitops.documents.plain import mapping
from kaitops.kaito.admission.dns_names import subdomain_problems
from kaitops.kaito.admission.schema_rules import Finding
from kaitops.kaito.go_quote import quote

_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_VALUE = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"
_IS_QUALIFIED = re.compile(rf"{_QUALIFIED}\Z")
_IS_VALUE = re.compile(rf"{_VALUE}\Z")
_LONGEST = 63
_CHARACTERS = (
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    f"(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_QUALIFIED}'"
)


def findings(metadata: Mapping[str, Any], *, create: bool) -> list[Finding]:
    """What is wrong with the name, on a create, and with the labels and the keys of annotations."""
    found = _name(metadata) if create else []
    for key, value in mapping(metadata.get("labels")).items():
        found += [_invalid("labels", key, text) for text in _key_problems(key)]
        found += [_invalid("labels", value or "", text) for text in _value_problems(value or "")]
    for key in mapping(metadata.get("annotations")):
        found += [_invalid("annotations", key, text) for text in _key_problems(key.lower())]
    return found


def _name(metadata: Mapping[str, Any]) -> list[Finding]:
    name = metadata.get("name") or ""
    if name:
        return [_invalid("name", name, text) for text in subdomain_problems(name)]
    if metadata.get("generateName"):
        return []
    return [Finding("metadata.name", "Required value: name or generateName is required")]


def _invalid(field: str, value: str, text: str) -> Finding:
    return Finding(f"metadata.{field}", f"Invalid value: {quote(value)}: {text}")


def _key_problems(key: str) -> Iterator[str]:
    parts = key.split("/")
    if len(parts) > 2:
        yield (
            f"a qualified name {_CHARACTERS}) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
        )
        return
    if len(parts) == 2:
        if not parts[0]:
            yield "prefix part must be non-empty"
        else:
            yield from (f"prefix part {text}" for text in subdomain_problems(parts[0]))
    name = parts[-1]
    if not name:
        yield "name part must be non-empty"
    elif len(name) > _LONGEST:
        yield f"name part must be no more than {_LONGEST} characters"
    if not _IS_QUALIFIED.match(name):
        yield f"name part {_CHARACTERS})"


def _value_problems(value: str) -> Iterator[str]:
    if len(value) > _LONGEST:
        yield f"must be no more than {_LONGEST} characters"
    if not _IS_VALUE.match(value):
        yield (
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
            "start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for "
            f"validation is '{_VALUE}')"
        )
