"""Writing one file whole: a reader sees the old content or the new, never a part.

Trees are ``kaitops.tree.writing``'s.
"""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from kaitops.errors import BadInput, ToolMissing


def write_whole(path: Path, text: str) -> None:
    """Write a file, in place of what is there."""
    try:
        with _beside(path, text) as temporary:
            temporary.replace(path)
    except OSError as error:
        raise ToolMissing(f"{path}: cannot be written: {error.strerror}; the file is as it was") from None


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; one that came to be meanwhile stays."""
    try:
        with _beside(path, text) as temporary:
            # A link fails where the name has come into use; a rename would overwrite.
            path.hardlink_to(temporary)
    except FileExistsError:
        raise BadInput(f"{path}: came to be while it was written and was not overwritten; try again") from None
    except OSError as error:
        raise ToolMissing(f"{path}: cannot be written: {error.strerror}") from None


@contextmanager
def _beside(path: Path, text: str) -> Generator[Path]:
    """A file with the content beside the path, gone afterwards."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".kaitops-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        temporary.chmod(0o644)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
