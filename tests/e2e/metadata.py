"""Metadata with one to three things that somebody could write, right or wrong; a fixed number of them for a seed."""

import copy
import random
from collections.abc import Iterator
from typing import Any

_OWNER = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "a", "uid": "b2f4f0a4-0000-4000-8000-000000000001"}
_LONG = "a" * 63
_ANYTHING: tuple[Any, ...] = (None, "", "text", 0, 1, -1, 1.5, 2**31, 2**63 - 1, True, False, [], {}, ["a"], {"a": "b"}, [None], {"a": None}, [{}])  # fmt: skip
_NAMES = (
    "Models",
    "a/b",
    "a.b",
    _LONG,
    _LONG + "a",
    "..",
    ".",
    "a_b",
    "-a",
    "a-",
    "ä",
    "a" * 253,
    "a" * 254,
    "a b",
    "default",
    "0",
    "a..b",
    "A",
)
_KEYS = ("a", "A.b", "a/b", "a/b/c", "/a", "a/", "ä", "a b", _LONG, _LONG + "a", "a" * 253 + "/b", "a" * 254 + "/b", "A.io/x", "a_b.io/x",
         "kubernetes.io/x", "-a", "a-", "", ".", "x.y/-a", "x..y/a")  # fmt: skip
_VALUES = ("", "a", "A_b.c", "a b", "-a", "a-", _LONG, _LONG + "a", "ä", "a/b", ".", "true", None, 1, True, [], {})
_TIMES = ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z", "2026-01-01T00:00:00+01:00", "2026-01-01", "now", "", "2026-13-01T00:00:00Z",
          "2026-01-01 00:00:00Z", "2026-01-01t00:00:00z", "2026-1-1T0:0:0Z", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z",
          "2026-01-01T00:00:00", "0000-01-01T00:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00,5Z", "2026-01-01T00:00:00+1:00")  # fmt: skip
_FINALIZERS = (
    "orphan",
    "foregroundDeletion",
    "kubernetes",
    "a",
    "a.io/b",
    "a/b/c",
    "A.io/b",
    "",
    "ä",
    "a b",
    "x/",
    "/x",
    _LONG + "a",
    None,
    1,
    [],
    {},
)


def variants(good: dict[str, Any], count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Copies of an object with other metadata."""
    source = random.Random(seed)
    for number in range(count):
        made = copy.deepcopy(good)
        made["metadata"]["name"] = f"{good['metadata']['name']}-{number}"
        for _ in range(source.choice((1, 1, 1, 2, 3))):
            _change(made, source)
        yield made


def _change(document: dict[str, Any], source: random.Random) -> None:
    metadata = document["metadata"]
    field, value = copy.deepcopy(source.choice(_MAKERS)(source))
    if field == "":
        document["metadata"] = value if isinstance(metadata, dict) and source.random() < 0.1 else metadata
    elif isinstance(metadata, dict):
        metadata[field] = value


def _name(source: random.Random) -> tuple[str, Any]:
    return "name", source.choice((*_NAMES, source.choice(_ANYTHING)))


def _generate(source: random.Random) -> tuple[str, Any]:
    return "generateName", source.choice((*_NAMES, "a-", source.choice(_ANYTHING)))


def _namespace(source: random.Random) -> tuple[str, Any]:
    return "namespace", source.choice((*_NAMES, source.choice(_ANYTHING)))


def _labels(source: random.Random) -> tuple[str, Any]:
    if source.random() < 0.1:
        return "labels", source.choice(_ANYTHING)
    return "labels", {source.choice(_KEYS): source.choice(_VALUES) for _ in range(source.randint(1, 2))}


def _annotations(source: random.Random) -> tuple[str, Any]:
    chance = source.random()
    if chance < 0.1:
        return "annotations", source.choice(_ANYTHING)
    if chance < 0.3:
        size = source.choice((262_143, 262_144, 262_145, 300_000))
        return "annotations", {"a": "x" * (size - 1)} if source.random() < 0.7 else {"a": "é" * (size // 2), "bb": ""}
    return "annotations", {
        source.choice(_KEYS): source.choice((*_VALUES, "any text\n")) for _ in range(source.randint(1, 2))
    }


def _owners(source: random.Random) -> tuple[str, Any]:
    if source.random() < 0.15:
        return "ownerReferences", source.choice(_ANYTHING)
    owners = [dict(_OWNER) for _ in range(source.choice((1, 1, 2)))]
    for owner in owners:
        chance = source.random()
        if chance < 0.2:
            owner.pop(source.choice(list(owner)))
        elif chance < 0.6:
            key = source.choice((*_OWNER, "controller", "blockOwnerDeletion", "unknown"))
            owner[key] = source.choice((*_ANYTHING, "v1", "a/b", "a/b/c", "/", "Event", True))
        elif chance < 0.7:
            owner.update({"apiVersion": "v1", "kind": "Event"})
        elif chance < 0.85:
            owner["controller"] = source.choice((True, False))
    return "ownerReferences", owners


def _finalizers(source: random.Random) -> tuple[str, Any]:
    if source.random() < 0.15:
        return "finalizers", source.choice(_ANYTHING)
    return "finalizers", [source.choice(_FINALIZERS) for _ in range(source.randint(1, 3))]


def _managed(source: random.Random) -> tuple[str, Any]:
    if source.random() < 0.3:
        return "managedFields", source.choice(_ANYTHING)
    entry: dict[str, Any] = {
        "manager": "m", "operation": "Update", "apiVersion": "kaito.sh/v1beta1", "time": "2026-01-01T00:00:00Z",
        "fieldsType": "FieldsV1", "fieldsV1": {"f:metadata": {"f:labels": {}}},
    }  # fmt: skip
    for _ in range(source.choice((0, 1, 2))):
        key = source.choice((*entry, "subresource", "unknown"))
        entry[key] = source.choice((*_ANYTHING, "Apply", "FieldsV2", "a" * 129, *_TIMES[:3], {"x": 1}, {"f:a": 1}))
    return "managedFields", [entry]


def _times(source: random.Random) -> tuple[str, Any]:
    return source.choice(("creationTimestamp", "deletionTimestamp")), source.choice((*_TIMES, source.choice(_ANYTHING)))


def _numbers(source: random.Random) -> tuple[str, Any]:
    field = source.choice(("generation", "deletionGracePeriodSeconds"))
    return field, source.choice((*_ANYTHING, 2**63, -(2**63) - 1, 1e3, 1e20))


def _texts(source: random.Random) -> tuple[str, Any]:
    return source.choice(("uid", "resourceVersion", "selfLink")), source.choice(
        (*_ANYTHING, "1", "0", "b2f4f0a4", "01", "-1")
    )


def _unknown(source: random.Random) -> tuple[str, Any]:
    return source.choice(("clusterName", "label", "Name", "initializers", "x")), source.choice(_ANYTHING)


def _whole(source: random.Random) -> tuple[str, Any]:
    return "", source.choice(_ANYTHING)


_MAKERS = (
    _name,
    _generate,
    _namespace,
    _labels,
    _annotations,
    _owners,
    _finalizers,
    _managed,
    _times,
    _numbers,
    _texts,
    _unknown,
    _whole,
)
