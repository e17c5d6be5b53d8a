"""The page and its JSON, made once by the command as users run it."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conftest import KAITOPS


class Made(NamedTuple):
    page: Path
    text: str
    twin: Mapping[str, Any]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("catalogue")
    page, twin = folder / "catalogue.html", folder / "catalogue.json"
    subprocess.run([KAITOPS, "catalogue", "--html", page, "--json", twin], check=True, capture_output=True, cwd=folder)
    return Made(page, page.read_text("utf-8"), json.loads(twin.read_text("utf-8")))
