"""What a file may hold, by its name and its first bytes, for files that nobody parses.

A guess errs on one side: what may be an object is said to be one.
"""

import os
import re
import stat
from pathlib import Path

from kaitops.documents.source import MAX_BYTES
from kaitops.tree.layout import CONTEXT_FILE

CHART = "Chart.yaml"
"""What makes a folder a chart of Helm's."""
KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_SWITCHES = {".checkov.yaml", ".checkov.yml", ".checkov.baseline"}
# What Argo CD and Flux read of a folder beside its objects.
_STEERING = (".argocd-source", ".sourceignore")
_SNIFFED_BYTES = 1024 * 1024
_MARKS = (b"apiVersion", b"kind")
# A name may be written in base64, by a tag in any of its forms.
_TAGGED = re.compile(rb"(?:^|[\s{\[,?:-])![!<]|^%TAG", re.MULTILINE)


def cluster_of(path: str) -> str:
    """The nearest folder above a path in which a context file says of which cluster it is, or nothing."""
    return next((str(one) for one in Path(path).parents if (one / CONTEXT_FILE).is_file()), "")


def kustomization_of(folder: str | os.PathLike[str]) -> Path | None:
    """The file that makes a folder a kustomization; None where it has none."""
    return next((path for name in KUSTOMIZATIONS if os.path.isfile(path := Path(folder, name))), None)


def switch(name: str) -> str | None:
    """What a file of a name does to others, where it is there to steer a tool; None for any other."""
    if name in _SWITCHES:
        return "is a configuration that can switch checkov off for this tree, so it is refused; remove it, exempt by id"
    if name.startswith(_STEERING):
        return (
            "lets Argo CD or Flux change objects or leave them out after they are judged, so what the cluster gets was "
            "not judged; remove it"
        )
    return None


def may_hold_object(raw: bytes) -> bool:
    """Whether an object can stand in a text, however it is written."""
    # An escape can stand for any sign of the two names, and a text in UTF-16 shows none of them.
    return all(mark in raw for mark in _MARKS) or b"\\" in raw or b"\0" in raw or bool(_TAGGED.search(raw))


def looks_like_manifest(path: str) -> bool:
    """Whether a file shows an object at its beginning, as no prose and no program does."""
    raw = _head(path)
    if b"\0" in raw or not all(mark in raw for mark in _MARKS):
        return False
    starts = {line.lstrip(b" \t\"'{-")[:12] for line in raw.split(b"\n")}
    return all(any(start.startswith(mark) for start in starts) for mark in _MARKS)


def file_may_hold_object(path: str) -> bool:
    """The same of a file that nothing reads: all of it counts, and what is too large to be read may hold anything."""
    raw = _head(path, MAX_BYTES + 1)
    return len(raw) > MAX_BYTES or may_hold_object(raw)


def _head(path: str, count: int = _SNIFFED_BYTES) -> bytes:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116
            return b""
        with open(path, "rb") as stream:
            return stream.read(count)
    except OSError:
        return b""  # neither ours nor readable: a socket, a broken link
