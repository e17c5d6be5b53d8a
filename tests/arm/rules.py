"""What Azure's resource manager would do to a plan: the inputs that it refuses, the changes that make a resource anew.

Owns the reading of the facts: the SDK's types (``schema``), Azure's names and rules (``facts.json``), and the paths
of resource ids, which are the product's.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pulumi.runtime.rpc import UNKNOWN

from kaitops.documents.plain import at
from kaitops.kaito import facts
from tests.arm import schema

FACTS: dict[str, Any] = json.loads(Path(__file__).with_name("facts.json").read_text())
TYPES: dict[str, Any] = facts.load(".", "arm.json")["types"]
_FIELD = re.compile(r"\{(\w+)\}")


def refusals(kind: str, inputs: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and reason of each input that Azure would refuse."""
    if kind not in TYPES:
        yield "", f"{kind}: no such type is known here"
        return
    misfits = {path: reason for path, reason in schema.misfits(kind, inputs) if _name(path) not in FACTS["open"]}
    yield from misfits.items()
    known = FACTS["types"].get(kind, {})
    # Without a name of its own a resource would get another one in each stack.
    for path in (*_FIELD.findall(TYPES[kind]["path"]), *known.get("required", ())):
        if path not in misfits and at(inputs, *path.split(".")) is None:
            yield path, "is required and missing"
    for path, pattern in known.get("patterns", {}).items():
        value = at(inputs, *path.split("."))
        if isinstance(value, str) and value != UNKNOWN and not re.fullmatch(pattern, value):
            yield path, f"{value!r} does not match {pattern}"
    if (
        kind.endswith(":AgentPool")
        and inputs.get("enableAutoScaling")
        and not (
            isinstance(inputs.get("minCount"), int)
            and inputs.get("minCount", 0) <= inputs.get("count", 0) <= inputs["maxCount"]
        )
    ):
        yield "count", "must lie between minCount and maxCount"


def _name(path: str) -> str:
    """The last name of a path, without a number in a list."""
    return path.rpartition(".")[2].partition("[")[0]


def changed(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Paths that differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from changed(old.get(key), new.get(key), f"{path}.{key}" if path else key)
    elif old != new:
        yield path


def replaces(kind: str, path: str) -> bool:
    """Whether a change at a path makes a new resource."""
    names = {*_FIELD.findall(TYPES[kind]["path"]), "resourceGroupName"}
    if path.partition(".")[0] in names:
        return True
    forced = [*FACTS["forceNew"], *FACTS["types"].get(kind, {}).get("forceNew", ())]
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) for one in forced)
