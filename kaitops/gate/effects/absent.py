"""Names that a tree refers to and does not declare: whether anything in it speaks against their being elsewhere.

A tree may be a part of what a cluster holds, so a name that is nowhere is a need and no fault. A name that differs by a
slip from one that is there, or that is there in another namespace, is a fault.
"""

import re
from collections.abc import Collection, Iterable, Sequence

from kaitops.documents.ref import Ref
from kaitops.gate.effects.made import Service
from kaitops.gate.objects import Item

_LIKE = 0.8
# Names that differ in such parts alone are told apart on purpose: of versions, sizes and stages.
_COUNTED = re.compile(r"[0-9]+|(?<=-)[a-z](?=-|$)")


def slip(name: str, known: Collection[str]) -> str:
    """The known name that was meant; empty where none is near."""
    from kaitops.errors import nearest

    near = nearest(name, [one for one in known if one != name], cutoff=_LIKE)
    return near[0] if near and _COUNTED.sub("", near[0]) != _COUNTED.sub("", name) else ""


def service(space: str, name: str, known: Sequence[Service], tree: Iterable[Item]) -> str | None:
    """What is wrong with leading to a Service that the tree does not declare; None where nothing speaks against it."""
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
    if meant := slip(name, there):
        return (
            f"leads to Service {name} in namespace {space}, where the tree declares none; meant is {meant}? If not, "
            f"pass --assume-present Service/{space}/{name}"
        )
    return None
