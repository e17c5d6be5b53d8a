"""The facts of ``presets/definitions/``, derived from the definitions of the kinds that others than KAITO and Kubernetes have.

Run as ``python -m tests.e2e.defined_facts`` to write the files anew; `test_defined_objects.py` compares them with the
definitions and their verdicts with the server's. Only names, types, listed values and patterns are taken, no descriptions.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.conftest import ROOT
from tests.e2e import kinds
from tests.e2e.native_facts import text

FOLDER = ROOT / "presets/definitions"
GROUPS = tuple(sorted(kinds.MODULES))
_LEFT = ("apiVersion", "kind", "metadata", "status")
_BASIC = {"boolean": "bool", "number": "number"}


def _is_common(pattern: str | None) -> bool:
    """One that Python reads as Go does: it stands in the facts as it is."""
    try:
        return pattern is not None and "\\p" not in pattern and bool(re.compile(pattern))
    except re.error:
        return False


class _Types:
    """The types of a group, each form once."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self._names: dict[str, str] = {}

    def of(self, node: Mapping[str, Any], name: str) -> str:
        if node.get("x-kubernetes-int-or-string"):
            return "intstr"
        kind = node.get("type")
        if kind == "array":
            return f"[]{self.of(node['items'], name)}"
        if kind == "object":
            return self._object(node, name)
        if kind == "string":
            listed = [one for one in node.get("enum", ()) if one]
            if listed:
                return f"string:{'|'.join(sorted(listed))}"
            return f"match:{node['pattern']}" if _is_common(node.get("pattern")) else "string"
        if kind == "integer":
            return node.get("format") or "int64"
        return _BASIC.get(kind or "", "any")

    def _object(self, node: Mapping[str, Any], name: str) -> str:
        values = node.get("additionalProperties")
        if values and values is not True:
            return f"map:{self.of(values, name)}"
        fields = node.get("properties")
        if not fields or node.get("x-kubernetes-preserve-unknown-fields"):
            return "any"
        return self._take({key: self.of(value, f"{name}.{key}") for key, value in sorted(fields.items())}, name)

    def kind(self, schema: Mapping[str, Any], name: str) -> str:
        fields = {
            key: self.of(value, f"{name}.{key}") for key, value in schema["properties"].items() if key not in _LEFT
        }
        return self._take({**dict.fromkeys(_LEFT, "any"), **fields}, name)

    def _take(self, fields: dict[str, str], name: str) -> str:
        name = self._names.setdefault(json.dumps(fields, sort_keys=True), name)
        if self.found.setdefault(name, {"fields": fields}) != {"fields": fields}:
            raise ValueError(f"{name} has two forms")
        return name


def facts(group: str) -> dict[str, Any]:
    """What the file of a group is to hold."""
    module, types = kinds.MODULES[group], _Types()
    served: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for definition in kinds.definitions(group):
        spec = definition["spec"]
        name = spec["names"]["kind"]
        if spec["group"] != group:
            continue
        for version in spec["versions"]:
            if not version["served"]:
                continue
            served.setdefault(name, []).append(version["name"])
            # The storage version has the plain name in messages.
            title = name if version["storage"] else f"{version['name']}/{name}"
            found[f"{version['name']}/{name}"] = types.kind(version["schema"]["openAPIV3Schema"], title)
    return {
        "source": {"project": module.path, "version": module.version, "files": [module.files]},
        "served": {key: sorted(value) for key, value in sorted(served.items())},
        "kinds": dict(sorted(found.items())),
        "types": dict(sorted(types.found.items())),
    }


def main() -> None:
    """Write the files from the modules that the tests take the definitions from."""
    FOLDER.mkdir(exist_ok=True)
    for group in GROUPS:
        (FOLDER / f"{group}.json").write_text(text(facts(group)))


if __name__ == "__main__":
    main()
