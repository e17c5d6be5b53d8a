"""The file for ``pulumi import --file``, written by a script where only Azure knows an id.

Owns the form of entries and of the script, one line an entry, so that what is not there yet can be taken out by hand.
Where nothing has to be asked for, the file is complete without it.
"""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaitops.documents.plain import MutableObject

_HEAD = """#!/bin/sh
# Writes import.json for: pulumi import --yes --generate-code=false --file import.json
# Take out the line of what is not there yet: it is made later. Names of role assignments are asked for.
set -eu
entries=
add() {
  if [ -z "$2" ]; then echo "not there, so left out: $1" >&2; return; fi
  entries="$entries${entries:+,
}{$1, \\"id\\": \\"$2\\"}"
}
inside() {
  entries="$entries${entries:+,
}{$1}"
}
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource of the file.

    Attributes:
        parent, provider: names in the file or in its table; empty for none.
        id: as the provider knows it; None for a component.
        lookup: a shell command that tells the id, where nobody here knows it.
    """

    type: str
    name: str
    parent: str = ""
    provider: str = ""
    id: str | None = None
    lookup: str = ""

    @property
    def told(self) -> MutableObject:
        """The entry without its id."""
        found: MutableObject = {"type": self.type, "name": self.name}
        if self.id is None:
            found["component"] = True
        if self.parent:
            found["parent"] = self.parent
        if self.provider:
            found["provider"] = self.provider
        return found


def file(entries: Sequence[Entry], names: Mapping[str, str]) -> MutableObject:
    """The file itself; of entries whose id has to be asked for it holds none.

    Args:
        names: URNs of what is in the state already, by the names that entries call them.
    """
    known = [one for one in entries if not one.lookup]
    resources = [{**one.told, **({} if one.id is None else {"id": one.id})} for one in known]
    return {**({"nameTable": dict(names)} if names else {}), "resources": resources}


def script(entries: Sequence[Entry], names: Mapping[str, str]) -> str:
    """A shell script that writes the file."""
    lines = [_line(one) for one in entries]
    table = f'"nameTable": {json.dumps(dict(names))}, ' if names else ""
    end = f'printf \'{{%s"resources": [\\n%s\\n]}}\\n\' {shlex.quote(table)} "$entries" > import.json'
    return "\n".join([_HEAD.rstrip(), *lines, end]) + "\n"


def _line(one: Entry) -> str:
    told = shlex.quote(json.dumps(one.told)[1:-1])
    if one.id is None:
        return f"inside {told}"
    return f"add {told} " + (f'"$({one.lookup})"' if one.lookup else shlex.quote(one.id))
