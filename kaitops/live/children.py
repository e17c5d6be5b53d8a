"""Processes that a following starts in its threads, and that end with it, whoever of them is about to start one.

They end as well where this process is killed and can end nothing any more: a program of its own, :mod:`reaper`, knows
their numbers, and the pipe to it closes with us.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from kaitops.errors import ToolMissing
from kaitops.live import reaper

_HAS_GROUPS = hasattr(os, "killpg")
# The program begins when a line comes, which is once its number was told: were we killed between the two, nobody would
# know of it. The end of the pipe ends it before it began.
_GATE = ("/bin/sh", "-c", 'read -r _ && exec "$@" </dev/null', "sh")


class Ended(ToolMissing):
    """Whoever starts a process is through, so it was not started."""


class Children:
    """Processes in groups of their own, so that Ctrl-C in a terminal reaches them by us alone."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._reaper: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._ended = False

    def start(self, command: Sequence[str], errors: int = subprocess.DEVNULL) -> "subprocess.Popen[bytes]":
        """Start a program whose standard output is read.

        Args:
            errors: where its standard error goes.

        Raises:
            Ended: no more are started.
        """
        with self._lock:
            if self._ended:
                raise Ended("the following has ended")
            if self._reaper is None and _HAS_GROUPS:
                self._reaper = _started_reaper()
            process = subprocess.Popen(  # noqa: S603 - kubectl by its path, arguments of ours
                [*_GATE, *command] if _HAS_GROUPS else command,
                stdin=subprocess.PIPE if _HAS_GROUPS else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
            self._running.add(process)
            self._tell(f"+{process.pid}")
            _let_go(process)
            return process

    def _tell(self, text: str) -> None:
        if self._reaper is None or self._reaper.stdin is None:
            return
        # Somebody may have ended it: then what is left behind by a kill of ours stays.
        with contextlib.suppress(OSError, ValueError):
            self._reaper.stdin.write(f"{text}\n".encode())

    def run(self, command: Sequence[str], seconds: float) -> tuple[int, bytes, bytes]:
        """Exit code, standard output and standard error of a program.

        Raises:
            Ended: no more are started.
            subprocess.TimeoutExpired: it took longer.
        """
        process = self.start(command, subprocess.PIPE)
        try:
            out, err = process.communicate(timeout=seconds)
            return process.returncode, out, err
        finally:
            self.stop(process)

    def stop(self, process: "subprocess.Popen[bytes]") -> None:
        """End one, and what it started."""
        _kill(process)
        with self._lock:
            # Before it is waited for: from then on its number may be another one's.
            self._tell(f"-{process.pid}")
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
        with self._lock:
            self._running.discard(process)

    def end(self) -> None:
        """End all, and let no other begin."""
        with self._lock:
            self._ended = True
            for process in self._running:
                _kill(process)
            if self._reaper is not None:
                self._reaper.kill()
                self._reaper.wait()
                if self._reaper.stdin is not None:
                    self._reaper.stdin.close()
                self._reaper = None


def _let_go(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is None:
        return
    with contextlib.suppress(OSError):
        process.stdin.write(b"\n")
        process.stdin.flush()
    with contextlib.suppress(OSError):
        process.stdin.close()
    # Whoever waits for its output would flush what is closed.
    process.stdin = None


def _started_reaper() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - a program of ours
        [sys.executable, "-I", str(Path(reaper.__file__))],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        bufsize=0,
    )


def _kill(process: "subprocess.Popen[bytes]") -> None:
    # Once it was waited for, its number may be another one's.
    if process.poll() is not None:
        return
    if _HAS_GROUPS:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
