"""A recording of a subscription's quota in one region: what ``az vm list-usage`` and ``az vm list-skus`` said.

Owns the form of the recording and the reading of names and numbers; counts nothing. Family names differ in case and
spaces between the two commands, and some clients write numbers as text.
"""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from kaitops.documents import source
from kaitops.documents.plain import Object, at, count, items, mapping
from kaitops.errors import BadInput
from kaitops.prices import size as known_size

CORES, SPOT_CORES, VMS = "cores", "lowprioritycores", "virtualmachines"


class Limit(NamedTuple):
    """One quota.

    Attributes:
        name: as Azure shows it.
    """

    name: str
    used: int
    limit: int

    @property
    def left(self) -> int:
        """What may still be used."""
        return self.limit - self.used


class Quota(NamedTuple):
    """The quota of a subscription in a region.

    Attributes:
        day: when it was recorded; None where the recording does not say.
        limits: by folded name.
        sizes: entries of ``list-skus`` by size in lower case; empty where they were not recorded.
    """

    region: str
    day: date | None
    limits: Mapping[str, Limit]
    sizes: Mapping[str, Object]

    def family(self, size: str) -> str:
        """Folded name of a size's vCPU family; empty where unknown."""
        return fold(at(self.sizes.get(size.lower()), "family") or known_size(size).get("quota_family") or "")

    def vcpus(self, size: str) -> int | None:
        """VCPUs of a size."""
        told = self.capability(size, "vCPUs")
        if told is not None and (number := count(told.strip())) is not None:
            return number
        known = known_size(size).get("vcpus")
        return int(known) if known is not None else None

    def capability(self, size: str, name: str) -> str | None:
        """A capability of a size, as text."""
        for entry in items(at(self.sizes.get(size.lower()), "capabilities")):
            if str(at(entry, "name")).lower() == name.lower():
                return str(at(entry, "value"))
        return None

    def restriction(self, size: str) -> str | None:
        """Why the subscription may not have a size in the whole region; None where it may."""
        for entry in items(at(self.sizes.get(size.lower()), "restrictions")):
            if str(at(entry, "type") or "Location").lower() == "location":
                return str(at(entry, "reasonCode") or "restricted")
        return None

    @classmethod
    def read(cls, path: Path) -> "Quota":
        """The recording in a file.

        Raises:
            BadInput: it cannot be read or is no recording.
        """
        return cls.parse(source.read(path), str(path))

    @classmethod
    def parse(cls, raw: bytes, name: str) -> "Quota":
        """The recording in the content of a file.

        Raises:
            BadInput: it is no recording.
        """
        try:
            document = json.loads(raw)
        except ValueError as error:
            raise BadInput(
                f"{name}: is not JSON ({type(error).__name__}); record it again with 'kaitops quota record'"
            ) from None
        except RecursionError:
            raise BadInput(f"{name}: is nested without end, as no recording of quota is") from None
        return cls.from_document(document, name)

    @classmethod
    def from_document(cls, document: object, name: str = "quota") -> "Quota":
        """A recording from its plain form: ``region``, ``date``, ``usage`` and ``skus``.

        Raises:
            BadInput: it is no recording.
        """
        region, usage = at(document, "region"), _entries(at(document, "usage"))
        if not isinstance(region, str) or not region or not usage:
            raise BadInput(
                f"{name}: is no recording of quota (it needs 'region' and 'usage'), so nothing can be held to it; "
                "record it with 'kaitops quota record --region REGION'"
            )
        limits: dict[str, Limit] = {}
        for entry in usage:
            value = at(entry, "name", "value")
            title = str(at(entry, "name", "localizedValue") or value)
            if isinstance(value, str):
                used, limit = (_number(at(entry, key), f"{name}: {title}") for key in ("currentValue", "limit"))
                limits[fold(value)] = Limit(title, used, limit)
        sizes = {
            str(at(entry, "name")).lower(): mapping(entry)
            for entry in _entries(at(document, "skus"))
            if str(at(entry, "resourceType") or "virtualMachines").lower() == "virtualmachines"
        }
        return cls(fold(region), _day(at(document, "date"), name), limits, sizes)


def fold(name: object) -> str:
    """A name without what Azure writes now one way, now another."""
    return str(name).lower().replace(" ", "")


def _entries(given: object) -> list[Any]:
    # The REST API wraps its lists, the command line does not.
    return items(at(given, "value")) or items(given)


def _number(given: Any, name: str) -> int:
    try:
        return int(float(given))
    except (TypeError, ValueError, OverflowError):
        raise BadInput(
            f"{name}: {str(given)[:60]!r} is not a number, so the quota is not known; record it again"
        ) from None


def _day(given: object, name: str) -> date | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(str(given)[:10])
    except ValueError:
        raise BadInput(f"{name}: date {given!r} is not a day; write it as YYYY-MM-DD") from None
