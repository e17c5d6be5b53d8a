"""Which kinds a rule of one's own may name: a form that no object has would keep it from ever being asked.

Owns the forms and what is meant by a wrong one. The groups that Kubernetes gives no dot, and the core group's kinds,
are facts of ``presets/kinds.json``.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import cast

from kaitops.errors import nearest
from kaitops.kaito import facts
from kaitops.policies import index

_KIND = re.compile(r"[A-Z][A-Za-z0-9]*")
_VERSION = re.compile(r"v[0-9]+((alpha|beta)[0-9]+)?")
# How resources of Azure are called, which rules of Pulumi programs are asked of.
_AZURE = re.compile(r"Microsoft\.[A-Za-z]+(/[A-Za-z]+)+")
# So near that no two real kinds of one group are.
_ALIKE = 0.9


def problem(kinds: object) -> str | None:
    """Why a rule with these kinds is not asked of what it is for, and what to write; None where it is asked."""
    if not isinstance(kinds, tuple | list):
        text = str(kinds)
        return f"are {kinds!r}, and a rule has a tuple of texts; write ({(_wrong(text) and _nearest(text)) or text!r},)"
    return next(filter(None, map(_wrong, cast("Sequence[object]", kinds))), None)


def _wrong(named: object) -> str | None:
    if not isinstance(named, str):
        parts = cast("Sequence[object]", named) if isinstance(named, tuple | list) else ()
        meant = _nearest("/".join(one for one in parts if isinstance(one, str))) or "apps/Deployment"
        return f"hold {named!r}, and each is one text, group and kind with a slash between; write {meant!r}"
    if named == "*" or _AZURE.fullmatch(named):
        return None
    group, slash, kind = named.rpartition("/")
    own = facts.load(".", "kinds.json")
    if slash and not group:
        fact = "a kind of the core group has no slash before it"
    elif "/" in group or _VERSION.fullmatch(group):
        fact = "the version is no part of it"
    elif not slash and kind not in own["core"]:
        fact = "the core group has no such kind, and others are named with their group"
    elif slash and "." not in group and group not in own["undotted"]:
        fact = "Kubernetes has no such group"
    elif not _KIND.fullmatch(kind):
        fact = "a kind begins with a capital and has letters and digits"
    elif slash and named not in _known() and _alike(named):
        fact = "the group has no such kind"
    else:
        return None
    meant = _nearest(named)
    what = f"write {meant!r}" if meant else "name the kind with its group, as in 'kaito.sh/Workspace'"
    return f"hold {named!r}, which no object is: {fact}; {what}"


def _alike(named: str) -> bool:
    """A slip of a kind that its group has."""
    group, _, kind = named.rpartition("/")
    beside = [other for there, _, other in (one.rpartition("/") for one in _known()) if there == group]
    return bool(nearest(kind, beside, cutoff=_ALIKE))


def _nearest(named: str) -> str | None:
    """What is meant: the same without a version or the core group's name, a kind of that name, or the most alike."""
    parts = [part for part in named.split("/") if part and not _VERSION.fullmatch(part)]
    if not parts:
        return None
    kind, known = parts[-1].lower(), sorted(_known())
    plain = "/".join(parts).lower()
    for one in known:
        if one.lower() == plain:
            return one
    alone = {one.rpartition("/")[2].lower(): one for one in reversed(known)}
    wanted = {one.lower(): one for one in known}
    found = nearest(kind, alone, cutoff=_ALIKE) or nearest(plain, wanted)
    if found:
        return alone.get(found[0]) or wanted[found[0]]
    return "/".join(parts) if len(parts) == 2 and "." in parts[0] and _KIND.fullmatch(parts[1]) else None


@cache
def _known() -> frozenset[str]:
    return frozenset(_names())


def _names() -> Iterator[str]:
    """The kinds that something here knows."""
    own = facts.load(".", "kinds.json")
    yield from own["core"]
    for group, kinds in own["known"].items():
        yield from (f"{group}/{kind}" for kind in kinds if group)
    yield from facts.load(".", "kubernetes.json")["served"]
    for rule in index.read().values():
        yield from (kind for kind in rule["kinds"] if kind != "*" and not _AZURE.fullmatch(kind))
    yield from (f"kaito.sh/{kind.rpartition('/')[2]}" for kind in facts.load(facts.newest(), "schema.json")["kinds"])
