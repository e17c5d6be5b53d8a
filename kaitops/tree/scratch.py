"""A folder for temporary files, and what is said where the machine has no room for one."""

import errno
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from kaitops.errors import ToolMissing

# What a name does on this file system; anything else is the disk's or the account's, and no property of the file.
_OF_A_NAME = frozenset({
    errno.EEXIST, errno.EILSEQ, errno.EINVAL, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOTDIR,
})  # fmt: skip


@contextmanager
def folder(prefix: str) -> Generator[Path]:
    """A new folder, gone afterwards.

    Raises:
        ToolMissing: there is no place for it.
    """
    try:
        # What remains of it must not outweigh what was found meanwhile.
        made = tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    except OSError as error:
        raise no_room(error) from None
    with made as name:
        yield Path(name)


def is_of_a_name(error: OSError) -> bool:
    """Another name, or none beside it, could have been written."""
    return error.errno in _OF_A_NAME


def no_room(error: OSError) -> ToolMissing:
    """What to say of any other error."""
    return ToolMissing(
        f"the folder for temporary files: {error.strerror or type(error).__name__}, so nothing was judged; make room, "
        "or set TMPDIR to a folder outside of the tree that can be written"
    )
