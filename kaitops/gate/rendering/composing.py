"""Texts that a chart makes while it is rendered and hands to ``tpl``, which renders them in turn.

What stands in templates, values and files is searched for what it asks. A text that is put together of them is not
there to be searched, so nobody knows what it asks: this says whether ``tpl`` may get one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

TPL = re.compile(r"(?<![\w.$-])tpl\b")
# What gives a text that stands nowhere: parts put together, cut out, decoded, or what another template writes.
_MAKES = re.compile(
    r"(?<![\w.$-])(?:include|template|block|print\w*|s?quote|cat|join|concat|repeat|replace|nospace|reverse|mustReverse|trim\w*|trunc|substr|"
    r"abbrev\w*|initials|untitle|title|upper|lower|\w+case|wrap\w*|slice|split\w*|(?:mustR|r)egex\w*|b(?:64|32)dec|decryptAES|"
    r"(?:mustF|f)rom(?:Json|Yaml|Toml)\w*|urlJoin|urlParse|osBase|osDir|osClean|osExt|base|dir|clean|ext)\b"
)
_HELD = re.compile(r"(?<![\w.$-])(?:dict|list|tuple)\b")
_WRITTEN = re.compile(r"(?<![\w.$-])(?:to\w*(?:Yaml|Json|Toml)|toString\w*|s?quote)\b")
_ASSIGNED = re.compile(r"(?:(\$\w+)\s*,\s*)?(\$\w+)\s*:?=")
_VARIABLE = re.compile(r"\$\w+")
_ROOT = re.compile(r"(?<![\w.)])\.(\w*)")
_SETS = re.compile(r"(?<![\w.$-])(?:set|(?:mustM|m)erge\w*)\b")
_CALLS = re.compile(r'(?<![\w.$-])(?:include|template|block)\s+""\s*')
_BLOCK = re.compile(r"-?\s*(?:else\s+)?(?:with|range)\b")
# What the chart is called from: texts of the tree too, but ones that are not searched.
_SEARCHED = frozenset({"Values", "Files", "Chart"})
_FOREIGN = frozenset({"Template", "Release", "Capabilities"})
_MOST_CALLS, _MOST_SIGNS, _TOO_MANY = 50, 4096, "print"


def may_be(plains: Sequence[str]) -> bool:
    """Whether ``tpl`` may get a text that is made.

    Args:
        plains: what stands between the braces of all templates, each text in it as an empty one.
    """
    if not any(map(TPL.search, plains)):
        return False
    of = _Variables(plains)
    lists = of.reached(lambda text: _HELD.search(text) is not None)

    def makes(text: str) -> bool:
        listed = _HELD.search(text) is not None or of.names(text, lists)
        return _MAKES.search(text) is not None or (listed and _WRITTEN.search(text) is not None)

    made = of.reached(makes)

    def is_made(text: str) -> bool:
        return makes(text) or of.names(text, made)

    if any(_SETS.search(plain) and is_made(plain) for plain in plains):
        return True
    given = [argument for plain in plains for argument in _arguments(plain, TPL)]
    foreign = of.reached(lambda text: not _FOREIGN.isdisjoint(_roots(text)))
    if any(not one or is_made(one) or of.names(one, foreign) or _roots(one) & _FOREIGN for one in given):
        return True
    # A field of what the template was called with, or of what a block is about.
    fed = of.reached(lambda text: bool(_roots(text) - _SEARCHED))
    if any(_roots(one) - _SEARCHED or of.names(one, fed) for one in given):
        return any(is_made(one) or len(_HELD.findall(one)) > 1 for one in _handed(plains))
    return False


def _roots(text: str) -> set[str]:
    return set(_ROOT.findall(text))


class _Variables:
    """Which variables of a chart are given what is made of which ones."""

    def __init__(self, plains: Sequence[str]) -> None:
        self._given: dict[str, set[str]] = {}
        self._assigned: list[tuple[set[str], str]] = []
        for plain in plains:
            names = {name for found in _ASSIGNED.findall(plain) for name in found if name}
            if names:
                self._assigned.append((names, plain))
                for name in _VARIABLE.findall(plain):
                    self._given.setdefault(name, set()).update(names)

    def reached(self, of: Callable[[str], bool]) -> frozenset[str]:
        """Those that are given something of a sort, at once or by another one."""
        waiting = [name for names, plain in self._assigned if of(plain) for name in names]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting += self._given.get(name, ())
        return frozenset(found)

    @staticmethod
    def names(text: str, some: frozenset[str]) -> bool:
        """Whether a text names one of some variables."""
        return not some.isdisjoint(_VARIABLE.findall(text))


def _handed(plains: Iterable[str]) -> Iterator[str]:
    for plain in plains:
        yield from _arguments(plain, _CALLS)
        if found := _BLOCK.match(plain):
            yield plain[found.end() :]


def _arguments(plain: str, of: "re.Pattern[str]") -> Iterator[str]:
    """What stands first after each place where something is called; of too many, or too long a one, something made."""
    for count, found in enumerate(of.finditer(plain)):
        if count == _MOST_CALLS:
            yield _TOO_MANY
            return
        rest = plain[found.end() :].lstrip()
        yield _closed(rest) if rest.startswith("(") else re.split(r"[\s|)]", rest, maxsplit=1)[0]


def _closed(text: str) -> str:
    depth = 0
    for place, sign in enumerate(text[:_MOST_SIGNS]):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return text[: place + 1]
    return _TOO_MANY
