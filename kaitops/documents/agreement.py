"""Whether kubectl and kustomize take a scalar of a manifest for the same value.

kubectl, Argo CD and Helm read with go-yaml v2, kustomize and Flux with go-yaml v3 and what kustomize does to it. Found
by reading generated texts with all of them; what a plain scalar means to each is in ``scalars``.
"""

import re
from typing import Any

from kaitops.documents import scalars

_BLOCKS = ("|", ">")
_STRIPPED = re.compile(r"[|>](?:[1-9]?-|-[1-9]?)")
_FURTHER_IN = re.compile(r"^[ \t]", re.MULTILINE)


def disputed(event: Any, text: str, *, flow: bool) -> str | None:
    """Why they do not, and what to write; None where they do.

    Args:
        event: the scalar.
        text: of the whole file.
        flow: it stands in brackets or braces.
    """
    value: str = event.value
    if not event.style:
        reason = scalars.disputed(value) if event.tag is None else None
        if reason is None and flow:
            if not value:
                return "is missing, which is null to kubectl and an empty text to kustomize; write null or ''"
            reason = "has a '?' within brackets, which ends it for some readers" if "?" in value else None
        return reason and f"{reason}; quote it, or write in full what is meant"
    if event.style in _BLOCKS:
        return _disputed_block(event, value, text)
    if event.style == '"' and "\\/" in _written(event, text):
        return "has the escape '\\/', which is none to kubectl; write '/'"
    return None


def _disputed_block(event: Any, value: str, text: str) -> str | None:
    header = _written(event, text).partition("\n")[0]
    if event.style == ">" and _FURTHER_IN.search(value):
        return "is folded with lines further in, which kustomize writes with more line breaks; use '|' for it"
    if event.end_mark.index >= len(text) and not text.endswith("\n") and not _STRIPPED.search(header):
        return "ends with the file and without a line feed, which kubectl adds and kustomize does not; add it"
    if "+" in header and (event.style == ">" or not value.strip("\n") or "\r" in text):
        return "keeps empty lines at its end, which kustomize counts differently; write it as '|' or in quotes"
    return None


def _written(event: Any, text: str) -> str:
    return text[event.start_mark.index : event.end_mark.index]
