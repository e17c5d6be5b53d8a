"""Bundles that are not what they say."""

import gzip
import io
import random
import tarfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from tests.redteam.attack import Attack, Held, called, put, verdict
from tests.redteam.surroundings import rendered

_FILE = "b.tar"
Change = Callable[[bytes], bytes]


@cache
def _whole() -> tuple[bytes, str]:
    here = Path.cwd() / "whole"
    put(here, rendered())
    said = called(
        "bundle", "--fleet", str(here / "fleet.yaml"), "--tree", str(here / "manifests"), "--out", str(here / _FILE)
    )
    assert said.code == 0, said
    return (here / _FILE).read_bytes(), said.out.split(": ", 1)[1].split(",")[0]


def _members(raw: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        return [(one, stream.read() if (stream := tar.extractfile(one)) else b"") for one in tar]


def _packed(members: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for entry, content in members:
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def _entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tuple[tarfile.TarInfo, bytes]:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry, b"x" if kind == tarfile.REGTYPE else b""


def _with(*more: tuple[tarfile.TarInfo, bytes]) -> Change:
    return lambda raw: _packed([*_members(raw), *more])


def _flipped(seed: int) -> Change:
    def act(raw: bytes) -> bytes:
        place = random.Random(seed).randrange(len(raw))
        return raw[:place] + bytes([raw[place] ^ (1 << seed % 8)]) + raw[place + 1 :]

    return act


_CHANGES: dict[str, Change] = {
    "empty": lambda _: b"",
    "text": lambda _: b"hello\n",
    "half": lambda raw: raw[: len(raw) // 2],
    "first-block": lambda raw: raw[512:],
    "zeros-behind": lambda raw: raw + bytes(10240),
    "byte-behind": lambda raw: raw + b"x",
    "twice": lambda raw: raw + raw,
    "compressed": gzip.compress,
    "bomb": lambda _: gzip.compress(bytes(64 << 20)),
    "bomb-as-blob": _with((_entry(f"blobs/sha256/{'0' * 64}")[0], gzip.compress(bytes(64 << 20)))),
    "further-file": _with(_entry("x")),
    "leads-out": _with(_entry("../../evil")),
    "absolute": _with(_entry("/etc/evil")),
    "link": _with(_entry("clusters", tarfile.SYMTYPE, "/etc")),
    "hard-link": _with(_entry("x", tarfile.LNKTYPE, "index.json")),
    "device": _with(_entry("x", tarfile.CHRTYPE)),
    "pipe": _with(_entry("x", tarfile.FIFOTYPE)),
    "folder": _with(_entry("x", tarfile.DIRTYPE)),
    "index-twice": lambda raw: _packed(
        [*_members(raw), *[one for one in _members(raw) if one[0].name == "index.json"]]
    ),
    "no-index": lambda raw: _packed([one for one in _members(raw) if one[0].name != "index.json"]),
    "no-blob": lambda raw: _packed([one for one in _members(raw) if not one[0].name.startswith("blobs/")]),
    "other-order": lambda raw: _packed(_members(raw)[::-1]),
    "other-time": lambda raw: _packed([(_touched(entry), content) for entry, content in _members(raw)]),
    "index-null": lambda raw: _packed([(e, b"null" if e.name == "index.json" else c) for e, c in _members(raw)]),
    "index-deep": lambda raw: _packed([(e, b"[" * 100_000 if e.name == "index.json" else c) for e, c in _members(raw)]),
    **{f"bit-{seed}": _flipped(seed) for seed in range(10)},
}


def _touched(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.mtime = 1
    return entry


def all_of_them() -> Iterator[Attack]:
    """Each change of a whole bundle, and each digest that is none."""
    for name, act in _CHANGES.items():
        yield Attack(name, _verified(act))
    for word in ("", "sha256:", "sha256:" + "0" * 64, "0" * 64, "SHA256:" + "0" * 64, "latest"):
        yield Attack(f"digest {word!r}", _verified(lambda raw: raw, word))
    yield Attack("whole", _verified(lambda raw: raw, "", codes={0}), "it is whole")


def _verified(
    act: Change, digest: str | None = None, *, codes: frozenset[int] | set[int] = frozenset({1, 2, 3})
) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        raw, right = _whole()
        put(folder, {_FILE: act(raw)})
        words = ["--digest", right if codes == {0} else digest] if digest is not None else []
        return verdict(called("bundle", "--verify", _FILE, *words), codes)

    return run
