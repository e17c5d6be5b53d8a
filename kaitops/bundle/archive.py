"""The tree as an archive whose bytes follow from the content alone.

Owns what goes into it. ``bootstrap`` stays out, as it is applied by hand and may name the artifact's own digest; files
of others stay out, as nobody checked them.
"""

import gzip
import hashlib
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from kaitops.bundle import tarball
from kaitops.errors import BadInput
from kaitops.gitops.place import BOOTSTRAP
from kaitops.gitops.tree import HUB
from kaitops.tree.layout import HEADER

CHECKSUMS = "SHA256SUMS"
_LEFT_OUT = {BOOTSTRAP, HUB}
_MARK = HEADER.encode()


def collect(root: Path) -> dict[str, bytes]:
    """The files of the tree below a folder, by name.

    Args:
        root: the folder that holds ``clusters``.

    Raises:
        BadInput: there is no tree, or a file of it is not a plain one.
    """
    files = dict(_files(root))
    if not files:
        raise BadInput(f"{root}: holds no rendered tree, so there is nothing to bundle; run 'kaitops render'")
    return files


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as a gzipped tar, with a list of checksums in it."""
    whole = {**files, CHECKSUMS: checksums(files)}
    return gzip.compress(tarball.write(dict(sorted(whole.items()))), mtime=0)


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of an archive by name.

    Raises:
        BadInput: it is damaged, or its files are not those that its checksums name.
    """
    try:
        files = tarball.read(gzip.decompress(content))
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise BadInput(f"the archive of the tree is damaged ({error}); fetch the bundle again") from None
    listed = files.pop(CHECKSUMS, b"")
    if listed != checksums(files):
        raise BadInput(
            f"the files of the tree are not those that {CHECKSUMS} names, so somebody changed it after it was made; do "
            "not use it, and fetch the bundle again"
        )
    return files


def checksums(files: Mapping[str, bytes]) -> bytes:
    """The list that ``sha256sum --check`` reads."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    base = root / "clusters"
    for path in sorted(base.rglob("*")):
        inner = path.relative_to(root)
        if path.is_dir() or _LEFT_OUT & set(inner.parts):
            continue
        if path.is_symlink():
            raise BadInput(
                f"{path}: is a link, and what it leads to would not be in the bundle; replace it by the file"
            )
        content = path.read_bytes()
        if content.startswith(_MARK):
            yield str(inner.as_posix()), content
