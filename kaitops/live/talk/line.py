"""The line of one question, which is cut where the answer's head, once begun, or what follows it does not end.

A time-out of a socket begins anew with each byte, so that a server that sends one now and then holds it for ever.
"""

import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Mapping
from typing import Any

from kaitops.errors import ToolMissing

_MADE = ("connect_tcp.complete", "start_tls.complete")
_HEAD = "receive_response_headers"


class Line:
    """Given to a request as its extension ``trace``.

    Args:
        name: of the server, for people.
        first: seconds until the first sign of an answer.
        rest: seconds from then until its head is there, and again until its whole is.

    Attributes:
        was_cut: the answer did not end in time.
    """

    def __init__(self, name: str, first: float, rest: float) -> None:
        self._name, self._first, self._rest = name, first, rest
        self._socket: socket.socket | None = None
        self._timer: threading.Timer | None = None
        self.was_cut = False

    @property
    def extensions(self) -> Mapping[str, Any]:
        """Of the request."""
        return {"trace": self._trace}

    @property
    def trouble(self) -> ToolMissing:
        """What is said where it was cut."""
        return ToolMissing(f"{self._name}: begins an answer and does not end it within {self._rest:g} s")

    def over(self) -> None:
        """What comes from now on is for others to watch."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _trace(self, event: str, told: Mapping[str, Any]) -> None:
        if event.endswith(_MADE):
            self._socket = told["return_value"].get_extra_info("socket")
        elif event.endswith(f"{_HEAD}.started"):
            self._begin()
        elif event.endswith(f"{_HEAD}.complete"):
            self._arm(self._rest)

    def _begin(self) -> None:
        found = self._socket
        # What comes first over TLS may be words of TLS alone.
        if found is None or isinstance(found, ssl.SSLSocket):
            self._arm(self._first + self._rest)
            return
        if not select.select([found], [], [], self._first)[0]:
            raise ToolMissing(
                f"{self._name}: gives no sign of an answer within {self._first:g} s; --seconds waits longer"
            )
        self._arm(self._rest)

    def _arm(self, seconds: float) -> None:
        self.over()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        self.was_cut = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
