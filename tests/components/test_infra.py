"""The infra stack for each provisioner, and what holds for all of them."""

import re
from pathlib import Path
from typing import Any

import pytest

from kaitops.components.arm_template import SUBSCRIPTION, azure_id, short
from kaitops.components.infra_stack import Infra
from kaitops.components.refusals import Refused
from kaitops.errors import BadInput
from tests.arm.rules import changed
from tests.components import azure_answers, recorder
from tests.components.conftest import Record
from tests.components.recorder import Recording, Registered
from tests.components.stacks import SETTINGS, run, stack
from tests.sampling import some

PROVISIONERS = list(SETTINGS)
every_stack = pytest.mark.parametrize("provisioner", PROVISIONERS)
# Dear ones: the default run asks one stack, the slow run all.
most_stacks = pytest.mark.parametrize("provisioner", some(PROVISIONERS, ["karpenter"]))


def azure(found: Recording) -> list[Registered]:
    return [one for one in found if one.custom and one.type.startswith("azure-native:")]


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ((), "cluster, cluster_name, settings, version"),
        (({"settings": None, "cluster_name": "prod"},), "cluster, version"),
    ],
)
def test_arguments_that_lack_something_are_refused_by_name(
    record: Record, given: tuple[Any, ...], lacking: str
) -> None:
    with pytest.raises(Refused, match=rf"Infra 'prod': args lack {lacking}, so .*call declare\(\)"):
        record(lambda: Infra("prod", *given) and None)


@every_stack
def test_every_resource_lies_under_one_component(provisioner: str) -> None:
    found = stack(provisioner)
    infra = found.one("kaitops:stack:Infra")
    for one in found:
        if one is infra:
            assert "pulumi:pulumi:Stack" in one.parent
            continue
        above = one
        while above.urn != infra.urn:
            above = found.by_urn(above.parent)
        if one.custom:
            assert not found.by_urn(one.parent).custom


@every_stack
def test_components_register_their_outputs_once(provisioner: str) -> None:
    # The recorder itself refuses a second time; what has no outputs at all was never finished.
    for one in stack(provisioner):
        if not one.custom and not one.type.endswith("Observability"):
            assert one.outputs, one.name


@every_stack
def test_outputs_are_what_the_other_stacks_need(provisioner: str) -> None:
    found = stack(provisioner)
    outputs = found.one("kaitops:stack:Infra").outputs
    assert set(outputs) == {
        "cluster_name", "resource_group_name", "oidc_issuer_url", "kubeconfig", "registry_login_server", "identities",
        "node_resource_group",
    }  # fmt: skip
    assert outputs["cluster_name"] == "aks-prod-weu"
    assert outputs["oidc_issuer_url"].startswith("https://oidc")
    assert '"current-context"' in outputs["kubeconfig"]
    assert outputs["node_resource_group"] == "MC_rg-prod-weu_aks-prod-weu"


@every_stack
def test_the_kubeconfig_is_secret_wherever_it_appears(provisioner: str) -> None:
    found = stack(provisioner)
    assert "kubeconfig" in found.secret_exports
    for one in found:
        if "kubeconfig" in one.outputs:
            assert "kubeconfig" in one.secrets, one.name


@every_stack
def test_every_name_is_sent_so_that_the_id_is_known(provisioner: str) -> None:
    for one in azure(stack(provisioner)):
        assert one.id == azure_answers.azure_id(one.type.removeprefix("azure-native:"), one.inputs)
        # The template's table of types says the same of every id.
        other = azure_id(short(one.type), one.name, one.inputs)
        assert other.replace(SUBSCRIPTION, azure_answers.SUBSCRIPTION).lower() == one.id.lower()


@every_stack
def test_everything_but_extensions_has_region_and_tags_where_azure_has_them(provisioner: str) -> None:
    for one in azure(stack(provisioner)):
        if "location" in one.inputs:
            assert one.inputs["location"] in ("westeurope", "global")
            assert one.inputs["tags"] == SETTINGS[provisioner].get("tags", {})


