"""Definitions made from the facts hold the facts."""

from typing import Any

import pytest
import yaml

from kaitops.kaito import facts
from kaitops.kaito.definitions import definitions
from kaitops.kaito.kubernetes.schema_facts import facts_from_definition
from tests import definitions as complete
from tests import upstream
from tests.version import KAITO

# What no definition of ours carries: expressions of the server, and who writes replicas.
_LEFT_OUT = {"rules", "scale", "all_of"}


def plain(node: Any, *, root: bool = False) -> Any:
    if isinstance(node, dict):
        kept = {
            key: plain(value)
            for key, value in node.items()
            if key not in _LEFT_OUT or not isinstance(value, list | str | bool)
        }
        return kept if set(kept) - {"default"} else {"type": "object", **kept}
    return [plain(each) for each in node] if isinstance(node, list) else node


@pytest.mark.parametrize("version", [version for version in facts.versions() if facts.is_complete(version)])
def test_facts_made_of_the_definitions_are_the_facts(version: str) -> None:
    made: dict[str, Any] = {}
    for definition in definitions(version):
        made |= facts_from_definition(definition)
    assert plain(made) == plain(facts.load(version, "schema.json")["kinds"])


def test_one_version_is_stored_and_mirrors_have_no_namespace() -> None:
    by_kind = {each["spec"]["names"]["kind"]: each["spec"] for each in definitions(KAITO)}
    assert by_kind["ModelMirror"]["scope"] == "Cluster"
    assert by_kind["Workspace"]["scope"] == "Namespaced"
    stored = {kind: [each["name"] for each in spec["versions"] if each["storage"]] for kind, spec in by_kind.items()}
    assert stored["Workspace"] == ["v1beta1"]
    assert stored["MultiRoleInference"] == ["v1alpha1"]
    assert all(len(names) == 1 for names in stored.values())


@pytest.mark.parametrize("version", [version for version in facts.versions() if facts.is_complete(version)])
def test_those_of_the_test_servers_hold_all_of_the_facts(version: str) -> None:
    made: dict[str, Any] = {}
    for definition in complete.definitions(version):
        made |= facts_from_definition(definition)
    assert made == facts.load(version, "schema.json")["kinds"]


def _judging(node: Any, *, status: bool = False) -> Any:
    """What of a definition a server judges or acts by; what is left out is named in `tests/definitions.py`."""
    if isinstance(node, list):
        return [_judging(each, status=status) for each in node]
    if not isinstance(node, dict):
        return node
    left_out = {"additionalPrinterColumns", "shortNames", "categories", "deprecated", "deprecationWarning"}
    if isinstance(node.get("description"), str):
        left_out.add("description")
    if status and "properties" not in node:
        # Models give text as text; the limits of a condition are Kubernetes' own.
        left_out |= {"minLength", "maxLength", "pattern", "format"}
    if "x-kubernetes-validations" in node:
        node = {**node, "x-kubernetes-validations": [rule["message"] for rule in node["x-kubernetes-validations"]]}
    kept = {key: value for key, value in node.items() if key not in left_out}
    return {key: _judging(value, status=status or key == "status") for key, value in kept.items()}


@pytest.mark.upstream
def test_those_of_the_test_servers_judge_as_upstreams() -> None:
    files = sorted((upstream.FOLDER / "kaito-0.12.0" / "crds").glob("*.yaml"))
    theirs = {one["metadata"]["name"]: one["spec"] for one in (yaml.safe_load(file.read_text()) for file in files)}
    ours = {one["metadata"]["name"]: one["spec"] for one in complete.definitions(KAITO)}
    # What users installed is the chart's, with this default.
    roles = theirs["multiroleinferences.kaito.sh"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"][
        "properties"
    ]["roles"]
    roles["items"]["properties"]["replicas"]["default"] = 1
    assert _judging(ours) == _judging(theirs)
