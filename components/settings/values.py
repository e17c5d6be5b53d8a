"""The kinds of value that settings hold, and their common base.

Owns form, not meaning: what values mean together is in ``kaitops.components.settings.checks``.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from kaitops.fleet.values import NAME

Cidr = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3}){3}/\d{1,2}$")]
Address = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3}){3}$")]
Guid = Annotated[
    str,
    Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
]
ResourceId = Annotated[str, Field(pattern=r"^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/.+$")]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Namespace = Annotated[str, Field(pattern=NAME)]
AccountName = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")]
Repository = Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+/[a-z0-9]+([._/-]+[a-z0-9]+)*$")]
Region = Annotated[str, Field(pattern=r"^[a-z0-9]+$")]
Size = Annotated[str, Field(pattern=r"^Standard_\w+$")]
Zone = Annotated[str, Field(pattern=r"^[123]$")]
_PREFIX = r"([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?"
_NAME = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
LabelKey = Annotated[str, Field(pattern=rf"^{_PREFIX}{_NAME}$")]
LabelValue = Annotated[str, Field(pattern=rf"^({_NAME})?$")]
Taint = Annotated[
    str,
    Field(pattern=rf"^{_PREFIX}{_NAME}(=({_NAME})?)?:(NoSchedule|PreferNoSchedule|NoExecute)$"),
]
Count = Annotated[int, Field(ge=0)]


class Section(BaseModel):
    """Base of all settings: camelCase keys, unknown keys refused, values not changed after reading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, alias_generator=to_camel, populate_by_name=True,
        validate_by_alias=True, use_attribute_docstrings=True,
    )  # fmt: skip
