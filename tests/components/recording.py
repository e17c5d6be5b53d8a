"""What a run of a Pulumi program registered, and the questions that tests ask of it.

Owns no run: ``tests.components.recorder`` makes the recordings.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Registered:
    """One resource as it was handed to the engine. Other resources are named by URN.

    Attributes:
        inputs: plain values, whole numbers as int, secrets opened.
        outputs: of a component, what it registered; of a custom resource, what it was answered.
        secrets: top-level inputs, or outputs of a component, that were marked secret.
        read: the resource was read with ``get`` and not registered.
        line: file and line of the program that declares it, as the engine is told them.
    """

    type: str
    name: str
    urn: str
    id: str
    inputs: Mapping[str, Any]
    custom: bool
    parent: str = ""
    depends_on: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    protect: bool = False
    retain_on_delete: bool = False
    deleted_with: str = ""
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    replacement_trigger: Any = None
    additional_secret_outputs: tuple[str, ...] = ()
    aliases: tuple[Any, ...] = ()
    provider: str = ""
    version: str = ""
    import_id: str = ""
    transforms: int = 0
    timeouts: Mapping[str, str] = field(default_factory=dict[str, str])
    outputs: Mapping[str, Any] = field(default_factory=dict[str, Any])
    secrets: frozenset[str] = frozenset()
    read: bool = False
    line: tuple[str, int] = ("", 0)


@dataclass
class Recording:
    """Everything that a run registered, in order of registration.

    Attributes:
        exports: outputs of the stack, secrets opened; ``secret_exports`` names those that are secret.
        calls: provider functions that were called, with their arguments.
    """

    resources: list[Registered]
    exports: dict[str, Any]
    secret_exports: frozenset[str]
    calls: list[tuple[str, Mapping[str, Any]]]
    result: Any = None

    def __iter__(self) -> Iterator[Registered]:
        return iter(self.resources)

    def of(self, type_: str) -> list[Registered]:
        """All resources of a type; the end of a type token suffices, such as ``:AgentPool``."""
        return [one for one in self.resources if one.type == type_ or (":" in type_ and one.type.endswith(type_))]

    def one(self, type_: str, name: str | None = None) -> Registered:
        """The only resource of a type, or of a type and name."""
        found = [one for one in self.of(type_) if name is None or one.name == name]
        assert len(found) == 1, f"{len(found)} of {type_} {name or ''}: {[one.name for one in found]}"
        return found[0]

    def by_urn(self, urn: str) -> Registered:
        """The resource of a URN."""
        return next(one for one in self.resources if one.urn == urn)

    def children(self, parent: Registered) -> list[Registered]:
        """Direct children of a resource."""
        return [one for one in self.resources if one.parent == parent.urn]

    def depends(self, one: Registered, other: Registered) -> bool:
        """Whether a resource waits for another one, directly or through others, by option, value or parent."""
        seen: set[str] = set()
        todo = [one.urn]
        while todo:
            urn = todo.pop()
            if urn in seen:
                continue
            seen.add(urn)
            current = next((found for found in self.resources if found.urn == urn), None)
            if current is not None:
                todo += [*current.depends_on, current.parent]
        return other.urn in seen and other.urn != one.urn
