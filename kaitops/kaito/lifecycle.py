"""What the life of a KAITO object is made of: when it is ready, how long that takes, what of it never changes.

Owns the reading of ``lifecycle.json``. The rules behind the immutable fields are admission's; a test holds the two
together. Takes no part in a render.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaitops.documents.plain import Object
from kaitops.kaito import facts

if TYPE_CHECKING:
    from kaitops.kaito.release import Release

_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The life of one kind.

    Attributes:
        ready: condition that is True once the object serves, or has done its work.
        model: paths where the object names its model.
        selector: path of the selector of its nodes, empty where it has none.
        immutable: paths whose value the webhook holds fixed.
        presence: paths that may not come or go, though what is in them may change.
        gated: further immutable paths by the feature gate that makes them so.
    """

    version: str
    kind: str
    ready: str
    model: tuple[str, ...]
    selector: str
    immutable: tuple[str, ...]
    presence: tuple[str, ...]
    gated: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, version: str, kind: str) -> "Lifecycle":
        """The life of a kind in a KAITO version."""
        row = facts.load(version, "lifecycle.json")["kinds"][kind]
        gated = {gate: tuple(paths) for gate, paths in row.get("gated", {}).items()}
        lists = (tuple(row["model"]), row["selector"], tuple(row["immutable"]), tuple(row["presence"]))
        return cls(version, kind, row["ready"], *lists, gated)

    def suffix(self, fixed: Object) -> str:
        """A few digits that differ where two objects differ in what cannot change.

        Args:
            fixed: the values of an object at the immutable paths, and which of the parts it has.
        """
        text = json.dumps(fixed, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]

    def timeout_seconds(self, models: Iterable[object], release: "Release") -> int:
        """How long to wait for an object to be ready: an hour, and longer where weights are large or of unknown size.

        Args:
            models: what the object names as its models; anything but the name of a preset is of unknown size.
        """
        times = facts.load(self.version, "lifecycle.json")["timeouts"]
        for name in models:
            preset = release.catalogue.find(name) if isinstance(name, str) else None
            if preset is None or preset.size_bytes > times["large_bytes"]:
                return times["large_seconds"]
        return times["seconds"]
