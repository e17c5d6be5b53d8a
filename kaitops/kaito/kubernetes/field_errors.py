"""Findings of a webhook: message, paths, details; how they get prefixes, merge, sort and print.

Source of the rules: ``apis.FieldError`` of knative's ``pkg``, which KAITO's validators build on. A set of findings is a
flat list; nesting makes no difference to what is printed.
"""

from typing import NamedTuple

from kaitops.documents.plain import at, count, items, mapping


class FieldError(NamedTuple):
    """One finding."""

    message: str
    paths: tuple[str, ...] = ()
    details: str = ""


Findings = list[FieldError]


class Refusal(NamedTuple):
    """A line of what refuses an object.

    Attributes:
        text: in the words of the one who refuses.
        fields: the fields that the line is about, as loosely written as there; empty where it names none.
    """

    text: str
    fields: tuple[str, ...] = ()


class WebhookPanic(Exception):
    """KAITO's validator crashes on this object: the webhook gives no answer and the write fails."""


NIL_POINTER = "runtime error: invalid memory address or nil pointer dereference"


def generic(message: str, *paths: str) -> FieldError:
    """A finding in its own words."""
    return FieldError(message, paths)


def missing_field(*paths: str) -> FieldError:
    """Fields that must be set."""
    return FieldError("missing field(s)", paths)


def disallowed_fields(*paths: str) -> FieldError:
    """Fields that must not be set."""
    return FieldError("must not set the field(s)", paths)


def invalid_value(value: object, path: str, *details: str) -> FieldError:
    """A field with a value that is not accepted."""
    return FieldError(f"invalid value: {value}", (path,), ", ".join(details))


def via(findings: Findings, *prefix: str) -> Findings:
    """The findings as seen from further up: the prefix goes before every path."""
    if not findings:
        return findings
    return [
        FieldError(message, tuple([_flatten((*prefix, path)) for path in paths]), details)
        for message, paths, details in findings
    ]


def render(findings: Findings) -> str:
    """The text that the webhook answers with."""
    return "\n".join(one.text for one in lines(findings))


def lines(findings: Findings) -> list[Refusal]:
    """The same line by line: equal findings merged, sorted, each with the lines of its details."""
    merged: dict[tuple[str, str], list[str]] = {}
    for message, paths, details in findings:
        key = (message, details)
        known = merged.get(key)
        if known is None:
            merged[key] = list(paths)
        else:
            known.extend([path for path in dict.fromkeys(paths) if path not in known])
    made: list[Refusal] = []
    for (message, details), paths in sorted(merged.items()):
        fields = tuple(sorted(paths))
        text = f"{message}: {', '.join(fields)}"
        made += [Refusal(line, fields) for line in (f"{text}\n{details}" if details else text).split("\n")]
    return made


def _flatten(parts: tuple[str, ...]) -> str:
    flat: list[str] = []
    for part in parts:
        for piece in part.split("."):
            if not piece:
                continue
            if flat and piece[0] == "[" and piece[-1] == "]":
                flat[-1] += piece
            else:
                flat.append(piece)
    return ".".join(flat)


def steps(node: object, written: str) -> list[str | int]:
    """The steps of a loosely written path that exist, in order; ``spec`` of a kind without one is passed over."""
    found: list[str | int] = []
    for raw in written.replace("presetName", "preset.name").replace("[", ".").replace("]", "").split("."):
        step = raw.strip("\"'")
        match: str | int | None = next((key for key in mapping(node) if key.lower() == step.lower()), None)
        if match is None and (number := count(step)) is not None and number < len(items(node)):
            match = number
        if match is not None:
            found.append(match)
            node = at(node, match)
    return found
