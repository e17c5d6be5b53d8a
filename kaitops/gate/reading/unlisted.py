"""Files beside a kustomization that no kustomization lists: whoever applies the folder never gets them."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kaitops.documents.plain import mapping
from kaitops.documents.reader import Document
from kaitops.gate.files.sniffing import KUSTOMIZATIONS
from kaitops.gate.overlays.graph import Kustomization
from kaitops.tree.layout import CONTEXT_FILE

_PASSED_OVER = frozenset({CONTEXT_FILE, *KUSTOMIZATIONS})


def note(file: str) -> str:
    """What to say of such a file."""
    folder, _ = os.path.split(file)
    return (
        f"{file}: no kustomization lists it, so whoever applies {folder or 'the folder'} does not get it; it "
        "was judged all the same; list it, or remove it"
    )


def files(known: Mapping[str, Kustomization], read: Iterable[tuple[str, Sequence[Document]]]) -> Iterator[str]:
    """Each such file that holds an object.

    Args:
        known: the kustomizations by folder.
    """
    listed = {file for one in known.values() for file in one.files()}
    real: set[str] = set()
    for file, documents in read:
        folder, name = os.path.split(file)
        if folder not in known or name in _PASSED_OVER or os.path.normpath(file) in listed:
            continue
        if not any("kind" in mapping(one.data) and "apiVersion" in mapping(one.data) for one in documents):
            continue
        # Once a file is in question: another kustomization may list it by another way.
        real = real or {os.path.realpath(one) for one in listed}
        if os.path.realpath(file) not in real:
            yield file