FREE = {
    ":MaintenanceConfiguration", ":FederatedIdentityCredential", ":CacheRule", ":Replication", ":DataCollectionRule",
    ":DataCollectionRuleAssociation", ":DiagnosticSetting", ":PrometheusRuleGroup",
}  # fmt: skip


@every_stack
def test_all_is_protected_but_what_is_made_again_without_loss(provisioner: str) -> None:
    protect = SETTINGS[provisioner].get("protect", True)
    for one in azure(stack(provisioner)):
        free = (
            any(one.type.endswith(end) for end in FREE) or "grafana-admin" in one.name or one.name == "infra-gpu-a1001"
        )
        assert one.protect == (protect and not free), one.name


@every_stack
def test_a_guard_is_deleted_before_everything_or_refuses_to_be(provisioner: str) -> None:
    found = stack(provisioner)
    guard = found.one("kaitops:stack:Guard")
    assert guard.protect is SETTINGS[provisioner].get("protect", True)
    for one in azure(found):
        assert found.depends(guard, one), one.name
        assert not found.depends(one, guard)
        # Else a cluster that refuses to go leaves pools in Azure that the state has lost.
        assert one.deleted_with == ""


def told_by_a_preview(type_: str, name: str, inputs: Any, known_id: str | None) -> tuple[str, dict[str, Any]]:
    """What the provider tells of an update that it has not made: the inputs, id and name."""
    identity, state = azure_answers.computed(type_, name, inputs, known_id)
    # A list goes in and a map comes back; the rest of an identity is made up by Azure.
    shaped = ("name", "identity") if "userAssignedIdentities" in inputs.get("identity", {}) else ("name",)
    return identity, {**inputs, **{key: state[key] for key in shaped if key in state}}


