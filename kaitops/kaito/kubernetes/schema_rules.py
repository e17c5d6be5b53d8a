"""Findings of the schema layer as the API server words them, and the CEL rules of KAITO's definitions."""

from collections.abc import Callable, Sequence
from json import dumps
from typing import Any, NamedTuple

from kaitops.kaito.golang.quote import quote


class Finding(NamedTuple):
    """One finding; ``blocks`` where the API server checks no CEL rules beside it."""

    path: str
    text: str
    blocks: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.text}"


def type_invalid(path: str, wanted: str, given: str) -> Finding:
    """A value of another type than the schema's."""
    name = path or "<nil>"
    return Finding(name, f'Invalid value: "{given}": {path} in body must be of type {wanted}: "{given}"', blocks=True)


def invalid(path: str, value: int, text: str) -> Finding:
    """A number or a count out of bounds."""
    return Finding(path, f"Invalid value: {value}: {text}")


def not_whole(path: str, form: str) -> Finding:
    """A number that is not whole, or does not fit its width."""
    text = f"Checked value must be of type integer {form} in {path}"
    return Finding("<nil>", f'Invalid value: "": {text}')


def not_allowed(path: str, value: object, allowed: Sequence[str], *, all_of: bool) -> list[Finding]:
    """A value that is not one of the allowed words.

    Args:
        path: where it is.
        value: what it is.
        allowed: the words.
        all_of: the definition says it twice, and the API server complains about that too.
    """
    shown = quote(value) if isinstance(value, str) else dumps(value, separators=(",", ":"))
    text = f"Unsupported value: {shown}: supported values: {', '.join(map(quote, allowed))}"
    found = [Finding(path, text, blocks=True)]
    if all_of:
        text = f'Invalid value: "": "{path}" must validate all the schemas (allOf). None validated'
        found.append(Finding("<nil>", text))
    return found


def too_many(path: str, count: int, most: int) -> Finding:
    """A list that is too long."""
    return Finding(path, f"Too many: {count}: must have at most {most} items", blocks=True)


def message_of(kind: str, name: str, findings: Sequence[Finding]) -> str:
    """The API server's message for an object that does not fit its schema."""
    texts = list(dict.fromkeys(map(str, findings)))
    whole = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    return f'{kind}.kaito.sh "{name}" is invalid: {whole}'


def _has_labels(selector: Any) -> bool:
    return bool(selector.get("matchLabels") or selector.get("matchExpressions"))


def _has_both_roles(roles: Any) -> bool:
    return {"prefill", "decode"} <= {role.get("type") for role in roles}


# The rules are known by their messages: the definitions hold expressions, these functions say the same.
RULES: dict[str, Callable[[Any], bool]] = {
    "labelSelector must have at least one matchLabels or matchExpressions entry": _has_labels,
    "exactly one prefill and one decode role required": _has_both_roles,
}
