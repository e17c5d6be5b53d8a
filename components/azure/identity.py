"""A managed identity with its roles, and the service accounts that may act as it.

Owns the order: roles after the identity, federations one after the other, because Azure refuses two at a time.
"""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import pulumi
from pulumi_azure_native import managedidentity

from kaitops.components.azure.roles import grant
from kaitops.components.foresight import foreseen
from kaitops.components.place import Place
from kaitops.components.settings.names import azure_facts


class RoleGrant(TypedDict):
    """One role on one scope."""

    name: str
    """Tells the grants of an identity apart."""
    role: str
    scope: pulumi.Input[str]


class ServiceAccount(TypedDict):
    """A service account of the cluster."""

    namespace: str
    name: str


class IdentityArgs(Place):
    """What an identity needs."""

    identity_name: str
    roles: NotRequired[Sequence[RoleGrant]]
    issuer_url: NotRequired[pulumi.Input[str]]
    """OIDC issuer of the cluster; needed with service accounts."""
    service_accounts: NotRequired[Sequence[ServiceAccount]]


class Identity(pulumi.ComponentResource):
    """User-assigned identity, role assignments and federated credentials."""

    id: pulumi.Output[str]
    """Resource id."""
    client_id: pulumi.Output[str]
    """What a service account is annotated with."""
    principal_id: pulumi.Output[str]
    """What roles are given to."""

    def __init__(self, name: str, args: IdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:azure:Identity", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_group_name=args["resource_group_name"],
            location=args["location"],
            resource_name_=args["identity_name"],
            tags=args.get("tags", {}),
            opts=child,
        )
        self.id = identity.id

        def read() -> pulumi.Output[managedidentity.GetUserAssignedIdentityResult]:
            return managedidentity.get_user_assigned_identity_output(
                resource_group_name=args["resource_group_name"],
                resource_name=args["identity_name"],
                opts=pulumi.InvokeOutputOptions(parent=self),
            )

        self.client_id = foreseen(identity.client_id, identity.id, lambda: read().apply(lambda found: found.client_id))
        self.principal_id = foreseen(
            identity.principal_id, identity.id, lambda: read().apply(lambda found: found.principal_id)
        )
        for wanted in args.get("roles", ()):
            grant(
                f"{name}-{wanted['name']}",
                scope=wanted["scope"],
                principal_id=self.principal_id,
                role=wanted["role"],
                opts=child,
            )
        before: list[pulumi.Resource] = []
        for account in args.get("service_accounts", ()):
            called = f"{account['namespace']}-{account['name']}"
            credential = managedidentity.FederatedIdentityCredential(
                f"{name}-{called}",
                resource_group_name=args["resource_group_name"],
                resource_name_=identity.name,
                # A service account may have dots in its name, a credential may not.
                federated_identity_credential_resource_name=called.replace(".", "-")[:120],
                issuer=args.get("issuer_url", ""),
                subject=f"system:serviceaccount:{account['namespace']}:{account['name']}",
                audiences=[azure_facts()["token_audience"]],
                opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=before, protect=False)),
            )
            before = [credential]
        self.register_outputs({"id": self.id, "client_id": self.client_id, "principal_id": self.principal_id})
