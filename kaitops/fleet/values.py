"""The kinds of text that a fleet may hold, as types: names, references to secrets, quantities, image references."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kaitops.documents.plain import MutableObject

NAME = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
"""A DNS label, which is what Kubernetes takes as the name of most objects."""
Name = Annotated[str, Field(pattern=NAME, description="DNS label")]
SecretName = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$",
        description="Name of a Secret in the model's namespace; never a secret itself",
    ),
]
ObjectName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", description="Name of an object")]
Quantity = Annotated[
    str, Field(pattern=r"^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti|k|M|G|T|m)?$", description="Kubernetes quantity such as 16Gi")
]
Image = Annotated[str, Field(min_length=1, pattern=r"^\S+$", description="Container image reference")]
REGISTRY = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$"
"""A host and what may follow it in the name of an image, without a scheme."""
REPOSITORY = r"^((https?|ssh|file)://\S+|[\w.-]+@[\w.-]+:\S+)$"
"""Of git, as it is cloned from."""
Registry = Annotated[str, Field(pattern=REGISTRY)]
Url = Annotated[str, Field(pattern=r"^https?://\S+$", description="http or https URL")]
Count = Annotated[int, Field(ge=1)]
Tokens = Annotated[int, Field(ge=1, json_schema_extra={"format": "tokens"})]
"""A number of tokens, which people write as 16k on a command line."""
Mode = Literal["operator", "plain"]
Labels = dict[str, str]
Scalar = str | int | float | bool
Flags = dict[str, Scalar]
Volume = MutableObject


class Declared(BaseModel):
    """Base of everything that users declare: unknown keys are refused, values are not changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True, populate_by_name=True)
