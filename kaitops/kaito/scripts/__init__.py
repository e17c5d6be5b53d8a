"""Our own scripts for the containers where KAITO embeds one.

Owns how a script file becomes the argument of a shell. The scripts do the same jobs as KAITO's, with the same inputs
(environment variables, image reference, directories, marker file), and are written anew.
"""

from functools import cache
from pathlib import Path

_HERE = Path(__file__).resolve().parent


@cache
def text(name: str) -> str:
    """A script, read once."""
    return (_HERE / name).read_text(encoding="utf-8")


def with_settings(name: str, **settings: str) -> str:
    """A shell script whose settings are assigned before it runs; values are quoted for the shell."""
    return "".join(f"{key}={quoted(value)}\n" for key, value in settings.items()) + text(name)


def quoted(value: str) -> str:
    """A value in single quotes, safe in a POSIX shell whatever it holds."""
    return "'" + value.replace("'", "'\\''") + "'"
