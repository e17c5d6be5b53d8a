"""Identities: named roles, and federations that Azure is never asked for two at a time."""

from kaitops.components.azure.identity import Identity
from kaitops.components.azure.roles import assignment_name, definition_id
from tests.components.azure_answers import guid
from tests.components.conftest import Record
from tests.components.recorder import Recording

SCOPE = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/a"


def identity(record: Record) -> Recording:
    return record(
        lambda: Identity(
            "loader",
            {
                "resource_group_name": "rg",
                "location": "westeurope",
                "identity_name": "id-loader",
                "roles": [{"name": "pull", "role": "AcrPull", "scope": SCOPE}],
                "issuer_url": "https://issuer",
                "service_accounts": [{"namespace": "models", "name": name} for name in ("a", "b", "c.d")],
                "tags": {},
            },
        )
    )


def test_federations_come_one_after_the_other(record: Record) -> None:
    found = identity(record)
    first, second, third = found.of(":FederatedIdentityCredential")
    assert first.urn in second.depends_on
    assert second.urn in third.depends_on
    # Each is deleted by itself: an identity that stays would keep those that the state has lost.
    assert {one.deleted_with for one in (first, second, third)} == {""}
    assert first.inputs == {
        "resourceGroupName": "rg",
        "resourceName": "id-loader",
        "federatedIdentityCredentialResourceName": "models-a",
        "issuer": "https://issuer",
        "subject": "system:serviceaccount:models:a",
        "audiences": ["api://AzureADTokenExchange"],
    }
    # Azure takes no dot in the name of a credential, Kubernetes in that of a service account.
    assert third.inputs["federatedIdentityCredentialResourceName"] == "models-c-d"
    assert third.inputs["subject"].endswith(":models:c.d")


def test_a_role_has_the_name_that_scope_principal_and_role_give(record: Record) -> None:
    found = identity(record)
    role, principal = found.one(":RoleAssignment"), found.one(":UserAssignedIdentity").outputs["principalId"]
    assert role.inputs["principalId"] == principal
    assert role.inputs["roleAssignmentName"] == assignment_name(SCOPE, principal, "AcrPull")
    assert role.inputs["roleDefinitionId"] == (
        "/subscriptions/00000000-0000-0000-0000-000000000001/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d"
    )


def test_another_scope_principal_or_role_is_another_name() -> None:
    names = {
        assignment_name(SCOPE, "p", "AcrPull"), assignment_name(SCOPE, "q", "AcrPull"),
        assignment_name(f"{SCOPE}2", "p", "AcrPull"), assignment_name(SCOPE, "p", "AcrPush"),
    }  # fmt: skip
    assert len(names) == 4
    assert definition_id(SCOPE, "AcrPush") != definition_id(SCOPE, "AcrPull")


def test_outputs_are_those_of_the_identity(record: Record) -> None:
    found = identity(record)
    own = found.one(":UserAssignedIdentity")
    outputs = found.one("kaitops:azure:Identity").outputs
    assert outputs == {"id": own.id, "client_id": guid(own.id, "client"), "principal_id": guid(own.id, "principal")}
