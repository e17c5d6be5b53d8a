"""Strengths of adapters are numbers that add up to no more than one."""

import re

from kaitops.policies.anatomy import INFERENCES
from kaitops.policies.reading import at, inference, items
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

_NUMBER = r"(?a)[0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9}"


def _check(document: Document, context: Context) -> Found:
    path, block = inference(document)
    total = 0.0
    for place, adapter in enumerate(items(block.get("adapters"))):
        strength = at(adapter, "strength")
        if strength is None:
            continue
        where = (*path, "adapters", place, "strength")
        value = float(strength) if isinstance(strength, str) and re.fullmatch(_NUMBER, strength) else -1.0
        if not 0 <= value <= 1:
            yield where, "the strength is no number from 0 to 1, which KAITO notices on the first update only"
            continue
        total += value
    if total > 1 + 1e-9:
        yield (*path, "adapters"), f"strengths add up to {total:g}, so adapters drown the model"


RULE = Rule(
    id="KAITO012",
    severity=Severity.LOW,
    title="adapter strengths from 0 to 1, together at most 1",
    why="KAITO checks the range on update only, so a wrong value blocks the next change.",
    source="KAITO api/v1beta1/workspace_validation.go, validateUpdate of adapters",
    remedy="choose strengths that add up to at most 1",
    kinds=INFERENCES,
    check=_check,
)
