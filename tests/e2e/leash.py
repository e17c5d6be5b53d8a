"""Runs one program that must not outlive the test run.

Owns the promise that no server is left behind. It is a program of its own, started as `python leash.py [--sweep DIR]
-- PROGRAM [ARG...]` with a pipe as its standard input, which the test run keeps open and never writes to. When the
pipe closes, for whatever reason - an orderly stop, an exception, a signal, `kill -9` on the test run - the kernel
tells the leash and the leash ends the program. The other way round, on Linux the kernel ends the program when the
leash itself is killed. A `finally` or `atexit` in the test run would keep that promise only in the orderly cases.

Exits with the program's own code. Imports nothing of the project: it runs by path, before anything else is known to
work.
"""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence

GRACE_SECONDS = 3.0
"""How long a program may take to stop before it is killed. An API server that lost its etcd never does by itself."""

POLL_SECONDS = 0.1
PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Asks the kernel to kill this process when its parent ends. A Linux call; elsewhere the pipe alone has to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def end(process: "subprocess.Popen[bytes]") -> int:
    """Ends the program's whole process group, first politely."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        return process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait()


def hold(command: Sequence[str]) -> int:
    """Runs the command until it ends or the pipe on standard input closes.

    Args:
        command: program and arguments.

    Returns:
        The exit code of the program; negative for a signal.
    """
    # A leash is asked to let go by its pipe alone: a signal meant for the test run's group must not make it
    # drop the program half stopped.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)

    def prepare() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        die_with_parent()

    # Safe here, unlike in the test run: this process has one thread only.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=prepare)
    while process.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], POLL_SECONDS)
        if readable and not os.read(sys.stdin.fileno(), 4096):
            return end(process)
    return process.returncode


def main(arguments: Sequence[str]) -> int:
    """The command line: `[--sweep DIR] -- PROGRAM [ARG...]`; `--sweep` removes the directory when all is over."""
    separator = arguments.index("--")
    options, command = arguments[:separator], arguments[separator + 1 :]
    try:
        return hold(command)
    finally:
        if len(options) == 2 and options[0] == "--sweep":
            shutil.rmtree(options[1], ignore_errors=True)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.exit(code if code >= 0 else 128 - code)
