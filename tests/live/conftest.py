"""A cluster for the verbs: a `kubectl` of ours on the PATH."""

import pytest

from tests.live.standin import Kubectl


@pytest.fixture
def kubectl(tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    """An empty cluster."""
    return Kubectl(tmp_path_factory.mktemp("cluster"))
