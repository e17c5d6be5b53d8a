"""Ending a run of the engine from within its program, as somebody at the keyboard would.

Owns how the engine is found among the processes that the program comes from. The engine goes on waiting for a resource
when its program fails, and ends its waiting, with everything in the state, when it is interrupted once.
"""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from kaitops import programs

_ENGINE = "pulumi"
_GENERATIONS = 4


def engine() -> int | None:
    """The process of the engine that runs this program; None where it is not found among its ancestors.

    A program that drives the engine itself is the engine's ancestor and not its child, and has means of its own.
    """
    process = os.getppid()
    for _ in range(_GENERATIONS):
        parent, name = _of(process)
        if name == _ENGINE:
            return process
        if parent <= 1:
            return None
        process = parent
    return None


def interrupt(process: int) -> None:
    """End what the engine waits for. Its host hands the signal on to the program, which has nothing to say to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError):
        os.kill(process, signal.SIGINT)


def _of(process: int) -> tuple[int, str]:
    """Parent and name of a process; 0 where nobody can tell."""
    try:
        # Small images have no ps. The name stands in parentheses and may hold some itself.
        name, _, rest = Path(f"/proc/{process}/stat").read_text().partition("(")[2].rpartition(")")
        return int(rest.split()[1]), name
    except (OSError, ValueError, IndexError):
        pass
    program = programs.find("ps")
    if program is None:
        return 0, ""
    words = [program, "-o", "ppid=,comm=", "-p", str(process)]
    try:
        told = subprocess.run(words, capture_output=True, text=True, check=False, timeout=5).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0, ""
    parent, _, name = told.strip().partition(" ")
    return (int(parent), Path(name.strip()).name) if parent.isdigit() else (0, "")
