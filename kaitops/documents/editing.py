"""Changing single values of a YAML file that people wrote, and not a byte beside them.

Comments, anchors, quotes, line ends and order stay. The edited text is read again, and it is taken only where it means
what the text before meant with exactly that difference: what would change more is refused with the reason.
"""

import codecs
from collections.abc import Iterable
from copy import deepcopy
from typing import Any, NamedTuple

from kaitops.documents import reader, spans
from kaitops.documents import text as texts
from kaitops.documents.plain import Steps, dotted, items, mapping, nested
from kaitops.documents.spans import Node
from kaitops.documents.splicing import Text
from kaitops.errors import BadInput


class Edit(NamedTuple):
    """A value to be written; where it is None its key goes, and parents that this empties go too."""

    path: Steps
    value: Any


def edited(raw: bytes, name: str, edits: Iterable[Edit]) -> bytes:
    """The content of a file with these changes.

    Raises:
        BadInput: what is written would change more or less than what is named.
    """
    texts.require_common_lines(texts.decode(raw, name), name)
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    data = _read(raw, name)
    text = raw.decode("utf-8-sig")
    for edit in edits:
        data = _wanted(data, edit, name)
        text = _edited(text, name, edit, data)
    return mark + text.encode()


def _read(raw: bytes, name: str) -> Any:
    found = reader.read_bytes(raw, name)
    data: Any = found[0].data if len(found) == 1 else None
    if not isinstance(data, dict):
        raise BadInput(f"{name}: is not one mapping, so there is no key to change; name a fleet")
    return mapping(data)


def _edited(text: str, name: str, edit: Edit, wanted: object) -> str:
    root = spans.read(text, name)
    for candidate in _candidates(text, root, edit, name):
        try:
            found = _read(candidate.encode(), name)
        except BadInput:
            continue
        if _same(found, wanted):
            return candidate
    raise BadInput(f"{name}: {dotted(edit.path)}: {_reason(root, edit.path)}")


def _candidates(text: str, root: Node, edit: Edit, name: str) -> Iterable[str]:
    """Texts that may be what is wanted, the best first."""
    layout = Text(text, root)
    trail: list[tuple[Node, tuple[Node | None, Node]]] = []
    node, rest = root, list(edit.path)
    while rest and (entry := node.find(rest[0])) is not None:
        trail.append((node, entry))
        node, rest = entry[1], rest[1:]
    if edit.value is None:
        if rest or any(key is None for _, (key, _) in trail):
            return []
        while trail and len(trail[-1][0].entries) == 1:
            trail.pop()
        if not trail:
            raise BadInput(f"{name}: nothing would be left of it, so nothing was removed; delete the file")
        return layout.removed(*trail[-1])
    if not rest:
        return [layout.replaced(*trail[-1], edit.value)]
    keys = [str(key) for key in rest]
    if node.kind == "mapping":
        given = nested(keys[1:], edit.value)
        opened = layout.opened(*trail[-1], {keys[0]: given}) if trail and mapping(given) else []
        return [*opened, *layout.inserted(node, keys[0], given)]
    return [layout.replaced(*trail[-1], nested(keys, edit.value))] if node.kind == "scalar" else []


def _wanted(data: Any, edit: Edit, name: str) -> Any:
    """What the file is to mean."""
    whole = deepcopy(data)
    node, parents = whole, list[tuple[Any, str | int]]()
    for step in edit.path[:-1]:
        parents.append((node, step))
        node = _inner(node, step, edit, name)
    last = edit.path[-1]
    if edit.value is not None:
        _hold(node, last, edit, name)
        node[last] = edit.value
        return whole
    if last not in mapping(node):
        raise BadInput(f"{name}: {dotted(edit.path)}: is not there, so nothing was removed")
    del node[last]
    for parent, step in reversed(parents):
        if parent[step]:
            break
        del parent[step]
    return whole


def _inner(node: Any, step: str | int, edit: Edit, name: str) -> Any:
    _hold(node, step, edit, name)
    if isinstance(step, int):
        return node[step]
    if node.get(step) is None:
        if edit.value is None:
            raise BadInput(f"{name}: {dotted(edit.path)}: is not there, so nothing was removed")
        node[step] = {}
    return node[step]


def _hold(node: object, step: str | int, edit: Edit, name: str) -> None:
    if isinstance(step, int):
        if isinstance(node, list) and step < len(node):  # pyright: ignore[reportUnknownArgumentType]
            return
        held = f"has {len(node)} entries" if isinstance(node, list) else "is no list"  # pyright: ignore[reportUnknownArgumentType]
        raise BadInput(f"{name}: {dotted(edit.path)}: what [{step}] is asked of {held}; nothing was written")
    if not isinstance(node, dict):
        raise BadInput(
            f"{name}: {dotted(edit.path)}: what {step!r} is asked of is no mapping, so it has no such key; "
            "nothing was written"
        )


def _reason(root: Node, path: Steps) -> str:
    """Why an edit changes something else than what is named."""
    users = _users(root)
    node, within = root, root
    for number, step in enumerate(path):
        merge, entry = node.find("<<"), node.find(step)
        if merge is not None and entry is None:
            return _shared(path[: number + 1], f"comes from the merge '<<' on line {merge[1].line}")
        if entry is None:
            break
        within, node = node, entry[1]
        if node.kind == "alias":
            return _shared(path[: number + 1], f"is *{node.anchor} on line {node.line}, written elsewhere")
        if node.start in users:
            where = f"is &{node.anchor} on line {node.line}, which line {users[node.start].line} uses as well"
            return _shared(path[: number + 1], where)
    else:
        held = next((each for each in node.within() if each.start in users), None)
        if held is not None:
            line = users[held.start].line
            return _shared(path, f"holds &{held.anchor} on line {held.line}, which line {line} uses as well")
        if (merge := within.find("<<")) is not None:
            return _shared(path, f"is brought by the merge '<<' on line {merge[1].line} as well and would stay")
    return (
        "its layout would not survive a change by program, so nothing was written; make the change by hand, or write "
        "the part as one key a line"
    )


def _users(root: Node) -> dict[int, Node]:
    """The first alias of each anchored value, by where the value starts; a name may be given anew."""
    named: dict[str | None, int] = {}
    users: dict[int, Node] = {}
    for node in sorted(root.within(), key=lambda one: one.start):
        if node.kind != "alias":
            named[node.anchor] = node.start
        elif node.anchor in named:
            users.setdefault(named[node.anchor], node)
    return users


def _shared(path: Steps, fact: str) -> str:
    return (
        f"{dotted(path)} {fact}, so the edit would change more than what is named and nothing was written; write the "
        "part out where it is to differ, or change the shared part by hand"
    )


def _same(one: Any, other: Any) -> bool:
    """Equal in type as well: 1 is not 1.0, and not true."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        first, second = mapping(one), mapping(other)
        return first.keys() == second.keys() and all(_same(first[key], second[key]) for key in first)
    if isinstance(one, list):
        return len(items(one)) == len(other) and all(map(_same, items(one), other))
    return one == other
