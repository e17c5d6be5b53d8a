"""A fixture that runs a Pulumi program in the recorder, for the tests of all components."""

from collections.abc import Callable

import pytest

from tests.components import recorder
from tests.components.recorder import Recording

Record = Callable[..., Recording]


@pytest.fixture
def record() -> Record:
    """``record(program, config={...}, calls={...})`` runs a program and returns what it registered."""
    return recorder.run
