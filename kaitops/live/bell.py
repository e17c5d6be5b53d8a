"""Waiting in the main thread that another thread or a signal ends at once, and never halfway.

Python's locks and queues are no place to be interrupted in: a signal that comes between the look for one and the wait
is noticed when the wait ends by itself, and one that comes between taking a lock and holding it leaves the lock as it
should not be. So signals are written down while this module or its caller works on what threads share, and wake a
socket that the wait looks at; what the caller's loop does with a look is interrupted as ever.
"""

import select
import signal
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Bell:
    """Rung by threads and by signals; used as a context, by one that waits."""

    def __init__(self) -> None:
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)
        self._lock = threading.Lock()
        self._signal = 0
        self._held = True
        self._before: dict[int, Any] = {}
        self._woken = -1
        self._is_main = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> "Bell":
        """Take the signals that end a command."""
        if self._is_main:
            self._woken = signal.set_wakeup_fd(self._far.fileno(), warn_on_full_buffer=False)
            for number in _SIGNALS:
                # What whoever started us had ignored stays ignored, as behind nohup.
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._signalled)
        return self

    def __exit__(self, *_: object) -> None:
        """Give the signals back."""
        if self._is_main:
            for number, handler in self._before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(self._woken)
        with self._lock:
            self._near.close()
            self._far.close()

    def _signalled(self, number: int, _: FrameType | None) -> None:
        self._signal = number
        if not self._held:
            self._leave()

    def _leave(self) -> None:
        number, self._signal = self._signal, 0
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        if number:
            raise SystemExit(128 + number)

    def ring(self) -> None:
        """End the wait of now, or the next one; from any thread, also after the end."""
        with self._lock:
            try:
                self._far.send(b"\0")
            except OSError:
                # Full, so that it is rung already, or closed.
                return

    def wait(self, seconds: float | None) -> bool:
        """Wait until it is rung; false where the time was over before.

        Raises:
            KeyboardInterrupt, SystemExit: a signal came.
        """
        self._leave()
        readable, _, _ = select.select([self._near], [], [], seconds)
        if readable:
            self._near.recv(65536)
        self._leave()
        return bool(readable)

    def rest(self, seconds: float) -> None:
        """Let time pass, however often it is rung.

        Raises:
            KeyboardInterrupt, SystemExit: a signal came.
        """
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            self.wait(left)

    @contextmanager
    def free(self) -> Generator[None]:
        """What is done meanwhile shares nothing with threads, and a signal may break it off anywhere."""
        self._held = False
        try:
            yield
        finally:
            self._held = True
