"""The JSON Schema of ``fleet.yaml``, made from the pydantic models for editors and for the quick check.

Imports pydantic, so it stays off the path of a render that has nothing to complain of.
"""

import ast
import inspect
import json
from types import ModuleType

from kaitops.documents.plain import MutableObject
from kaitops.fleet import companion_keys, custom, gitops, operator, retrieval, schema, serving
from kaitops.kaito import facts
from kaitops.kaito.vllm.flags import table
from kaitops.kaito.vllm.values import described

SCHEMA_ID = "fleet.schema.json"


def fleet_schema() -> MutableObject:
    """The schema as a document: draft 2020-12, with the attribute docstrings as descriptions."""
    document = schema.Fleet.model_json_schema()
    definitions = document["$defs"]
    found: dict[str, dict[str, str]] = {}
    # A module after those that hold the bases of its classes.
    for module in (custom, gitops, operator, companion_keys, serving, retrieval, schema):
        for name, texts in _docstrings(module, found).items():
            target = document if name == "Fleet" else definitions.get(name)
            known = getattr(module, name).model_fields
            for field, text in texts.items():
                key = known[field].alias or field
                if target and key in target.get("properties", {}):
                    target["properties"][key]["description"] = text
    for part in [document, *definitions.values()]:
        part.pop("title", None)
        for field in part.get("properties", {}).values():
            field.pop("title", None)
            if "patternProperties" in field:
                # A name that does not match the pattern is an error to us; to JSON Schema it is unless told so.
                field.pop("propertyNames", None)
                field["additionalProperties"] = False
    document["properties"]["defaults"].pop("default", None)
    _name_flags(definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "kaitops fleet",
        **document,
    }


def _name_flags(definitions: MutableObject) -> None:
    """Let editors complete the flags of vLLM, as the newest KAITO version ships it.

    A value may be of any plain type, as in the model: a fleet may be of another version, whose own table is asked when
    it is rendered.
    """
    flags = table(facts.newest())
    if flags is None:
        return
    for part in ("Model", "Role"):
        field = definitions[part]["properties"]["vllm"]
        definitions.setdefault("FlagValue", field["additionalProperties"])
        for key in ("type", "additionalProperties"):
            field.pop(key)
        field["$ref"] = "#/$defs/Flags"
    properties: MutableObject = {}
    for name in flags:
        known = flags.get(name)
        if known is not None:
            properties[name] = {"description": described(known)}
            if known.choices:
                properties[name]["examples"] = list(known.choices)
    # What every key holds stands once: the file is read for each render.
    every = {"": {"$ref": "#/$defs/FlagValue"}}
    definitions["Flags"] = {"type": "object", "properties": properties, "patternProperties": every}


def text() -> str:
    """The schema as it is committed and shipped."""
    return json.dumps(fleet_schema(), indent=1, ensure_ascii=False) + "\n"


def _docstrings(module: ModuleType, known: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Attribute docstrings by class and field; a subclass has those of its bases, which ``known`` remembers."""
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef):
            texts: dict[str, str] = {}
            for base in node.bases:
                texts.update(known.get(base.id, {}) if isinstance(base, ast.Name) else {})
            for field, note in zip(node.body, node.body[1:], strict=False):
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and _is_text(note):
                    texts[field.target.id] = " ".join(note.value.value.split())  # pyright: ignore
            found[node.name] = known[node.name] = texts
    return found


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
