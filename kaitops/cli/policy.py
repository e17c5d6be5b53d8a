"""``kaitops policy``: the rules that the gate judges by."""

import argparse

from kaitops.cli import output


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
    output.emit([row for row in rows if wanted in str(row).lower()], arguments.output, "id")
    return 0
