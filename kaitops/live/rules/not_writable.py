"""A server whose user has no name, no home, or nowhere to write."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = r"getpwuid\(\): uid not found|PermissionError|Permission denied|Read-only file system"


def _find(view: View) -> Said | None:
    return signs.by_crash(
        view,
        _PATTERN,
        "the server may not write where it does: its user has no name or home, or the folder is closed to it",
        "kaitops render (gives custom servers a home and caches that they may write)",
        "in a template of your own: variables USER and HOME, and an emptyDir where the line above says",
    )


RULE = Rule(
    "not-writable",
    "engine",
    "degraded",
    "the server's user has no name or home, or may not write its caches",
    "the server ends on every start",
    _find,
)
