"""The typed models say what the definitions say, and give back what they read."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
import yaml
from annotated_types import Ge, Len
from pydantic import BaseModel, ValidationError

from kaitops.api import is_kaito, model_for
from kaitops.api.resource import Format, Part, Schemaless
from kaitops.kaito import facts
from kaitops.kaito.schema_facts import facts_from_definition
from tests.golden_files import SHARED, cases, requires_shared

_KINDS = facts.load("0.12.0", "schema.json")["kinds"]
_DEFINITIONS = SHARED / "reference" / "kaito-0.12.0" / "crds"


def _unwrapped(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    """The type behind ``Annotated`` and ``| None``, with all that was said about it."""
    while True:
        if hasattr(annotation, "__metadata__"):
            metadata = [*metadata, *annotation.__metadata__]
            annotation = get_args(annotation)[0]
        elif type(None) in get_args(annotation):
            (annotation,) = (part for part in get_args(annotation) if part is not type(None))
        else:
            return annotation, metadata


def _node(annotation: Any, metadata: list[Any]) -> dict[str, Any]:
    annotation, metadata = _unwrapped(annotation, metadata)
    if any(mark is Schemaless or isinstance(mark, Schemaless) for mark in metadata):
        return {}
    node: dict[str, Any] = {}
    for mark in metadata:
        if isinstance(mark, Ge):
            node["minimum"] = mark.ge
        elif isinstance(mark, Format):
            node["format"] = mark.name
        elif isinstance(mark, Len):
            node |= {"min_items": mark.min_length, "max_items": mark.max_length}
    if get_origin(annotation) is Literal:
        return {"type": "string", "enum": list(get_args(annotation)), **node}
    if get_origin(annotation) is list:
        return {"type": "array", "items": _node(get_args(annotation)[0], []), **node}
    if get_origin(annotation) is dict:
        return {"type": "object", "values": _node(get_args(annotation)[1], []), **node}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _object(annotation)
    return {"type": {str: "string", int: "integer", bool: "boolean"}[annotation], **node}


def _object(model: type[BaseModel]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for field in model.model_fields.values():
        assert field.alias is not None
        properties[field.alias] = _node(field.annotation, list(field.metadata))
        if field.is_required():
            required.append(field.alias)
    return {"type": "object", "properties": properties, **({"required": sorted(required)} if required else {})}


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
    said = _object(model_for(api_version, kind))
    assert model_for(api_version, kind).group_version_kind() == (api_version, kind)
    for name in ("apiVersion", "kind", "metadata", "status"):
        assert said["properties"].pop(name)
    assert said == _bare(_KINDS[key])


@requires_shared
def test_facts_are_those_of_the_definitions() -> None:
    found: dict[str, Any] = {}
    for path in sorted(_DEFINITIONS.glob("*.yaml")):
        found |= facts_from_definition(yaml.safe_load(path.read_text()))
    # The chart installs its own copy of one definition, with this default.
    roles = found["kaito.sh/v1alpha1/MultiRoleInference"]["properties"]["spec"]["properties"]["roles"]
    roles["items"]["properties"]["replicas"]["default"] = 1
    assert found == _KINDS


@requires_shared
def test_status_fields_are_those_of_the_definitions() -> None:
    for path in sorted(_DEFINITIONS.glob("*.yaml")):
        spec = yaml.safe_load(path.read_text())["spec"]
        for version in spec["versions"]:
            wanted = version["schema"]["openAPIV3Schema"]["properties"]["status"]
            model = model_for(f"kaito.sh/{version['name']}", spec["names"]["kind"])
            said = _object(model)["properties"]["status"]
            assert set(_paths(said)) == set(_paths(wanted)), path


def _paths(node: dict[str, Any], path: str = "") -> Iterator[str]:
    yield path
    for name, child in node.get("properties", {}).items():
        yield from _paths(child, f"{path}.{name}")
    for key in ("items", "values", "additionalProperties"):
        if isinstance(node.get(key), dict):
            yield from _paths(node[key], f"{path}[]")


@pytest.mark.parametrize("case", cases("workspaces")[:60] + cases("other-kinds") + cases("status"))
def test_what_is_read_is_written_back(case: dict[str, Any]) -> None:
    document = case["object"] if "object" in case else case["documents"][-1]
    if not is_kaito(document["apiVersion"], document["kind"]):
        pytest.skip(f"{document['kind']} is not KAITO's")
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
