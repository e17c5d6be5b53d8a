"""What holds between the fields of a Job: indexes, selectors, what of its pods' ends counts."""

import re
from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Object, Path, at, items, mapping

Found = Iterator[tuple[Path, str]]
_MOST_AT_ONCE = 100_000
_MOST_RULES, _MOST_CODES, _MOST_SUCCESSES = 20, 255, 20
_OWNER = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?/.+")
_PART = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")


def problems(spec: Object, path: Path) -> Found:
    """What is wrong with the spec of a Job."""
    indexed = spec.get("completionMode") == "Indexed"
    if indexed and spec.get("completions") is None and spec.get("parallelism") is not None:
        yield (*path, "completions"), "is missing, which indexed completion needs; write it"
    for key in ("parallelism", "maxFailedIndexes"):
        if indexed and isinstance(spec.get(key), int) and spec[key] > _MOST_AT_ONCE:
            yield (*path, key), f"may be {_MOST_AT_ONCE} where completion is indexed; lower it"
    for key in ("backoffLimitPerIndex", "maxFailedIndexes"):
        value = spec.get(key)
        if value is not None and not indexed:
            yield (*path, key), "needs completionMode: Indexed; write it, or drop this"
        elif isinstance(value, int) and value < 0:
            yield (*path, key), "may not be negative; correct it"
    failed, most = spec.get("maxFailedIndexes"), spec.get("completions")
    if indexed and isinstance(failed, int) and isinstance(most, int) and failed > most:
        yield (*path, "maxFailedIndexes"), "may be completions at most; lower it"
    if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
        yield (*path, "backoffLimitPerIndex"), "is missing, which maxFailedIndexes needs; write it"
    manual, selector = spec.get("manualSelector") is True, spec.get("selector")
    if manual and selector is None:
        yield (*path, "selector"), "is missing, which manualSelector needs; drop manualSelector"
    elif not manual and selector is not None:
        yield (*path, "selector"), "is made by the server; drop it"
    owner = spec.get("managedBy")
    if owner is not None and (not isinstance(owner, str) or not _OWNER.fullmatch(owner) or len(owner) > 63):
        yield (*path, "managedBy"), "must be a name such as example.com/controller; correct it"
    failing = spec.get("podFailurePolicy")
    if failing is not None:
        yield from _failing(items(at(failing, "rules")), spec, (*path, "podFailurePolicy", "rules"))
        if at(spec, "template", "spec", "restartPolicy") != "Never":
            yield (*path, "template", "spec", "restartPolicy"), "must be Never beside podFailurePolicy; write it"
        if spec.get("podReplacementPolicy") not in (None, "Failed"):
            yield (*path, "podReplacementPolicy"), "must be Failed beside podFailurePolicy; correct it"
    succeeding = spec.get("successPolicy")
    if succeeding is not None:
        if not indexed:
            yield (*path, "successPolicy"), "needs completionMode: Indexed; write it, or drop this"
        yield from _succeeding(items(at(succeeding, "rules")), spec, (*path, "successPolicy", "rules"))


def _failing(rules: Sequence[object], spec: Object, path: Path) -> Found:
    if len(rules) > _MOST_RULES:
        yield path, f"may hold {_MOST_RULES} rules; drop some"
    for place, one in enumerate(rules):
        where, rule = (*path, place), mapping(one)
        codes, conditions = rule.get("onExitCodes"), items(rule.get("onPodConditions"))
        if not rule.get("action"):
            yield (*where, "action"), "is missing; write one"
        elif rule["action"] == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
            yield (*where, "action"), "may be FailIndex only beside backoffLimitPerIndex; write it"
        if (codes is None) == (not conditions):
            yield where, "must have one of onExitCodes and onPodConditions; correct it"
        if codes is not None:
            yield from _codes(mapping(codes), spec, (*where, "onExitCodes"))
        for number, condition in enumerate(conditions):
            if not at(condition, "type"):
                yield (*where, "onPodConditions", number, "type"), "is missing; name the condition"


def _codes(held: Object, spec: Object, path: Path) -> Found:
    values: list[int] = [one or 0 for one in items(held.get("values"))]
    if not 0 < len(values) <= _MOST_CODES or values != sorted(set(values), key=values.index):
        yield (*path, "values"), "must hold codes, each once; correct it"
    if values != sorted(values):
        yield (*path, "values"), "must be in order; sort them"
    if held.get("operator") not in ("In", "NotIn"):
        yield (*path, "operator"), "must be In or NotIn; write one"
    if held.get("operator") == "In" and 0 in values:
        yield (*path, "values"), "may not hold 0, which is no failure; drop it"
    pod = mapping(at(spec, "template", "spec"))
    names = [at(one, "name") for part in ("containers", "initContainers") for one in items(pod.get(part))]
    if held.get("containerName") is not None and held["containerName"] not in names:
        yield (*path, "containerName"), "names no container of the pod; correct it"


def _succeeding(rules: Sequence[object], spec: Object, path: Path) -> Found:
    if not 0 < len(rules) <= _MOST_SUCCESSES:
        yield path, f"must hold 1 to {_MOST_SUCCESSES} rules; correct it"
    for place, one in enumerate(rules):
        where, indexes, count = (*path, place), at(one, "succeededIndexes"), at(one, "succeededCount")
        if indexes is None and count is None:
            yield where, "must have succeededIndexes or succeededCount; write one"
        completions = spec.get("completions")
        if isinstance(indexes, str) and isinstance(completions, int) and not _are_indexes(indexes, completions):
            yield (*where, "succeededIndexes"), "must be ascending indexes below completions, such as 0-2,5; correct it"
        most = 0 if indexes == "" else completions
        if isinstance(count, int) and isinstance(most, int) and not 0 <= count <= most:
            yield (*where, "succeededCount"), "must be from 0 to completions, or to the indexes that count; correct it"


def _are_indexes(text: str, completions: int) -> bool:
    last = -1
    for part in text.split(",") if text else ():
        match = _PART.fullmatch(part)
        if match is None:
            return False
        start, end = int(match[1]), int(match[2] or match[1])
        if start <= last or end < start or end >= completions or (match[2] is not None and end == start):
            return False
        last = end
    return True
