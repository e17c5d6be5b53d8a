"""The way around an edit that is refused: a second object beside the first, then the first one goes.

Owns the new object, its name and the order of the steps. Text and files are :mod:`kaitops.change.plan_text`'s.
"""

import hashlib
import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from kaitops.change.changes import Change
from kaitops.documents.plain import MutableObject, Object, at, mapping
from kaitops.errors import BadInput
from kaitops.fleet import names
from kaitops.fleet.engines import ENGINES, Engine

_DIGITS = 6
_GROUPS = {"Workspace": "models", "InferenceSet": "models", "MultiRoleInference": "models", "RAGEngine": "rag"}
# What a workload must have in fleet terms for the budget of its kind's names to apply.
_SHAPES: Mapping[str, Object] = {"InferenceSet": {"replicas": 1}, "MultiRoleInference": {"prefill": {}}}
# Written by a controller for the old object; the new one gets its own.
_NOT_TAKEN = ("workspace.kaito.io/", "inferenceset.kaito.io/", "ragengine.kaito.io/", "kubectl.kubernetes.io/")


class Plan(NamedTuple):
    """A blue/green step.

    Attributes:
        old: the object as it runs; it stays until the last step.
        new: the object to add, under its new name.
        guard: annotations that keep the GitOps tool from deleting the old object before its time.
        engine: what applies the tree; None where people do.
        fields: what could not be changed in place.
        notes: what this kind needs besides.
    """

    old: Object
    new: MutableObject
    guard: Mapping[str, str]
    engine: Engine | None
    fields: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Kind of both objects."""
        return str(self.new["kind"])

    @property
    def name(self) -> str:
        """Name of the new object."""
        return str(self.new["metadata"]["name"])

    @property
    def old_name(self) -> str:
        """Name of the object that goes."""
        return str(at(self.old, "metadata", "name"))


def plan(change: Change, *, gitops: str = "none", taken: frozenset[str] = frozenset()) -> Plan:
    """See :func:`kaitops.change.plan`."""
    if change.base is None or change.head is None or not change.immutable:
        raise BadInput(
            f"{change.subject}: no field of it is refused as immutable, so a second object beside it would change "
            "nothing; apply the edit as it is"
        )
    new = deepcopy(dict(change.head))
    about: MutableObject = dict(new.get("metadata") or {})
    about["name"] = _name(change, taken)
    for part in ("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "finalizers"):
        about.pop(part, None)
    kept = {k: v for k, v in mapping(about.get("annotations")).items() if not k.startswith(_NOT_TAKEN)}
    engine = ENGINES.get(gitops)
    if engine is not None and engine.wave:
        kept[engine.wave] = str(_wave(kept.get(engine.wave)) + 1)
    about["annotations"] = kept
    if not kept:
        del about["annotations"]
    new["metadata"] = about
    new.pop("status", None)
    _reselect(new, change.name, about["name"])
    guard = dict([engine.keeping]) if engine is not None else {}
    immutable = tuple(dict.fromkeys(edit.field for edit in change.edits if edit.immutable))
    return Plan(change.base, new, guard, engine, immutable, tuple(_notes(change, new)))


def _wave(written: Any) -> int:
    try:
        return int(written or 0)
    except ValueError:
        return 0


def _name(change: Change, taken: frozenset[str]) -> str:
    """The old name without an earlier suffix, and a hash of what the object is to be."""
    body = {key: part for key, part in change.document.items() if key not in ("metadata", "status")}
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    stem, _, last = change.name.rpartition("-")
    if not stem or len(last) != _DIGITS or not all(char in "0123456789abcdef" for char in last):
        stem = change.name
    suffix = digest[:_DIGITS]
    entry = _SHAPES.get(change.kind, {})
    group = _GROUPS.get(change.kind, "models")
    if change.kind == "Workspace" and at(change.document, "tuning") is not None:
        group = "tuning"
    while stem:
        name = f"{stem.rstrip('-.')}-{suffix}"
        if not names.problems(group, name, entry) and name not in taken and name != change.name:
            return name
        if name in taken or name == change.name:
            suffix = hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]
        else:
            stem = stem[:-1]
    raise BadInput(
        f"{change.subject}: no name for a second object fits the budget of kind {change.kind}; rename it by hand"
    )


def _reselect(new: MutableObject, old: str, name: str) -> None:
    """A selector value that repeats the old name would let both objects claim the same nodes or pods."""

    def visit(node: object) -> None:
        if isinstance(node, dict):
            labels: MutableObject = node  # pyright: ignore[reportUnknownVariableType]
            for key, part in labels.items():
                if key in ("matchLabels", "labels") and isinstance(part, dict):
                    values: MutableObject = part  # pyright: ignore[reportUnknownVariableType]
                    for label, value in values.items():
                        if value == old:
                            values[label] = name
                else:
                    visit(part)

    for key, part in new.items():
        if key not in ("metadata", "apiVersion", "kind"):
            visit({key: part})


def _notes(change: Change, new: Object) -> list[str]:
    notes: list[str] = []
    if change.kind in ("Workspace", "InferenceSet", "MultiRoleInference", "NodePool", "StatefulSet"):
        notes.append("Both run for a while, so quota and budget must hold the machines of both.")
    if change.kind == "InferenceSet":
        notes.append(f"The model is served under the object's name: clients must ask for {new['metadata']['name']}.")
    if change.kind == "ModelMirror":
        notes.append(
            "The weights are downloaded again into a volume of their own; the old volume goes in the last step."
        )
    if change.kind == "Workspace" and at(new, "tuning") is not None:
        notes.append("A tuning Job starts from the beginning; let the old one finish first, or its work is lost.")
    if change.kind == "RAGEngine":
        notes.append("The new engine starts with an empty index unless its index lies in a database; fill it first.")
    return notes
