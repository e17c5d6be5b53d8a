"""References to images are taken or refused, in the same words, and written in full as the library does that KAITO asks."""

from typing import Any

import pytest

from kaitops.kaito.image_reference import full, problem
from tests.recorded import load


@pytest.mark.parametrize("record", load("image-references"), ids=lambda record: record["id"])
def test_each_is_read_as_it_was(record: dict[str, Any]) -> None:
    text = record["reference"]
    assert (problem(text), full(text)) == (record.get("error"), record.get("full", text))
