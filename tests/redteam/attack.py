"""What an attack is, and the commands that it runs: in this process for speed, in one of its own where that is the point."""

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kaitops.cli import main

RED = frozenset({1, 2})
ANY = frozenset({0, 1, 2})
SEEN = "executed"
"""The file that whatever is executed leaves behind."""
_BROKE = re.compile(r"internal error|Traceback|broke off with")
_SECONDS = 60
GATE = ("gate", "m", "--no-checkov", "--today", "2026-06-01")
Held = str
"""Why an attack is open; empty where it is held."""


@dataclass(frozen=True)
class Attack:
    """One attempt.

    Attributes:
        name: unique within its class.
        run: in an empty folder, which is the working directory; returns what is wrong, or nothing.
        why: the reason for which a green answer is right, where it may be one.
    """

    name: str
    run: Callable[[Path], Held]
    why: str = ""


class Said(NamedTuple):
    """What a command left."""

    code: int
    out: str
    err: str


def called(*words: str, environment: Mapping[str, str] | None = None) -> Said:
    """The command in this process."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    before = dict(os.environ)
    os.environ.update(environment or {})
    previous = signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(_SECONDS)
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main(list(words))
    except TimeoutError:
        return Said(-1, "", "no end")
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
        os.environ.clear()
        os.environ.update(before)
    return Said(code, *(_text(stream) for stream in (out, err)))


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8", "replace")


def _too_long(*_: object) -> None:
    raise TimeoutError


def started(*words: str, environment: Mapping[str, str] | None = None, stdin: bytes = b"") -> Said:
    """The command as a process."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "kaitops", *words], input=stdin, capture_output=True, check=False,
            timeout=_SECONDS, env={**os.environ, "PYTHONSAFEPATH": "1", **(environment or {})},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Said(-1, "", "no end")
    return Said(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


def verdict(
    said: Said, codes: Collection[int] = RED, absent: Collection[str] = (), files: Collection[Path] = ()
) -> Held:
    """What is wrong with an answer: its code, a value that it may not hold, an error of ours, or that something ran."""
    if said.code not in codes:
        return f"exit {said.code} is none of {sorted(codes)}: {(said.out or said.err)[-200:]}"
    if found := _BROKE.search(said.out + said.err):
        return f"{found[0]}: {said.err[-200:]}"
    if Path(SEEN).exists():
        return "a file of the change was executed"
    told = [said.out, said.err, *(file.read_text("utf-8", "replace") for file in files if file.is_file())]
    return next((f"{value[:40]!r} is told" for value in absent if any(value in text for text in told)), "")


def put(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files, with the folders that they need."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape"))


def git(folder: Path, *words: str) -> None:
    """A git command that has to succeed."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    """All of a folder as the commit ``main``."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-qm", "base", "--allow-empty")


def tree(
    name: str, files: Mapping[str, str | bytes], *words: str, codes: Collection[int] = RED, absent: Collection[str] = (),
    why: str = "", lay: Callable[[Path], object] | None = None,
) -> Attack:  # fmt: skip
    """The gate over a tree ``m`` of these files."""

    def run(folder: Path) -> Held:
        put(folder, files)
        if lay is not None:
            lay(folder)
        return verdict(called(*GATE, *words), codes, absent)

    return Attack(name, run, why)


def change(
    name: str, before: Mapping[str, str | bytes], after: Callable[[Path], object], *words: str,
    codes: Collection[int] = RED, why: str = "",
) -> Attack:  # fmt: skip
    """The gate over a change of a commit."""

    def run(folder: Path) -> Held:
        put(folder, before)
        commit(folder)
        after(folder)
        git(folder, "add", "-A", "-f")
        return verdict(called(*GATE, "--base", "main", *words), codes)

    return Attack(name, run, why)
