"""Garbage is collected rarely while a cluster's workloads are registered, and as before afterwards."""

import gc
from collections.abc import Iterator

import pulumi
import pytest

from kaitops.components.resources import collecting
from tests.components.conftest import Record

BEFORE = (600, 9, 8)


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    given = gc.get_threshold()
    gc.set_threshold(*BEFORE)
    yield
    gc.set_threshold(*given)


def test_thresholds_are_raised_until_the_last_resource_is_registered(record: Record) -> None:
    seen = []

    def program() -> None:
        last: list[pulumi.Resource] = []
        with collecting.relaxed(last):
            last.append(pulumi.ComponentResource("kaitops:test:Group", "group"))
            seen.append(gc.get_threshold()[0])
        seen.append(gc.get_threshold()[0])

    record(program)
    assert seen[0] == seen[1] > BEFORE[0]
    assert gc.get_threshold() == BEFORE


def test_a_failure_restores_them() -> None:
    with pytest.raises(ValueError, match="no"), collecting.relaxed([]):
        raise ValueError("no")
    assert gc.get_threshold() == BEFORE
    with collecting.relaxed([]):
        pass
    assert gc.get_threshold() == BEFORE


@pytest.mark.parametrize("first", [0, 1_000_000])
def test_collection_that_is_off_or_rarer_stays_so(first: int) -> None:
    gc.set_threshold(first)
    with collecting.relaxed([]):
        assert gc.get_threshold()[0] == first
