"""Whether an object beside KAITO's own has the form that the API server demands, as far as the gate reads it.

KAITO's kinds are judged in full by admission; these are the ones that admission and expansion look things up in.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from kaitops.documents.plain import items, mapping

_TEXTS = {"ConfigMap": ("data", "binaryData"), "Secret": ("data", "stringData")}
_MAPPINGS = {
    "Node": ("status",),
    "ServiceAccount": (),
    "StorageClass": ("parameters",),
    "PersistentVolume": ("spec",),
    "PersistentVolumeClaim": ("spec",),
    "CSIDriver": ("spec",),
}
Problem = tuple[tuple[str | int, ...], str]


def problems(document: Mapping[str, Any]) -> list[Problem]:
    """What the API server would refuse: path and message; nothing for KAITO's kinds, which admission judges."""
    if document["apiVersion"].startswith("kaito.sh/"):
        return []
    kind = document["kind"]
    found = [*_texts(document["metadata"], ("labels", "annotations"), ("metadata",))]
    found += _texts(document, _TEXTS.get(kind, ()), ())
    for key in _MAPPINGS.get(kind, ()):
        if not isinstance(document.get(key), dict | None):
            found.append(((key,), "must be a mapping"))
    if kind == "PersistentVolume" and not isinstance(mapping(document.get("spec")).get("csi"), dict | None):
        found.append((("spec", "csi"), "must be a mapping"))
    for number, condition in enumerate(items(mapping(document.get("status")).get("conditions"))):
        if kind == "Node" and not isinstance(condition, dict):
            found.append((("status", "conditions", number), "must be a mapping"))
    return found


def _texts(holder: Mapping[str, Any], keys: tuple[str, ...], path: tuple[str | int, ...]) -> Iterator[Problem]:
    for key in keys:
        value = holder.get(key)
        if not isinstance(value, dict | None):
            yield (*path, key), "must be a mapping of text to text"
            continue
        for name, text in mapping(value).items():
            if not isinstance(text, str):
                # What it is and never the value: it may be a secret.
                yield (*path, key, name), f"must be text, is {_kind(text)}" + ("; quote it" if text is not None else "")


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    kinds = ((bool, "true or false"), (int | float, "a number"), (list, "a list"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "a mapping")
