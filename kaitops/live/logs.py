"""The text of a server's log: its letters, without the colours that it is painted in."""

import codecs
import re

_PAINT = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(raw: bytes) -> str:
    """What a file holds that a shell wrote a log into: a shell of Windows may write UTF-16, a server any byte."""
    return plain(raw.decode("utf-16" if raw.startswith(_WIDE) else "utf-8-sig", "replace"))


def plain(text: str) -> str:
    """A log without what orders a terminal about, which would stand between a sign and the start of its line."""
    return _PAINT.sub("", text)
