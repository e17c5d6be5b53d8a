"""Where the parts of KAITO's kinds stand, held to their definitions."""

from collections.abc import Mapping
from typing import Any

import pytest

from kaitops.kaito import anatomy
from kaitops.kaito.definitions import definitions
from tests.version import KAITO


def _schema(kind: str) -> list[Mapping[str, Any]]:
    """The schema of each version of a kind."""
    (found,) = [one for one in definitions(KAITO) if one["spec"]["names"]["kind"] == kind]
    return [version["schema"]["openAPIV3Schema"] for version in found["spec"]["versions"]]


@pytest.mark.parametrize("table", [anatomy.MACHINES, anatomy.SELECTORS, anatomy.TEMPLATES])
def test_each_path_is_one_of_the_definition(table: Mapping[str, tuple[str | int, ...]]) -> None:
    for kind, path in table.items():
        for schema in _schema(kind):
            node: Any = schema
            for step in path:
                node = node["items"] if step == "*" else node["properties"][step]
            assert node, (kind, path)


def test_machines_are_found_in_each_kind_and_in_nothing_else() -> None:
    roles = {"spec": {"roles": [{"instanceType": "a"}, {}, {"instanceType": "b"}, {"instanceType": 5}]}}
    role = {"apiVersion": "kaito.sh/v1alpha1", "kind": "MultiRoleInference", **roles}
    assert list(anatomy.machines(role)) == [
        (("spec", "roles", 0, "instanceType"), "a"),
        (("spec", "roles", 2, "instanceType"), "b"),
    ]
    assert list(anatomy.machines({**role, "apiVersion": "example.com/v1"})) == []
    for kind, path in anatomy.MACHINES.items():
        if "*" not in path:
            document: dict[str, Any] = {"apiVersion": "kaito.sh/v1beta1", "kind": kind}
            node = document
            for step in path[:-1]:
                node = node.setdefault(str(step), {})
            node[str(path[-1])] = "size"
            assert list(anatomy.machines(document)) == [(path, "size")]
    for odd in ({}, {"apiVersion": 1, "kind": "Workspace"}, {"apiVersion": "kaito.sh/v1", "kind": ["x"]}):
        assert list(anatomy.machines(odd)) == []
