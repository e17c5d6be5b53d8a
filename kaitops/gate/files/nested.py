"""Other repositories within what is judged: their content is not the change's, whatever lies in the folder now."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from kaitops.documents import source
from kaitops.errors import BadInput

_PATH = rb"(?m)^[ \t]*path[ \t]*=[ \t]*(.+?)[ \t]*$"


def modules(sources: Sequence[str], paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The folder of each submodule or repository below what was named, with what is the matter.

    Args:
        sources: the files that were read.
        paths: what was named.
    """
    roots = [os.path.realpath(name) for name in paths if name != "-"]
    seen: dict[str, bool] = {}
    for file in sources:
        folder = os.path.dirname(file)  # noqa: PTH120 - once a file of a tree: pathlib would double the time
        while folder and folder not in seen and file != "-" and os.path.realpath(folder) not in roots:
            seen[folder] = os.path.lexists(os.path.join(folder, ".git"))
            if seen[folder]:
                yield (
                    folder,
                    "is another repository, so neither its commit nor what it was before is judged; "
                    "vendor the manifests, or judge it where it is kept",
                )
            folder = os.path.dirname(folder)  # noqa: PTH120
    for root in roots:
        yield from _absent(root)


def _absent(root: str) -> Iterator[tuple[str, str]]:
    top = next((str(one) for one in (Path(root), *Path(root).parents) if (one / ".git").exists()), None)
    if top is None or not os.path.lexists(f"{top}/.gitmodules"):
        return
    try:
        listed = re.findall(_PATH, source.read(f"{top}/.gitmodules"))
    except BadInput:
        listed = [b"."]
    for raw in listed:
        path = os.path.normpath(os.path.join(top, os.fsdecode(raw.strip(b'"'))))
        below = path.startswith(root.rstrip("/") + "/")
        if below and not (os.path.isdir(path) and any(one.name != ".git" for one in Path(path).iterdir())):
            text = "is a submodule that is not checked out, so nothing of it was judged; vendor the manifests"
            yield os.path.relpath(path), text
