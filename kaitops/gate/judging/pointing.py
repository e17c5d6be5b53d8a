"""Where in an object stands what the webhooks and controllers of KAITO say of it, as far as their words tell."""

from collections.abc import Sequence

from kaitops.documents.plain import Path, at
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import machines
from kaitops.kaito.kubernetes.field_errors import steps
from kaitops.references import Reference

_CLASS: Path = ("spec", "storage", "storageClassName")
_UNREGISTERED = "model is not registered"


def machine(item: Item, text: str = "") -> Path:
    """What a controller's words are about: the model that it does not know, else the machine that they name."""
    if _UNREGISTERED in text and item.data["kind"] == "MultiRoleInference":
        return ("spec", "model", "name")
    every = list(machines(item.data))
    named = [path for path, size in every if size in text] or [path for path, _ in every]
    return next(iter(named), ("metadata", "name"))


def named(item: Item, reference: Reference, referred: Sequence[Reference], said: Sequence[str]) -> Sequence[str | int]:
    """Where an object names another one, as far as that is known."""
    by = next((one.path for one in referred if one.target == reference.target and one.path), None)
    if by is None and reference.kind == "StorageClass" and at(item.data, *_CLASS) == reference.name:
        by = _CLASS
    return refused(item, said) if by is None else by


def refused(item: Item, fields: Sequence[str]) -> list[str | int]:
    """The part of the object that a refusal is about: of the fields that it names, the one that is known best."""
    found = [steps(item.data, one) for one in fields]
    return max(found, key=len) if any(found) else ["metadata", "name"]
