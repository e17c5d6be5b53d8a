"""The check of an object before it is registered: KAITO's own verdict, for what is known of it.

Owns the split between plain values and those that only the engine will know. The rules are ``kaitops.kaito``'s.
"""

import re
from collections.abc import Awaitable, Mapping, Sequence
from datetime import date
from typing import Any, cast

import pulumi

from kaitops.documents.plain import MutableObject, Object, dotted
from kaitops.errors import BadInput
from kaitops.fleet.objects import refusals
from kaitops.kaito.admission.remedies import remedy_for
from kaitops.kaito.kubernetes.structural import schema_for
from kaitops.kaito.release import Release
from kaitops.kaito.settings import gated_kinds

_HEAD = ("apiVersion", "kind", "metadata", "status")
# Stands where the name of an object is not known yet: Pulumi's own names end in eight such characters.
_SOME_NAME = "00000000"
_NEVER_SERVES = (
    "kaito003_known_size", "kaito005_model_fits", "kaito006_gated_secret", "kaito027_tunable",
    "kaito042_remote_embedding", "kaito043_gated_embedding", "kaito065_adapter_served",
)  # fmt: skip


def is_plain(value: object) -> bool:
    """Nothing in the value waits for the engine."""
    if isinstance(value, Mapping):
        return all(map(is_plain, cast("Object", value).values()))
    if isinstance(value, list | tuple):
        return all(map(is_plain, cast("Sequence[Any]", value)))
    return is_settled(value)


def is_settled(value: object) -> bool:
    """The value itself waits for nothing; what is in it may."""
    return not isinstance(value, pulumi.Output | Awaitable)


