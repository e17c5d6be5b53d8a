"""Object metadata as the API server decodes it: names of its fields, and strings where strings must be."""

from typing import Any

_FIELDS = frozenset(
    [
        "name",
        "generateName",
        "namespace",
        "selfLink",
        "uid",
        "resourceVersion",
        "generation",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "labels",
        "annotations",
        "ownerReferences",
        "finalizers",
        "managedFields",
    ]
)
GO_KINDS: dict[type[object], str] = {
    bool: "bool",
    int: "number",
    float: "number",
    list: "array",
    dict: "object",
    str: "string",
}


def check_metadata(metadata: Any) -> tuple[str | None, list[str]]:
    """Why the metadata cannot be decoded (None where it can), and the fields that Kubernetes does not know."""
    if metadata is None:
        return None, []
    kind: type[object] = metadata.__class__
    if kind is not dict:
        return f"json: cannot unmarshal {GO_KINDS[kind]} into Go value of type v1.ObjectMeta", []
    for key in ("name", "namespace", "generateName"):
        value = metadata.get(key)
        if value is not None and type(value) is not str:
            return _mistyped(value, key, "string"), []
    for key in ("labels", "annotations"):
        entries = metadata.get(key)
        if entries is None:
            continue
        shape: type[object] = entries.__class__
        if shape is not dict:
            return _mistyped(entries, key, "map[string]string"), []
        for value in entries.values():
            if value is not None and type(value) is not str:
                return _mistyped(value, key, "string"), []
    return None, [f"metadata.{key}" for key in metadata if key not in _FIELDS]


def _mistyped(value: Any, key: str, wanted: str) -> str:
    given = GO_KINDS[type(value)]
    return f"json: cannot unmarshal {given} into Go struct field ObjectMeta.metadata.{key} of type {wanted}"
