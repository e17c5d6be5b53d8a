"""``kaitops remove``: a workload out of ``fleet.yaml``, with what clusters say of it."""

import argparse
from typing import Any

from kaitops.cli import callers, changing
from kaitops.documents.plain import mapping
from kaitops.errors import BadInput, nearest
from kaitops.fleet.clusters import GROUPS


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("name", metavar="NAME", help="of a workload; rag.NAME where two groups have one of the name")
    changing.add_fleet(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the change, make it, render."""
    source = changing.read(arguments.fleet)
    group, name = _found(source.data, arguments.name)
    users = [f"rag.{engine}" for engine in callers.engines(source.data, name)] if group == "models" else []
    if users:
        raise BadInput(
            source.at([group, name], f"answers for {', '.join(users)}, which could not be rendered without it; remove "
            "that first, or give it another model with 'kaitops set'")
        )  # fmt: skip
    edits = changing.without(source, group, name)
    return changing.finish(changing.changed(arguments.fleet, edits), arguments)


def _found(fleet: Any, asked: str) -> tuple[str, str]:
    given, dot, rest = asked.partition(".")
    wanted = {given: rest} if dot and given in GROUPS else dict.fromkeys(GROUPS, asked)
    found = [(group, name) for group, name in wanted.items() if name in mapping(fleet.get(group))]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadInput(
            f"NAME: {asked!r} is in {' and in '.join(group for group, _ in found)}; say which: "
            f"{', '.join(f'{group}.{name}' for group, name in found)}"
        )
    known = [name for group in GROUPS for name in mapping(fleet.get(group))]
    near = nearest(asked, known)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known) or 'none'}"
    raise BadInput(f"NAME: the fleet has no workload {asked!r}, so nothing was removed; {hint}")
