"""What Argo CD and Flux are given, and the command that prints it and judges."""

import json
from typing import Any

import pytest
import yaml

from kaitops.errors import BadInput
from kaitops.health import argocd, flux
from kaitops.kaito import facts
from tests.conftest import Run
from tests.health.cases import API, CASES, made
from tests.health.engines import VERSION, Lua

APPLICATION = "resource.customizations.health.argoproj.io_Application"
MISSING = {"kind": "Workspace", "name": "phi", "status": "OutOfSync"}
KEPT = {"kind": "ModelMirror", "name": "weights", "status": "OutOfSync", "requiresPruning": True}


def test_argocd_gets_a_script_and_the_library_for_every_kind() -> None:
    entries = argocd.customizations(VERSION)
    names = {f"{api.partition('/')[0]}_{kind}" for kind, api in API.items()}
    wanted = {f"resource.customizations.{what}.{name}" for name in names for what in ("health", "useOpenLibs")}
    assert set(entries) == wanted | {APPLICATION}
    for key, value in entries.items():
        if ".useOpenLibs." in key:
            assert value == "true"
            assert "string." in entries[key.replace("useOpenLibs", "health")]
        else:
            assert len(value.splitlines()) < 80


@pytest.mark.parametrize(
    ("document", "status", "message"),
    [
        ({}, "Progressing", "not compared"),
        ({"status": {"health": {"status": "Healthy"}, "sync": {"status": "Synced"}}}, "Healthy", ""),
        ({"status": {"health": {"status": "Degraded", "message": "why"}, "sync": {"status": "Synced"}}}, "Degraded", "why"),
        ({"status": {"health": {"status": "Healthy"}, "operationState": {"phase": "Running"}}}, "Progressing", "under way"),
        ({"status": {"health": {"status": "Healthy"}, "operationState": {"phase": "Failed", "message": "no"}}}, "Degraded", "no"),
        ({"status": {"health": {"status": "Healthy"}, "operationState": {"phase": "Succeeded"}}}, "Progressing", "not compared"),
        ({"status": {"health": {"status": "Unknown"}, "sync": {"status": "Unknown"}}}, "Progressing", "not compared"),
        ({"status": {"health": {"status": "Healthy"}, "sync": {"status": "OutOfSync"}, "resources": [MISSING]}}, "Progressing", "Workspace phi is not"),
        ({"status": {"health": {"status": "Healthy"}, "sync": {"status": "OutOfSync"}, "resources": [KEPT]}}, "Healthy", ""),
        ({"status": {"health": {"status": "Degraded"}, "sync": {"status": "OutOfSync"}, "resources": [KEPT]}}, "Degraded", ""),
        ({"status": {"conditions": [{"type": "InvalidSpecError", "message": "project"}]}}, "Degraded", "project"),
        ({"status": {"conditions": [{"type": "ComparisonError", "message": "no repo"}]}}, "Progressing", "no repo"),
        ({"operation": {"sync": {}}, "status": {"health": {"status": "Healthy"}}}, "Progressing", "under way"),
        ({"metadata": {"deletionTimestamp": "now"}, "status": {"health": {"status": "Healthy"}}}, "Progressing", "deleted"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("libraries", [True, False])
def test_an_application_is_as_well_as_what_it_deploys(
    document: dict[str, Any], status: str, message: str, libraries: bool
) -> None:
    run = Lua(argocd.customizations(VERSION)[APPLICATION], libraries=libraries)
    found = run({"metadata": {"name": "a"}, **document})
    assert found[0] == status
    assert message in found[1]


def test_flux_gets_no_expression_that_hides_a_failure() -> None:
    entries = flux.expressions(VERSION)
    assert [(one["kind"], one["apiVersion"]) for one in entries] == list(API.items())
    for one in entries:
        assert set(one) <= {"apiVersion", "kind", "current", "failed"}
        assert one["current"]
        # A set never tells why it is not ready, so it never fails by itself.
        assert ("failed" in one) == (one["kind"] != "InferenceSet")
    assert [one["kind"] for one in flux.expressions(VERSION, ["RAGEngine", "Workspace"])] == ["Workspace", "RAGEngine"]
    assert flux.expressions(VERSION, []) == []
    with pytest.raises(BadInput, match="Pod"):
        flux.expressions(VERSION, ["Pod"])


def test_the_command_prints_what_the_trees_hold(run: Run) -> None:
    document = yaml.safe_load(run("health", "--for", "argocd", code=0).stdout)
    assert (document["kind"], document["metadata"]["name"]) == ("ConfigMap", "argocd-cm")
    assert document["data"] == argocd.customizations(VERSION)
    shown = json.loads(run("health", "--for", "argocd-values", "-o", "json", code=0).stdout)
    assert shown == {"configs": {"cm": argocd.customizations(VERSION)}}
    shown = yaml.safe_load(run("health", "--for", "flux", "--kind", "RAGEngine", code=0).stdout)
    assert shown == {"healthCheckExprs": flux.expressions(VERSION, ["RAGEngine"])}


def test_the_command_judges_lists_and_fails_on_the_degraded(run: Run) -> None:
    well, ill = (CASES[name][2] for name in ("a pool", "a class whose subnet is missing"))
    other = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}
    text = yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [well, ill, other]})
    done = run("health", "-", "-o", "json", stdin=text, code=1)
    assert [(one["kind"], one["name"], one["verdict"]) for one in json.loads(done.stdout)] == [
        ("NodePool", "a", "healthy"),
        ("AKSNodeClass", "a", "degraded"),
    ]
    assert "for their kinds: 1" in done.stderr
    done = run("health", "-", stdin=json.dumps(well), code=0)
    assert done.stdout.splitlines()[0].split() == ["KIND", "NAME", "VERDICT", "MESSAGE"]


def test_the_command_refuses_what_it_cannot_use(run: Run) -> None:
    assert "got neither" in run("health", code=2).stderr
    assert "got both" in run("health", "x.yaml", "--for", "flux", code=2).stderr
    assert "x.yaml" in run("health", "x.yaml", code=2).stderr
    assert "nothing to judge" in run("health", "-", stdin="kind: Pod\n", code=2).stderr
    assert "has no kind" in run("health", "-", stdin="[1]\n", code=2).stderr
    assert "drop it" in run("health", "--for", "argocd", "--kind", "Workspace", code=2).stderr
    assert "Pod" in run("health", "--for", "flux", "--kind", "Pod", code=2).stderr
    assert "have no names" in run("health", "--for", "flux", "-o", "name", code=2).stderr
    older = next(one for one in facts.versions() if not facts.is_complete(one))
    text = json.dumps(made("Workspace"))
    assert f"of version {older} only" in run("health", "-", "--kaito", older, stdin=text, code=2).stderr
    assert "'9.9.9' is not known" in run("health", "--for", "flux", "--kaito", "9.9.9", code=2).stderr
