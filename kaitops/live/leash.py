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
from collections.abc import Callable, Sequence

_GRACE = 1.0
_PDEATHSIG = 1


def bound(end: signal.Signals) -> Callable[[], None] | None:
    """What a child does before it becomes a program, so that the kernel ends it when we end, a kill of us included.

    None where the kernel has no such thing; only Linux has. All that it needs is at hand before the fork: in the child
    no lock of another thread opens.

    Args:
        end: the signal that the kernel sends the child.
    """
    if sys.platform != "linux":
        return None
    import ctypes

    prctl, us, number, die = ctypes.CDLL(None).prctl, os.getpid(), int(end), os._exit

    def bind() -> None:
        prctl(_PDEATHSIG, number)
        # Killed before the kernel was told: there is nobody left to tell it of.
        if os.getppid() != us:
            die(128 + number)

    return bind


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
    bind = bound(signal.SIGKILL)

    def prepare() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        if bind is not None:
            bind()

    process = subprocess.Popen(  # noqa: S603 - what whoever starts the leash names
        command,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=prepare,
    )
    while process.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], 0.05)
        if readable and not os.read(sys.stdin.fileno(), 4096):
            return _end(process)
    return process.returncode


if __name__ == "__main__":
    code = hold(sys.argv[sys.argv.index("--") + 1 :])
    sys.exit(code if code >= 0 else 128 - code)
