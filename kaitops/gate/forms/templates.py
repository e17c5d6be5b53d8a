"""The resources of an Azure Resource Manager template as objects that rules and checkov can judge.

Owns how a resource becomes an object: its provider and API version as ``apiVersion``, the rest of its type as ``kind``,
its name in ``metadata``; everything else stays where it stands, so that a path of the object is a path of the file.
Expressions are not evaluated: a rule that wants a value finds the expression and says so.
"""

from collections.abc import Iterator
from typing import Any

from kaitops.documents.plain import MutableObject, Object, Path, items, mapping

_SCHEMA = "eploymenttemplate.json"
SPACE = "Microsoft."


def is_template(data: object) -> bool:
    """Whether a document is a template, of whichever scope."""
    schema = mapping(data).get("$schema")
    return isinstance(schema, str) and schema.lower().rstrip("#").endswith(_SCHEMA)


def is_resource(data: Object) -> bool:
    """Whether an object is a resource of a template."""
    return data["apiVersion"].startswith(SPACE)


def resources(data: object) -> Iterator[tuple[Path, MutableObject]]:
    """Each resource with its path, nested ones after the one that they are in."""
    yield from _below(mapping(data).get("resources"), ("resources",), "", "")


def _below(held: Any, path: Path, above: str, parent: str) -> Iterator[tuple[Path, MutableObject]]:
    # Templates of language version 2.0 name their resources instead of numbering them.
    entries = mapping(held).items() if isinstance(held, dict) else enumerate(items(held))
    for key, entry in entries:
        one = mapping(entry)
        kind, name = one.get("type"), one.get("name")
        if above and isinstance(kind, str) and "/" not in kind.removeprefix(above):
            kind, name = f"{above}/{kind}", f"{parent}/{name}"
        yield (*path, key), _object(one, kind, name)
        if isinstance(kind, str):
            yield from _below(one.get("resources"), (*path, key, "resources"), kind, str(name))


def _object(one: Object, kind: object, name: object) -> MutableObject:
    if not isinstance(kind, str) or "/" not in kind:
        return {"apiVersion": None, "metadata": {"name": name}, **{key: one[key] for key in one if key != "apiVersion"}}
    space, _, rest = kind.partition("/")
    version = one.get("apiVersion")
    head = {"apiVersion": f"{space}/{version}", "kind": rest, "metadata": {"name": name}}
    return {**one, **head}


def alone(data: Object) -> MutableObject:
    """A template that holds one resource, for a tool that reads files."""
    space, _, version = data["apiVersion"].partition("/")
    head = {"type": f"{space}/{data['kind']}", "apiVersion": version, "name": data["metadata"]["name"]}
    rest = {key: value for key, value in data.items() if key not in {*head, "kind", "metadata", "resources"}}
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [{**head, **rest}],
    }
