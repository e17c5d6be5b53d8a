"""Writes down when objects come and go, for questions about order.

Owns the diary. A look takes all watched kinds one after the other; two objects whose looks differ came or went in that
order, of two in the same look nothing is known.
"""

from collections.abc import Sequence

from tests.e2e.client import ApiError, Client, Object, label
from tests.e2e.players.player import Player

Kinds = Sequence[tuple[str, str]]


class Recorder(Player):
    """The diary of a server.

    Attributes:
        came: by label, the look in which an object was first seen.
        going: by label, the look in which it first had a deletionTimestamp or was gone.
        gone: by label, the first look without it.
    """

    def __init__(self, client: Client, kinds: Kinds) -> None:
        """Prepares.

        Args:
            client: of the server.
            kinds: apiVersion and kind; those that the server does not know yet are tried again.
        """
        super().__init__(client)
        self.came: dict[str, int] = {}
        self.going: dict[str, int] = {}
        self.gone: dict[str, int] = {}
        self._kinds = kinds
        self._look = 0

    def clear(self) -> None:
        """Begins anew: what is there comes in the next look."""
        for diary in (self.came, self.going, self.gone):
            diary.clear()

    def step(self) -> None:
        """One look."""
        self._look += 1
        seen: dict[str, Object] = {}
        for api_version, kind in self._kinds:
            try:
                seen |= {label(obj): obj for obj in self.items(api_version, kind)}
            except ApiError as error:
                # A definition that comes or goes is answered like this for a moment; nothing is known of its objects.
                if error.code not in (429, 500, 503):
                    raise
                return
        for name, obj in seen.items():
            self.came.setdefault(name, self._look)
            if "deletionTimestamp" in obj["metadata"]:
                self.going.setdefault(name, self._look)
        for name in set(self.came) - set(seen):
            self.going.setdefault(name, self._look)
            self.gone.setdefault(name, self._look)
