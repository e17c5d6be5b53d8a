"""``kaitops promote``: the versions of one environment for the next one."""

import argparse

from kaitops.cli import changing, output
from kaitops.documents.editing import Edit
from kaitops.errors import KaitopsError
from kaitops.fleet import promotion
from kaitops.fleet.reading import Source
from kaitops.report import printable


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("origin", metavar="FROM", help="environment whose versions are taken")
    parser.add_argument("target", metavar="TO", help="environment that gets them")
    parser.add_argument("--fleet", default="fleet.yaml", metavar="FILE", help="the declaration")
    parser.add_argument("--diff", action="store_true", help="write nothing; print what would change")
    parser.add_argument("--anyway", action="store_true", help="write even what the clusters would refuse")
    parser.add_argument("--no-check", action="store_true", help="do not judge what the change does there")


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
    taken, commands = _judged(arguments, source, change)
    if not taken:
        output.note(
            f"{change.path}: nothing was written, as {arguments.target} would not take it; mend what is found, "
            "'kaitops replace' does it for fields that cannot change, or promote it all the same with --anyway"
        )
        return 1
    if arguments.diff:
        return 0
    change.write()
    moved = printable.counted(len(moves), "version")
    output.note(f"{change.path}: {moved} moved; run 'kaitops render', and review both as one change")
    for command in commands:
        output.note(f"once it is merged, by hand: {command}")
    return 0


def _judged(arguments: argparse.Namespace, source: Source, change: changing.Change) -> tuple[bool, list[str]]:
    """Whether the clusters take it, and the commands that remain."""
    from kaitops.cli import arriving

    try:
        before = changing.changed(arguments.fleet, []).rendering
    except KaitopsError as error:
        output.note(f"warning: the fleet does not render as it is, so what the change does is not judged: {error}")
        return True, []
    taken = arguments.no_check or arriving.is_taken(source, change, before, arguments.target) or arguments.anyway
    return taken, list(arriving.by_hand(change, before, arguments.target))
