"""The command line. Each verb is a module; only the one that is called is imported.

Results go to standard output, everything for people to standard error. Exit codes: 0 ok, 1 findings or drift, 2 bad
input, 3 a tool is missing or something of ours failed.
"""

import sys
from collections.abc import Sequence

from kaitops.cli.parser import parse
from kaitops.errors import KaitopsError

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the entry point of ``kaitops``."""
    arguments = parse(list(sys.argv[1:] if argv is None else argv))
    try:
        return arguments.run(arguments)
    except KaitopsError as error:
        print(f"kaitops: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("kaitops: interrupted; nothing was changed", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; closing quietly is what a filter does.
        sys.stderr.close()
        return 0
