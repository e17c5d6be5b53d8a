"""The command line. Each verb is a module; only the one that is called is imported.

Results go to standard output, everything for people to standard error. Exit codes: 0 ok, 1 findings or drift, 2 bad
input, 3 a tool is missing or something of ours failed. What becomes of the text never changes a verdict.
"""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kaitops.cli import standard
from kaitops.cli.parser import parse
from kaitops.errors import KaitopsError

INTERNAL = 3
INTERRUPTED = 130
_TRACE = "KAITOPS_TRACEBACK"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the entry point of ``kaitops``."""
    # One command and out: what the cycle collector would free is freed with the process, sooner.
    gc.disable()
    try:
        with standard.guarded() as (out, err):
            arguments = argparse.Namespace()
            try:
                arguments = parse(list(sys.argv[1:] if argv is None else argv))
                code = _run(arguments)
            except SystemExit as left:
                # How argparse leaves after help, the version or a usage error.
                code = left.code if isinstance(left.code, int) else int(left.code is not None)
            except KeyboardInterrupt:
                code = _told("interrupted; nothing was begun", INTERRUPTED)
            return standard.settle(code, out, err, is_verdict=getattr(arguments, "is_verdict", False))
    finally:
        gc.enable()


def _run(arguments: argparse.Namespace) -> int:
    try:
        return arguments.run(arguments)
    except KaitopsError as error:
        return _told(str(error), error.exit_code)
    except KeyboardInterrupt as interrupt:
        happened = str(interrupt) or "what was not finished is as it was"
        return _told(f"interrupted; {happened}", INTERRUPTED)
    except OSError as error:
        named: Any = error.filename or "the system"
        return _told(f"{named}: {error.strerror or type(error).__name__}; the command was not finished", INTERNAL)
    except Exception as error:
        # Python would leave with 1, which means "findings" here; a defect of ours must never read as a verdict.
        return _internal(error)


def _told(message: str, code: int) -> int:
    from kaitops.secrets import tokens

    print(f"kaitops: {tokens.without(message)}", file=sys.stderr)
    return code


def _internal(error: Exception) -> int:
    """Where it happened, and nothing of the values that it happened with: they may be secret."""
    import traceback

    frames: list[Any] = traceback.extract_tb(error.__traceback__)[-3:]
    steps = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
    if os.environ.get(_TRACE):
        traceback.print_exc()
    text = (
        f"kaitops: internal error: {type(error).__name__} at {steps}; there is no verdict. Please report this line; "
        f"{_TRACE}=1 shows more, with what was read"
    )
    print(text, file=sys.stderr)
    return INTERNAL
