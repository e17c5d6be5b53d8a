"""The command line. Each verb is a module; only the one that is called is imported.

Results go to standard output, everything for people to standard error. Exit codes: 0 ok, 1 findings or drift, 2 bad
input, 3 a tool is missing or something of ours failed.
"""

import gc
import sys
from collections.abc import Sequence

from kaitops.cli.parser import parse
from kaitops.errors import KaitopsError

INTERNAL = 3
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the entry point of ``kaitops``."""
    # One command and out: what the cycle collector would free is freed with the process, sooner.
    gc.disable()
    try:
        arguments = parse(list(sys.argv[1:] if argv is None else argv))
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
    except Exception:
        # Python would leave with 1, which means "findings" here; a defect of ours must never read as a verdict.
        import traceback

        traceback.print_exc()
        print("kaitops: internal error, nothing was changed; please report it with the lines above", file=sys.stderr)
        return INTERNAL
    finally:
        gc.enable()
