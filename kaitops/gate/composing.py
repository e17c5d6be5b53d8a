"""Texts that a chart makes while it is rendered and hands to ``tpl``, which renders them in turn.

What stands in templates, values and files is searched for what it asks. A text that is put together of them is not
there to be searched, so nobody knows what it asks: this says whether ``tpl`` may get one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

TPL = re.compile(r"(?<![\w.$-])tpl\b")
# What gives a text that stands nowhere: parts put together, cut out, decoded, or what another template writes.
_MAKES = re.compile(
    r"(?<![\w.$-])(?:include|template|print\w*|cat|join|concat|repeat|replace|nospace|reverse|mustReverse|trim\w*|trunc|substr|"
    r"abbrev\w*|initials|untitle|title|upper|lower|\w+case|wrap\w*|slice|split\w*|(?:mustR|r)egex\w*|b(?:64|32)dec|decryptAES|"
    r"(?:mustF|f)rom(?:Json|Yaml|Toml)\w*|urlJoin|urlParse|osBase|osDir|osClean|osExt|base|dir|clean|ext)\b"
)
_HELD = re.compile(r"(?<![\w.$-])(?:dict|list|tuple)\b")
_WRITTEN = re.compile(r"(?<![\w.$-])(?:to\w*(?:Yaml|Json|Toml)|toString\w*|s?quote)\b")
_ASSIGNED = re.compile(r"(?:(\$\w+)\s*,\s*)?(\$\w+)\s*:?=")
_VARIABLE = re.compile(r"\$\w+")
_ROOT = re.compile(r"(?<![\w.)])\.(\w*)")
_SETS = re.compile(r"(?<![\w.$-])(?:set|(?:mustM|m)erge\w*)\b")
_CALLS = re.compile(r'(?<![\w.$-])(?:include|template)\s+""\s*')
_BLOCK = re.compile(r"-?\s*(?:else\s+)?(?:with|range)\b")
# What the chart is called from: texts of the tree too, but ones that are not searched.
_FOREIGN = frozenset({"Template", "Release", "Capabilities"})
_MOST_CALLS, _MOST_SIGNS, _TOO_MANY = 50, 4096, "print"


def may_be(plains: Sequence[str]) -> bool:
    """Whether ``tpl`` may get a text that is made.

    Args:
        plains: what stands between the braces of all templates, each text in it as an empty one.
    """
    if not any(map(TPL.search, plains)):
        return False
    made = _made_variables(plains)
    if any(_SETS.search(plain) and _is_made(plain, made) for plain in plains):
        return True
    given = [argument for plain in plains for argument in _arguments(plain, TPL)]
    roots = {root for argument in given for root in _ROOT.findall(argument)}
    if roots & _FOREIGN or any(not argument or _is_made(argument, made) for argument in given):
        return True
    # A field of what the template was called with, or of what a block is about.
    return bool(roots - {"Values", "Files", "Chart"}) and any(_is_made(one, made) for one in _handed(plains))


def _made_variables(plains: Sequence[str]) -> frozenset[str]:
    # Which variables are given what is made of which ones.
    given: dict[str, set[str]] = {}
    waiting: list[str] = []
    for plain in plains:
        names = {name for found in _ASSIGNED.findall(plain) for name in found if name}
        if names and _is_made(plain, frozenset()):
            waiting += names
        for name in _VARIABLE.findall(plain) if names else ():
            given.setdefault(name, set()).update(names)
    made: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in made:
            made.add(name)
            waiting += given.get(name, ())
    return frozenset(made)


def _is_made(text: str, made: frozenset[str]) -> bool:
    listed = _HELD.search(text) and _WRITTEN.search(text)
    return bool(_MAKES.search(text) or listed) or not made.isdisjoint(_VARIABLE.findall(text))


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
