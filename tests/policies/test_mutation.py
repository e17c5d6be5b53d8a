"""The case table notices nearly every small mistake in a rule."""

import pytest

from tests.policies import mutation
from tests.sampling import THOROUGH


@pytest.mark.thorough
def test_the_mutation_score_is_above_the_bar() -> None:
    assert mutation.main(every=1 if THOROUGH else 4) == 0
