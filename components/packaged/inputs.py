"""Inputs as they arrive from another language, and refusals as they go back there.

Owns the way in (enums as text, whole numbers whole) and the way out: each line of a refusal at the property that it is
about, so that the engine shows it there.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import wraps
from typing import Any, TypeVar, cast

import pulumi
from pydantic.alias_generators import to_camel

from kaitops.components.resources import checking
from kaitops.documents.plain import Object
from kaitops.errors import KaitopsError

T = TypeVar("T", bound=Callable[..., None])
# KAITO's own words for some fields are no fields.
_FIELDS = {
    "inference.presetName": "inference.preset.name",
    "tuning.presetName": "tuning.preset.name",
    "spec.remote": "spec.inferenceService.url",
}
# File, line and column before the path.
_PLACE = re.compile(r"^\S.*?:\d+:\d+: ")


def plain(value: object) -> Any:
    """A value as it would stand in a document; Outputs stay what they are, with whole numbers in them."""
    if isinstance(value, pulumi.Output):
        return cast("pulumi.Output[Any]", value).apply(plain)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        entries = cast("Object", value).items()
        return {key: plain(entry) for key, entry in entries if entry is not None}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in cast("list[Any]", value)]
    return checking.whole(value)


def refused(error: KaitopsError, roots: Mapping[str, str], texts: Mapping[str, str]) -> pulumi.InputPropertiesError:
    """A refusal with each of its lines at the property that it is about.

    Args:
        roots: properties by the first step of the paths in messages, such as ``infra`` for ``settings``; one that ends
            in ``.*`` has the name of the entry as its next step, which is no part of the property; of one that ends in
            ``.**`` nothing further is, since it is a text.
        texts: inputs that are texts; a line begins with one, such as the path of a file, or with its name.
    """
    # The path stands at the head of a line, or KAITO names it within.
    path = re.compile(rf"(?<![\w./])({'|'.join(map(re.escape, roots))})((?:[.\[][\w\]-]+)*)(?=[^\w-]|$)")
    found: list[pulumi.InputPropertyErrorDetails] = []
    told: list[str] = []
    for line in str(error).splitlines():
        reason = line.strip()
        matches = list(path.finditer(_PLACE.sub("", reason)))
        # A word of the message may read like a property; a path says more.
        if match := next((one for one in matches if one[2]), matches[0] if matches else None):
            root, rest = roots[match[1]], match[2]
            if root.endswith(".**"):
                root, rest = root.removesuffix(".**"), ""
            elif root.endswith(".*"):
                root, rest = root.removesuffix(".*"), re.sub(r"^\.[^.\[]+", "", rest)
            place = _field(root + rest)
            if not roots[match[1]].endswith(".**") and reason.startswith(match[0]):
                # Where no file was read, the path is that of a document that nobody wrote.
                reason = place + reason.removeprefix(match[0])
                line = line.replace(match[0], place, 1)
            found.append({"property_path": place, "reason": reason})
        elif named := next((key for key, text in texts.items() if text and line.startswith((text, f"{key}: "))), None):
            found.append({"property_path": named, "reason": reason})
        told.append(line)
    return pulumi.InputPropertiesError("\n".join(told), found)


def _field(path: str) -> str:
    for theirs, ours in _FIELDS.items():
        if path == theirs or path.endswith(f".{theirs}"):
            return path.removesuffix(theirs) + ours
    return path


def refusing(**roots: str) -> Callable[[T], T]:
    """Let a component's constructor tell refusals as errors of its inputs."""

    def decorated(init: T) -> T:
        @wraps(init)
        def telling(*args: Any, **kwargs: Any) -> None:
            try:
                init(*args, **kwargs)
            except KaitopsError as error:
                given = cast("Object", args[2] if len(args) > 2 else kwargs["args"])
                texts = {to_camel(key): value for key, value in given.items() if isinstance(value, str)}
                raise refused(error, roots, texts) from error

        return cast("T", telling)

    return decorated