def whole(value: object) -> Any:
    """The value with whole numbers as int: the engine knows floating point only."""
    if isinstance(value, dict):
        return {key: whole(entry) for key, entry in cast("MutableObject", value).items()}
    if isinstance(value, list):
        return [whole(entry) for entry in cast("list[Any]", value)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def check(subject: str, document: Object, release: Release, controllers: Object | None) -> None:
    """Refuse an object whose values are all known where the API server or KAITO would.

    Args:
        subject: how messages name the object.
        controllers: how KAITO's controllers run (:class:`kaitops.kaito.settings.Settings`); None to take what the
            object itself implies.

    Raises:
        BadInput: with KAITO's words and a remedy for each.
    """
    document = _named(document, subject)
    settings = implied_controllers(document, release) if controllers is None else dict(controllers)
    verdict = release.admit([document], settings)
    if refused := refusals(verdict):
        _refuse(subject, release, document, [one.text for one in refused])


def warn(subject: str, document: Object, release: Release, controllers: Object | None) -> None:
    """Tell of an object that is admitted and never does what it is for, by rules of the gate that need nothing else."""
    from kaitops.policies import index, registry
    from kaitops.policies.rule import Context

    settings = implied_controllers(document, release) if controllers is None else dict(controllers)
    context = Context(release, date.min, settings)
    rules = [index.module_of(name).RULE for name in _NEVER_SERVES]
    for rule, _ in registry.meant(rules, document, {one.id: one.severity for one in rules}):
        for path, text in rule.check(document, context):
            pulumi.log.warn(f"{subject}: {dotted(path)}: {text}; {rule.remedy} ({rule.id})")


def check_controllers(subject: str, controllers: object) -> None:
    """Refuse what says nothing of KAITO's controllers.

    Raises:
        BadInput: it is not in the form of a context file's ``settings``.
    """
    # The gate reads the same form; without ``controllers`` nothing of it is loaded.
    from kaitops.gate.reading import contexts

    if problem := contexts.settings(controllers):
        raise BadInput(
            f"{subject}: controllers: {problem}, so the object would be held to controllers that are not there; write "
            "them as the settings of a context file, or leave controllers out"
        )


def check_shape(subject: str, document: Object, release: Release) -> None:
    """Refuse an object for the parts that are known: a key that does not exist, a value of the wrong type.

    Raises:
        BadInput: as :func:`check` does.
    """
    schema = schema_for(release.version, document["apiVersion"], document["kind"])
    if schema is None:
        return
    hidden: list[str] = []
    body = {key: _known(value, key, hidden) for key, value in document.items() if key not in _HEAD}
    body = {key: value for key, value in body.items() if value is not _UNKNOWN and value is not None}
    _, found = schema.apply(body)
    refused = [f'unknown field "{path}"' for path in sorted(found.unknown)]
    for finding in found.findings:
        # What is hidden may be there, and a list may be longer than what is known of it.
        if not any(path.startswith(finding.path) or finding.path == "<nil>" for path in hidden):
            refused.append(f"{finding.path}: {finding.text}")
    if refused:
        _refuse(subject, release, document, refused)


def implied_controllers(document: Object, release: Release) -> MutableObject:
    """The controllers that an object is written for: with a machine size they make nodes, without one they do not.

    The cloud is the one that has the size; every kind's feature gate is on.
    """
    sizes = list(_sizes(document))
    cloud = next(
        (cloud for cloud in ("azure", "aws") if sizes and all(release.skus(cloud).find(size) for size in sizes)),
        "azure",
    )
    # A RAGEngine without a size runs on processors; whether nodes are brought makes no difference to it.
    provisioner = "karpenter" if sizes or document["kind"] in ("RAGEngine", "ModelMirror") else "byo"
    gates = {**dict.fromkeys(gated_kinds(release.version).values(), True), "enableMIG": True, "enableAccelerator": True}
    return {"cloud": cloud, "nodeProvisioner": provisioner, "featureGates": gates, "childAdmission": True}


def _sizes(node: object) -> "list[str]":
    found: list[str] = []
    if isinstance(node, Mapping):
        for key, value in cast("Object", node).items():
            if key == "instanceType" and isinstance(value, str):
                found.append(value)
            elif key not in ("template", "metadata") or (key == "template" and "inference" in value):
                found += _sizes(value)
    elif isinstance(node, list | tuple):
        for entry in cast("Sequence[Any]", node):
            found += _sizes(entry)
    return found


def _named(document: Object, subject: str) -> MutableObject:
    metadata: Object = document.get("metadata") or {}
    if metadata.get("name"):
        return dict(document)
    name = subject.rsplit(" ", 1)[-1].lower()
    return {**document, "metadata": {**metadata, "name": f"{name}-{_SOME_NAME}"}}


_UNKNOWN: Any = object()


def _known(value: object, path: str, hidden: list[str]) -> Any:
    """The value without what is not known yet; the paths of that go to ``hidden``."""
    if isinstance(value, Mapping):
        entries = {key: _known(each, f"{path}.{key}", hidden) for key, each in cast("Object", value).items()}
        return {key: each for key, each in entries.items() if each is not _UNKNOWN and each is not None}
    if isinstance(value, list | tuple):
        rows = [_known(each, f"{path}[{index}]", hidden) for index, each in enumerate(cast("Sequence[Any]", value))]
        return [each for each in rows if each is not _UNKNOWN]
    if is_plain(value):
        return value
    hidden.append(path)
    return _UNKNOWN


def _refuse(subject: str, release: Release, document: Object, refused: "list[str]") -> None:
    remedies = [
        (remedy_for(line, release.version, document) or "correct the field") + _near(line, release) for line in refused
    ]
    lines = [f"{line.rstrip(': ')}; {remedy}" for line, remedy in zip(refused, remedies, strict=True)]
    head = f"{subject}: KAITO {release.version} or the API server would refuse it, so it is not registered"
    raise BadInput("\n".join([head, *(f"  {line}" for line in lines)]))


def _near(line: str, release: Release) -> str:
    """The presets that a name looks like which KAITO does not know."""
    unknown = re.search(r"preset name ([^\s:]+)", line)
    near = release.catalogue.nearest(unknown.group(1)) if unknown else []
    return f" Nearest: {', '.join(near)}." if near else ""
