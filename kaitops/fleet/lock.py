"""``fleet.lock``: the sizes that ``gpu: auto`` chose, so that a new price table moves nothing by itself.

Owns the file's form. A pin stays until its model is gone or ``--update-lock`` drops it.
"""

import json
from pathlib import Path
from typing import NamedTuple

from kaitops.documents import source, text
from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput

_NOTE = "Machine sizes that 'gpu: auto' chose. Written by kaitops render; 'kaitops render --update-lock' chooses anew."


class Pin(NamedTuple):
    """One choice: the size, its price in USD per hour and the day of the price table."""

    gpu: str
    price: float
    date: str | None


class Lock:
    """The pins of a fleet, by cluster and workload."""

    FILE = "fleet.lock"

    def __init__(self, pins: dict[str, dict[str, Pin]] | None = None) -> None:
        self._pins = pins or {}
        self._used: dict[str, dict[str, Pin]] = {}

    @classmethod
    def parse(cls, written: str, name: str) -> "Lock":
        """Read a lock file.

        Raises:
            BadInput: the file is damaged.
        """
        try:
            document: MutableObject = json.loads(written)
            pins = {
                cluster: {key: _pin(entry) for key, entry in rows.items()} for cluster, rows in document["pins"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
            raise BadInput(
                f"{name}: is not a lock file of kaitops, so the chosen sizes are unknown; restore it from version "
                "control, or delete it to choose anew"
            ) from None
        return cls(pins)

    @classmethod
    def read(cls, path: Path) -> "Lock":
        """The file; no pins where there is none.

        Raises:
            BadInput: the file is damaged.
        """
        if not path.exists():
            return cls()
        return cls.parse(text.decode(source.read(path), str(path)), str(path))

    def get(self, cluster: str, key: str) -> Pin | None:
        """The pin of a workload; asking for it keeps it."""
        pin = self._pins.get(cluster, {}).get(key)
        if pin is not None:
            self._used.setdefault(cluster, {})[key] = pin
        return pin

    def add(self, cluster: str, key: str, pin: Pin) -> None:
        """Pin a new choice."""
        self._used.setdefault(cluster, {})[key] = pin

    def used(self, cluster: str, key: str) -> Pin | None:
        """The pin in use, chosen before or now."""
        return self._used.get(cluster, {}).get(key)

    def is_new(self, cluster: str, key: str) -> bool:
        """The pin in use was chosen now."""
        return self.used(cluster, key) != self._pins.get(cluster, {}).get(key)

    @property
    def changed(self) -> bool:
        """What was used is not what was read."""
        return self._used != self._pins

    @property
    def only_left(self) -> list[str]:
        """``cluster/workload`` of pins that nobody asked for; empty where something else differs."""
        used = {(cluster, key): pin for cluster, pins in self._used.items() for key, pin in pins.items()}
        held = {(cluster, key): pin for cluster, pins in self._pins.items() for key, pin in pins.items()}
        if any(held.get(place) != pin for place, pin in used.items()):
            return []
        return [f"{cluster}/{key}" for cluster, key in sorted(held.keys() - used.keys())]

    def dump(self) -> str | None:
        """The file's text with the pins in use, sorted; None where there are none and no file is needed."""
        if not self._used:
            return None
        rows = {
            cluster: {
                key: {"gpu": pin.gpu, "usdPerHour": pin.price, "priceDate": pin.date}
                for key, pin in sorted(pins.items())
            }
            for cluster, pins in sorted(self._used.items())
        }
        return json.dumps({"note": _NOTE, "pins": rows}, indent=2) + "\n"


def _pin(entry: MutableObject) -> Pin:
    gpu, price, day = entry["gpu"], float(entry["usdPerHour"]), entry["priceDate"]
    if not isinstance(gpu, str) or not isinstance(day, str | None) or not 0 <= price < 1e9:
        raise ValueError(type(gpu).__name__)
    return Pin(gpu, price, day)
