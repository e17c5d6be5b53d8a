"""What the gate reads is what kubectl and kustomize read, or it is refused."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from kaitops.documents import json_text, reader
from kaitops.errors import BadInput
from tests.e2e.conftest import lacking
from tests.e2e.gobuild import AssetsMissing, GoBuild
from tests.e2e.yaml_readers.texts import texts

pytestmark = pytest.mark.e2e

_BUILD = GoBuild(Path(__file__).parent, "k8s.io/apimachinery", {"yaml-readers": "."})
_COUNT = int(os.environ.get("KAITOPS_YAML_TEXTS") or 100_000)
_SEED = 20260101


def read_by_others(asked: list[str]) -> list[dict[str, Any]]:
    """How kubectl, sigs.k8s.io/yaml and kustomize read texts."""
    try:
        program = _BUILD.find() / "yaml-readers"
    except AssetsMissing as missing:
        lacking(str(missing))
    lines = "".join(json.dumps(text) + "\n" for text in asked)
    done = subprocess.run([str(program)], input=lines, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]]


def ours(text: str) -> list[reader.Document] | None:
    """The documents that the gate takes; None where it refuses the text."""
    try:
        return reader.read_bytes(text.encode("utf-8", "surrogatepass"), "x", strict=True)
    except BadInput:
        return None


def same(left: Any, right: Any) -> bool:
    """The same value to whoever reads JSON: 1 and 1.0 are, 1 and true are not."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right or (float(left) == float(right) and float in (type(left), type(right)))
    return type(left) is type(right) and left == right


def differences(asked: list[str]) -> list[tuple[str, str, Any, Any]]:
    """Where another reader takes a text for something else than the gate, which takes it."""
    found: list[tuple[str, str, Any, Any]] = []
    for text, answer in zip(asked, read_by_others(asked), strict=True):
        mine = ours(text)
        if mine is None:
            continue
        known = [one.data for one in mine if one.data is not None]
        kubectl, sigs, kustomize = answer["kubectl"], answer["sigs"], answer["kustomize"]
        if "error" in kubectl or not same(known, kubectl["documents"]):
            found.append((text, "kubectl", known, kubectl))
        # It reads one document, and takes JSON for YAML, which has fewer escapes and cuts names at line ends.
        asked_too = len(mine) == 1 and mine[0].index == 0 and ("error" not in sigs or json_text.read(text, "x") is None)
        if asked_too and ("error" in sigs or not same([mine[0].data], sigs["documents"])):
            found.append((text, "sigs", known, sigs))
        if "error" not in kustomize and not same(known, kustomize["documents"]):
            found.append((text, "kustomize", known, kustomize))
    return found


def test_equal_or_refused() -> None:
    asked = list(texts(_COUNT, _SEED))
    found = differences(asked)
    assert not found, f"{len(found)} of {len(asked)}, the first: {found[:3]}"
    taken = sum(ours(text) is not None for text in asked[:5_000])
    assert taken > 1_000, "a reader that refuses everything is equal to all"
