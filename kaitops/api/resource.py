"""What every typed object of ours shares: strictness, aliases, and the way back to plain data.

Owns the base classes and the markers that the schema layer of admission reads from field annotations. Holds no kinds
and no defaults that the API server sets.
"""

from typing import Annotated, Any, ClassVar, Self

from annotated_types import Ge
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Schemaless:
    """Marks a field whose inside the custom resource definition does not describe."""


class Format:
    """Marks the width of an integer, as the OpenAPI ``format`` of the definition gives it."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


Anything = Annotated[dict[str, Any], Schemaless()]
Int32 = Annotated[int, Format("int32")]
Int64 = Annotated[int, Format("int64")]
NonNegativeInt32 = Annotated[int, Ge(0), Format("int32")]
PositiveInt = Annotated[int, Ge(1)]
PositiveInt32 = Annotated[int, Ge(1), Format("int32")]


class Part(BaseModel):
    """A piece of an object. Frozen; unknown fields are refused; absent fields stay absent in the output."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        defer_build=True,
        alias_generator=to_camel,
        populate_by_name=True,
        protected_namespaces=(),
        use_attribute_docstrings=False,
    )

    def to_data(self) -> dict[str, Any]:
        """The plain form: wire names, and only what was set."""
        return self.model_dump(by_alias=True, exclude_unset=True, mode="json")


class Resource(Part):
    """A whole Kubernetes object. Each kind fixes ``api_version`` and ``kind``."""

    namespaced: ClassVar[bool] = True

    @classmethod
    def group_version_kind(cls) -> tuple[str, str]:
        """``apiVersion`` and ``kind`` of this model."""
        fields = cls.model_fields
        return fields["api_version"].default, fields["kind"].default

    def to_document(self) -> dict[str, Any]:
        """The manifest: ``apiVersion`` and ``kind`` first, then what was set."""
        api_version, kind = self.group_version_kind()
        return {"apiVersion": api_version, "kind": kind, **self.to_data()}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        """Read a manifest of this kind.

        Raises:
            pydantic.ValidationError: another kind or version; a field is unknown, missing or of the wrong type.
        """
        return cls.model_validate(document)
