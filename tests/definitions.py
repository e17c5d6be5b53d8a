"""KAITO's definitions as an API server needs them, made from the facts of `presets/`; none of upstream's is needed.

`kaitops.kaito.definitions` makes form, defaults and limits of them. This adds what a server with controllers needs
beyond: status and scale, the server's own rules, and which parts a server-side apply owns as a whole. Left out are
prose, columns and short names. Where upstream's definitions are at hand, `tests/kaito/test_definitions.py` says that
there is no other difference.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from kaitops.api import model_for
from kaitops.kaito import definitions as product
from kaitops.kaito import facts
from tests.api.model_facts import facts_of

# The facts hold the messages of the server's rules; these say the same in CEL, in words of our own.
RULES: Mapping[str, str] = {
    "labelSelector must have at least one matchLabels or matchExpressions entry": (
        "self.?matchLabels.orValue({}).size() + self.?matchExpressions.orValue([]).size() > 0"
    ),
    "exactly one prefill and one decode role required": (
        "['prefill', 'decode'].all(wanted, self.exists(one, one.type == wanted))"
    ),
}
_ATOMIC_LIST = {"x-kubernetes-list-type": "atomic"}
_ATOMIC_MAP = {"x-kubernetes-map-type": "atomic"}


def definitions(version: str) -> list[dict[str, Any]]:
    """A CustomResourceDefinition for each kind of a KAITO version."""
    kinds: Mapping[str, Any] = facts.load(version, "schema.json")["kinds"]
    made = deepcopy(product.definitions(version))
    for definition in made:
        spec = definition["spec"]
        for served in spec["versions"]:
            api_version, kind = f"{spec['group']}/{served['name']}", spec["names"]["kind"]
            told = kinds[f"{api_version}/{kind}"]
            root = served["schema"]["openAPIV3Schema"]
            _complete(root, told)
            root["properties"] |= {
                "apiVersion": {"type": "string"},
                "kind": {"type": "string"},
                "metadata": {"type": "object"},
                "status": _schema(facts_of(model_for(api_version, kind))["properties"]["status"]),
            }
            served["subresources"] = {"status": {}}
            if "scale" in told:
                served["subresources"]["scale"] = {
                    "specReplicasPath": told["scale"],
                    "statusReplicasPath": ".status.replicas",
                    "labelSelectorPath": ".status.selector",
                }
    return made


def _complete(schema: dict[str, Any], told: Mapping[str, Any]) -> None:
    """Adds to a part of a definition what the facts say and the product's own leaves out."""
    if "type" not in told:
        # KAITO's say nothing of these parts, not even that they are objects: its webhooks do.
        schema.pop("type")
    if "all_of" in told:
        enum = schema.pop("enum")
        schema["allOf"] = [{"enum": enum}, {"enum": enum}]
    if "rules" in told:
        schema["x-kubernetes-validations"] = [{"message": text, "rule": RULES[text]} for text in told["rules"]]
    _own_as_a_whole(schema)
    for name, child in told.get("properties", {}).items():
        _complete(schema["properties"][name], child)
    for ours, theirs in (("items", "items"), ("values", "additionalProperties")):
        if ours in told:
            _complete(schema[theirs], told[ours])


def _own_as_a_whole(schema: dict[str, Any]) -> None:
    """Marks Kubernetes' own types that are atomic wherever they occur: selectors and references to an object."""
    names = set(schema.get("properties", ()))
    if names == {"matchLabels", "matchExpressions"}:
        schema |= _ATOMIC_MAP
        expressions = schema["properties"]["matchExpressions"]
        expressions |= _ATOMIC_LIST
        expressions["items"]["properties"]["values"] |= _ATOMIC_LIST
    elif {"fieldPath", "resourceVersion", "uid"} <= names:
        schema |= _ATOMIC_MAP


def _schema(told: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a status."""
    schema = {key: told[key] for key in ("type", "enum", "format", "minimum", "required") if key in told}
    if "properties" in told:
        schema["properties"] = {name: _schema(child) for name, child in told["properties"].items()}
    for ours, theirs in (("items", "items"), ("values", "additionalProperties")):
        if ours in told:
            schema[theirs] = _schema(told[ours])
    return schema
