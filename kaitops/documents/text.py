"""From bytes to a text that every reader of YAML cuts into the same lines and documents.

Owns what is refused before anything is parsed. What readers disagree on here is where a document or a line ends:
kubectl cuts a stream at lines of ``---``, kustomize and YAML itself elsewhere.
"""

import re

from kaitops.errors import BadInput

_ODD_BREAK = "\r(?!\n)|[\x85\u2028\u2029\ufeff]"
_MARKER = re.compile(r"^(?:---(?![ \t]*\r?$|[ \t]+#)|%|\.\.\.(?=[ \t\r\n]|\Z))", re.MULTILINE)
_SIGNS = ("---", "%", "...")
_NOTHING_AFTER = re.compile(r"\.\.\.[ \t\r]*(?:\Z|\n[ \t\r\n]*(?:\Z|---))")
_ODD = {
    "-": "text on the line of '---', where kubectl, kustomize and YAML end a document differently; start a new line",
    "%": "a line that starts with '%' is a directive to some readers and text to others; remove it",
    ".": "a document goes on after '...', which kubectl does not read; separate documents by '---'",
}


def decode(raw: bytes, name: str) -> str:
    """The text of a file.

    Raises:
        BadInput: it is not UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"{name}:{line}: byte {error.start} (0x{raw[error.start]:02x}) is not UTF-8, so the text cannot be read "
            "reliably; save the file as UTF-8"
        ) from None


def require_common_lines(text: str, name: str) -> None:
    """Refuse what ends a line for some readers only.

    Raises:
        BadInput: with file and line.
    """
    if text[:1].isspace() and text[:1] not in " \t\r\n":
        raise BadInput(f"{name}:1: begins with U+{ord(text[0]):04X}, a space to some readers only; remove it")
    if ("\r" in text or not text.isascii()) and (odd := re.search(_ODD_BREAK, text)):
        sign = f"U+{ord(odd.group()):04X}"
        raise BadInput(
            f"{name}:{_line(text, odd.start())}: {sign} ends a line or begins a text for some YAML readers and "
            "not for others; end lines with a line feed, and write the sign as an escape within double quotes"
        )


def require_common_documents(text: str, name: str) -> None:
    """Refuse what ends a document for some readers only.

    Raises:
        BadInput: with file and line.
    """
    # A pattern tries each line, and next to no text holds a sign of one.
    if not text.startswith(_SIGNS) and not any(f"\n{sign}" in text for sign in _SIGNS):
        return
    for marker in _MARKER.finditer(text):
        sign = marker.group()[0]
        if sign != "." or not _NOTHING_AFTER.match(text, marker.start()):
            raise BadInput(f"{name}:{_line(text, marker.start())}: {_ODD[sign]}")


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