@most_stacks
@pytest.mark.e2e
def test_what_changes_in_place_replaces_nothing_that_is_named_after_it(
    provisioner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = {one.urn: one for one in azure(stack(provisioner))}
    monkeypatch.setattr(recorder, "computed", told_by_a_preview)
    planned = azure(run(SETTINGS[provisioner], preview=True, provisioner=provisioner))
    assert {one.urn for one in planned} == set(made)
    for one in planned:
        # The address that Azure gave the way out is not known before, and who may call the server changes in place.
        differing = set(changed(dict(made[one.urn].inputs), dict(one.inputs)))
        assert differing <= {"apiServerAccessProfile.authorizedIPRanges"}, one.name


@every_stack
def test_only_weights_survive_the_stack(provisioner: str) -> None:
    kept = {one.type.rpartition(":")[2] for one in stack(provisioner) if one.retain_on_delete}
    kind = SETTINGS[provisioner].get("weights", {}).get("kind")
    assert (
        kept
        == {None: set(), "blob": {"StorageAccount", "BlobContainer"}, "files": {"StorageAccount", "FileShare"}}[kind]
    )


@every_stack
def test_role_assignments_are_named_by_what_they_say(provisioner: str) -> None:
    found = stack(provisioner).of(":RoleAssignment")
    assert len({one.inputs["roleAssignmentName"] for one in found}) == len(found) > 0
    for one in found:
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", one.inputs["roleAssignmentName"])
        group = one.inputs["principalId"] in SETTINGS[provisioner].get("entraAdmins", [])
        assert one.inputs["principalType"] == ("Group" if group else "ServicePrincipal")
        assert one.inputs["roleDefinitionId"].startswith(f"/subscriptions/{azure_answers.SUBSCRIPTION}/providers/")


@every_stack
def test_the_cluster_waits_for_its_rights_on_the_network(provisioner: str) -> None:
    found = stack(provisioner)
    cluster, right = found.one(":ManagedCluster"), found.one(":RoleAssignment", "infra-cluster-identity-network")
    assert right.urn in cluster.depends_on
    assert found.one(":Subnet", "infra-network-nodes").urn in cluster.depends_on


@every_stack
def test_the_provisioner_decides_what_the_cluster_switches_on(provisioner: str) -> None:
    inputs = stack(provisioner).one(":ManagedCluster").inputs
    auto = inputs["nodeProvisioningProfile"]
    assert (auto["mode"], auto["defaultNodePools"]) == (
        ("Auto", "Auto") if provisioner == "karpenter" else ("Manual", "None")
    )
    assert inputs["aiToolchainOperatorProfile"]["enabled"] == (provisioner == "aks-addon")
    assert inputs["oidcIssuerProfile"]["enabled"] is True


@pytest.mark.parametrize(
    ("provisioner", "purposes"),
    [
        ("karpenter", {"model-loader", "secret-reader", "adapter-pusher"}),
        ("byo", {"secret-reader"}),
        ("azure-gpu-provisioner", {"gpu-provisioner", "secret-reader"}),
        ("aks-addon", set()),
    ],
)
def test_only_wanted_identities_are_made(provisioner: str, purposes: set[str]) -> None:
    found = stack(provisioner)
    assert set(found.exports["identities"]) == purposes
    names = {one.inputs["resourceName"] for one in found.of(":UserAssignedIdentity")}
    assert names == {f"id-prod-weu-{purpose}" for purpose in {"cluster", *purposes}}


def test_the_gpu_provisioner_may_change_its_cluster_and_nothing_else() -> None:
    found = stack("azure-gpu-provisioner")
    right = found.one(":RoleAssignment", "infra-services-workloads-gpu-provisioner-cluster")
    assert right.inputs["scope"] == found.one(":ManagedCluster").id
    assert right.inputs["roleDefinitionId"].endswith("b24988ac-6180-42a0-ab88-20f7382dd24c")
    credential = found.one(
        ":FederatedIdentityCredential", "infra-services-workloads-gpu-provisioner-gpu-provisioner-gpu-provisioner"
    )
    assert credential.inputs["subject"] == "system:serviceaccount:gpu-provisioner:gpu-provisioner"
    assert credential.inputs["issuer"] == found.one("kaitops:stack:Infra").outputs["oidc_issuer_url"]
    (chart,) = found.exports["charts"]
    assert chart["values"]["workloadIdentity"]["clientId"] == found.exports["identities"]["gpu-provisioner"]
    environment = {one["name"]: one["value"] for one in chart["values"]["controller"]["env"]}
    assert environment == {
        "ARM_SUBSCRIPTION_ID": azure_answers.SUBSCRIPTION,
        "LOCATION": "westeurope",
        "AZURE_CLUSTER_NAME": "aks-prod-weu",
        "AZURE_NODE_RESOURCE_GROUP": "MC_rg-prod-weu_aks-prod-weu",
        "ARM_RESOURCE_GROUP": "rg-prod-weu",
        "LEADER_ELECT": "false",
        "E2E_TEST_MODE": "false",
    }


@pytest.mark.parametrize("provisioner", ["karpenter", "byo", "aks-addon"])
def test_no_other_provisioner_wants_a_chart_of_its_own(provisioner: str) -> None:
    assert stack(provisioner).exports["charts"] == []


def test_an_existing_cluster_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text("apiVersion: v1\n")
    found = run({"existing": {"kubeconfig": str(path)}}, provisioner="byo")
    assert [one.type for one in found] == ["kaitops:stack:Infra"]
    assert found.exports["kubeconfig"] == "apiVersion: v1\n"
    assert found.secret_exports == {"kubeconfig"}
    assert found.result.capacity.chart_values["clusterName"]


def test_an_existing_cluster_without_kubeconfig_is_refused(record: Record) -> None:
    for existing in ({}, {"kubeconfig": "/nonexistent"}):
        with pytest.raises(BadInput, match="kubeconfig"):
            run({"existing": existing}, provisioner="byo")


def test_dns_zones_have_only_the_tags_that_azure_keeps_there() -> None:
    kept, dropped = {"team": "ml", "Owner-1": "x y"}, {"Cost Center": "1", "a:b": "c", "7": "d"}
    found = run({**SETTINGS["karpenter"], "tags": {**kept, **dropped}}, provisioner="karpenter")
    for kind in (":PrivateZone", ":VirtualNetworkLink"):
        assert [one.inputs["tags"] for one in found.of(kind)] == [kept] * len(found.of(kind)) != []
    assert found.one(":Vault").inputs["tags"] == {**kept, **dropped}
