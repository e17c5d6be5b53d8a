"""``kaitops policy``: the rules that the gate judges by."""

import argparse

from kaitops.cli import output
from kaitops.errors import Findings, nearest

_TABLE = ("id", "severity", "title", "kinds")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("filter", nargs="?", default="", help="show rules whose id, title or kind contains this")
    parser.add_argument(
        "--rules", action="append", default=[], metavar="DIR", help="folder of further rules; repeatable"
    )
    output.add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """List the rules; of one alone also why it is there and what to do."""
    from kaitops.policies import registry

    wanted = arguments.filter.lower()
    rows = [
        {
            "id": rule.id,
            "severity": str(rule.severity),
            "title": rule.title,
            "kinds": [str(kind) for kind in rule.kinds],
            "why": rule.why,
            "remedy": rule.remedy,
            "source": rule.source,
        }
        for rule in registry.load(arguments.rules)
    ]
    found = [row for row in rows if any(wanted in str(row[key]).lower() for key in _TABLE)]
    if not found:
        near = nearest(arguments.filter.upper(), [str(row["id"]) for row in rows], 3)
        hint = f"nearest: {', '.join(near)}" if near else "'kaitops policy' lists them all"
        raise Findings(f"no rule has {arguments.filter!r} in its id, title or kind; {hint}")
    if arguments.output != "table":
        output.emit(found, arguments.output, "id")
        return 0
    output.emit([{key: row[key] for key in _TABLE} for row in found], "table", "id")
    for row in found if len(found) == 1 else ():
        for key in ("why", "remedy", "source"):
            print(f"{key}: {row[key]}")
    return 0
