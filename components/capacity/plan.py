"""What a way of providing GPU nodes asks of the rest of the stack, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

import pulumi

from kaitops.documents.plain import MutableObject, Object


class ClusterFragment(TypedDict):
    """Switches of the managed cluster."""

    node_provisioning: bool
    """AKS node auto-provisioning."""
    general_pools: bool
    """Let node auto-provisioning bring its own node pools for everyday pods."""
    ai_toolchain: bool
    """The AKS add-on for KAITO."""


@dataclass(frozen=True, slots=True)
class Federation:
    """An identity that a service account of the cluster acts as.

    Attributes:
        purpose: key among the stack's identities.
        cluster_role: role on the managed cluster; empty for none.
    """

    purpose: str
    namespace: str
    service_account: str
    cluster_role: str = ""


@dataclass(frozen=True, slots=True)
class ExtraChart:
    """A Helm chart that is installed before KAITO's own.

    Attributes:
        values: may hold Outputs, such as the client id of an identity.
    """

    name: str
    version: str
    namespace: str
    values: Object = field(default_factory=MutableObject)


class ChartContext(TypedDict):
    """What the values of an extra chart are made from."""

    subscription_id: pulumi.Input[str]
    tenant_id: pulumi.Input[str]
    resource_group_name: pulumi.Input[str]
    node_resource_group: pulumi.Input[str]
    location: pulumi.Input[str]
    cluster_name: pulumi.Input[str]
    client_ids: Mapping[str, pulumi.Input[str]]
    """Client ids of the federations, by purpose."""
