"""``kaitops promote``: the versions of one environment for the next one."""

import argparse
import sys
from difflib import unified_diff
from pathlib import Path

from kaitops.cli import files, output
from kaitops.documents.editing import edited
from kaitops.errors import BadInput
from kaitops.fleet import promotion, reading
from kaitops.render import render
from kaitops.tree import single


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("origin", metavar="FROM", help="environment whose versions are taken")
    parser.add_argument("target", metavar="TO", help="environment that gets them")
    parser.add_argument("--fleet", default="fleet.yaml", metavar="FILE", help="the declaration")
    parser.add_argument("--diff", action="store_true", help="write nothing; print what would change")


def run(arguments: argparse.Namespace) -> int:
    """Print the change, and make it."""
    if arguments.fleet == "-":
        raise BadInput("--fleet -: there is no file to change; name one")
    source = files.read_fleet(arguments.fleet)
    moves = promotion.moves(source, arguments.origin, arguments.target)
    if not moves:
        output.note(f"{arguments.target} has the versions of {arguments.origin} already")
        return 0
    path = Path(arguments.fleet)
    before = path.read_text("utf-8")
    after = edited(before, arguments.fleet, [(move.path, move.new) for move in moves])
    _check(after, arguments.fleet)
    lines = [each.splitlines(keepends=True) for each in (before, after)]
    sys.stdout.writelines(unified_diff(lines[0], lines[1], f"a/{path}", f"b/{path}"))
    for move in moves:
        output.note(str(move))
    if not arguments.diff:
        single.write_whole(path, after)
        output.note(f"{path}: {len(moves)} versions moved; run 'kaitops render', and review both as one change")
    return 0


def _check(text: str, name: str) -> None:
    """The fleet must still render, or what is promoted could not be deployed."""
    changed = reading.read(text.encode(), name)
    known = files.beside(name, changed.data["kaito"])
    render(changed, known.release, known.sizes, images=known.images)
