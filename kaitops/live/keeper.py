"""A program of its own between ``kaitops connect`` and the command that it runs, so that nothing stays of that.

Run as ``-I -m kaitops.live.keeper REPORT PARENT -- COMMAND...``. The kernel hands it whatever the command leaves
behind, in whatever session or group that is; when the command has ended, that ends as well. So does all of it when
whoever started the keeper is killed. The command stays in the terminal's group, and its exit code is the keeper's.
Linux only, which :func:`has_kernel` says; what keeps the command from being run is written to the pipe ``REPORT``.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

from kaitops.live import leash

_SUBREAPER = 36
_GRACE = 1.0
HELD = frozenset({signal.SIGINT})
"""What whoever starts the keeper holds back until the keeper is ready for it."""
_PASSED = (signal.SIGTERM, *((signal.SIGHUP,) if hasattr(signal, "SIGHUP") else ()))


def has_kernel() -> bool:
    """The kernel can do what is asked of it."""
    return sys.platform == "linux" and os.path.isdir("/proc/self")


def hold(command: Sequence[str], report: int, parent: int) -> int:
    """Run a command to its end, and end what it leaves behind; its exit code.

    Args:
        report: a pipe for what keeps the command from being run.
        parent: the process that started us.
    """
    import ctypes

    ctypes.CDLL(None).prctl(_SUBREAPER, 1)
    early: list[int] = []
    running: list[subprocess.Popen[bytes]] = []

    def passed(number: int, _: FrameType | None) -> None:
        if not running:
            early.append(number)
        elif number != signal.SIGINT:
            # Of Ctrl-C the terminal tells the command as well.
            for one in running:
                one.send_signal(number)
        if os.getppid() != parent:
            signal.setitimer(signal.ITIMER_REAL, _GRACE)

    for number in (signal.SIGINT, *_PASSED):
        # What is ignored stays ignored, for the command as well, as behind nohup.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, passed)
    signal.signal(signal.SIGALRM, _by_force)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD)
    try:
        process = subprocess.Popen(command, preexec_fn=leash.bound(signal.SIGTERM))  # noqa: S603 - the user's
    except OSError as error:
        os.write(report, (error.strerror or type(error).__name__).encode())
        return 127
    os.close(report)
    running.append(process)
    for number in early:
        process.send_signal(number)
    code = process.wait()
    _end_all()
    return code if code >= 0 else 128 - code


def _by_force(_: int, __: FrameType | None) -> None:
    _send(signal.SIGKILL)


def _end_all() -> None:
    """End every process below us: by asking, then by force."""
    ends = time.monotonic() + _GRACE
    _send(signal.SIGTERM)
    while _below() and time.monotonic() < ends:
        time.sleep(0.01)
    # What runs with the rights of somebody else stays.
    ends = time.monotonic() + _GRACE
    while _below() and time.monotonic() < ends:
        _send(signal.SIGKILL)
        time.sleep(0.01)


def _send(number: signal.Signals) -> None:
    for one in _below():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(one, number)


def _below() -> set[int]:
    """The processes that descend from us and run."""
    above: dict[int, int] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            # It may end while it is looked at. The name of a program may hold brackets and spaces.
            with contextlib.suppress(OSError, ValueError, IndexError):
                with open(f"/proc/{name}/stat", "rb") as file:
                    state, parent = file.read().rpartition(b")")[2].split()[:2]
                if state not in (b"Z", b"X"):
                    above[int(name)] = int(parent)
    found = new = {os.getpid()}
    while new := {one for one, parent in above.items() if parent in new} - found:
        found = found | new
    return found - {os.getpid()}


if __name__ == "__main__":
    end = sys.argv.index("--")
    sys.exit(hold(sys.argv[end + 1 :], int(sys.argv[1]), int(sys.argv[2])))
