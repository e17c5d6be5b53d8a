"""What takes a deployment that is there into a stack: one file, with each resource under its own parent."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kaitops.components.import_monitor import Place
from kaitops.components.import_script import Entry, file, script
from kaitops.components.importing import Imports, main, of_infra, of_workloads
from kaitops.components.resources import declaration
from kaitops.components.settings.infra import InfraSettings
from tests.components import azure_answers
from tests.components.stacks import CLUSTER, SETTINGS, stack
from tests.conftest import ROOT
from tests.sampling import some
from tests.version import KAITO

_AZ = """#!/bin/sh
case "$1 $2" in
"resource show") echo principal-of-$(basename "$4") ;;
"role assignment") case "$*" in *7f951dda*) ;; *) echo "$5/roleAssignments/$7" ;; esac ;;
esac
"""


def importing(provisioner: str) -> Imports:
    return of_infra(
        InfraSettings.read(SETTINGS[provisioner]), {**CLUSTER, "provisioner": provisioner}, azure_answers.SUBSCRIPTION,
        cluster_name="prod-weu", version=KAITO,
    )  # fmt: skip


def written(text: str, folder: Path) -> tuple[dict[str, Any], str]:
    """The file that a script writes, with an `az` that knows all role assignments but those of one role."""
    (folder / "bin").mkdir()
    (folder / "bin/az").write_text(_AZ)
    (folder / "bin/az").chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-e"], input=text, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads((folder / "import.json").read_text()), done.stderr


@pytest.mark.parametrize("provisioner", some(("karpenter", "byo"), ("byo",)))
def test_each_azure_resource_has_one_entry_under_its_own_parent(provisioner: str) -> None:
    found, taken = stack(provisioner), importing(provisioner)
    parents = {one.urn: one.name for one in found}
    wanted = {(one.type, one.name): one for one in found if not one.type.startswith("pulumi:")}
    assert sorted((one.type, one.name) for one in taken.entries) == sorted(wanted)
    for entry in taken.entries:
        one = wanted[entry.type, entry.name]
        assert entry.parent == parents.get(one.parent, "")
        if not one.custom:
            assert entry.id is None and not entry.lookup
        elif entry.type.endswith(":RoleAssignment"):
            role = one.inputs["roleDefinitionId"].rpartition("/")[2]
            assert f"--scope {one.inputs['scope']} --role {role}" in entry.lookup
            assert "az resource show --ids" in entry.lookup or one.inputs["principalId"] in entry.lookup
        else:
            assert (entry.id, entry.lookup) == (one.id, "")
    # A parent is named by its name alone, so no two that are parents share one.
    names = [one.name for one in taken.entries if one.id is None]
    assert len(set(names)) == len(names)


@pytest.mark.e2e
def test_the_script_asks_for_role_assignments_and_leaves_out_those_that_are_not_there(tmp_path: Path) -> None:
    taken = importing("byo")
    found, told = written(script(taken.entries, taken.names), tmp_path)
    assert "nameTable" not in found
    by_name = {one["name"]: one for one in found["resources"]}
    absent = {one.name for one in taken.entries} - set(by_name)
    assert absent == {"infra-services-registry-pull"}
    assert "not there, so left out" in told and "infra-services-registry-pull" in told
    roles = [one for one in by_name.values() if one["type"].endswith(":RoleAssignment")]
    assert roles and all("/roleAssignments/" in one["id"] for one in roles)
    known = {one["name"]: one for one in file(taken.entries, {})["resources"]}
    assert {name: one for name, one in by_name.items() if one not in roles} == known


def test_workloads_hang_on_the_provider_that_the_stack_has(tmp_path: Path) -> None:
    declared = declaration.from_file(ROOT / "fleet.yaml", "prod-weu")
    taken = of_workloads(declared, place=Place("kaitops", "prod", "prod-weu"))
    found, _ = written(script(taken.entries, taken.names), tmp_path)
    urn = "urn:pulumi:prod::kaitops::pulumi:providers:kubernetes::prod-weu-objects"
    assert found["nameTable"] == {"prod-weu-objects": urn}
    component, *objects = found["resources"]
    assert component == {"type": "kaitops:model:ClusterWorkloads", "name": "prod-weu-workloads", "component": True}
    assert all((one["parent"], one["provider"]) == ("prod-weu-workloads", "prod-weu-objects") for one in objects)
    ids = {(one["type"].rpartition(":")[2], one["id"]) for one in objects}
    rendered = [each for one in declared.plan.workloads for each in declared.build.objects(one)]
    spaced = [(one["kind"], one["metadata"]) for one in rendered]
    assert ids - {("Namespace", "models")} == {
        (kind, f"{about['namespace']}/{about['name']}" if "namespace" in about else about["name"])
        for kind, about in spaced
    }
    without = of_workloads(declared, place=Place(), namespaces=False)
    assert not any(one.type.endswith(":Namespace") for one in without.entries)


def test_names_with_marks_of_the_shell_stay_what_they_are(tmp_path: Path) -> None:
    entry = Entry("a:b:C", "it's $HOME `x`", id="/s/o'ne $1")
    found, _ = written(script([entry], {}), tmp_path)
    assert found["resources"] == [{"type": "a:b:C", "name": "it's $HOME `x`", "id": "/s/o'ne $1"}]


@pytest.mark.e2e
def test_the_command_reads_stack_and_fleet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rest = ["--fleet", str(ROOT / "fleet.yaml"), "--cluster", "prod-weu"]
    assert main(["infra", "--subscription", "s-1", *rest]) == 2
    assert "Pulumi.prod.yaml" in capsys.readouterr().err
    settings = "    accessElsewhere: true\n    names:\n      cluster: my-aks\n"
    for space in ("kaitops", "mine"):
        Path("Pulumi.prod.yaml").write_text(f"config:\n  {space}:infra:\n{settings}")
        assert main(["infra", "--subscription", "s-1", "--project", "mine", *rest]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert sum("managedClusters/my-aks" in line for line in lines) > 3
        assert not any("00000000" in line for line in lines)
        # The whole program names the stack's component after the cluster.
        assert any('"type": "kaitops:stack:Infra", "name": "prod-weu"' in line for line in lines)
    assert main(["infra", *rest]) == 2
    assert "--subscription: not given" in capsys.readouterr().err
    Path("Pulumi.prod.yaml").write_text("config:\n  kaitops:workloads:\n    namespaces: false\n")
    assert main(["workloads", *rest]) == 0
    told = capsys.readouterr().out
    assert "kaito.sh/v1beta1:Workspace" in told and ":Namespace" not in told
