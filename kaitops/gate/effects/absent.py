"""Names that a tree refers to and does not declare: whether anything in it speaks against their being elsewhere.

A tree may be a part of what a cluster holds, so a name that is nowhere is a need and no fault. A name that differs by a
slip from one that is there, or that is there in another namespace, is a fault.
"""

import re
from collections.abc import Container, Iterable, Sequence
from typing import TypeGuard

from kaitops.documents.ref import Ref
from kaitops.gate.effects.made import Service
from kaitops.gate.objects import Item

# Names that differ in such parts alone are told apart on purpose: of versions, sizes and stages.
_COUNTED = re.compile(r"[0-9]+[a-z]?|(?<=-)[a-z](?=-|$)")


def is_name(value: object) -> TypeGuard[str]:
    """It is written out: what a variable stands in is filled in later."""
    return isinstance(value, str) and value != "" and "$" not in value and "{" not in value


def slip(name: str, known: Iterable[str]) -> str:
    """The known name that was meant: with a letter more or less, or two that changed places; empty where none is.

    Another letter in the place of one makes another name as often as a slip: llama and llava.
    """
    return next((one for one in known if _is_slip(name, one) and _COUNTED.sub("", one) != _COUNTED.sub("", name)), "")


def _is_slip(name: str, other: str) -> bool:
    at = next((place for place, (one, two) in enumerate(zip(name, other, strict=False)) if one != two), None)
    at = min(len(name), len(other)) if at is None else at
    if len(name) == len(other):
        return name[at : at + 2] == other[at : at + 2][::-1] and name[at + 2 :] == other[at + 2 :] and name != other
    shorter, longer = sorted((name, other), key=len)
    return len(longer) - len(shorter) == 1 and shorter[at:] == longer[at + 1 :]


def assumed(need: str) -> str:
    """How somebody vouches for ``Kind namespace/name``."""
    return f"pass --assume-present {need.replace(' ', '/')}"


def slipped(need: str, known: Iterable[str], item: Item | None = None) -> str:
    """Asks whether a known name was meant by a need's, and says what to do if not; empty where none is like it.

    Args:
        item: that refers to it, of whose build the object may have got another name.
    """
    name, there = need.rpartition(" ")[2].rpartition("/")[2], list(known)
    if item is not None and (text := renamed(item, name, there)):
        return text
    meant = slip(name, there)
    return f"meant is {meant}? If not, {assumed(need)}" if meant else ""


def renamed(item: Item, name: str, known: Container[str]) -> str:
    """That kustomize gives what is meant another name, and leaves the one that refers to it as it is; else empty."""
    made = next(((each, by) for each, by in item.document.called(name).items() if each in known), None)
    if made is None:
        return ""
    return (
        f"{made[1]} makes {made[0]} of it, and kustomize does not know that the field names it; write {made[0]}, or "
        "have a patch or replacement of that folder put it there"
    )


def service(
    space: str, name: str, known: Sequence[Service], tree: Iterable[Item], item: Item | None = None
) -> str | None:
    """What is wrong with leading to a Service that the tree does not declare; None where nothing speaks against it.

    Args:
        item: that leads to it.
    """
    own = next((one for one in tree if Ref.of(one.data)[2:] == (space, name)
                and (one.data["kind"] in ("InferenceSet", "MultiRoleInference") or "tuning" in one.data)),
               None)  # fmt: skip
    if own is not None and "tuning" in own.data:
        return f"leads to no Service: {own.subject} tunes a model and serves none; name one that serves it"
    if own is not None:
        kind = own.data["kind"]
        return (
            f"leads to no Service: KAITO makes none of the name of {kind} {space}/{name}, whose pods have names of "
            "their own; declare a Service for them, or name a gateway"
        )
    # Those of a set's replicas have names that are drawn when they are made.
    there = [one.name for one in known if one.namespace == space and one.item.data["kind"] != "InferenceSet"]
    if asked := slipped(f"Service {space}/{name}", there, item):
        return f"leads to Service {name} in namespace {space}, where the tree declares none; {asked}"
    return None
