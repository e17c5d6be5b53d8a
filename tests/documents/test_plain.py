"""What a first look at plain data sees."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaitops.documents.plain import raw, texts
from tests.generated import inputs

_DATA = st.recursive(
    st.text(max_size=300) | st.integers() | st.floats() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=10,
)


@inputs(100)
@given(_DATA)
def test_every_text_is_in_the_raw_form_in_one_piece(data: Any) -> None:
    held = raw(data)
    assert all(text.encode("utf-8", "surrogatepass") in held for text in texts(data))


def test_data_that_has_no_raw_form_of_its_own_is_seen_as_well() -> None:
    deep: Any = "${at the bottom}"
    for _ in range(100_000):
        deep = [deep]
    assert b"${at" in raw(deep)
    assert b"${" in raw({"day": date(2026, 1, 1), "x": "${A}"})
    assert b"\xed\xa0\x80" in raw("\ud800")


@pytest.mark.parametrize("count", [1, 2, 300])
def test_a_text_that_stands_there_more_than_once_is_seen(count: int) -> None:
    assert b"${A}" in raw(["${A}"] * count)
