"""What users import from ``components``."""

import subprocess
import sys

import pytest

from kaitops import components


def test_every_name_is_there_and_no_other() -> None:
    for name in components.__all__:
        assert getattr(components, name).__name__ == name
    with pytest.raises(AttributeError, match="Workspaces"):
        components.Workspaces  # noqa: B018


def test_a_typed_resource_does_not_load_the_azure_sdk() -> None:
    script = "import sys; from kaitops.components import Workspace; sys.exit('pulumi_azure_native' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
