"""The programs that the gate has build kustomizations and render charts, where tests ask the real ones."""

import os
import shutil
from pathlib import Path

import pytest

from tests.e2e.gobuild import AssetsMissing
from tests.e2e.programs import RENDERERS

NEEDS_KUSTOMIZE = pytest.mark.skipif(
    not (shutil.which("kustomize") or shutil.which("kubectl")),
    reason="neither kustomize nor kubectl is on the search path",
)
HELMS = ["played", pytest.param("real", marks=pytest.mark.e2e)]
"""What renders the charts of a test: the real one is no part of the default run, as it may have to be built."""


def before(folder: Path) -> dict[str, str]:
    """The environment of a command that finds what is in a folder first."""
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def real_helm() -> Path:
    """The folder of a helm: the machine's own, else that which the end-to-end tests build; a test without it ends."""
    own = shutil.which("helm")
    if own is not None:
        return Path(own).parent
    try:
        return RENDERERS.find()
    except AssetsMissing as missing:
        pytest.skip(str(missing))
