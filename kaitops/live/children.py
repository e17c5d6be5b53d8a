"""Processes that a following starts in its threads, and that end with it, whoever of them is about to start one."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Sequence

from kaitops.errors import ToolMissing


class Ended(ToolMissing):
    """Whoever starts a process is through, so it was not started."""


class Children:
    """Processes in groups of their own, so that Ctrl-C in a terminal reaches them by us alone."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
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
            process = subprocess.Popen(  # noqa: S603 - kubectl by its path, arguments of ours
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
            )
            self._running.add(process)
            return process

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


def _kill(process: "subprocess.Popen[bytes]") -> None:
    # Once it was waited for, its number may be another one's.
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
