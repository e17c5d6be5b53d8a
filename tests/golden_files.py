"""Recordings of the real KAITO controllers and API server, kept beside the checkout and never inside it."""

import csv
import gzip
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("KAITOPS_SHARED") or Path(__file__).resolve().parent.parent.parent / "shared")

requires_shared = pytest.mark.skipif(
    not (SHARED / "golden").is_dir(), reason=f"the golden recordings are not at {SHARED} (set KAITOPS_SHARED)"
)

_SKUS = re.compile(r"Supported SKUs: \[([^\]]*)\]")


@cache
def load(name: str) -> list[dict[str, Any]]:
    """All records of one golden file, such as ``admission``; empty where the recordings are not there.

    Callers must not change what they get.
    """
    path = SHARED / "golden" / f"{name}.jsonl.gz"
    if not path.is_file():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@cache
def estimates() -> list[dict[str, str]]:
    """The rows of ``estimates.csv.gz``."""
    path = SHARED / "golden" / "estimates.csv.gz"
    if not path.is_file():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def cases(name: str) -> list[Any]:
    """The records of a golden file as parameters of a test, named by their ids."""
    records = load(name)
    return [pytest.param(record, id=record["id"]) for record in records] or [
        pytest.param(None, marks=pytest.mark.skip(reason=f"no golden file {name} at {SHARED}"))
    ]


def sorted_skus(text: str) -> str:
    """The text with KAITO's list of machine sizes sorted; KAITO prints it in random order."""
    return _SKUS.sub(lambda found: f"Supported SKUs: [{' '.join(sorted(found.group(1).split()))}]", text)
