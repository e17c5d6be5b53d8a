"""A program of its own that ends others when whoever started it does, however that ended.

Run by path, its standard input the read end of a pipe of the starter's. Each line there is a process that leads a group
of its own: ``+NUMBER`` for one that was started, ``-NUMBER`` for one that is through. The pipe closes when the starter
ends, killed or not; then the groups that are left end. One of them serves many processes, where the leash holds one.
Imports nothing of the project.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Iterable


def left(lines: Iterable[str]) -> set[int]:
    """The processes that run when the lines end."""
    running: set[int] = set()
    for line in lines:
        # What was written when the starter was killed may be half a line.
        if not line.endswith("\n"):
            break
        number = int(line[1:])
        if line.startswith("+"):
            running.add(number)
        else:
            running.discard(number)
    return running


def main() -> None:
    """Wait for the end of the starter, and end what it left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for group in left(sys.stdin):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
