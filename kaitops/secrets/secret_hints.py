"""Whether an object needs to be searched for secrets at all, told by its keys and texts one by one.

Most of them are the same in all objects of a tree: a kind, a size, a label. Each is looked at once.
"""

from collections.abc import Callable, Iterable

from kaitops.secrets import secret_names, tokens

_LONGEST = 256
_MOST = 16384


class Search:
    """A search that looks at each text once.

    Args:
        finds: whether a text holds what is searched for.
    """

    def __init__(self, finds: Callable[[str], bool]) -> None:
        self._finds = finds
        self._harmless: set[str] = set()

    def hits(self, texts: Iterable[str]) -> bool:
        """Whether it finds something in any of them."""
        for text in [text for text in texts if text not in self._harmless]:
            if self._finds(text):
                return True
            if len(text) <= _LONGEST and len(self._harmless) < _MOST:
                self._harmless.add(text)
        return False


_HINTS = Search(lambda text: bool(tokens.find(text)) or secret_names.is_hint(text))


def may_hold(texts: Iterable[str]) -> bool:
    """Whether an object of these keys and texts may hold a secret, by its look or by a name."""
    return _HINTS.hits(texts)
