"""Definitions made from the facts hold the facts."""

from typing import Any

import pytest

from kaitops.kaito import facts
from kaitops.kaito.definitions import definitions
from kaitops.kaito.schema_facts import facts_from_definition

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
    by_kind = {each["spec"]["names"]["kind"]: each["spec"] for each in definitions("0.12.0")}
    assert by_kind["ModelMirror"]["scope"] == "Cluster"
    assert by_kind["Workspace"]["scope"] == "Namespaced"
    stored = {kind: [each["name"] for each in spec["versions"] if each["storage"]] for kind, spec in by_kind.items()}
    assert stored["Workspace"] == ["v1beta1"]
    assert stored["MultiRoleInference"] == ["v1alpha1"]
    assert all(len(names) == 1 for names in stored.values())
