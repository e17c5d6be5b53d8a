"""The tree as an archive whose bytes follow from the content alone.

Owns what goes into it. ``bootstrap`` stays out, as it is applied by hand and may name the artifact's own digest; files
of others stay out, as nobody checked them.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from kaitops.bundle import tarball
from kaitops.documents import source
from kaitops.errors import BadInput
from kaitops.gitops.place import BOOTSTRAP
from kaitops.gitops.tree import HUBS
from kaitops.tree.layout import HEADER

CHECKSUMS = "SHA256SUMS"
MAX_EXPANDED = 512 * 1024 * 1024
"""In bytes; a tree of 100,000 models has some 200 MB."""
_SMALL = 16 * 1024 * 1024
_MAX_RATIO = 300
_TOP = "clusters"
_MARK = HEADER.encode()


def collect(root: Path) -> dict[str, bytes]:
    """The files of the tree below a folder, by name.

    Args:
        root: the folder that holds ``clusters``.

    Raises:
        BadInput: there is no tree, or a file of it is not a plain one, or bears a name that :func:`unpack` refuses.
    """
    files = dict(_files(root))
    if not files:
        raise BadInput(f"{root}: holds no rendered tree, so there is nothing to bundle; run 'kaitops render'")
    for name in files:
        if _is_odd(name, files):
            text = "is a name that whoever unpacks the bundle refuses, or reads otherwise on another system; rename it"
            raise BadInput(f"{name[:120]!r}: {text}")
    return files


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as a gzipped tar, with a list of checksums in it.

    Raises:
        BadInput: the name of a file is too long for an archive.
    """
    whole = {**files, CHECKSUMS: checksums(files)}
    try:
        return gzip.compress(tarball.write(dict(sorted(whole.items()))), mtime=0)
    except ValueError:
        longest = max(files, key=lambda name: len(name.encode()))
        raise BadInput(f"{longest[:120]!r}: is too long a name for an archive; shorten it") from None


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of an archive by name.

    Raises:
        BadInput: it is damaged, its files are not those that its checksums name, or one would not lie in the tree.
    """
    try:
        files = tarball.read(_expanded(content))
    except (EOFError, OSError, ValueError, zlib.error) as error:
        raise BadInput(f"the archive of the tree is damaged ({error}); fetch the bundle again") from None
    listed = files.pop(CHECKSUMS, b"")
    for name in files:
        if _is_odd(name, files):
            raise BadInput(
                f"{name[:120]!r} in the archive of the tree is no file below {_TOP}/, so unpacking it would write "
                "somewhere else; do not use the bundle"
            )
    if listed != checksums(files):
        raise BadInput(
            f"the files of the tree are not those that {CHECKSUMS} names, so somebody changed it after it was made; do "
            "not use it, and fetch the bundle again"
        )
    return files


def _expanded(content: bytes) -> bytes:
    limit = min(MAX_EXPANDED, max(_SMALL, _MAX_RATIO * len(content)))
    opened = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # one stream of gzip, with its header and sum
    raw = opened.decompress(content, limit + 1)
    if len(raw) > limit:
        raise BadInput(
            f"the archive of the tree has {len(content)} bytes and expands to more than {limit}, which no tree does; "
            "do not use it"
        )
    if not opened.eof or opened.unused_data or opened.unconsumed_tail:
        raise EOFError("it ends too early, or something is hung behind it")
    return raw


def _is_odd(name: str, files: Mapping[str, bytes]) -> bool:
    """Whoever unpacks the archive must get the tree and nothing beside it, on any system."""
    parts = name.split("/")
    odd = any(part in {"", ".", ".."} for part in parts) or not name.isprintable() or "\\" in name or ":" in name
    inside = any("/".join(parts[:end]) in files for end in range(1, len(parts)))
    return odd or inside or parts[0] != _TOP or len(parts) < 2


def checksums(files: Mapping[str, bytes]) -> bytes:
    """The list that ``sha256sum --check`` reads."""
    return "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    base = root / _TOP
    for path in (base, *sorted(base.rglob("*"))):
        inner = path.relative_to(root).parts
        if not set(inner[1:2]).isdisjoint(HUBS.values()) or inner[2:3] == (BOOTSTRAP,):
            continue
        if path.is_symlink():
            raise BadInput(f"{path}: is a link, and what it leads to would not be in the bundle; put that in its place")
        if path.is_dir() or not path.exists():
            continue
        content = source.read(path)
        if content.startswith(_MARK):
            yield "/".join(inner), content
