"""The recorder tells what a program handed to the engine, and forgets it before the next one."""

import pulumi
import pytest
from pulumi_azure_native import managedidentity, resources

from tests.components.conftest import Record


class Pair(pulumi.ComponentResource):
    """A component with a secret output."""

    client_id: pulumi.Output[str]
    """Client id of the identity."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("kaitops:test:Pair", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        group = resources.ResourceGroup(
            f"{name}-group",
            resource_group_name="rg-a",
            location="westeurope",
            opts=pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(protect=True, retain_on_delete=True)),
        )
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_group_name=group.name,
            resource_name_="id-a",
            opts=pulumi.ResourceOptions.merge(
                child,
                pulumi.ResourceOptions(
                    depends_on=[group],
                    deleted_with=group,
                    ignore_changes=["tags"],
                    replace_on_changes=["location"],
                    delete_before_replace=False,
                    additional_secret_outputs=["clientId"],
                    replacement_trigger={"zones": 2},
                ),
            ),
        )
        self.client_id = pulumi.Output.secret(identity.client_id)
        self.register_outputs({"client_id": self.client_id, "group": group.name})


def program() -> None:
    pair = Pair("a")
    pulumi.export("client", pair.client_id)
    pulumi.export("answer", 42)


def test_inputs_options_and_parents_are_recorded(record: Record) -> None:
    found = record(program)
    assert [one.name for one in found] == ["a", "a-group", "a-identity"]
    group, identity, pair = found.one(":ResourceGroup"), found.one(":UserAssignedIdentity"), found.one(":Pair")
    assert group.inputs == {"resourceGroupName": "rg-a", "location": "westeurope"}
    assert (group.protect, group.retain_on_delete, group.parent) == (True, True, pair.urn)
    assert not identity.protect
    assert identity.deleted_with == group.urn
    assert identity.ignore_changes == ("tags",)
    assert identity.replace_on_changes == ("location",)
    assert identity.delete_before_replace is False
    assert group.delete_before_replace is None
    assert (group.replacement_trigger, identity.replacement_trigger) == (None, {"zones": 2})
    assert identity.additional_secret_outputs == ("clientId",)
    assert identity.property_dependencies["resourceGroupName"] == (group.urn,)
    assert found.depends(identity, group)
    assert not found.depends(group, identity)
    assert not pair.custom
    assert found.children(pair) == [group, identity]


def test_outputs_of_components_and_stack_say_what_is_secret(record: Record) -> None:
    found = record(program)
    pair = found.one(":Pair")
    assert pair.outputs == {"client_id": found.one(":UserAssignedIdentity").outputs["clientId"], "group": "rg-a"}
    assert pair.secrets == {"client_id"}
    assert found.exports["answer"] == 42
    assert found.secret_exports == {"client"}


def test_a_run_starts_empty(record: Record) -> None:
    assert len(record(program).resources) == len(record(program).resources) == 3
    assert record(lambda: None).resources == []


def test_configuration_is_of_one_run_only(record: Record) -> None:
    seen = []
    record(lambda: seen.append(pulumi.Config().get("size")), config={"kaitops:size": "4"})
    record(lambda: seen.append(pulumi.Config().get("size")))
    assert seen == ["4", None]


def test_an_error_of_the_program_or_of_an_output_comes_out(record: Record) -> None:
    def fails() -> None:
        raise ValueError("no")

    def fails_late() -> None:
        pulumi.export("x", Pair("a").client_id.apply(lambda _: 1 / 0))

    with pytest.raises(ValueError, match="no"):
        record(fails)
    with pytest.raises(ZeroDivisionError):
        record(fails_late)
    assert len(record(program).resources) == 3


def test_a_resource_that_is_read_is_told_apart(record: Record) -> None:
    found = record(lambda: resources.ResourceGroup.get("known", "/subscriptions/s/resourceGroups/rg") and None)
    assert [(one.read, one.id) for one in found] == [(True, "/subscriptions/s/resourceGroups/rg")]


def test_a_type_without_known_id_is_an_error(record: Record) -> None:
    def program() -> None:
        resources.Deployment("d", resource_group_name="rg", properties={"mode": "Incremental"})

    with pytest.raises(Exception, match="no id without"):
        record(program)


def test_an_input_that_azure_would_refuse_ends_the_run(record: Record) -> None:
    def wrong() -> None:
        resources.ResourceGroup("a", resource_group_name="rg a", location="westeurope")

    with pytest.raises(AssertionError, match="ResourceGroup a: resourceGroupName 'rg a' does not match"):
        record(wrong)
