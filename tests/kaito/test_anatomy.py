"""Where the parts of KAITO's kinds stand, held to their definitions."""

import re
from collections.abc import Iterator, Mapping
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


NAMES = re.compile(r"(?i)secrets?$|config$|serviceaccountname$|storageclassname$|claim$|configmapref$")
"""Fields that name another object, by what KAITO calls them."""


def _fields(node: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Paths of fields that have a schema, down to where KAITO takes parts of Kubernetes' own."""
    for name, child in node.get("properties", {}).items():
        yield (*path, name)
        if name not in ("template", "volumeSource", "status", "metadata"):
            yield from _fields(child, (*path, name))
    if "items" in node:
        yield from _fields(node["items"], (*path, "*"))


# An InferenceSet's inference has no schema; it is a Workspace's, see below.
@pytest.mark.parametrize("kind", sorted({*anatomy.REFERENCES} - {"InferenceSet"}))
def test_each_field_that_names_another_object_is_known(kind: str) -> None:
    known = {named.path for named in anatomy.REFERENCES[kind]}
    fields = {field for schema in _schema(kind) for field in _fields(schema)}
    named = {field for field in fields if NAMES.search(field[-1])}
    assert named, kind
    for field in named:
        assert {field, (*field, "*"), (*field, "name")} & known, (kind, field)
    assert known <= fields | {(*field, "*") for field in named} | {(*field, "name") for field in named}


def test_an_inferenceset_refers_as_a_workspace_does() -> None:
    below = ("spec", "template")
    workspace = [one for one in anatomy.REFERENCES["Workspace"] if one.path[0] == "inference"]
    assert [one._replace(path=(*below, *one.path)) for one in workspace] == list(anatomy.REFERENCES["InferenceSet"])
    assert anatomy.MODELS["InferenceSet"] == (
        anatomy.Model((*below, "inference", "preset"), ("presetOptions", "modelAccessSecret")),
    )


def test_the_secret_of_each_model_is_a_reference() -> None:
    for kind, models in anatomy.MODELS.items():
        known = {named.path: named.key for named in anatomy.REFERENCES[kind]}
        assert [known[(*model.path, *model.secret)] for model in models] == ["HF_TOKEN"] * len(models)
