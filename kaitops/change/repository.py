"""What git says of a commit: which files it lists, and what is in them.

Runs ``git`` as a program, twice or three times whatever the number of files. What the names and contents mean is for
others; they are those of whoever wrote the commit.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from kaitops import programs
from kaitops.errors import BadInput, ToolMissing
from kaitops.tree import scratch


class Entry(NamedTuple):
    """A file, link or submodule of a commit.

    Attributes:
        name: from the root of the repository, as the commit has it.
        blob: the id of its content.
        size: in bytes; 0 for a submodule.
    """

    name: str
    mode: bytes
    blob: bytes
    size: int

    @property
    def is_link(self) -> bool:
        """It is a symbolic link."""
        return self.mode == b"120000"

    @property
    def is_module(self) -> bool:
        """It is another repository."""
        return self.mode == b"160000"


class Commit:
    """A commit of the repository that a folder lies in.

    Args:
        ref: branch, tag or commit.

    Raises:
        BadInput: not a repository, an unknown reference, or a shallow clone that lacks it.
        ToolMissing: git is not installed.
    """

    def __init__(self, ref: str, folder: Path) -> None:
        self._ref = ref
        # Where git lies is looked up once, not for each command.
        self._program = _program()
        done = self._git(folder, "rev-parse", "--show-toplevel")
        if done.returncode:
            raise BadInput(
                f"{folder}: is not in a git repository, so there is no base {ref!r} to compare with; "
                "run the command in the checkout, or leave --base out"
            )
        self.top = Path(done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")).resolve()
        verify = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        found = None if ref.startswith("-") or "\0" in ref else self._git(self.top, *verify)
        if found is None or found.returncode:
            raise self._unknown()
        self._id = found.stdout.decode().strip()
        if others := self._namesakes(ref):
            raise BadInput(
                f"--base: {ref!r} is the name of {' and of '.join(others)}, and they differ, so whoever pushed one of "
                f"them would choose the base; name one in full, as {others[-1]}, and delete the others"
            )

    def _namesakes(self, ref: str) -> list[str]:
        """The tags and branches that a name may mean, where they are not all the same commit.

        A tag comes before a branch to git, and whoever writes the change may push one.
        """
        name = re.split(r"[~^]|@\{", ref)[0]
        names = [f"refs/{folder}{name}" for folder in ("", "tags/", "heads/", "remotes/")]
        listed = self._git(self.top, "for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", *names).stdout
        found = [line.decode(errors="replace").split() for line in listed.splitlines()]
        meant = {one[0]: one[-1] for one in found if one and one[0] in names}
        return sorted(meant, key=names.index) if len(set(meant.values())) > 1 else []

    def listed(self, names: Sequence[str] = (), *, deep: bool = True) -> list[Entry]:
        """The entries at and below some names; all of the commit where none are given.

        Args:
            deep: those below as well; else folders are entries themselves.
        """
        form = ["-l", "-z", "--full-tree", *(["-r"] if deep else [])]
        listed = self._git(self.top, "ls-tree", *form, self._id, *(["--", *names] if names else []))
        if listed.returncode:
            raise ToolMissing(f"git ls-tree {self._ref}: failed: {listed.stderr.decode(errors='replace').strip()}")
        found: list[Entry] = []
        for line in listed.stdout.split(b"\0"):
            about, _, path = line.partition(b"\t")
            if path:
                mode, _kind, blob, size = about.split()
                name = path.decode("utf-8", "surrogateescape")
                found.append(Entry(name, mode, blob, int(size) if size.isdigit() else 0))
        return found

    def tracks(self, path: str) -> bool:
        """Whether the work tree has something at or below a path as a part of the change, and not beside it.

        What lies in a submodule or behind a link is listed nowhere; the submodule and the link are the change's.
        """
        parts = path.split("/")
        names = [path, *("/".join(parts[:count]) for count in range(1, len(parts)))]
        # Where capitals are no others to the file system, what is tracked under them is what is read.
        asked = [f":(top,icase,literal){name}" for name in names]
        listed = self._git(self.top, "ls-files", "-z", "--", *asked).stdout.lower().split(b"\0")
        whole, below = {os.fsencode(name).lower() for name in names}, os.fsencode(f"{path}/").lower()
        return any(name in whole or name.startswith(below) for name in listed)

    def changed(self) -> list[str]:
        """What the work tree has otherwise than the commit, of what is a part of the change.

        Raises:
            ToolMissing: git failed.
        """
        words = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none")
        done = self._git(self.top, "diff", *words, self._id)
        if done.returncode:
            raise ToolMissing(f"git diff {self._ref}: failed: {done.stderr.decode(errors='replace').strip()}")
        return [name.decode("utf-8", "surrogateescape") for name in done.stdout.split(b"\0") if name]

    def contents(self, entries: Sequence[Entry]) -> Iterator[tuple[Entry, bytes]]:
        """The content of each entry, by one git process for all, as one a file takes longer than the whole gate.

        Blobs are asked for by their ids: no attribute, filter or odd file name has a say in what is read.

        Raises:
            ToolMissing: the clone is partial or damaged.
        """
        if not entries:
            return
        # Questions and complaints go through files, so that neither side ever waits for the other to read.
        with ExitStack() as stack:
            try:
                # Without a buffer, as what a full disk did not take would be tried again when the file is closed.
                asked, said = (stack.enter_context(tempfile.TemporaryFile(buffering=0)) for _ in range(2))
                left = b"".join(entry.blob + b"\n" for entry in entries)
                while left:
                    left = left[asked.write(left) :]
                asked.seek(0)
            except OSError as error:
                raise scratch.no_room(error) from None
            command = self._command(self.top, "cat-file", "--batch", "--buffer")
            with subprocess.Popen(command, stdin=asked, stdout=subprocess.PIPE, stderr=said) as process:  # noqa: S603
                assert process.stdout is not None  # noqa: S101 - it is a pipe
                for entry in entries:
                    head = process.stdout.readline().split()
                    size = int(head[2]) + 1 if head[:2] == [entry.blob, b"blob"] else 0
                    raw = process.stdout.read(size)
                    if not size or len(raw) != size:  # a line break ends each answer, the shortest too
                        process.kill()
                        said.seek(0)
                        why = said.read().decode(errors="replace").strip() or b" ".join(head).decode(errors="replace")
                        raise ToolMissing(
                            f"{self._ref}:{entry.name}: git lists the file and cannot read it "
                            f"({why or 'it said nothing'}); the clone is partial or damaged: fetch it again"
                        )
                    yield entry, raw[:-1]

    def _unknown(self) -> BadInput:
        ref = self._ref
        if self._git(self.top, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
            return BadInput(
                f"--base: {ref!r} is not in this clone, which is shallow and lacks most of the history; fetch it first "
                f"('git fetch --depth=1 origin {ref}' and compare with FETCH_HEAD, or fetch-depth: 0 for "
                "actions/checkout)"
            )
        return BadInput(
            f"--base: {ref!r} is no branch, tag or commit of {self.top}, so there is nothing to compare with; "
            "fetch it, or name one that 'git rev-parse' knows"
        )

    def _command(self, folder: Path, *arguments: str) -> list[str]:
        # Nothing that the clone is configured with is run, and no object stands in for another.
        quiet = ["-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "--no-replace-objects"]
        return [self._program, "-C", str(folder), *quiet, *arguments]

    def _git(self, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
        # The arguments are ours, the reference is verified to be one.
        return subprocess.run(self._command(folder, *arguments), capture_output=True, check=False)  # noqa: S603


def _program() -> str:
    found = programs.find("git")
    if found is None:
        raise ToolMissing("git is not installed, so no base can be read; install it, or leave --base out")
    return found
