"""Where upstream's own files are: definitions, examples and facts of KAITO's tags, which are not part of this repository.

Tests that compare with them carry the marker `upstream`. They say nothing that other tests do not say of our own files;
where upstream's are not there, they are skipped by that name.
"""

import os
from pathlib import Path

FOLDER = (
    Path(os.environ.get("KAITOPS_SHARED") or Path(__file__).resolve().parent.parent.parent / "shared") / "reference"
)
MISSING = f"upstream's files are not at {FOLDER} (KAITOPS_SHARED)"
