"""From a custom resource definition to the facts that admission needs of it: fields, constraints, server defaults.

Owns the compact form that ``schema.json`` of a KAITO version has. Prose, printer columns, status and metadata are left
out: no rule of admission reads them.
"""

from collections.abc import Mapping

from kaitops.documents.plain import MutableObject, Object

_KEPT = {
    "type": "type",
    "default": "default",
    "minimum": "minimum",
    "minItems": "min_items",
    "maxItems": "max_items",
    "required": "required",
    "format": "format",
}


def facts_from_definition(definition: Object) -> MutableObject:
    """The facts of all served versions of one definition, by ``apiVersion/Kind``."""
    spec = definition["spec"]
    facts: MutableObject = {}
    for version in spec["versions"]:
        if not version.get("served"):
            continue
        root = dict(version["schema"]["openAPIV3Schema"])
        root["properties"] = {
            name: schema
            for name, schema in root["properties"].items()
            if name not in ("apiVersion", "kind", "metadata", "status")
        }
        node = _node(root)
        if scale := version.get("subresources", {}).get("scale"):
            node["scale"] = scale["specReplicasPath"]
        facts[f"{spec['group']}/{version['name']}/{spec['names']['kind']}"] = node
    return facts


def _node(schema: Object) -> MutableObject:
    node: MutableObject = {ours: schema[theirs] for theirs, ours in _KEPT.items() if theirs in schema}
    # The partition's enum is written as allOf of two equal enums.
    enum = schema.get("enum") or next((part["enum"] for part in schema.get("allOf", ()) if "enum" in part), None)
    if enum:
        node["enum"] = list(enum)
        if "allOf" in schema:
            node["all_of"] = True
    if rules := schema.get("x-kubernetes-validations"):
        node["rules"] = [rule["message"] for rule in rules]
    if properties := schema.get("properties"):
        node["properties"] = {name: _node(child) for name, child in properties.items()}
    if isinstance(schema.get("additionalProperties"), Mapping):
        node["values"] = _node(schema["additionalProperties"])
    if "items" in schema:
        node["items"] = _node(schema["items"])
    return node
