"""The typed models say what the definitions say, and give back what they read."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from kaitops.api import is_kaito, model_for
from kaitops.api.resource import Part
from kaitops.kaito import facts
from kaitops.kaito.kubernetes.schema_facts import facts_from_definition
from tests import upstream
from tests.api.model_facts import facts_of
from tests.recorded import cases, load
from tests.version import KAITO

_KINDS = facts.load(KAITO, "schema.json")["kinds"]
_DEFINITIONS = upstream.FOLDER / "kaito-0.12.0" / "crds"


def _bare(node: dict[str, Any]) -> dict[str, Any]:
    """A node of the facts without what the models leave out on purpose: server defaults, CEL rules, scaling."""
    kept = {key: value for key, value in node.items() if key not in ("default", "rules", "scale", "all_of")}
    if "properties" in kept:
        kept["properties"] = {name: _bare(child) for name, child in kept["properties"].items()}
    for key in ("items", "values"):
        if key in kept:
            kept[key] = _bare(kept[key])
    if "required" in kept:
        kept["required"] = sorted(kept["required"])
    return kept


@pytest.mark.parametrize("key", list(_KINDS))
def test_models_say_what_the_facts_say(key: str) -> None:
    api_version, _, kind = key.rpartition("/")
    said = facts_of(model_for(api_version, kind))
    assert model_for(api_version, kind).group_version_kind() == (api_version, kind)
    for name in ("apiVersion", "kind", "metadata", "status"):
        assert said["properties"].pop(name)
    assert said == _bare(_KINDS[key])


@pytest.mark.upstream
def test_facts_are_those_of_the_definitions() -> None:
    found: dict[str, Any] = {}
    for path in sorted(_DEFINITIONS.glob("*.yaml")):
        found |= facts_from_definition(yaml.safe_load(path.read_text()))
    # The chart installs its own copy of one definition, with this default.
    roles = found["kaito.sh/v1alpha1/MultiRoleInference"]["properties"]["spec"]["properties"]["roles"]
    roles["items"]["properties"]["replicas"]["default"] = 1
    assert found == _KINDS


@pytest.mark.upstream
def test_status_fields_are_those_of_the_definitions() -> None:
    for path in sorted(_DEFINITIONS.glob("*.yaml")):
        spec = yaml.safe_load(path.read_text())["spec"]
        for version in spec["versions"]:
            wanted = version["schema"]["openAPIV3Schema"]["properties"]["status"]
            model = model_for(f"kaito.sh/{version['name']}", spec["names"]["kind"])
            said = facts_of(model)["properties"]["status"]
            assert set(_paths(said)) == set(_paths(wanted)), path


def _paths(node: dict[str, Any], path: str = "") -> Iterator[str]:
    yield path
    for name, child in node.get("properties", {}).items():
        yield from _paths(child, f"{path}.{name}")
    for key in ("items", "values", "additionalProperties"):
        if isinstance(node.get(key), dict):
            yield from _paths(node[key], f"{path}[]")


def _document(case: dict[str, Any]) -> dict[str, Any]:
    return case["object"] if "object" in case else case["documents"][-1]


def test_every_recorded_object_is_kaitos() -> None:
    recorded = [_document(case) for name in ("workspaces", "other-kinds", "status") for case in load(name)]
    assert all(is_kaito(document["apiVersion"], document["kind"]) for document in recorded)


@pytest.mark.parametrize("case", cases("workspaces")[:60] + cases("other-kinds", "status"))
def test_what_is_read_is_written_back(case: dict[str, Any]) -> None:
    document = _document(case)
    model = model_for(document["apiVersion"], document["kind"])
    assert model.from_document(document).to_document() == document


def test_unknown_field_is_refused() -> None:
    with pytest.raises(ValidationError, match="volume"):
        model_for("kaito.sh/v1beta1", "Workspace").from_document(
            {
                "apiVersion": "kaito.sh/v1beta1",
                "kind": "Workspace",
                "inference": {"adapters": [{"source": {"volume": {}}}]},
            }
        )


def test_nothing_is_filled_in() -> None:
    document = {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": {"name": "a"},
        "resource": {"labelSelector": {}},
        "inference": {"preset": {"name": "phi-4"}},
    }
    assert model_for("kaito.sh/v1beta1", "Workspace").from_document(document).to_document() == document


def test_another_kind_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"'kaito\.sh/v1beta1'"):
        model_for("kaito.sh/v1beta1", "Workspace").from_document({"apiVersion": "v1", "kind": "Secret"})


def test_objects_are_frozen() -> None:
    model = model_for("v1", "ConfigMap").from_document(
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"k": "v"}}
    )
    with pytest.raises(ValidationError):
        model.metadata = None  # type: ignore[attr-defined]


def test_unknown_kind() -> None:
    with pytest.raises(LookupError, match=r"no model for Nope of kaito\.sh/v1beta1"):
        model_for("kaito.sh/v1beta1", "Nope")


def test_package_imports_no_models() -> None:
    code = "import sys, json, kaitops.api; print(json.dumps([m for m in sys.modules if 'pydantic' in m]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_admission_needs_no_models() -> None:
    code = "import sys, kaitops.kaito.admission; print('kaitops.api' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_parts_have_no_defaults_of_the_server() -> None:
    def subclasses(part: type[Part]) -> Iterator[type[Part]]:
        for each in part.__subclasses__():
            yield each
            yield from subclasses(each)

    model_for("kaito.sh/v1alpha1", "Workspace")
    for part in subclasses(Part):
        for name, field in part.model_fields.items():
            assert field.is_required() or field.default is None or name in ("api_version", "kind"), (
                part.__name__,
                name,
            )
