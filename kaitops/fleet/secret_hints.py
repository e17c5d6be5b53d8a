"""Whether an object needs to be searched for secrets at all, told by its keys and texts one by one.

Most of them are the same in all objects of a tree: a kind, a size, a label. Each is looked at once.
"""

from collections.abc import Iterable

from kaitops.fleet import secret_names, tokens

_LONGEST = 256
_MOST = 16384
_harmless: set[str] = set()


def may_hold(texts: Iterable[str]) -> bool:
    """Whether an object of these keys and texts may hold a secret, by its look or by a name."""
    new = [text for text in texts if text not in _harmless]
    for text in new:
        if tokens.find(text) or secret_names.is_hint(text):
            return True
        if len(text) <= _LONGEST and len(_harmless) < _MOST:
            _harmless.add(text)
    return False
