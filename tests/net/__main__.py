"""``python -m tests.net record OUT [--only TEXT]...`` and ``python -m tests.net compare A B``.

Exit codes: 0 recorded, or nothing differs; 1 something differs; 2 a folder that cannot be used.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from tests.net import comparing, recording, running


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.net", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    record = verbs.add_parser("record", help="run the corpus and write what it did")
    record.add_argument("out", metavar="OUT", type=Path, help="a folder outside of the repository")
    record.add_argument("--only", action="append", default=[], metavar="TEXT", help="cases whose name starts so")
    record.add_argument("--jobs", type=int, default=max(2, min(4, os.cpu_count() or 2)), help="processes")
    compare = verbs.add_parser("compare", help="say what differs between two records")
    compare.add_argument("a", metavar="A", type=Path)
    compare.add_argument("b", metavar="B", type=Path)
    return parser.parse_args()


def main() -> int:
    """Record or compare."""
    given = _arguments()
    try:
        return _record(given) if given.verb == "record" else _compare(given)
    except recording.BadInput as error:
        print(f"net: {error}", file=sys.stderr)
        return 2


def _record(given: argparse.Namespace) -> int:
    begun = time.monotonic()
    recording.prepare(given.out)
    running.start()
    # What is of the product comes after the start, which stops the clock for it.
    from tests.net import corpus

    parts = corpus.batches(given.only)
    if not parts:
        raise recording.BadInput(f"--only {' '.join(given.only)}: no case has such a name")
    count = recording.record(given.out, parts, given.jobs)
    print(f"{given.out}: {count} cases in {time.monotonic() - begun:.0f} s")
    return 0


def _compare(given: argparse.Namespace) -> int:
    outcome = None
    for outcome in comparing.compare(given.a, given.b):
        print(outcome)
    return int(bool(outcome))


if __name__ == "__main__":
    sys.exit(main())
