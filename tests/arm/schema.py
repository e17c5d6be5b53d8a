"""Types of azure-native's resources: which inputs there are, of what form, and which must be given.

Read off the SDK's own classes, which are made from Azure's specifications, so every resource type is known.
"""

import importlib
import inspect
import threading
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from types import NoneType
from typing import Any, Union, get_args, get_origin

import pulumi
from pulumi._types import input_type_py_to_pulumi_names, input_type_types, is_input_type
from pulumi.output import Unknown
from pulumi.runtime.rpc import UNKNOWN

_ONE = threading.Lock()
SCALARS: dict[Any, tuple[type, ...]] = {bool: (bool,), int: (int,), float: (int, float), str: (str,)}


def misfits(kind: str, inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and reason of each input that the type does not have, lacks, or has in another form.

    Args:
        kind: such as `network:NatGateway`.
        inputs: as the engine is told them.

    Raises:
        LookupError: the SDK has no such type.
    """
    module, _, name = kind.partition(":")
    try:
        # The SDK loads a module when it is first looked at, and a second thread would find it half there.
        with _ONE:
            found = importlib.import_module(f"pulumi_azure_native.{module}")
            # The short name is a property's where the two are alike.
            arguments = getattr(found, f"{name}InitArgs", None) or getattr(found, f"{name}Args", None)
    except ModuleNotFoundError as missing:
        raise LookupError(kind) from missing
    if arguments is None:
        raise LookupError(kind)
    yield from _object(arguments, inputs, "")


@cache
def _members(arguments: type) -> tuple[dict[str, Any], frozenset[str]]:
    """Form of each input by its name, and the names of those without which it cannot be."""
    names = input_type_py_to_pulumi_names(arguments)
    required = {
        names[parameter.name]
        for parameter in inspect.signature(arguments.__init__).parameters.values()
        if parameter.default is parameter.empty and parameter.name in names
    }
    return input_type_types(arguments), frozenset(required)


def _object(arguments: type, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield path, f"{value!r} is no object"
        return
    forms, required = _members(arguments)
    for name in sorted(required - value.keys()):
        yield _below(path, name), "is required and missing"
    for name, given in value.items():
        if name not in forms:
            yield _below(path, name), f"is unknown to {arguments.__name__}"
        elif given is not None:
            yield from _any(forms[name], given, _below(path, name))


def _any(form: Any, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if value == UNKNOWN or isinstance(value, Unknown):
        return
    form = _bare(form)
    if is_input_type(form):
        yield from _object(form, value, path)
    elif get_origin(form) is Sequence:
        if not isinstance(value, list):
            yield path, f"{value!r} is no list"
            return
        for number, one in enumerate(value):
            yield from _any(get_args(form)[0], one, f"{path}[{number}]")
    elif get_origin(form) is Mapping:
        if not isinstance(value, dict):
            yield path, f"{value!r} is no object"
            return
        for key, one in value.items():
            yield from _any(get_args(form)[1], one, _below(path, key))
    elif isinstance(form, type) and issubclass(form, Enum):
        allowed = [each.value for each in form]
        if value not in allowed:
            yield path, f"{value!r} is none of {', '.join(map(str, allowed))}"
    elif form in SCALARS and (not isinstance(value, SCALARS[form]) or (isinstance(value, bool) and form is not bool)):
        yield path, f"{value!r} is no {form.__name__}"


def _bare(form: Any) -> Any:
    """What is to be given in the end: without null and later values; of text or a list of words, the words."""
    while get_origin(form) is Union:
        left = [
            one
            for one in get_args(form)
            if one is not NoneType and get_origin(one) is not Awaitable and not _is_output(one)
        ]
        words = [one for one in left if isinstance(one, type) and issubclass(one, Enum)]
        if len(left) > 1 and not words:
            return Any
        form = (words or left)[0]
    return form


def _is_output(form: Any) -> bool:
    return (get_origin(form) or form) is pulumi.Output


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
