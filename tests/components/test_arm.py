"""The ARM template of a Pulumi program: each input in its place, each unknown an expression, no secret, nothing lost."""

import json
import re
import subprocess
import sys
import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from kaitops.kaito import facts
from tests.conftest import KAITOPS, ROOT

PROJECT = Path(__file__).with_name("arm_project")
TYPES: dict[str, dict[str, Any]] = facts.load(".", "arm.json")["types"]


def _run(*arguments: str, project: Path = PROJECT, stack: str = "dev") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "kaitops.components.arm", "--project", str(project), "--stack", stack, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    done = _run()
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _one(template: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = [one for one in template["resources"] if one["type"] == kind]
    return found


def test_every_resource_is_there_with_type_version_and_name(template: dict[str, Any]) -> None:
    assert [(one["type"], one["name"]) for one in template["resources"]] == [
        ("Microsoft.Authorization/roleAssignments", "5f2d8a3c-0000-4000-8000-000000000001"),
        ("Microsoft.ContainerRegistry/registries", "crsample"),
        ("Microsoft.ContainerService/managedClusters", "aks"),
        ("Microsoft.ContainerService/managedClusters/agentPools", "aks/gpu"),
        ("Microsoft.ManagedIdentity/userAssignedIdentities", "id-aks"),
        ("Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials", "id-aks/fic"),
        ("Microsoft.Resources/resourceGroups", "rg"),
        ("Microsoft.Storage/storageAccounts", "stweights"),
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d(-preview)?", one["apiVersion"]) for one in template["resources"])
    assert template["$schema"].endswith("deploymentTemplate.json#")


def test_inputs_stand_where_arm_has_them(template: dict[str, Any]) -> None:
    cluster = _one(template, "Microsoft.ContainerService/managedClusters")
    assert cluster["sku"] == {"name": "Base", "tier": "Standard"}
    assert cluster["location"] == "westeurope"
    assert cluster["tags"] == {"owner": "[[team]"}
    properties = cluster["properties"]
    assert properties["enableRBAC"] is True
    assert properties["apiServerAccessProfile"] == {"authorizedIPRanges": ["198.51.100.0/24"]}
    assert properties["networkProfile"]["dnsServiceIP"] == "10.0.0.10"
    assert not {"resourceGroupName", "resourceName", "location", "sku", "identity", "tags"} & set(properties)
    reference = "[resourceId('rg', 'Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')]"
    assert cluster["identity"] == {"type": "UserAssigned", "userAssignedIdentities": {reference: {}}}
    # A pool's tags are a property, and a whole number stays one.
    pool = _one(template, "Microsoft.ContainerService/managedClusters/agentPools")
    assert pool["properties"] == {
        "count": 3, "osDiskSizeGB": 300, "tags": {"team": "ml"}, "vmSize": "Standard_NC24ads_A100_v4",
    }  # fmt: skip
    account = _one(template, "Microsoft.Storage/storageAccounts")
    assert (account["kind"], account["properties"]) == ("StorageV2", {"supportsHttpsTrafficOnly": True})


def test_what_only_azure_knows_is_an_expression(template: dict[str, Any]) -> None:
    cluster = "resourceId('rg', 'Microsoft.ContainerService/managedClusters', 'aks')"
    role = _one(template, "Microsoft.Authorization/roleAssignments")
    assert role["scope"] == f"[{cluster}]"
    identity = "resourceId('rg', 'Microsoft.ManagedIdentity/userAssignedIdentities', 'id-aks')"
    assert role["properties"]["principalId"] == f"[reference({identity}, '2023-01-31').principalId]"
    assert role["properties"]["roleDefinitionId"] == (
        "[concat('/subscriptions/', subscription().subscriptionId, "
        "'/providers/Microsoft.Authorization/roleDefinitions/b24988ac')]"
    )
    credential = _one(template, "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials")
    assert credential["properties"]["issuer"] == f"[reference({cluster}, '2025-09-01').oidcIssuerProfile.issuerURL]"
    assert credential["properties"]["subject"] == "system:serviceaccount:models:it's"
    registry = _one(template, "Microsoft.ContainerRegistry/registries")
    assert registry["tags"]["server"] == f"[concat('https://', reference({cluster}, '2025-09-01').fqdn, '/')]"


def test_a_secret_is_a_parameter(template: dict[str, Any]) -> None:
    profile = _one(template, "Microsoft.ContainerService/managedClusters")["properties"]["windowsProfile"]
    assert profile["adminPassword"] == "[parameters('sample-password')]"
    assert template["parameters"]["sample-password"] == {"type": "securestring"}
    assert "v1:AAAA" not in json.dumps(template)


@pytest.mark.e2e
def test_configuration_of_the_command_goes_before_the_stack(tmp_path: Path) -> None:
    out = tmp_path / "made.json"
    done = _run("--config", "location=uksouth", "--config", "sample:nodes=5", "--out", str(out))
    assert (done.returncode, done.stdout) == (0, "")
    made = json.loads(out.read_text())
    assert _one(made, "Microsoft.Resources/resourceGroups")["location"] == "uksouth"
    assert _one(made, "Microsoft.ContainerService/managedClusters/agentPools")["properties"]["count"] == 5


_READS = """
import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_azure_native import resources

other = pulumi.StackReference("organisation/project/other")
provider = kubernetes.Provider("cluster", kubeconfig=other.require_output("kubeconfig"))
found = kubernetes.core.v1.ConfigMap.get("found", "models/found", pulumi.ResourceOptions(provider=provider))
first = kubernetes.core.v1.Namespace.get("first", "kube-system", pulumi.ResourceOptions(provider=provider))
about = pulumi.Output.all(found.metadata, first.metadata)
names = about.apply(lambda both: f"{both[0]['namespace']}-{both[0]['name']}-{both[1]['name']}-{len(both[1]['uid'])}")
resources.ResourceGroup("group", resource_group_name=names)
"""


def test_what_a_program_reads_of_a_cluster_and_of_another_stack_is_answered(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: reads\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "__main__.py").write_text(_READS)
    done = _run(project=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [one["name"] for one in json.loads(done.stdout)["resources"]] == ["models-found-kube-system-36"]


@pytest.mark.e2e
def test_a_stack_of_all_parts_has_the_azure_resources_of_its_infrastructure() -> None:
    infra = json.dumps({"entraAdmins": ["11111111-1111-1111-1111-111111111111"]})
    given = ["--config", "cluster=prod-weu", "--config", f"infra={infra}"]
    whole, alone = _run(*given, project=ROOT), _run(*given, "--config", 'parts=["infra"]', project=ROOT)
    assert (whole.returncode, alone.returncode) == (0, 0), whole.stderr
    kinds = [
        sorted((one["type"], one["name"]) for one in json.loads(done.stdout)["resources"]) for done in (whole, alone)
    ]
    assert kinds[0] == kinds[1] and len(kinds[0]) > 30


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("program", "arguments", "said"),
    [
        ("", [], "declares no Azure resource"),
        ("1/0", [], "fails with ZeroDivisionError"),
        pytest.param("raise SystemExit(4)", [], "fails with SystemExit", marks=pytest.mark.e2e),
        pytest.param("import pulumi; pulumi.Config().require('region')", [], "wants by --config", marks=pytest.mark.e2e),
        ("from pulumi_azure_native import maps; maps.Account('x', account_name='a', resource_group_name='g', sku={'name': 'G2'})", [],
         "maps:Account: its resource type in ARM is not known"),
        ("", ["--config", "x"], "is not KEY=VALUE"),
        pytest.param("", ["--stack", "other"], "Pulumi.other.yaml: not there", marks=pytest.mark.e2e),
        pytest.param("", ["--project", "/nowhere"], "Pulumi.yaml: not there", marks=pytest.mark.e2e),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_bad_input(tmp_path: Path, program: str, arguments: list[str], said: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: bad\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "__main__.py").write_text(program)
    done = _run(*arguments, project=tmp_path)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert done.stdout == ""


def test_versions_and_names_are_those_of_the_sdk() -> None:
    for token, fact in TYPES.items():
        module, kind = token.split(":")
        made = getattr(import_module(f"pulumi_azure_native.{module}"), kind)
        text = typing.get_overloads(made.__init__)[0].__doc__
        assert text is not None
        assert f"Uses Azure REST API version {fact['api']}." in text, token
        arguments = {_camel(name) for name in _arguments(made)}
        assert {name.lower() for name in re.findall(r"\{(\w+)\}", fact["path"])} <= arguments, token


def _arguments(made: Any) -> Iterator[str]:
    for overload in typing.get_overloads(made.__init__):
        yield from overload.__annotations__
    yield from made._internal_init.__annotations__


def _camel(name: str) -> str:
    return name.rstrip("_").replace("_", "").lower()


@pytest.mark.e2e
def test_the_verb_runs_it_and_two_runs_say_the_same(template: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "made.json"
    command = [str(KAITOPS), "arm", "--project", str(PROJECT), "--stack", "dev", "--out", str(out)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    assert out.read_text() == json.dumps(template, indent=2, ensure_ascii=False) + "\n"
    assert len(template["resources"]) == 8


def test_without_pulumi_the_verb_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    from kaitops.cli import arm, parser
    from kaitops.errors import ToolMissing

    monkeypatch.setattr(arm, "find_spec", lambda name: None if name.startswith("pulumi") else object())
    with pytest.raises(ToolMissing, match=r"install kaitops\[pulumi\]") as caught:
        arm.run(parser.parse(["arm", "--stack", "dev"]))
    assert caught.value.exit_code == 3
