"""Sections of flags are judged as the vLLM of each KAITO version did."""

import pytest

from kaitops.kaito.vllm.flags import Table, table
from kaitops.kaito.vllm.judging import Problem, problems
from tests.recorded import load
from tests.sampling import some
from tests.version import KAITO

VERSIONS = ("0.9.4", "0.10.0", "0.11.0", "0.12.0")


def _table(version: str) -> Table:
    found = table(version)
    assert found is not None
    return found


@pytest.mark.parametrize("version", some(VERSIONS, [KAITO]))
def test_each_section_is_taken_or_refused_as_the_server_did(version: str) -> None:
    flags = _table(version)
    other: list[tuple[object, list[Problem]]] = []
    for record in load(f"vllm-flags-{version}"):
        found = problems(record["section"], flags)
        refused = {one.key for one in found if one.refused}
        if bool(refused) is record["accepted"] or not refused.issuperset(record.get("keys", ())):
            other.append((record, found))
    assert other == []


@pytest.mark.parametrize("version", some(VERSIONS, [KAITO]))
def test_what_is_taken_otherwise_than_written_is_told(version: str) -> None:
    """A switch that its value does not turn, and a value that another one replaces."""
    flags = _table(version)
    told = {"turned": " is turned ", "lost": " is lost: "}
    for record in load(f"vllm-flags-{version}"):
        if not record["accepted"]:
            continue
        found = problems(record["section"], flags)
        for name, words in told.items():
            assert sorted(one.key for one in found if words in f" {one.message}") == sorted(record.get(name, [])), (
                record
            )


def test_the_recordings_hold_what_they_are_for() -> None:
    for version in VERSIONS:
        records = load(f"vllm-flags-{version}")
        assert sum(record["accepted"] for record in records) > 800
        assert sum(record.get("refusedBy") == "settings" for record in records) > 80
        assert sum("turned" in record for record in records) > 50
