"""What a node of a machine size gives to pods: less than the machine has.

What a node keeps for itself is AKS's own arithmetic; what the kernel and the pods of the system take comes on top, so a
pod that fits by this may still have no room, and one that does not never has.
"""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from kaitops.documents.plain import Object
from kaitops.errors import nearest
from kaitops.kaito import facts

_GIB, _MIB, _MB = 1 << 30, 1 << 20, 10**6
_TITLES = {"cpu": "processors", "memory": "GiB of memory"}


class Room(NamedTuple):
    """One resource of a machine: all of it, and what pods get."""

    whole: Fraction
    given: Fraction


def of(size: str) -> dict[str, Room]:
    """Processors and bytes of memory of an Azure size, by resource; nothing of what is not known."""
    held = facts.load("prices", "azure-sizes.json")
    known, reserved = held["sizes"].get(size) or _by_name(size, held["series"]), held["reserved"]
    found: dict[str, Room] = {}
    if known.get("vcpus"):
        whole = Fraction(known["vcpus"])
        kept = max((kept for cores, kept in reserved["cpu_millis"] if cores <= whole), default=0)
        found["cpu"] = Room(whole, whole - Fraction(kept, 1000))
    if known.get("memory_gib"):
        whole = Fraction(known["memory_gib"]) * _GIB
        by_pods = Fraction(reserved["memory_mb_per_pod"] * reserved["pods"] + reserved["memory_mb"]) * _MB
        kept = min(by_pods, whole * reserved["memory_most_percent"] / 100)
        found["memory"] = Room(whole, whole - kept - reserved["eviction_mib"] * _MIB)
    return found


def _sizes() -> Object:
    return facts.load("prices", "azure-sizes.json")["sizes"]


def is_known(size: str) -> bool:
    """Whether the tables have the Azure size."""
    return size in _sizes()


def has_no_gpu(size: str) -> bool:
    """Whether it is of one of Azure's general series; of others nothing is said."""
    return bool(_by_name(size, facts.load("prices", "azure-sizes.json")["series"]))


def hint(size: str) -> str:
    """What a message about a size that is not known ends with."""
    near = nearest(size, _sizes(), cutoff=0.8)
    return f"if {near[0]} is meant, write that" if near else "see that it is spelt right"


def meant(size: str) -> str:
    """The size that a name is in other letters; empty where it is one as it stands, or none at all."""
    if of(size):
        return ""
    listed = next((one for one in _sizes() if one.lower() == size.lower()), "")
    head, _, rest = size.partition("_")
    formed = f"{head.capitalize()}_{rest[:1].upper()}{rest[1:].lower()}"
    return listed or (formed if of(formed) else "")


def _by_name(size: str, series: Sequence[Object]) -> Object:
    """What the name of a general size says of it."""
    for one in series:
        if found := re.fullmatch(one["name"], size):
            vcpus = int(found[1])
            memory = one.get("memory_gib_per_vcpu")
            return {"vcpus": vcpus, **({"memory_gib": vcpus * memory} if memory else {})}
    return {}


def lacking(size: str, resource: str, wanted: Fraction) -> str | None:
    """Why a pod that asks for so much is never placed on the size; None where it may be."""
    room = of(size).get(resource)
    if room is None or wanted <= room.given:
        return None
    unit = _GIB if resource == "memory" else 1
    whole, given, asked = (f"{float(value / unit):.6g}" for value in (room.whole, max(room.given, Fraction(0)), wanted))
    return (
        f"the pod asks for {asked} {_TITLES[resource]}, and of the {whole} of {size} a node gives {given} to pods, so "
        "it is never placed; ask for less, or take a larger size"
    )
