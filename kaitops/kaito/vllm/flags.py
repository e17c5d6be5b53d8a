"""The flags of one vLLM as facts: names, types, ranges, choices.

Owns the look-up by the name that somebody wrote. What a value is worth is in ``values``, what happens on the way from a
configuration to the server in ``handing``.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from kaitops.documents.plain import Object
from kaitops.errors import nearest
from kaitops.kaito import facts

FILE = "vllm.json"
SWITCHES = ("switch", "bare")
_NO = "no-"


class Flag(NamedTuple):
    """One flag.

    Attributes:
        name: without dashes before it.
        type: ``switch`` (takes no value; ``no-`` before its name turns it off), ``bare`` (takes none and is only ever
            turned on), ``text``, ``name`` (text whose case does not count), ``folded`` (nor whether it has dashes
            or underscores), ``int``, ``float``, ``size`` (a number
            that may end in k, M, ...), ``size or auto``, ``json``, ``object`` (JSON with known keys), ``text or json``.
        optional: an empty value and ``None`` mean that nothing is set.
        choices: the only values; None where there is no such list.
        limits: ``min``, ``max``, ``above``, ``below``, as far as there are any.
        keys: of an ``object``, with the kind of each value or those of an object within it; None where nobody knows.
        shape: what the JSON must be, ``object`` or ``array``; empty where either is taken.
        entries: what the values of the JSON object must be, ``text``, ``object`` or ``count`` (a number or an
            object); empty where they may be anything.
        is_open: keys that an ``object`` does not know are passed over, not refused.
        is_filled: an empty value and ``None`` are refused.
        pattern: that the whole value must match; empty where it may be any.
        sizes: numbers in its JSON may end in k, M, ...
    """

    name: str
    type: str
    optional: bool = False
    choices: tuple[str | int, ...] | None = None
    limits: Mapping[str, float] = {}
    keys: Object | None = None
    shape: str = ""
    entries: str = ""
    is_open: bool = False
    is_filled: bool = False
    pattern: str = ""
    sizes: bool = False

    @property
    def takes_no_value(self) -> bool:
        """Whether the flag alone says it all."""
        return self.type in SWITCHES


class Table:
    """The flags of the vLLM that one KAITO version ships.

    Attributes:
        version: of vLLM.
        own: flags that KAITO's command line has already, with what it takes their value from.
        parts: flags of which KAITO's command line sets a part.
        named: flags whose text is the name of a part of vLLM, with the names there are. The parser takes any text.
        deprecated: of these, names that the server takes with ``allow-deprecated-quantization`` only.
    """

    def __init__(self, document: Object) -> None:
        self.version: str = document["vllm"]
        self.own: Mapping[str, str] = document["own"]
        self.parts: frozenset[str] = frozenset(document["parts"])
        self.named: Mapping[str, Sequence[str]] = document["named"]
        self.deprecated: Mapping[str, Sequence[str]] = document["deprecated"]
        self._sizes: bool = document["sizesInJson"]
        self._rows: Mapping[str, Object] = document["flags"]
        self._negated = {_NO + name: name for name, row in self._rows.items() if row["type"] == "switch"}

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def get(self, name: str) -> Flag | None:
        """The flag of exactly this name, for ``no-`` and the name of a switch the switch itself."""
        name = self._negated.get(name, name)
        row = self._rows.get(name)
        if row is None:
            return None
        limits = {key: row[key] for key in ("min", "max", "above", "below") if key in row}
        choices = tuple(row["choices"]) if "choices" in row else None
        return Flag(
            name, row["type"], row.get("optional", False), choices, limits, row.get("keys"), row.get("shape", ""),
            row.get("entries", ""), row.get("open", False), row.get("filled", False), row.get("pattern", ""),
            self._sizes,
        )  # fmt: skip

    def is_negated(self, name: str) -> bool:
        """Whether a name is ``no-`` before that of a switch."""
        return name in self._negated

    def completions(self, start: str) -> list[str]:
        """Names that start so; the server takes a start for the whole where there is one only."""
        return [name for name in (*self._rows, *self._negated) if name.startswith(start)]

    def near(self, name: str) -> list[str]:
        """Names that look like a given one, best first."""
        return nearest(name, [*self._rows, *self._negated], 2, 0.6)


@cache
def table(version: str) -> Table | None:
    """The flags of a KAITO version; None where none are held."""
    if version not in facts.versions() or not (facts.root() / version / FILE).is_file():
        return None
    return Table(facts.load(version, FILE))
