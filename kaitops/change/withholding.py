"""An object without the secret values that somebody wrote into it: what is written down again must not spread them."""

from typing import Any, cast

from kaitops.documents.plain import MutableObject, Object
from kaitops.secrets import secret_values, tokens


def withheld(document: Object) -> tuple[MutableObject, int]:
    """A copy with a note in the place of each secret value, and how many there were.

    Secret is what stands under a name that means one, what looks like one, and all that a Secret holds.
    """
    values = set(secret_values.of(document))
    within = sorted((value for value in values if len(value) >= secret_values.SHORTEST), key=len, reverse=True)
    counted = [0]
    kept = {
        key: part if key in ("apiVersion", "kind") else _without(part, values, within, counted)
        for key, part in document.items()
    }
    return kept, counted[0]


def _without(node: object, values: set[str], within: list[str], counted: list[int]) -> Any:
    if isinstance(node, dict):
        return {key: _without(one, values, within, counted) for key, one in cast("dict[Any, Any]", node).items()}
    if isinstance(node, list):
        return [_without(one, values, within, counted) for one in cast("list[Any]", node)]
    if isinstance(node, bool) or not isinstance(node, str | int | float):
        return node
    text = str(node)
    if text in values:
        return _note(node, counted)
    if isinstance(node, str):
        for value in within:
            if value in text:
                text = text.replace(value, _note(value, counted))
        clean = tokens.without(text)
        counted[0] += clean != text
        return clean
    return node


def _note(value: object, counted: list[int]) -> str:
    counted[0] += 1
    return secret_values.note(value)
