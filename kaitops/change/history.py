"""Reading manifests as they are at a git reference, without touching the work tree.

Runs ``git`` as a program. Reads what is committed only; what the objects mean is for others.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from kaitops.documents import reader
from kaitops.documents.plain import at, items, mapping
from kaitops.errors import BadInput, ToolMissing
from kaitops.tree.layout import CONTEXT_FILE

_SUFFIXES = (".yaml", ".yml")
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")


@dataclass(frozen=True, slots=True)
class Located:
    """One object of the base.

    Attributes:
        file: in the repository, from its root.
        cluster: name from the nearest context file above; empty where there is none.
        context: that context file's content.
    """

    data: dict[str, Any]
    file: str
    cluster: str = ""
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])


def objects_at(ref: str, paths: Sequence[str], folder: str | Path = ".") -> list[Located]:
    """See :func:`kaitops.change.objects_at`."""
    contexts: dict[str, Mapping[str, Any]] = {}
    found: list[tuple[str, dict[str, Any]]] = []
    for name, raw in _files(ref, paths, folder):
        for document in reader.read_bytes(raw, f"{ref}:{name}"):
            base = PurePosixPath(name)
            if base.name == CONTEXT_FILE:
                contexts[str(base.parent)] = mapping(document.data)
            elif base.name not in _KUSTOMIZATIONS:
                found += [(name, one) for one in _objects(document.data)]
    return [_located(data, name, contexts) for name, data in found]


def tree_at(ref: str, paths: Sequence[str], into: Path, folder: str | Path = ".") -> list[str]:
    """See :func:`kaitops.change.tree_at`."""
    top, asked = _asked(ref, paths, folder)
    made = ""
    for name, raw in _content(ref, [*asked, *_above(asked)], top):
        target = f"{into}/{name}"
        # Once a file of a tree: pathlib would double the time.
        if (parent := os.path.dirname(target)) != made:  # noqa: PTH120
            os.makedirs(made := parent, exist_ok=True)
        with open(target, "wb") as stream:
            stream.write(raw)
    written = [into / name if name else into for name in asked]
    return [str(path) for path in written if path.is_file() or (path.is_dir() and any(path.rglob("*.y*ml")))]


def _located(data: dict[str, Any], name: str, contexts: Mapping[str, Mapping[str, Any]]) -> Located:
    for parent in PurePosixPath(name).parents:
        if (context := contexts.get(str(parent))) is not None:
            return Located(data, name, str(context.get("cluster") or ""), context)
    return Located(data, name)


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    entries = items(at(data, "items")) if at(data, "kind") == "List" else [data]
    for entry in entries:
        one = mapping(entry)
        if isinstance(one.get("kind"), str) and isinstance(one.get("apiVersion"), str) and mapping(one.get("metadata")):
            yield dict(one)


def _files(ref: str, paths: Sequence[str], folder: str | Path) -> Iterator[tuple[str, bytes]]:
    top, asked = _asked(ref, paths, folder)
    yield from _content(ref, [*asked, *_above(asked)], top)


def _above(asked: Sequence[str]) -> list[str]:
    """The context files above what was asked for, where only a part of a cluster's tree is."""
    parents = {parent for name in asked if name for parent in PurePosixPath(name).parents}
    return sorted((parent / CONTEXT_FILE).as_posix() for parent in parents)


def _asked(ref: str, paths: Sequence[str], folder: str | Path) -> tuple[Path, list[str]]:
    """The top of the repository, and the paths from there."""
    where = Path(folder).resolve()
    done = _git(where, "rev-parse", "--show-toplevel")
    if done.returncode:
        raise BadInput(
            f"{where}: is not in a git repository, so there is no base {ref!r} to compare with; "
            "run the command in the checkout, or leave --base out"
        )
    top = Path(done.stdout.decode().rstrip("\n")).resolve()
    verify = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    if ref.startswith("-") or _git(top, *verify).returncode:
        raise _unknown(ref, top)
    asked: list[str] = []
    for name in paths:
        path = (where / name).resolve()
        if not path.is_relative_to(top):
            raise BadInput(
                f"{name}: lies outside of the repository {top}, so {ref} holds no version of it; name a path in it"
            )
        relative = path.relative_to(top).as_posix()
        asked.append("" if relative == "." else relative)
    return top, asked


def _unknown(ref: str, top: Path) -> BadInput:
    if _git(top, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true":
        return BadInput(
            f"--base: {ref!r} is not in this clone, which is shallow and lacks most of the history; fetch it first "
            f"('git fetch --depth=1 origin {ref}' and compare with FETCH_HEAD, or fetch-depth: 0 for actions/checkout)"
        )
    return BadInput(
        f"--base: {ref!r} is no branch, tag or commit of {top}, so there is nothing to compare with; "
        "fetch it, or name one that 'git rev-parse' knows"
    )


def _content(ref: str, asked: Sequence[str], top: Path) -> Iterator[tuple[str, bytes]]:
    wanted = [name for name in asked if name]
    # An empty path is the whole repository.
    limit = ["--", *wanted] if len(wanted) == len(asked) else []
    listed = _git(top, "ls-tree", "-r", "-z", "--full-tree", f"{ref}^{{commit}}", *limit)
    if listed.returncode:
        raise ToolMissing(f"git ls-tree {ref}: failed: {listed.stderr.decode(errors='replace').strip()}")
    names: list[tuple[str, bytes]] = []
    for entry in listed.stdout.split(b"\0"):
        about, _, path = entry.partition(b"\t")
        name = path.decode("utf-8", "surrogateescape")
        mode, _, rest = about.partition(b" ")
        if rest.startswith(b"blob") and mode != b"120000" and _is_manifest(name):
            names.append((name, rest.split(b" ")[1]))
    yield from _blobs(ref, names, top)


def _blobs(ref: str, names: Sequence[tuple[str, bytes]], top: Path) -> Iterator[tuple[str, bytes]]:
    """The content of each file, by one git process for all, as a process a file takes longer than the whole gate.

    Blobs are asked for by their ids: no attribute, filter or odd file name has a say in what is read.
    """
    if not names:
        return
    # Questions and complaints go through files, so that neither side ever waits for the other to read.
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as said:
        asked.write(b"".join(blob + b"\n" for _, blob in names))
        asked.seek(0)
        command = ["git", "-C", str(top), "cat-file", "--batch", "--buffer"]
        with subprocess.Popen(command, stdin=asked, stdout=subprocess.PIPE, stderr=said) as process:  # noqa: S603
            assert process.stdout is not None  # noqa: S101 - it is a pipe
            for name, blob in names:
                head = process.stdout.readline().split()
                size = int(head[2]) + 1 if head[:2] == [blob, b"blob"] else 0
                raw = process.stdout.read(size)
                if not size or len(raw) != size:  # a line break ends each answer, the shortest too
                    process.kill()
                    said.seek(0)
                    reason = said.read().decode(errors="replace").strip() or b" ".join(head).decode(errors="replace")
                    raise ToolMissing(
                        f"{ref}:{name}: git lists the file and cannot read it ({reason or 'it said nothing'}); "
                        "the clone is partial or damaged: fetch it again"
                    )
                yield name, raw[:-1]


def _is_manifest(name: str) -> bool:
    return name.endswith(_SUFFIXES) or PurePosixPath(name).name == "Kustomization"


def _git(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(  # noqa: S603 - the arguments are ours, the reference is verified to be one
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - git is the user's
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        raise ToolMissing("git is not installed, so no base can be read; install it, or leave --base out") from None
