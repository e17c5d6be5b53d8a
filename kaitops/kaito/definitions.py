"""Definitions of KAITO's kinds made from the facts of a version, for a server that has none.

They hold form, server defaults and limits, which is what an API server judges by. They are not KAITO's own: prose and
the server's own rules in CEL are left out, so they must never be installed on a cluster.
"""

from collections.abc import Mapping

from kaitops.documents.plain import MutableObject, Object, mapping
from kaitops.kaito import facts

_KEPT = {
    "type": "type",
    "default": "default",
    "minimum": "minimum",
    "min_items": "minItems",
    "max_items": "maxItems",
    "required": "required",
    "format": "format",
    "enum": "enum",
}
_CLUSTER_WIDE = {"ModelMirror"}


def definitions(version: str) -> list[MutableObject]:
    """A CustomResourceDefinition for each kind of a KAITO version."""
    kinds: Object = facts.load(version, "schema.json")["kinds"]
    served: dict[str, dict[str, Object]] = {}
    for key, node in kinds.items():
        group, api, kind = key.split("/")
        served.setdefault(f"{group}/{kind}", {})[api] = mapping(node)
    found: list[MutableObject] = []
    for name, versions in sorted(served.items()):
        group, _, kind = name.partition("/")
        found.append(_definition(group, kind, versions))
    return found


def _definition(group: str, kind: str, versions: Mapping[str, Object]) -> MutableObject:
    plural = f"{kind.lower()}s"
    newest = max(versions, key=lambda api: ("beta" in api, api))
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Cluster" if kind in _CLUSTER_WIDE else "Namespaced",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"},
            "versions": [
                {
                    "name": api,
                    "served": True,
                    "storage": api == newest,
                    "schema": {"openAPIV3Schema": _schema(node)},
                }
                for api, node in sorted(versions.items())
            ],
        },
    }


def _schema(node: Object) -> MutableObject:
    schema: MutableObject = {theirs: node[ours] for ours, theirs in _KEPT.items() if ours in node}
    if properties := node.get("properties"):
        schema["properties"] = {name: _schema(child) for name, child in properties.items()}
    if values := node.get("values"):
        schema["additionalProperties"] = _schema(values)
    if items := node.get("items"):
        schema["items"] = _schema(items)
    if "type" not in schema:
        # Pod templates and volumes, whose form is not KAITO's.
        schema.update({"type": "object", "x-kubernetes-preserve-unknown-fields": True})
    return schema
