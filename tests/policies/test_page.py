"""docs/policies.md is what the metadata says; ``pytest --update-docs`` writes it anew."""

import pytest

from kaitops.policies.page import page
from kaitops.policies.registry import load
from tests.conftest import ROOT


def test_the_index_page_is_generated(request: pytest.FixtureRequest) -> None:
    file = ROOT / "docs/policies.md"
    if request.config.getoption("--update-docs"):
        file.write_text(page(load()))
    assert file.read_text() == page(load())
