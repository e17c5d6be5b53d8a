"""When a changed rule concerns an object: the conditions of ``rule-changes.json``.

A condition is a mapping with one subject (``path``, ``annotation``, ``setting``, ``api``, ``gate``, ``runtime``,
``model_without``, ``only_reserved_labels`` or ``local_url``) and, where the subject has a value, one test of it. Paths
that start with ``~`` are within the workload: the Workspace itself, or the template of an InferenceSet. ``*`` is every
entry of a list.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.errors import BadInput
from kaitops.kaito import facts
from kaitops.upgrade.objects import Subject

_LOCAL_HOST = re.compile(
    r"^(localhost|.*\.localhost|metadata\.google(\.internal)?|instance-data\.ec2\.internal"
    r"|(127|10)\..*|192\.168\..*|169\.254\..*|172\.(1[6-9]|2\d|3[01])\..*|::1|f[cd].*:.*|fe80:.*)$"
)


def where(conditions: list[Object], subject: Subject, settings: Object) -> list[Path] | None:
    """Where in the object all conditions hold; None where one does not. The paths are those of the first condition."""
    first: list[Path] | None = None
    for condition in conditions:
        found = _holds(condition, subject, settings)
        if not found:
            return None
        first = found if first is None else first
    return first


def _holds(condition: Object, subject: Subject, settings: Object) -> list[Path]:
    document = subject.document
    if "path" in condition:
        return [path for path, value in _values(subject, condition["path"]) if _test(condition, value)]
    if "annotation" in condition:
        path: Path = (*subject.head, "metadata", "annotations", condition["annotation"])
        value = at(document, *path)
        if value is None and condition.get("is") != "absent":
            return []
        return [path] if _test(condition, value) else []
    if "setting" in condition:
        return [()] if _test(condition, settings.get(condition["setting"])) else []
    if "gate" in condition:
        return [()] if mapping(settings.get("featureGates")).get(condition["gate"]) is True else []
    if "api" in condition:
        return [("apiVersion",)] if document.get("apiVersion") == condition["api"] else []
    if "runtime" in condition:
        return [subject.runtime_path] if subject.runtime == condition["runtime"] else []
    if "model_without" in condition:
        # The table of the target version; the caller has put it there.
        return [subject.model_path] if subject.model and not subject.is_served_by(condition["model_without"]) else []
    if "only_reserved_labels" in condition:
        path = tuple(condition["only_reserved_labels"].split("."))
        labels = mapping(at(document, *path))
        reserved = facts.load(facts.newest(), "controller.json")["reserved_selector_labels"]
        return [path] if labels and all(label in reserved for label in labels) else []
    if "local_url" in condition:
        path = tuple(condition["local_url"].split("."))
        return [(*path, n) for n, url in enumerate(items(at(document, *path))) if _is_local(str(url))]
    raise BadInput(f"rule-changes.json: condition {dict(condition)!r} is of no known kind; correct the file")


def _is_local(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return True
    return parts.scheme not in ("http", "https") or not parts.hostname or bool(_LOCAL_HOST.match(parts.hostname))


def _values(subject: Subject, written: str) -> Iterator[tuple[Path, Any]]:
    steps = written.removeprefix("~").split(".")
    root: Path = subject.root if written.startswith("~") else ()
    yield from _walk(at(subject.document, *root) if root else subject.document, steps, root)


def _walk(node: object, steps: list[str], path: Path) -> Iterator[tuple[Path, Any]]:
    if not steps:
        yield path, node
    elif steps[0] == "*":
        for number, entry in enumerate(items(node)):
            yield from _walk(entry, steps[1:], (*path, number))
    else:
        yield from _walk(mapping(node).get(steps[0]), steps[1:], (*path, steps[0]))


def _test(condition: Object, value: object) -> bool:
    if "is" in condition:
        state = {"absent": value is None, "present": value not in (None, "", [], {}), "empty": value in (None, "")}
        return state[condition["is"]]
    if "above" in condition or "below" in condition:
        number = value if isinstance(value, int) and not isinstance(value, bool) else None
        return number is not None and condition.get("below", number + 1) > number > condition.get("above", number - 1)
    given = str(value).strip().lower() if condition.get("fold") else value
    if "in" in condition:
        return given in condition["in"]
    return "not_in" in condition and given not in condition["not_in"]
