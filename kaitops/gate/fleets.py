"""The fleets that a tree is held against: each file is read once a run, whoever asks for it.

Believing what is said of a cluster, following what is deployed and looking for drift must judge by the same text.
"""

from typing import TYPE_CHECKING

from kaitops.errors import KaitopsError

if TYPE_CHECKING:
    from kaitops.fleet.reading import Source


class Fleets:
    """What the files of fleets hold."""

    def __init__(self) -> None:
        self._read: dict[str, Source | KaitopsError] = {}

    def read(self, name: str) -> "Source":
        """The fleet of a file.

        Raises:
            KaitopsError: it cannot be read; the same for everybody who asks.
        """
        if name not in self._read:
            # Most trees have no fleet beside them.
            from kaitops.documents import source
            from kaitops.fleet import reading

            try:
                self._read[name] = reading.read(source.read(name), name)
            except KaitopsError as error:
                self._read[name] = error
        found = self._read[name]
        if isinstance(found, KaitopsError):
            raise found
        return found
