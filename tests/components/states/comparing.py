"""What the program of today would do to a stack that a release made: what is replaced, and what is deleted.

Owns the matching of resources, by URN or by alias as the engine does it, and the reading of the facts: Azure's
(``tests.arm``), the Kubernetes provider's (``replacing.json``), KAITO's, which
each resource brings along. An update is no matter here.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.arm.rules import changed, replaces
from tests.components.recording import Recording, Registered

FACTS: dict[str, Any] = json.loads(Path(__file__).with_name("replacing.json").read_text())


def harm(old: Mapping[str, Any], new: Recording) -> list[str]:
    """A line for each resource of a record that would be replaced or deleted; a component may come and go."""
    known = _known(new)
    kept = {urn: one for one in new for urn in known[one.urn]}
    found: list[str] = []
    for row in old["resources"]:
        if not row["custom"]:
            continue
        one = kept.get(row["urn"])
        if one is None:
            found.append(f"{row['urn']}: would be deleted")
            continue
        found += [f"{row['urn']}: would be replaced by a change of {path}" for path in replaced(row, one)]
    return found


def urns(found: Recording) -> dict[str, str]:
    """URNs as the engine makes them, with the types of all ancestors, of which mocks keep the nearest only."""
    return {urn: known[0] for urn, known in _known(found).items()}


def _known(found: Recording) -> dict[str, list[str]]:
    """The URNs under which resources are and were known, the present one first, by the URN of the mocks.

    Aliases are those of the resource itself, and those that follow from what its parent was once called.
    """
    made: dict[str, list[str]] = {}
    for one in found:
        head = one.urn.rsplit("::", 2)[0]
        parents = made.get(one.parent, [""])
        now = parents[0].rpartition("::")[2]
        urns = [_urn(head, parent, one.type, _following(one.name, now, parent)) for parent in parents]
        for alias in one.aliases:
            if isinstance(alias, str) or alias.urn:
                urns.append(alias if isinstance(alias, str) else alias.urn)
                continue
            spec = alias.spec
            above = [""] if spec.noParent else made[spec.parentUrn] if spec.parentUrn else parents
            for parent in above:
                name = spec.name or one.name
                urns.append(_urn(head, parent, spec.type or one.type, _following(name, now, parent)))
        made[one.urn] = urns
    return made


def _following(name: str, now: str, parent: str) -> str:
    """A name that begins with that of the parent follows what the parent was called."""
    follows = bool(now) and name.startswith(now)
    return parent.rpartition("::")[2] + name[len(now) :] if follows else name


def _urn(head: str, parent: str, type_: str, name: str) -> str:
    above = parent.split("::")[2] if parent else ""
    return f"{head}::{above}${type_}::{name}" if above else f"{head}::{type_}::{name}"


def replaced(row: Mapping[str, Any], one: Registered) -> Iterator[str]:
    """The paths of the inputs whose change replaces the resource."""
    short = one.type.removeprefix("azure-native:")
    if row["trigger"] != one.replacement_trigger:
        yield "the replacement trigger"
    for path in changed(row["inputs"], dict(one.inputs)):
        if any(_within(path, ignored) for ignored in one.ignore_changes):
            continue
        forced = [*one.replace_on_changes, *_kubernetes(one.type)]
        if (short != one.type and replaces(short, path)) or any(_meets(path, each) for each in forced):
            yield path


def _kubernetes(type_: str) -> list[str]:
    if not type_.startswith("kubernetes:"):
        return []
    return [*FACTS["every"], *FACTS["kinds"].get(type_.removeprefix("kubernetes:"), ())]


def _within(path: str, other: str) -> bool:
    return path == other or path.startswith((f"{other}.", f"{other}["))


def _meets(path: str, other: str) -> bool:
    return _within(path, other) or _within(other, path)
