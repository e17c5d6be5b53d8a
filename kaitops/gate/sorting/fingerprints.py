"""What makes a finding the same one in another version of a tree: file, rule, object, path, and the value there.

No line is in it, so that text that moves changes nothing; the value is, so that another fault in the same place is
another finding.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable

from kaitops.documents import source
from kaitops.documents.plain import Path, at
from kaitops.errors import BadInput
from kaitops.gate.checks import BINDING
from kaitops.gate.objects import Group, Item
from kaitops.report.findings import Finding

_OF_THE_CHANGE = frozenset({"change", "cost", "authority", "exemption"})


def is_lasting(one: Finding) -> bool:
    """It is about what the tree holds, so that another version of the tree may have it as well."""
    return not one.unjudged and one.check not in _OF_THE_CHANGE


def is_excusable(one: Finding) -> bool:
    """It may be put off: the cluster takes the object, and it was judged."""
    return is_lasting(one) and one.rule not in BINDING


# Where a finding is about all of an object, and not about what stands there.
_WHOLE: tuple[Path, ...] = ((), ("kind",), ("metadata", "name"))


class Prints:
    """Makes the fingerprints of the findings of one tree.

    Args:
        groups: the objects of the tree.
        place: from the name of a file to one that is the same in every version of the tree.
    """

    def __init__(self, groups: Iterable[Group], place: Callable[[str], str]) -> None:
        self._place = place
        self._items: dict[str, list[Item]] = {}
        self._seen: Counter[str] = Counter()
        self._texts: dict[str, str] = {}
        for group in groups:
            for item in group.items:
                self._items.setdefault(item.subject, []).append(item)

    def of(self, one: Finding) -> str:
        """The fingerprint of a finding. One that is like one before it gets another."""
        parts = (self._place(one.file), one.rule, one.subject, *map(str, one.path), self._value(one))
        digest = _sha256("\0".join(parts).encode("utf-8", "surrogatepass"))[:32]
        self._seen[digest] += 1
        number = self._seen[digest]
        return digest if number == 1 else f"{digest}:{number}"

    def item(self, one: Finding) -> Item | None:
        """The object that a finding is about; the one that stands where it points to, where several have its name."""
        named = self._items.get(one.subject, [])
        if len(named) < 2:
            return next(iter(named), None)
        point = (one.file, one.line)
        return next((item for item in named if item.document.place([*item.prefix, *one.path])[:2] == point), named[0])

    def _value(self, one: Finding) -> str:
        item = self.item(one)
        if item is None:
            return one.message + self._text(one.file)
        if one.path in _WHOLE:
            return json.dumps(item.data, sort_keys=True, default=str)
        return json.dumps(at(item.data, *one.path), sort_keys=True, default=str)

    def _text(self, file: str) -> str:
        """What stands for a file that something was found in beside all objects, such as a token in a comment."""
        if file not in self._texts:
            try:
                self._texts[file] = _sha256(source.read(file))
            except BadInput:
                self._texts[file] = ""
        return self._texts[file]


def _sha256(data: bytes) -> str:
    # What a change is found to do has no print more often than not, and OpenSSL takes its time to load.
    from hashlib import sha256

    return sha256(data).hexdigest()
