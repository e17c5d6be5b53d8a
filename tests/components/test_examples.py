"""The Pulumi examples and the page that explains them: three stacks that hand over, a program of one's own, unit tests."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.components import azure_answers, recorder
from tests.components.conftest import Record
from tests.components.recorder import Recording
from tests.conftest import ROOT, Run

THREE, MODELS = ROOT / "examples/pulumi/three-stacks", ROOT / "examples/pulumi/models"
PAGE = (ROOT / "docs/pulumi.md").read_text("utf-8")
BLOCKS = {
    section.partition("\n")[0]: found[1]
    for section in PAGE.split("\n## ")[1:]
    if (found := re.search(r"^```(?:python|yaml|sh)\n(.*?)^```", section, re.M | re.S))
}


def _run(record: Record, monkeypatch: pytest.MonkeyPatch, stack: str, handed: dict[str, Any]) -> Recording:
    real = recorder.computed

    def computed(type_: str, name: str, inputs: Any, id_: str | None) -> Any:
        if type_ == "pulumi:pulumi:StackReference":
            return name, {"name": inputs["name"], "outputs": handed, "secretOutputNames": []}
        return real(type_, name, inputs, id_)

    monkeypatch.setattr(recorder, "computed", computed)
    monkeypatch.chdir(THREE)
    given = yaml.safe_load((THREE / f"Pulumi.{stack}.yaml").read_text())["config"]
    config = {key: value if isinstance(value, str) else json.dumps(value) for key, value in given.items()}
    return record(lambda: runpy.run_path(str(THREE / "__main__.py")), config=config)


@pytest.mark.e2e
def test_three_stacks_hand_over(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    infra = _run(record, monkeypatch, "prod-infra", {})
    assert len(infra.of(":ManagedCluster")) == 1 and infra.of("kubernetes:helm.sh/v4:Chart") == []
    assert any("deployer" in one.name for one in infra.of(":RoleAssignment"))
    handed = {"kubeconfig": azure_answers.KUBECONFIG, "chartValues": {"workspace": {"clusterName": "aks-prod"}}}
    platform = _run(record, monkeypatch, "prod-platform", handed)
    (chart,) = platform.of("kubernetes:helm.sh/v4:Chart")
    assert chart.inputs["values"]["clusterName"] == "aks-prod"
    assert platform.of(":ManagedCluster") == platform.of(":Workspace") == []
    workloads = _run(record, monkeypatch, "prod-workloads", handed)
    (model,) = workloads.of("kubernetes:kaito.sh/v1beta1:Workspace")
    assert model.inputs["metadata"]["annotations"]["pulumi.com/waitFor"] == "condition=WorkspaceSucceeded"
    for made in (platform, workloads):
        assert made.one("pulumi:providers:kubernetes", "prod-objects").inputs["kubeconfig"] == handed["kubeconfig"]


def test_a_program_of_ones_own_passes_its_own_rules(record: Record, run: Run, tmp_path: Path) -> None:
    made = record(
        lambda: runpy.run_path(str(MODELS / "__main__.py")), config={"kaitops:size": "Standard_NC24ads_A100_v4"}
    )
    objects = [{**one.inputs} for one in made.resources if one.type.startswith("kubernetes:") and "kind" in one.inputs]
    assert {(one["kind"], one["metadata"].get("namespace")) for one in objects} == {
        ("Namespace", None), ("NetworkPolicy", "models"), ("Workspace", "models"),
    }  # fmt: skip
    (tmp_path / "made.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects}))
    # A stack is judged as all that there is, as the policy pack does it.
    told = run("gate", "made.json", "--no-checkov", "--complete", "-o", "json", code=0).stdout
    assert [one["rule"] for one in json.loads(told)["findings"] if one["severity"] in ("HIGH", "CRITICAL")] == []


@pytest.mark.parametrize("folder", [THREE, MODELS], ids=lambda folder: folder.name)
def test_each_is_a_template_that_names_what_it_needs(folder: Path) -> None:
    project = yaml.safe_load((folder / "Pulumi.yaml").read_text())
    assert project["template"]["description"] and project["runtime"]["name"] == "python"
    # A program of models alone goes without Azure's SDK.
    extra = "workloads" if folder == MODELS else "pulumi"
    assert (folder / "requirements.txt").read_text() == f"kaitops[{extra}]\n"
    assert folder.name in PAGE


def test_the_pages_stacks_are_those_of_the_example() -> None:
    named = set(re.findall(r"--stack (\S+)", BLOCKS["Three stacks"]))
    assert {f"Pulumi.{one}.yaml" for one in named} == {one.name for one in THREE.glob("Pulumi.*.yaml")}


@pytest.mark.e2e
def test_the_pages_unit_tests_pass(tmp_path: Path) -> None:
    file = tmp_path / "test_assistant.py"
    file.write_text(BLOCKS["Tests without a cluster"])
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        "-c",
        "/dev/null",
    ]
    done = subprocess.run([*words, str(file)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_the_environment_holds_both_logins() -> None:
    values = yaml.safe_load(BLOCKS["In a pipeline"])["values"]
    given = {**values["environmentVariables"], **values["files"]}
    assert {"AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE"} <= given.keys()
    for text in given.values():
        assert text == "true" or re.fullmatch(r"\$\{azure\.login\.[\w.]+\}", text)
