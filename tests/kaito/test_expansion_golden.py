"""Expansions equal to what KAITO's own reconcilers made, row by row."""

from typing import Any

import pytest

from kaitops.kaito import Release
from tests.kaito.expansion_difference import differences
from tests.recorded import cases
from tests.version import KAITO

RELEASE = Release.load(KAITO)
_SHOWN = 12


def _check(found: list[str]) -> None:
    more = f"\n... and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    assert not found, "\n" + "\n".join(found[:_SHOWN]) + more


@pytest.mark.parametrize("row", cases("workspaces", "other-kinds"))
def test_objects_and_errors(row: dict[str, Any]) -> None:
    expansion = RELEASE.expand(row["documents"], row["settings"])
    found = [*differences(expansion.errors, row["reconcileErrors"], "errors")]
    found += differences(expansion.objects, row["objects"], "objects")
    found += differences(expansion.node_claim_count, row.get("nodeClaimCount"), "nodeClaimCount")
    _check(found)


@pytest.mark.parametrize("row", cases("admission"))
def test_errors_of_mutated_workspaces(row: dict[str, Any]) -> None:
    expansion = RELEASE.expand(row["documents"], row["settings"])
    _check([*differences(expansion.errors, row["reconcileErrors"], "errors")])


def test_a_difference_is_found() -> None:
    golden = {"spec": {"replicas": 1, "args": ["<script>"], "list": [1, 2]}}
    ours = {"spec": {"replicas": True, "args": ["short"], "list": [1], "more": 0}}
    paths = [found.split(":")[0] for found in differences(ours, golden)]
    assert paths == ["$.spec.args[0]", "$.spec.list", "$.spec.more", "$.spec.replicas"]
