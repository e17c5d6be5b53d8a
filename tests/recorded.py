"""What the real KAITO controllers, webhooks and API server did, as recorded in `tests/recordings/`.

Owns the promise that a suite never passes because its recording is not what was recorded: the manifest says the digest
and the number of records of each file, and what differs from it is an error that names the file.
"""

import csv
import gzip
import hashlib
import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "recordings"
MANIFEST = "manifest.json"
_SKUS = re.compile(r"Supported SKUs: \[([^\]]*)\]")


class Damaged(Exception):
    """A recording is not what was recorded."""


def read(file: str, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The records of one file, such as ``admission.jsonl.gz``.

    Raises:
        Damaged: the file is missing, empty or changed, or holds another number of records than the manifest says.
    """
    path = folder / file
    said = manifest(folder).get(file)
    if said is None:
        raise Damaged(f"{path}: {MANIFEST} does not name it, so nothing says whether it is what was recorded")
    if not path.is_file():
        raise Damaged(f"{path}: the recording is missing, so nothing can be compared with it; check it out again")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != said["sha256"]:
        what = "changed" if content else "empty"
        raise Damaged(
            f"{path}: the recording is {what}: its sha256 is {found}, not {said['sha256']}; check it out again"
        )
    text = gzip.decompress(content).decode()
    lines = (
        [json.loads(line) for line in text.splitlines()] if ".jsonl" in file else [*csv.DictReader(io.StringIO(text))]
    )
    if not lines or len(lines) != said["records"]:
        raise Damaged(f"{path}: holds {len(lines)} records, not {said['records']}; check it and {MANIFEST} out again")
    return lines


def manifest(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """``records`` and ``sha256`` of each recording, by file name.

    Raises:
        Damaged: there is none.
    """
    try:
        return json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Damaged(f"{folder / MANIFEST}: cannot be read ({error}), so no recording can be trusted") from error


@cache
def load(name: str) -> list[dict[str, Any]]:
    """All records of one recording, such as ``admission``. Callers must not change what they get.

    Raises:
        Damaged: see `read`.
    """
    return read(f"{name}.jsonl.gz")


@cache
def estimates() -> list[dict[str, str]]:
    """The rows of ``estimates.csv.gz``.

    Raises:
        Damaged: see `read`.
    """
    return read("estimates.csv.gz")


def cases(*names: str) -> list[Any]:
    """The records of recordings as parameters of a test, named by their ids."""
    return [pytest.param(record, id=record["id"]) for name in names for record in load(name)]


def sorted_skus(text: str) -> str:
    """The text with KAITO's list of machine sizes sorted; KAITO prints it in random order."""
    return _SKUS.sub(lambda found: f"Supported SKUs: [{' '.join(sorted(found.group(1).split()))}]", text)
