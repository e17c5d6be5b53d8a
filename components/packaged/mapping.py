"""Inputs against the schema that they were written by, before a component sees them.

Owns what the SDK's own mapping loses without a word: keys that no type has, and objects that are known only when the
program has run, for which it puts empty ones. Values of another form than the schema's are refused here as well, since
only here the property of each is known; what a value of the right form means is judged by the component.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import pulumi
from pulumi.provider.experimental.analyzer import PropertyDefinition, PropertyType, TypeDefinition

from kaitops.components.resources.checking import whole
from kaitops.documents.plain import Object
from kaitops.errors import nearest

Found = Iterator[tuple[str, str]]
Types = Callable[[PropertyDefinition], TypeDefinition | None]
_FORMS: Mapping[PropertyType | None, tuple[str, Callable[[Any], bool]]] = {
    None: ("any value", lambda _: True),
    PropertyType.STRING: ("text", lambda value: isinstance(value, str)),
    PropertyType.BOOLEAN: ("true or false", lambda value: isinstance(value, bool)),
    PropertyType.INTEGER: (
        "a whole number",
        lambda value: _is_number(value) and isinstance(whole(value), int),
    ),
    PropertyType.NUMBER: ("a number", lambda value: _is_number(value)),
    PropertyType.ARRAY: ("a list", lambda value: isinstance(value, Sequence) and not isinstance(value, str)),
    PropertyType.OBJECT: ("an object", lambda value: isinstance(value, Mapping)),
}


def misfits(inputs: Object, known: Mapping[str, PropertyDefinition], types: Types, path: str = "") -> Found:
    """Path and reason of each input that the schema does not have, lacks, or has no word for.

    Args:
        known: properties of the type by name.
        types: the type that a property refers to; None for any value.
    """
    for key, value in inputs.items():
        place = f"{path}.{key}" if path else key
        if key not in known:
            yield place, f"{place}: is no property here, so it would have no effect; {_instead(key, known)}"
        elif value is not None:
            yield from _inside(value, known[key], types, place)
    for key, one in known.items():
        if not one.optional and inputs.get(key) is None:
            place = f"{path}.{key}" if path else key
            yield place, f"{place}: is missing, and nothing can be made without it; give it"


def _inside(value: object, one: PropertyDefinition, types: Types, path: str) -> Found:
    # What is not known yet is judged by the component, as soon as it is.
    if isinstance(value, pulumi.Output):
        return
    wanted, fits = _FORMS[one.type]
    if one.ref and (type_ := types(one)) is not None:
        if type_.enum:
            words = [each.value for each in type_.enum]
            if value not in words:
                yield path, f"{path}: {value!r} is none of {', '.join(map(str, words))}; take one of them"
        elif isinstance(value, Mapping):
            yield from misfits(cast("Object", value), type_.properties, types, path)
        else:
            yield path, f"{path}: is {_told(value)} and no object with the keys of {type_.name}; give one"
    elif not fits(value):
        quoted = ", by quoting it" if wanted == "text" and isinstance(value, bool | int | float) else ""
        yield path, f"{path}: is {_told(value)}, and only {wanted} can stand here; write it so{quoted}"
    elif one.items is not None and isinstance(value, Sequence):
        for number, each in enumerate(cast("Sequence[Any]", value)):
            yield from _inside(each, one.items, types, f"{path}[{number}]")
    elif one.additional_properties is not None and isinstance(value, Mapping):
        for key, each in cast("Object", value).items():
            yield from _inside(each, one.additional_properties, types, f"{path}.{key}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _told(value: Any) -> str:
    # What was written as text may be a secret at the wrong place.
    if isinstance(value, bool):
        return str(value).lower()
    if _is_number(value):
        return f"the number {whole(value)}"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list | tuple) else "an object"


def _instead(key: str, known: Mapping[str, PropertyDefinition]) -> str:
    close = nearest(key, known)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(sorted(known))}"
