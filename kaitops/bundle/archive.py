"""The tree as an archive whose bytes follow from the content alone.

Owns what goes into it. ``bootstrap`` stays out, as it is applied by hand and may name the artifact's own digest; files
of others stay out, as nobody checked them.
"""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

from kaitops.errors import BadInput
from kaitops.tree.layout import HEADER

CHECKSUMS = "SHA256SUMS"
_LEFT_OUT = {"bootstrap", "_argocd"}
_MARK = HEADER.encode()


def pack(root: Path) -> bytes:
    """The tree below a folder as a gzipped tar, with a list of checksums in it.

    Args:
        root: the folder that holds ``clusters``.

    Raises:
        BadInput: there is no tree, or a file of it is not a plain one.
    """
    files = dict(_files(root))
    if not files:
        raise BadInput(f"{root}: holds no rendered tree, so there is nothing to bundle; run 'kaitops render'")
    files[CHECKSUMS] = checksums(files)
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(files[name]), 0o644
            tar.addfile(entry, io.BytesIO(files[name]))
    return gzip.compress(raw.getvalue(), mtime=0)


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of an archive by name.

    Raises:
        BadInput: it is damaged, or its files are not those that its checksums name.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
            files = {entry.name: _read(tar, entry) for entry in tar}
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadInput(f"the archive of the tree is damaged ({error}); fetch the bundle again") from None
    listed = files.pop(CHECKSUMS, b"")
    if listed != checksums(files):
        raise BadInput(
            f"the files of the tree are not those that {CHECKSUMS} names, so somebody changed it after it was made; do "
            "not use it, and fetch the bundle again"
        )
    return files


def checksums(files: dict[str, bytes]) -> bytes:
    """The list that ``sha256sum --check`` reads."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def _read(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    stream = tar.extractfile(entry) if entry.isreg() else None
    if stream is None:
        raise tarfile.TarError(f"{entry.name} is not a plain file")
    return stream.read()


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
