"""``kaitops promote``: the versions of one environment for the next one."""

import argparse

from kaitops.cli import changing, output
from kaitops.documents.editing import Edit
from kaitops.fleet import promotion
from kaitops.report import printable


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("origin", metavar="FROM", help="environment whose versions are taken")
    parser.add_argument("target", metavar="TO", help="environment that gets them")
    parser.add_argument("--fleet", default="fleet.yaml", metavar="FILE", help="the declaration")
    parser.add_argument("--diff", action="store_true", help="write nothing; print what would change")


def run(arguments: argparse.Namespace) -> int:
    """Print the change, and make it."""
    source = changing.read(arguments.fleet)
    moves = promotion.moves(source, arguments.origin, arguments.target)
    if not moves:
        output.note(f"{arguments.target} has the versions of {arguments.origin} already")
        return 0
    change = changing.changed(arguments.fleet, [Edit(move.path, move.new) for move in moves])
    change.show()
    for move in moves:
        output.note(str(move))
    if not arguments.diff:
        change.write()
        moved = printable.counted(len(moves), "version")
        output.note(f"{change.path}: {moved} moved; run 'kaitops render', and review both as one change")
    return 0
