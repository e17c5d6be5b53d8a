"""A program of its own that keeps another one on a leash: it ends when whoever started it does, however that ended.

Run by path, with ``-- PROGRAM [ARGUMENT...]``, its standard input the read end of a pipe of the starter's. The
pipe closes when the starter ends, killed or not; then the program ends. Where Linux is, the kernel ends it when the
leash itself is killed. Imports nothing of the project.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence

_GRACE = 1.0
_PDEATHSIG = 1


def _with_parent() -> None:
    """Ask the kernel to end this process when its parent does."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)


def _end(process: "subprocess.Popen[bytes]") -> int:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        return process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait()


def hold(command: Sequence[str]) -> int:
    """Run a command until it ends or standard input closes; its exit code."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    process = subprocess.Popen(  # noqa: S603 - what whoever starts the leash names
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_with_parent,
    )
    while process.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], 0.05)
        if readable and not os.read(sys.stdin.fileno(), 4096):
            return _end(process)
    return process.returncode


if __name__ == "__main__":
    code = hold(sys.argv[sys.argv.index("--") + 1 :])
    sys.exit(code if code >= 0 else 128 - code)
