"""Signs that a reader does not see or a terminal acts on, and texts that a CI system takes for a command.

Owns what these are, once, for whoever writes a text that others wrote a part of: files of YAML and reports alike.
"""

import re

HIDDEN = (
    "\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""The inside of a character class: control signs, direction marks, signs without width, halves of pairs."""
_HIDDEN = f"[{HIDDEN}]"
# Azure's agent and GitHub's runner look for theirs anywhere in a line, GitHub's newer form stands at its start, after
# blanks; GitLab folds what stands between two marks.
_COMMAND = r"(?a)##(?=\w{0,32}\[)|section_(?=(?:start|end):)|(?m:^[^\S\n]*::)"
_MARKS = ("##", "section_", "::")
_WITHIN = r"(?a)::(?=[A-Za-z][\w-]*(?: [^:\n]*)?::)"


def is_plain(text: str) -> bool:
    """Whether a text holds nothing of this."""
    if text.isascii() and text.isprintable():
        return not is_command(text)
    return re.search(_HIDDEN, text) is None and not is_command(text)


def is_command(text: str) -> bool:
    """Whether a CI system that prints the text could take a part of it for a command."""
    return any(mark in text for mark in _MARKS) and re.search(_COMMAND, text) is not None


def shown(match: re.Match[str]) -> str:
    r"""A sign as people see it: ``\x1b``, ``\u202e``, and ``\xff`` for a byte of a name that is no UTF-8."""
    code = ord(match.group())
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def broken(text: str, sign: str) -> str:
    r"""The text with one sign of each command written otherwise.

    Args:
        sign: how it is escaped, with the place for its two hexadecimal digits: ``\x{}`` or ``\u00{}``.
    """
    if not any(mark in text for mark in _MARKS):
        return text
    return re.sub(_COMMAND, lambda match: match.group()[:-1] + sign.format(f"{ord(match.group()[-1]):02x}"), text)


def broken_within(text: str) -> str:
    """A text of one line with what would be a command of GitHub if the line began there written otherwise."""
    return re.sub(_WITHIN, r":\\x3a", text) if "::" in text else text
