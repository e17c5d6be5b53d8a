"""ARM templates through the gate: every resource is judged, at its place in the file, by rules and by checkov's ARM checks."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Run
from tests.policies.cases.azure import CLUSTER, POOL, REGISTRY

_PYTHON = Path(os.environ.get("KAITOPS_CHECKOV_PYTHON", ROOT / ".venv-checkov/bin/python"))
_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"


def _resource(document: dict[str, Any], **properties: Any) -> dict[str, Any]:
    space, _, version = document["apiVersion"].partition("/")
    head = {"type": f"{space}/{document['kind']}", "apiVersion": version, "name": document["metadata"]["name"]}
    rest = {key: value for key, value in document.items() if key not in {"apiVersion", "kind", "metadata"}}
    return {**head, **rest, "properties": {**document["properties"], **properties}}


def _write(file: Path, resources: Any) -> str:
    file.write_text(json.dumps({"$schema": _SCHEMA, "contentVersion": "1.0.0.0", "resources": resources}, indent=2))
    return str(file)


def _findings(run: Run, *arguments: str, code: int) -> list[tuple[str, str]]:
    report = json.loads(run("gate", *arguments, "-o", "json", code=code).stdout)
    return sorted((one["rule"], one["object"]) for one in report["findings"])


def test_a_hardened_template_passes(run: Run, tmp_path: Path) -> None:
    file = _write(tmp_path / "infra.json", [_resource(one) for one in (CLUSTER, POOL, REGISTRY)])
    assert _findings(run, file, "--no-checkov", code=0) == []


def test_each_resource_is_judged_at_its_place(run: Run, tmp_path: Path) -> None:
    nested = _resource(POOL, minCount=0)
    nested |= {"type": "agentPools", "name": "gpu"}
    cluster = {**_resource(CLUSTER, disableLocalAccounts=False), "resources": [nested]}
    file = _write(tmp_path / "infra.json", [cluster, _resource(REGISTRY, publicNetworkAccess="Enabled")])
    assert _findings(run, file, "--no-checkov", code=1) == [
        ("KAITO112", "managedClusters aks"),
        ("KAITO116", "registries cr"),
        ("KAITO120", "managedClusters/agentPools aks/gpu"),
    ]
    report = json.loads(run("gate", file, "--no-checkov", "-o", "json", code=1).stdout)
    lines = Path(file).read_text().splitlines()
    for one in report["findings"]:
        word = {"KAITO112": "disableLocalAccounts", "KAITO116": "publicNetworkAccess", "KAITO120": "minCount"}
        assert word[one["rule"]] in lines[one["line"] - 1]


def test_named_resources_and_templates_in_folders_are_read(run: Run, tmp_path: Path) -> None:
    _write(tmp_path / "infra.json", {"cluster": _resource(CLUSTER, disableLocalAccounts=False)})
    (tmp_path / "package.json").write_text('{"name": "not ours"}')
    assert _findings(run, str(tmp_path), "--no-checkov", code=1) == [("KAITO112", "managedClusters aks")]


def test_a_resource_that_extends_another_is_told_from_one_of_the_same_name(run: Run, tmp_path: Path) -> None:
    head = {"type": "Microsoft.Insights/diagnosticSettings", "apiVersion": "2021-05-01-preview", "name": "audit"}
    scopes = (
        "[resourceId('Microsoft.KeyVault/vaults', 'kv')]",
        "[resourceId('Microsoft.Storage/storageAccounts', 'st')]",
    )
    both = [{**head, "scope": scope, "properties": {}} for scope in scopes]
    assert _findings(run, _write(tmp_path / "infra.json", both), "--no-checkov", code=0) == []
    twice = [*both, {**head, "scope": scopes[0], "properties": {}}]
    found = _findings(run, _write(tmp_path / "infra.json", twice), "--no-checkov", code=1)
    assert found == [("KAITOPS-FORM", "diagnosticSettings audit")]


@pytest.mark.parametrize("broken", [{"name": "x"}, {"type": "Microsoft.Storage/storageAccounts"}, "text"])
def test_a_resource_that_cannot_be_read_is_a_finding(run: Run, tmp_path: Path, broken: Any) -> None:
    file = _write(tmp_path / "infra.json", [_resource(CLUSTER), broken])
    assert [rule for rule, _ in _findings(run, file, "--no-checkov", code=2)] == ["KAITOPS-FORM"]


def test_a_token_in_a_template_is_found(run: Run, tmp_path: Path) -> None:
    token = "hf_" + "Ab3dEf6hIj9lMn2pQr5tUv8x"
    file = _write(tmp_path / "infra.json", [{**_resource(CLUSTER), "tags": {"note": token}}])
    done = run("gate", file, "--no-checkov", code=1)
    assert "KAITO008" in done.stdout
    assert token not in done.stdout


@pytest.mark.e2e
@pytest.mark.skipif(not _PYTHON.exists(), reason=f"no checkov: {_PYTHON} is not there (KAITOPS_CHECKOV_PYTHON)")
def test_checkov_judges_every_resource_in_one_process_with_the_objects(run: Run, tmp_path: Path) -> None:
    file = _write(tmp_path / "infra.json", [_resource(CLUSTER), _resource(REGISTRY, adminUserEnabled=True)])
    pod = {"containers": [{"name": "a", "image": "contoso.azurecr.io/a:1"}]}
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "job", "namespace": "models"},
        "spec": {"template": {"spec": {**pod, "hostPID": True}}},
    }
    (tmp_path / "job.yaml").write_text(json.dumps(job))
    found = _findings(run, file, str(tmp_path / "job.yaml"), "--checkov-python", str(_PYTHON), code=1)
    assert ("CKV_AZURE_137", "registries cr") in found
    assert ("CKV_AZURE_4", "managedClusters aks") in found
    assert ("CKV_AZURE_141", "managedClusters aks") not in found
    assert ("CKV_K8S_17", "Job models/job") in found
    assert "KAITOPS-COVERAGE" not in {rule for rule, _ in found}
