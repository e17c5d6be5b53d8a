"""Where a component's resources go; every component of the ``infra`` stack takes these."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

import pulumi


class Place(TypedDict):
    """Resource group, region and tags."""

    resource_group_name: pulumi.Input[str]
    location: pulumi.Input[str]
    tags: NotRequired[dict[str, str]]


class PrivatePlace(Place):
    """A place with a network that private endpoints go into."""

    vnet_id: pulumi.Input[str]
    endpoint_subnet_id: pulumi.Input[str] | None
    """Subnet of private endpoints; none are made where None."""
    zones: NotRequired[Mapping[str, str]]
    """Private DNS zones that somebody else keeps, by service."""
    protect: NotRequired[bool]
    """Refuse to delete what holds data, and what leads there."""
