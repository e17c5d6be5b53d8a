"""The case table notices nearly every small mistake in a rule."""

import pytest

from tests.policies import mutation


@pytest.mark.e2e
def test_the_mutation_score_is_above_the_bar() -> None:
    assert mutation.main() == 0
