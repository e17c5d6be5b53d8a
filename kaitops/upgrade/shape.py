"""Whether another version serves an object's API, and knows its fields."""

from collections.abc import Iterator
from typing import Any

from kaitops.documents.plain import MutableObject, Object, Path, mapping
from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.upgrade.impacts import CHANGED, REFUSED, Impact
from kaitops.upgrade.objects import Subject

_HEAD = ("apiVersion", "kind", "metadata", "status")


def api(subject: Subject, target: Release, settings: Object) -> list[Impact]:
    """Kind and API version."""
    version = str(subject.document.get("apiVersion")).rpartition("/")[2]
    kinds = target.facts["kinds"]
    known = kinds.get(subject.kind)
    if known is None:
        message = f"KAITO {target.version} has no kind {subject.kind}, so the API server refuses the object"
        fix = _INSTEAD.get(subject.kind, "remove the object before the step")
        return [Impact(REFUSED, "api", subject.index, ("kind",), message, fix)]
    found: list[Impact] = []
    if version not in known["served"]:
        served = ", ".join(known["served"])
        message = f"KAITO {target.version} serves {subject.kind} as {served} only, so the API server refuses {version}"
        fix = f"write apiVersion: kaito.sh/{known['storage']}"
        found.append(Impact(REFUSED, "api", subject.index, ("apiVersion",), message, fix))
    elif version != known["storage"]:
        message = (
            f"KAITO {target.version} stores {subject.kind} as {known['storage']} and converts nothing, so fields that "
            f"only {version} has are dropped on the next write"
        )
        fix = f"write apiVersion: kaito.sh/{known['storage']}"
        found.append(Impact(CHANGED, "api", subject.index, ("apiVersion",), message, fix))
    gate = target.facts["gated_kinds"].get(subject.kind)
    if gate and not mapping(settings.get("featureGates")).get(gate, target.facts["gates"].get(gate)):
        message = f"the feature gate {gate} of KAITO {target.version} is off, so nothing reconciles kind {subject.kind}"
        fix = f"set featureGates.{gate} to true in the chart's values"
        found.append(Impact(CHANGED, "gate", subject.index, ("kind",), message, fix))
    return found


_INSTEAD = {
    "InferenceSet": "write one Workspace for each replica, from its template",
    "MultiRoleInference": "write an InferenceSet or a Workspace that serves the model without split roles",
    "ModelMirror": "remove it; models download their weights themselves",
}


def fields(subject: Subject, source: Release, target: Release) -> Iterator[Impact]:
    """Fields that the target does not know and the source does, or that neither knows; fields it newly requires."""
    key = f"{subject.document.get('apiVersion')}/{subject.kind}"
    after = facts.load(target.version, "schema.json")["kinds"].get(key)
    before = facts.load(source.version, "schema.json")["kinds"].get(key)
    if after is None:
        return
    body = {name: part for name, part in subject.document.items() if name not in _HEAD}
    was_unknown = {path for path, what in _walk(body, before, ()) if what == "unknown"} if before else set[Path]()
    was_missing = {path for path, what in _walk(body, before, ()) if what == "missing"} if before else set[Path]()
    for path, what in _walk(body, after, ()):
        name = ".".join(str(step) for step in path)
        if what == "unknown":
            also = f" (nor does {source.version})" if path in was_unknown else ""
            message = (
                f"KAITO {target.version} does not know the field{also}: it is refused by strict checks, else dropped"
            )
            yield Impact(REFUSED, "field", subject.index, path, message, f"remove {name}")
        elif path not in was_missing or before is None:
            message = f"KAITO {target.version} requires the field, so no write to the object is taken without it"
            yield Impact(REFUSED, "field", subject.index, path, message, f"set {name}")


def _walk(value: object, schema: Object, path: Path) -> Iterator[tuple[Path, str]]:
    """Unknown and missing fields of a value."""
    if isinstance(value, dict):
        given: MutableObject = value  # pyright: ignore[reportUnknownVariableType]
        properties: MutableObject | None = schema.get("properties")
        if properties is None and "values" not in schema:
            return  # free-form: the schema says no more
        for name, part in given.items():
            child = properties.get(name) if properties is not None else schema["values"]
            if child is None:
                yield (*path, name), "unknown"
            elif part is not None:
                yield from _walk(part, child, (*path, name))
        for name in schema.get("required", ()):
            if given.get(name) is None and "default" not in (properties or {}).get(name, {}):
                yield (*path, name), "missing"
    elif isinstance(value, list) and "items" in schema:
        entries: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        for number, part in enumerate(entries):
            yield from _walk(part, schema["items"], (*path, number))
