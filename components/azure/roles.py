"""Role assignments.

Owns their names: a GUID that follows from scope, principal and role, so that a lost state does not end in a conflict
with the assignment that Azure still has.
"""

import uuid

import pulumi
from pulumi_azure_native import authorization

from kaitops.components.settings.names import role_id


def assignment_name(scope: str, principal_id: str, role: str) -> str:
    """The GUID of an assignment."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{scope}|{principal_id}|{role_id(role)}"))


def definition_id(scope: str, role: str) -> str:
    """The full id of a role in the subscription of a scope, as Azure writes it back."""
    subscription = scope.split("/")[2]
    return f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role_id(role)}"


def grant(
    name: str,
    *,
    scope: pulumi.Input[str],
    principal_id: pulumi.Input[str],
    role: str,
    group: bool = False,
    opts: pulumi.ResourceOptions,
) -> authorization.RoleAssignment:
    """Give a role to a principal.

    Args:
        group: the principal is a group of people and not an identity. The kind is always sent, because looking up a
            fresh identity fails until it has spread.
        opts: options with the component as parent.
    """
    where = pulumi.Output.from_input(scope)
    named = pulumi.Output.all(where, principal_id).apply(lambda both: assignment_name(both[0], both[1], role))
    return authorization.RoleAssignment(
        name,
        scope=where,
        principal_id=principal_id,
        principal_type="Group" if group else "ServicePrincipal",
        role_assignment_name=named,
        role_definition_id=where.apply(lambda told: definition_id(told, role)),
        opts=opts,
    )
