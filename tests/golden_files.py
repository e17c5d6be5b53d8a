"""The golden files of the shared reference, and a mark that skips by name where they are missing.

Owns where they lie and how they are read; compares nothing.
"""

import gzip
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("KAITOPS_SHARED") or Path(__file__).resolve().parent.parent.parent / "shared")

requires_shared = pytest.mark.skipif(
    not (SHARED / "golden").is_dir(), reason=f"golden files are not at {SHARED}; set KAITOPS_SHARED"
)


@cache
def load(name: str) -> list[dict[str, Any]]:
    """The rows of one golden file, such as ``workspaces``; none where the shared reference is missing."""
    path = SHARED / "golden" / f"{name}.jsonl.gz"
    if not path.is_file():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
