"""Runs the cases of a batch, in this process, and gives what each did as a document.

Owns the folder that a case works in, what is seen of a step, and that nothing of this machine gets into it: no path,
no day, no locale, no setting of git. Whoever calls gives the process away: standard streams, folder and environment
are the case's from then on.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.net import clock, surface
from tests.net.case import Case, Edits, Step, Text

_ENVIRONMENT = {
    "TZ": "UTC",
    "COLUMNS": "100",
    "PYTHONPATH": str(surface.ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
    "KAITOPS_TODAY": surface.TODAY,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "net",
    "GIT_AUTHOR_EMAIL": "net@example.com",
    "GIT_COMMITTER_NAME": "net",
    "GIT_COMMITTER_EMAIL": "net@example.com",
    "GIT_AUTHOR_DATE": f"{surface.TODAY}T00:00:00Z",
    "GIT_COMMITTER_DATE": f"{surface.TODAY}T00:00:00Z",
}
_KEPT = ("PATH", "LANG", "LC_ALL", "PYTHONHASHSEED", "PYTHONUTF8", "PYTHONCOERCECLOCALE", "TMPDIR")
# Where a defect was noticed moves with every line of the code; that there was one, and which, does not.
_FRAMES = re.compile(r"(Traceback \(most recent call last\):\n)(?:[ \t].*\n)+")
Lines = list[str]


def start() -> None:
    """Make this process one that runs cases."""
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    os.environ.clear()
    os.environ.update(kept | _ENVIRONMENT)
    clock.stop(surface.TODAY)


def run(case: Case) -> dict[str, Any]:
    """Do what a case says and give the record of it."""
    top = Path(tempfile.mkdtemp(prefix="kaitops-net-"))
    try:
        folder = top / "work"
        folder.mkdir()
        os.environ["HOME"] = str(top)
        _lay(folder, case.files)
        os.chdir(folder)
        seen = _Seen(folder)
        steps = [_step(one, seen) for one in case.steps]
    finally:
        os.chdir("/")
        shutil.rmtree(top)
    return {"case": case.name, "input": _digest(case), "steps": steps}


def _step(step: Step, seen: "_Seen") -> dict[str, Any]:
    for words in step.git:
        subprocess.run(["git", "-c", "init.defaultBranch=main", *words], check=True, capture_output=True)
    _lay(seen.folder, step.files)
    list(seen.changed())
    with _Streams(seen.folder.parent, step.stdin) as streams:
        code = _code(step)
    out, err = streams.texts()
    told: dict[str, Any] = {"run": " ".join(step.words) if step.call else " ".join(("kaitops", *step.words))}
    told |= {"exit": code, "stdout": _lines(_same(out, seen.folder)), "stderr": _lines(_same(err, seen.folder))}
    return told | {"files": {path: _content(raw, seen, path) for path, raw in seen.changed()}}


def _code(step: Step) -> int:
    if step.call is None:
        try:
            return surface.main()(list(step.words))
        except SystemExit as left:
            if left.code is None or isinstance(left.code, int):
                return left.code or 0
            print(left.code, file=sys.stderr)
            return 1
    try:
        print(step.call(), end="")
    except Exception:
        # A product that breaks is a difference to show. What the net cannot write down is none, and comes out.
        traceback.print_exc()
        return 3
    return 0


def _same(text: str, folder: Path) -> str:
    """A text without what is this machine's own."""
    top = str(folder.parent)
    for path, name in (
        (str(folder), "<work>"), (os.path.realpath(folder), "<work>"), (top, "<tmp>"), (os.path.realpath(top), "<tmp>"),
        (str(surface.ROOT), "<root>"), (sys.executable, "<python>"),
    ):  # fmt: skip
        text = text.replace(path, name)
    return _FRAMES.sub(r"\1", text)


