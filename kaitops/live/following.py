"""Following several clusters at once: what each shows now, again whenever one of them changes.

Owns what becomes of a cluster that cannot be reached: it is said and tried again, and the others go on. Where none can
be reached, the following ends.
"""

import time
from collections.abc import Generator, Mapping

from kaitops.errors import ToolMissing
from kaitops.live.bell import Bell
from kaitops.live.kubectl import Kubectl
from kaitops.live.snapshot import Snapshot
from kaitops.live.watching import Watcher

_SETTLES = 0.3
_PATIENCE = 5.0
"""Seconds that the first look waits for clusters that are slow, where others have answered."""
_AGAIN = 30.0
"""Seconds after which a cluster that was lost is tried again."""
_JOINED = 1.0

Look = Snapshot | ToolMissing
"""A cluster's objects, or why nobody could look."""


class Silent(ToolMissing):
    """The cluster has not answered yet."""


class _Slot:
    """One cluster, and the watcher that it has now."""

    def __init__(self, kubectl: Kubectl, namespace: str | None, name: str, bell: Bell) -> None:
        self._of = kubectl, namespace, name, bell.ring
        self._name = name
        self._lost_at: float | None = None
        self._lost: ToolMissing | None = None
        self.watcher = Watcher(*self._of)

    @property
    def settled(self) -> bool:
        """It has shown something, or failed."""
        return self.watcher.error is not None or self.watcher.answered

    def look(self) -> Look:
        if self.watcher.error is not None:
            return self.watcher.error
        if not self.watcher.answered:
            # What was known before it was lost is too old to be shown.
            text = f"{self._name}: has not answered yet, so nothing is known of it; it is asked further"
            return self._lost or Silent(text)
        self._lost = None
        return self.watcher.snapshot()

    def again(self) -> None:
        """Try once more what was lost a while ago."""
        if self.watcher.error is None:
            self._lost_at = None
            return
        self._lost_at = self._lost_at or time.monotonic()
        if time.monotonic() - self._lost_at >= _AGAIN:
            self._lost, self._lost_at = self.watcher.error, None
            self.watcher = Watcher(*self._of)
            self.watcher.start()


def follow(
    clusters: Mapping[str, Kubectl], namespace: str | None, every: float = 10.0
) -> Generator[Mapping[str, Look]]:
    """A look at all clusters at once, and then one for each change, and now and then where nothing changes.

    Close it (:func:`contextlib.closing`) to end its processes. A signal ends it where the main thread uses it.

    Args:
        clusters: by their names.
        namespace: that is read; all where None.
        every: seconds after which a look comes without a change, so that times go on.

    Raises:
        ToolMissing: no cluster can be asked, or all have been away for a minute.
    """
    with Bell() as bell:
        slots = {name: _Slot(kubectl, namespace, name, bell) for name, kubectl in clusters.items()}
        try:
            for slot in slots.values():
                slot.watcher.start()
            _first(slots, bell)
            while True:
                looks = {name: slot.look() for name, slot in slots.items()}
                _raise(looks)
                with bell.free():
                    yield looks
                if bell.wait(every):
                    bell.rest(_SETTLES)
                for slot in slots.values():
                    slot.again()
        finally:
            for slot in slots.values():
                slot.watcher.end()
            ends = time.monotonic() + _JOINED
            for slot in slots.values():
                slot.watcher.join(ends)


def _first(slots: Mapping[str, _Slot], bell: Bell) -> None:
    """Wait until all have shown something; not for long where some have."""
    ends = time.monotonic() + _PATIENCE
    while not all(slot.settled for slot in slots.values()):
        left = ends - time.monotonic()
        if left <= 0 and any(slot.watcher.answered for slot in slots.values()):
            return
        bell.wait(max(left, 0.5))


def _raise(looks: Mapping[str, Look]) -> None:
    lost = [look for look in looks.values() if isinstance(look, ToolMissing)]
    if len(lost) < len(looks) or any(isinstance(one, Silent) for one in lost):
        return
    if len(lost) == 1:
        raise lost[0]
    raise ToolMissing("; ".join(dict.fromkeys(map(str, lost))))
