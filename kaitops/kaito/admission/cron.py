"""Cron expressions as KAITO's parser takes them: five fields, names, ``@`` descriptors, a time zone in front.

Source of the rules and messages: ``ParseStandard`` of ``robfig/cron`` v3.
"""

from collections.abc import Mapping

from kaitops.kaito.golang.text import atoi, parse_duration, slice_text
from kaitops.kaito.kubernetes import timezones
from kaitops.kaito.kubernetes.field_errors import WebhookPanic

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_DAYS = {name: number for number, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
_NO_NAMES: Mapping[str, int] = {}
_FIELDS: tuple[tuple[int, int, Mapping[str, int]], ...] = (
    (0, 59, _NO_NAMES),
    (0, 23, _NO_NAMES),
    (1, 31, _NO_NAMES),
    (1, 12, _MONTHS),
    (0, 6, _DAYS),
)
_DESCRIPTORS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})


def schedule_problem(text: str) -> str | None:
    """Why a text is no schedule, in the parser's words; None where it is one.

    Raises:
        WebhookPanic: a time zone without a schedule crashes the parser.
    """
    try:
        _check(text)
    except ValueError as error:
        return str(error)
    return None


def _check(text: str) -> None:
    if not text:
        raise ValueError("empty spec string")
    if text.startswith(("TZ=", "CRON_TZ=")):
        text = _without_zone(text)
    if text.startswith("@"):
        _check_descriptor(text)
        return
    fields = text.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(f"expected exactly 5 fields, found {len(fields)}: {slice_text(fields)}")
    for field, (low, high, names) in zip(fields, _FIELDS, strict=True):
        for part in field.split(","):
            if part:
                _check_range(part, low, high, names)


def _without_zone(text: str) -> str:
    space = text.find(" ")
    if space == -1:
        raise WebhookPanic("runtime error: slice bounds out of range [:-1]")
    zone = text[text.index("=") + 1 : space]
    if zone not in ("", "UTC", "Local"):
        if ".." in zone or zone.startswith(("/", "\\")) or "\\" in zone:
            raise ValueError(f"provided bad location {zone}: time: invalid location name")
        if zone not in timezones.known():
            raise ValueError(f"provided bad location {zone}: unknown time zone {zone}")
    return text[space:].strip()


def _check_descriptor(text: str) -> None:
    if text in _DESCRIPTORS:
        return
    if not text.startswith("@every "):
        raise ValueError(f"unrecognized descriptor: {text}")
    try:
        parse_duration(text.removeprefix("@every "))
    except ValueError as error:
        raise ValueError(f"failed to parse duration {text}: {error}") from None


def _check_range(text: str, low: int, high: int, names: Mapping[str, int]) -> None:
    steps = text.split("/")
    ends = steps[0].split("-")
    if ends[0] in ("*", "?"):
        start, end = low, high
    else:
        start = _number(ends[0], names)
        if len(ends) > 2:
            raise ValueError(f"too many hyphens: {text}")
        end = _number(ends[1], names) if len(ends) == 2 else start
    step = 1
    if len(steps) > 2:
        raise ValueError(f"too many slashes: {text}")
    if len(steps) == 2:
        step = _number(steps[1], _NO_NAMES)
        if len(ends) == 1:
            end = high
    if start < low:
        raise ValueError(f"beginning of range ({start}) below minimum ({low}): {text}")
    if end > high:
        raise ValueError(f"end of range ({end}) above maximum ({high}): {text}")
    if start > end:
        raise ValueError(f"beginning of range ({start}) beyond end of range ({end}): {text}")
    if step == 0:
        raise ValueError(f"step of range should be a positive number: {text}")


def _number(text: str, names: Mapping[str, int]) -> int:
    named = names.get(text.lower())
    if named is not None:
        return named
    try:
        number = atoi(text)
    except ValueError as error:
        raise ValueError(f"failed to parse int from {text}: {error}") from None
    if number < 0:
        raise ValueError(f"negative number ({number}) not allowed: {text}")
    return number
