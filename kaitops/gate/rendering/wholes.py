"""Templates that write out, or look into, the whole of what helm hands them: what it holds of the cluster is among it.

One field of it is found by its name. Of the whole nobody knows which part is looked at.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

_WRITES = re.compile(
    r"(?<![\w.$-])(?:print\w*|to\w*(?:Yaml|Json|Toml)|toString\w*|s?quote|cat|join|html|js|urlquery|values|keys|index|get|dig|"
    r"pluck|pick|omit|deepCopy|mustDeepCopy|range|sha\d*sum|hasKey|len|default|coalesce|ternary)\b"
)
_HOLDS = re.compile(r"\(\s*(?:dict|list|tuple)\b")
_PIPED = re.compile(r"(?:^|[(|=]|\b(?:if|with|range)\s)\s*-?\s*(\$\w*|\.)\s*\|")
_ALIAS = re.compile(r"^-?\s*(\$\w+)\s*:?=\s*(\$\w*|\.)\s*-?$")
_OPENS = re.compile(r"^-?\s*(if|with|range|define|block)\b")
_ENDS = re.compile(r"^-?\s*end\b")
_CALLED = re.compile(r'(?<![\w.$-])(?:include|template)\s+""\s+(\$\w*|\.)(?![\w.])')
_MOST_CALLS, _MOST_SIGNS = 100, 2048


def are_written(files: Sequence[Sequence[tuple[str, Sequence[str]]]]) -> bool:
    """Whether a chart does so.

    Args:
        files: what stands between the braces of each template in order, each text in it as an empty one, and the texts.
    """
    written: set[str] = set()
    called: set[str] = set()
    for actions in files:
        # Of each open block: the template that it is in, if not the file itself, and whether the dot is another.
        roots, inside = {"$"}, [("", False)]
        for plain, texts in actions:
            scope, moved = inside[-1]
            held = roots if moved else {*roots, "."}
            if found := _ALIAS.match(plain.strip()):
                roots |= {found[1]} if found[2] in held else set()
            elif _are_among(plain, held):
                if not scope:
                    return True
                written.add(scope)
            if any(one in held for one in _CALLED.findall(plain)):
                called.update(texts)
            if opened := _OPENS.match(plain):
                defines = opened[1] in {"define", "block"}
                name = texts[0] if defines and texts else scope
                inside.append((name, not defines and (moved or opened[1] != "if")))
            elif _ENDS.match(plain) and len(inside) > 1:
                inside.pop()
    return not written.isdisjoint(called)


def _are_among(plain: str, roots: set[str]) -> bool:
    piped = any(found[1] in roots and _WRITES.search(plain, found.end()) for found in _PIPED.finditer(plain))
    writes = list(islice(_WRITES.finditer(plain), _MOST_CALLS + 1))
    # Of very many nobody looks at each.
    many = len(writes) > _MOST_CALLS
    return piped or many or any(one in roots for found in writes for one in _given(plain, found.end()))


def _given(plain: str, start: int) -> Iterator[str]:
    """What a function is given, with what a list or a mapping among it holds."""
    depth, opened, word = 0, list[bool](), ""
    for place in range(start, min(len(plain), start + _MOST_SIGNS)):
        sign = plain[place]
        if sign in "()| \t\n,":
            if word and all(opened):
                yield word
            word = ""
        else:
            word += sign
        if sign == "(":
            depth += 1
            opened.append(_HOLDS.match(plain, place) is not None)
        elif sign == ")":
            depth -= 1
            if depth < 0:
                return
            opened.pop()
        elif sign == "|" and depth == 0:
            return
    if word and all(opened):
        yield word
