"""Changing single keys of a YAML file that people wrote, with their comments and layout.

The reading and writing is ruamel.yaml's. A file that it would lay out anew is refused, so that a change of one key
never is a change of the whole file.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from kaitops.errors import BadInput

Edit = tuple[Sequence[str], str | None]


def edited(text: str, name: str, edits: Iterable[Edit]) -> str:
    """The text with these keys set, or removed where the value is None; parents that this empties go too.

    Raises:
        BadInput: the file's layout cannot be kept.
    """
    # Costs more to load than all else of a command.
    from ruamel.yaml import YAML, util

    yaml: Any = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    guess: Any = util.load_yaml_guess_indent  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    _, indent, offset = guess(text)
    yaml.indent(mapping=2, sequence=indent or 2, offset=offset or 0)

    def dumped(document: Any) -> str:
        out = io.StringIO()
        yaml.dump(document, out)
        return out.getvalue()

    if dumped(yaml.load(text)) != text:
        raise BadInput(
            f"{name}: its layout would not survive a change by program, so nothing was written; make the change by "
            "hand, or indent mappings by two spaces and break no lines"
        )
    document = yaml.load(text)
    for path, value in edits:
        _set(document, list(path), value)
    return dumped(document)


def _set(document: Any, path: list[str], value: str | None) -> None:
    parents = [document]
    for key in path[:-1]:
        inner = parents[-1].get(key)
        if inner is None:
            inner = parents[-1][key] = {}
        parents.append(inner)
    if value is not None:
        parents[-1][path[-1]] = value
        return
    for parent, key in zip(reversed(parents), reversed(path), strict=True):
        parent.pop(key, None)
        if parent:
            break
