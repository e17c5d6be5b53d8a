"""Links within a folder that lead out of what is judged: a program that follows them reads what nobody looked at."""

import os
from collections.abc import Sequence
from pathlib import Path

from kaitops.gate.files.walking import lies_in_any


def out_of(folder: str, within: Sequence[str]) -> str | None:
    """The first such link, named from the folder.

    Args:
        within: real folders that are under judgement.
    """
    for place, below, files in os.walk(folder):
        for name in (*below, *files):
            path = os.path.join(place, name)
            if Path(path).is_symlink() and not lies_in_any(os.path.realpath(path), within):
                return os.path.relpath(path, folder)
    return None
