"""``kaitops policy``: the rules that the gate judges by."""

import argparse

from kaitops.cli import output
from kaitops.errors import Findings, nearest


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("filter", nargs="?", default="", help="show rules whose id, title or kind contains this")
    parser.add_argument(
        "--rules", action="append", default=[], metavar="DIR", help="folder of further rules; repeatable"
    )
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """List the rules."""
    from kaitops.policies import registry

    wanted = arguments.filter.lower()
    rows = [
        {
            "id": rule.id,
            "severity": str(rule.severity),
            "title": rule.title,
            "kinds": [str(kind) for kind in rule.kinds],
        }
        for rule in registry.load(arguments.rules)
    ]
    found = [row for row in rows if wanted in str(row).lower()]
    if not found:
        near = nearest(arguments.filter.upper(), [str(row["id"]) for row in rows], 3)
        hint = f"nearest: {', '.join(near)}" if near else "'kaitops policy' lists them all"
        raise Findings(f"no rule has {arguments.filter!r} in its id, title or kind; {hint}")
    output.emit(found, arguments.output, "id")
    return 0
