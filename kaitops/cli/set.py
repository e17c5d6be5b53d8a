"""``kaitops set``: one value of ``fleet.yaml``."""

import argparse
import re
from typing import Any, cast

from kaitops.cli import changing, models
from kaitops.documents import reader
from kaitops.documents.editing import Edit
from kaitops.documents.plain import at, mapping
from kaitops.errors import BadInput, nearest

_GROUPS = ("models", "rag", "tuning", "clusters")
_BEGINS = ("preset", "custom", "region")
"""The keys that one begins with."""
_THOUSANDS = re.compile(r"[0-9]{1,6}k", re.IGNORECASE)
_STEP = re.compile(r'\[(?P<number>[0-9]+)\]|"(?P<quoted>[^"]+)"|(?P<plain>[^.\["]+)')


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "path", metavar="PATH", help='such as models.phi-4.context or clusters.dev.nodes.a.labels."x.y/z"'
    )
    parser.add_argument("value", metavar="VALUE", nargs="?", help="as YAML on one line: 32k, auto, '[dev, prod]'")
    parser.add_argument("--unset", action="store_true", help="take the key out in place of giving it a value")
    changing.add_fleet(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the change, make it, render."""
    data, problem = _held(arguments.fleet)
    path = steps(arguments.path, data)
    if arguments.unset != (arguments.value is None):
        raise BadInput("VALUE: give a value, or --unset to take the key out, and not both")
    if arguments.unset:
        return changing.finish(changing.changed(arguments.fleet, [Edit(path, None)]), arguments)
    _refuse_slip(path, data)
    # What is wrong says nothing of the form of what is right.
    old = None if problem else at(data, *path)
    value = _value(arguments.value, old, path)
    if value is None:
        raise BadInput(f"VALUE: null says nothing in a fleet; 'kaitops set {arguments.path} --unset' takes the key out")
    if type(value) is type(old) and value == old:
        print(f"{changing.read(arguments.fleet).at(path, 'is that already')}; nothing was written")
        return 0
    try:
        change = changing.changed(arguments.fleet, [Edit(path, value)])
    except BadInput as error:
        if isinstance(value, str | dict | list):
            raise
        # A key that was not there may want a text, as a label or a quantity does.
        try:
            change = changing.changed(arguments.fleet, [Edit(path, arguments.value)])
        except BadInput:
            raise error from None
    return changing.finish(change, arguments)


def _held(name: str) -> tuple[object, BadInput | None]:
    """What the fleet holds, and what is wrong with it: the edit may be what mends that, and is judged by its result."""
    try:
        return changing.read(name).data, None
    except BadInput as error:
        try:
            (document,) = reader.read_file(name)
        except (BadInput, ValueError):
            raise error from None
        return document.data, error


def steps(text: str, data: object) -> list[str | int]:
    """A path as messages write it, as steps; a key that is there may hold dots.

    Raises:
        BadInput: it is no path.
    """
    path: list[str | int] = []
    rest, node = text, data
    while rest:
        known = [key for key in mapping(node) if re.match(re.escape(key) + r"(?=[.\[]|$)", rest)]
        found = _STEP.match(rest)
        if known:
            step: str | int = max(known, key=len)
            end = len(step)
        elif found:
            step = int(found["number"]) if found["number"] else found["quoted"] or found["plain"]
            end = found.end()
        else:
            break
        path.append(step)
        rest, node = rest[end:], at(node, step)
        if rest.startswith(".") and len(rest) > 1:
            rest = rest[1:]
        elif rest and not rest.startswith("["):
            break
    if rest or not path or isinstance(path[0], int):
        raise BadInput(f"PATH: {text!r} is no path of a fleet; write such as models.phi-4.context")
    return path


def _refuse_slip(path: list[str | int], data: Any) -> None:
    """A key of a workload or cluster that is not there would begin one, and none of them is whole with such a key."""
    if len(path) < 3 or path[0] not in _GROUPS or path[2] in _BEGINS:
        return
    group, name = path[:2]
    declared = at(data, group)
    if not isinstance(declared, dict | None) or name in mapping(declared):
        return
    near = nearest(str(name), mapping(declared))
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(mapping(declared)) or 'none'}"
    raise BadInput(f"PATH: {group} has no {str(name)!r}, so nothing was set; {hint}")


def _value(text: str, old: object, path: list[str | int]) -> Any:
    """What a text means as YAML; a text where a text was, for 1.30 may be a version; 16k where tokens are counted."""
    if _THOUSANDS.fullmatch(text) and _counts_tokens(path):
        return models.tokens(text)
    try:
        found = reader.read_bytes(text.encode(), "VALUE")
    except BadInput:
        return text
    value: Any = found[0].data if len(found) == 1 else text
    return text if isinstance(old, str) and not isinstance(value, (str, dict, list)) else cast("Any", value)


def _counts_tokens(path: list[str | int]) -> bool:
    """Whether the fleet's schema says so; only a value that looks like it loads the schema."""
    from kaitops.fleet import reading
    from kaitops.fleet.schema import Fleet

    return reading.takes_tokens(Fleet, path)