def _content(raw: bytes | None, seen: "_Seen", path: str) -> Any:
    """What is kept of a file: its lines; a digest of what is no text; where the same was written before; None if gone."""
    if raw is None:
        return None
    key = hashlib.sha256(raw).hexdigest()
    first = seen.contents.setdefault(key, path)
    if first != path:
        return {"sameAs": first}
    try:
        return _lines(_same(raw.decode(), seen.folder))
    except UnicodeDecodeError:
        return {"sha256": key, "bytes": len(raw)}


def _lines(text: str) -> Lines:
    # Not splitlines(), which also splits at form feeds and the like.
    parts = text.split("\n")
    return [*(f"{part}\n" for part in parts[:-1]), *parts[-1:]] if parts[-1] else [f"{part}\n" for part in parts[:-1]]


def _lay(folder: Path, files: Edits) -> None:
    for name, text in files.items():
        path = folder / name
        if text is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def _digest(case: Case) -> str:
    """Of all that a case brings along: where it differs, two records do not tell of the same."""
    whole = hashlib.sha256()
    for part in (case.files, *(one for step in case.steps for one in (step.files, {"": step.stdin}))):
        for name, text in sorted(part.items()):
            raw = text.encode() if isinstance(text, str) else text or b"(removed)"
            whole.update(f"{name}\0{len(raw)}\0".encode() + raw)
    for step in case.steps:
        whole.update("\0".join((*step.words, *(word for words in step.git for word in words))).encode())
    return whole.hexdigest()


class _Seen:
    """The files of a folder as they were last seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.contents: dict[str, str] = {}
        self._held: dict[str, tuple[tuple[int, ...], bytes]] = {}

    def changed(self) -> Iterator[tuple[str, bytes | None]]:
        """Path and content of what is new, other or gone since the last time; None where it is gone."""
        before = self._held
        self._held = now = {path: self._read(path, entry) for path, entry in _walk(str(self.folder), "")}
        for path in sorted({*before, *now}):
            content = now[path][1] if path in now else None
            if path not in before or before[path][1] != content:
                yield path, content

    def _read(self, path: str, entry: "os.DirEntry[str]") -> tuple[tuple[int, ...], bytes]:
        told = entry.stat(follow_symlinks=False)
        sign = (told.st_ino, told.st_mtime_ns, told.st_ctime_ns, told.st_size)
        known = self._held.get(path)
        if known and known[0] == sign:
            # Reading all files again after each step takes longer than the steps do.
            return known
        if entry.is_symlink():
            return sign, f"-> {Path(entry.path).readlink()}\n".encode()
        return sign, Path(entry.path).read_bytes()


def _walk(folder: str, below: str) -> "Iterator[tuple[str, os.DirEntry[str]]]":
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in {".git", "__pycache__"}:
                    yield from _walk(entry.path, f"{below}{entry.name}/")
            else:
                yield f"{below}{entry.name}", entry


class _Streams:
    """Standard input from a text; standard output and error, of child processes too, into files."""

    def __init__(self, folder: Path, stdin: Text) -> None:
        self._paths = [folder / name for name in ("stdin", "stdout", "stderr")]
        self._paths[0].write_bytes(stdin if isinstance(stdin, bytes) else stdin.encode())

    def __enter__(self) -> "_Streams":
        sys.stdout.flush()
        sys.stderr.flush()
        self._kept = [os.dup(number) for number in range(3)]
        for number, path in enumerate(self._paths):
            given = os.open(path, os.O_RDWR | os.O_CREAT | (os.O_TRUNC if number else 0), 0o600)
            os.dup2(given, number)
            os.close(given)
        self._stdin = sys.stdin
        sys.stdin = open(0, closefd=False)
        return self

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdin = self._stdin
        for number, kept in enumerate(self._kept):
            os.dup2(kept, number)
            os.close(kept)

    def texts(self) -> tuple[str, str]:
        """What was written, as text; what is no UTF-8 is shown as it is."""
        out, err = (path.read_bytes().decode(errors="backslashreplace") for path in self._paths[1:])
        return out, err
