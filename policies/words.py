"""Flags as programs take them: whole, cut short as argparse allows, with either dash, broken up by a shell's quotes.

Owns patterns that hold for Python and for CEL alike. Judges nothing.
"""

_QUOTE = r"""["'\\]*"""
_DASH = "[-_]"
_TRUE = "(?i:true|1|yes|on)"


def abbreviated(flag: str, least: int) -> str:
    """A pattern for a long flag, without its dashes, and each beginning of it from ``least`` characters on."""
    parts = [_DASH if char == "-" else char for char in flag]
    pattern = ""
    for part in reversed(parts[least:]):
        pattern = f"({part}{_QUOTE}{pattern})?"
    return _QUOTE.join(parts[:least]) + _QUOTE + pattern


def as_flag(flag: str, least: int) -> str:
    """A pattern for the flag as a word of a command line, also within the text that a shell gets."""
    return f"(^|[^a-zA-Z0-9-])-{_QUOTE}-{_QUOTE}{abbreviated(flag, least)}($|[^a-zA-Z0-9_-])"


def as_setting(flag: str) -> str:
    """A pattern for the flag as a key that is set: in YAML, JSON or code."""
    return f"(?i:{_DASH.join(flag.split('-'))}){_QUOTE}[ ]*[=:][ ]*{_QUOTE}{_TRUE}"


def bare(flag: str) -> str:
    """A pattern for the flag's own words, without the dashes that another variable may bring."""
    return f"(^|[^a-zA-Z0-9_-]){_DASH.join(flag.split('-'))}($|[^a-zA-Z0-9_-])"
