"""What objects refer to: each form in which a pod, and each field in which a kind of KAITO's, names another object."""

from typing import Any, cast

import pytest

from kaitops.documents import pods
from kaitops.kaito import anatomy
from kaitops.references import Reference, references

SPEC = {
    "serviceAccountName": "robot",
    "imagePullSecrets": [{"name": "registry"}, {}],
    "initContainers": [{"envFrom": [{"secretRef": {"name": "first"}}]}],
    "containers": [
        {
            "env": [
                {"name": "A", "valueFrom": {"secretKeyRef": {"name": "token", "key": "t"}}},
                {"name": "B", "valueFrom": {"configMapKeyRef": {"name": "map", "key": "m", "optional": True}}},
                {"name": "C", "value": "plain"},
            ],
            "envFrom": [{"configMapRef": {"name": "all", "optional": True}}, {"secretRef": {"name": "every"}}],
        }
    ],
    "ephemeralContainers": [{"envFrom": [{"secretRef": {"name": "debug"}}]}],
    "volumes": [
        {"persistentVolumeClaim": {"claimName": "disk"}},
        {"configMap": {"name": "files", "items": [{"key": "a.yaml", "path": "a"}]}},
        {"secret": {"secretName": "keys", "optional": True}},
        {"projected": {"sources": [{"secret": {"name": "part"}}, {"configMap": {"name": "rest"}}, {"downwardAPI": {}}]}},
        {"csi": {"driver": "d", "nodePublishSecretRef": {"name": "login"}}},
        {"emptyDir": {}},
    ],
}  # fmt: skip
FOUND = [
    "ServiceAccount models/robot",
    "Secret models/registry",
    "Secret models/first",
    "ConfigMap models/all",
    "Secret models/every",
    "Secret models/token with key t",
    "ConfigMap models/map with key m",
    "Secret models/debug",
    "PersistentVolumeClaim models/disk",
    "ConfigMap models/files",
    "ConfigMap models/files with key a.yaml",
    "Secret models/keys",
    "Secret models/part",
    "ConfigMap models/rest",
    "Secret models/login",
]


def put(kind: str, path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """An object of a kind with a value at a path."""
    document: Any = value  # of any shape on the way
    for step in reversed(path):
        document = cast("Any", [{}] * step + [document] if isinstance(step, int) else {step: document})
    metadata = {**document.get("metadata", {}), "name": "x", "namespace": "models"}
    return {**document, "apiVersion": "v1", "kind": kind, "metadata": metadata}


@pytest.mark.parametrize("kind", pods.TEMPLATES)
def test_a_pod_refers_in_each_kind_that_holds_one(kind: str) -> None:
    path = pods.TEMPLATES[kind]
    found = references(put(kind.rpartition("/")[2], (*path, "spec"), SPEC))
    assert [str(one) for one in found] == FOUND
    assert {str(one) for one in found if one.optional} == {
        "ConfigMap models/all",
        "ConfigMap models/map with key m",
        "Secret models/keys",
    }
    assert all(one.path[: len(path) + 1] == (*path, "spec") for one in found)


@pytest.mark.parametrize("kind", anatomy.TEMPLATES)
def test_a_template_of_ones_own_refers_as_a_pod_does(kind: str) -> None:
    path = anatomy.TEMPLATES[kind]
    assert [str(one) for one in references(put(kind, (*path, "spec"), SPEC))] == FOUND


@pytest.mark.parametrize(
    ("kind", "named"),
    [(kind, named) for kind, every in anatomy.REFERENCES.items() for named in every if named.kind != anatomy.POD],
    ids=lambda one: one if isinstance(one, str) else ".".join(one.path),
)
def test_each_field_of_a_kind_refers(kind: str, named: anatomy.Named) -> None:
    path = tuple(1 if step == "*" else step for step in named.path)
    if named.kind == anatomy.VOLUME:
        assert references(put(kind, path, {"configMap": {"name": "data"}})) == [
            Reference("ConfigMap", "models", "data", (*path, "configMap", "name"))
        ]
        return
    namespace = "" if named.kind == "StorageClass" else "models"
    assert references(put(kind, path, "one")) == [Reference(named.kind, namespace, "one", path, named.key)]
    for nothing in cast("list[Any]", ["", None, 5, {}, []]):
        assert references(put(kind, path, nothing)) == []


def test_a_mirror_reads_where_its_job_runs() -> None:
    spec: dict[str, Any] = {"source": {"accessSecret": {"name": "hub"}}, "serviceAccountName": "robot"}
    mirror = put("ModelMirror", ("spec",), spec)
    spec["jobNamespace"] = "jobs"
    assert [str(one) for one in references(mirror)] == [
        "Secret jobs/hub with key HF_TOKEN",
        "ServiceAccount jobs/robot",
    ]
    spec["source"]["accessSecret"]["namespace"] = "vault"
    assert str(references(mirror)[0]) == "Secret vault/hub with key HF_TOKEN"
