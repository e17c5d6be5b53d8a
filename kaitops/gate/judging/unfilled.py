"""Faults of Kubernetes' own objects, and those that are none: a variable that nothing gave a value yet.

Of such a value nobody knows what the server says of it, and one variable is told once for an object, not once a field.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from kaitops.documents.plain import Path, at, items, mapping
from kaitops.gate.checks import ADMISSION, COVERAGE
from kaitops.gate.objects import Item
from kaitops.report.findings import Finding

_VARIABLE = re.compile(r"\$\{[A-Za-z_][^}\n]*\}?")


def findings(item: Item, wrong: Iterable[tuple[Path, str]]) -> Iterator[Finding]:
    """What is said of the faults of an object."""
    told: set[str] = set()
    for path, text in wrong:
        variable = _variable(at(item.data, *path))
        if variable is None:
            yield item.finding(ADMISSION, path, f"{'.'.join(map(str, path))} {text}")
        elif variable not in told:
            told.add(variable)
            message = (
                f"{variable} has no value in the tree, so what the cluster gets was not judged; name a Flux "
                "Kustomization that substitutes it, or write the value"
            )
            yield item.finding(COVERAGE, path, message, unjudged=True)


def _variable(value: Any) -> str | None:
    """The first variable in a value, or in what it holds."""
    if isinstance(value, str):
        found = _VARIABLE.search(value) if "${" in value else None
        return found[0][:60] if found else None
    inner = [*mapping(value), *mapping(value).values()] if isinstance(value, dict) else items(value)
    return next((name for one in inner if (name := _variable(one))), None)
