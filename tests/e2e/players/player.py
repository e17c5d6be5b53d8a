"""A controller in a thread of the test run: looks at the server again and again and does its part.

Owns the loop and the few requests that all players make. What a player does is in its own module. Polling, not
watching: a look costs a few milliseconds here, and a player cannot miss an event.
"""

import threading
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Self

from tests.e2e.client import ApiError, Client, Object
from tests.e2e.leashed import Started

PAUSE_SECONDS = 0.2
STOP_SECONDS = 30.0
MERGE_PATCH = "application/merge-patch+json"


class PlayerFailed(Exception):
    """The last look of a player ended with an error; its cause is attached."""


class Player(Started):
    """The loop. A subclass says what happens in one look, `step`.

    Attributes:
        client: a connection of its own.
    """

    def __init__(self, client: Client) -> None:
        """Prepares; nothing happens before `start`."""
        self.client = client.another()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)
        self._fault: Exception | None = None

    def start(self) -> Self:
        """Begins to look."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Ends the loop. May be called twice.

        Raises:
            PlayerFailed: the last look ended with an error.
        """
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)
        self.client.close()
        if self._fault:
            raise PlayerFailed(f"{type(self).__name__}: {self._fault}") from self._fault

    @abstractmethod
    def step(self) -> None:
        """One look at the server."""

    def _run(self) -> None:
        while not self._stopping.wait(PAUSE_SECONDS):
            try:
                self.step()
            except ApiError as error:
                # Somebody else was quicker with the object: the next look sees what is left to do.
                self._fault = None if error.code in (404, 409) else error
            except Exception as error:
                self._fault = error
            else:
                self._fault = None

    def items(self, api_version: str, kind: str) -> list[Object]:
        """All objects of a kind, with their kind; none where the server does not know it."""
        try:
            found = self.client.list(api_version, kind)
        except ApiError as error:
            if error.code != 404:
                raise
            return []
        return [{**item, "apiVersion": api_version, "kind": kind} for item in found]

    def merge(self, obj: Mapping[str, Any], patch: Mapping[str, Any], *, status: bool = False) -> Object:
        """Changes some fields of an object, or of its status."""
        path = self.client.path(obj) + ("/status" if status else "")
        return self.client.request("PATCH", path, patch, {"fieldManager": "player"}, MERGE_PATCH)

    def tell(self, obj: Mapping[str, Any], status: Mapping[str, Any]) -> None:
        """Writes these fields of an object's status, unless they are so already."""
        if {key: obj.get("status", {}).get(key) for key in status} != status:
            self.merge(obj, {"status": status}, status=True)

    def create(self, obj: Mapping[str, Any]) -> None:
        """Creates an object unless it is there."""
        try:
            self.client.create(obj)
        except ApiError as error:
            if error.code != 409:
                raise
