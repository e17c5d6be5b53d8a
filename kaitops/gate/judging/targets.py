"""Whether what an object refers to is there: under a legal name, in the namespace, with the key that is read."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from kaitops.documents.plain import Path, mapping
from kaitops.documents.ref import Local
from kaitops.gate.checks import REFERENCE
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import GROUP, TOKEN
from kaitops.kaito.kubernetes.dns_names import subdomain_problems
from kaitops.references import Reference, secrets_made
from kaitops.report.findings import Report

_OF_PODS = frozenset(("Secret", "PersistentVolumeClaim", "ServiceAccount"))
# KAITO asks for the ConfigMaps of these before it admits them.
_ADMITTED = frozenset(("Workspace", "InferenceSet", "RAGEngine"))
_MAKING = ("ExternalSecret", "Certificate")
_GENERATED = frozenset(("ConfigMap", "Secret"))
_LOGINS = frozenset(("imagePullSecrets", "imagePullSecret", "imagePushSecret"))
_LOGIN_KEYS = (".dockerconfigjson", ".dockercfg")


class There(NamedTuple):
    """What a cluster's tree has to refer to.

    Attributes:
        declared: by kind, namespace and name.
        fetched: Secrets that controllers make, with their keys where those are known.
        settled: whether somebody vouches for an object that is neither.
    """

    declared: Mapping[Local, Item]
    fetched: Mapping[Local, frozenset[str] | None]
    settled: Callable[[str], bool]


def missing(item: Item, referred: Sequence[Reference], there: There, report: Report) -> list[Reference]:
    """The references whose object the tree has nowhere; what is there and not as it is needed is told."""
    found: list[Reference] = []
    absent_at: set[tuple[Local, Path]] = set()
    for one in referred:
        if one.target not in there.declared and one.target not in there.fetched:
            if (spot := (one.target, one.path)) in absent_at:
                continue  # told, by the first of the keys that are read there
            absent_at.add(spot)
            if one.optional or there.settled(str(one)):
                continue
            if (made := generated(one, there)) is not None:
                by, name = made.document.origin(("metadata", "name")), made.data["metadata"]["name"]
                text = (
                    f"names {one.kind} {one.name}, and {by} makes {name} of it: kustomize does not know that the field "
                    "names one, so it is never found; write generatorOptions: {disableNameSuffixHash: true} there"
                )
                report.findings.append(item.finding(REFERENCE, one.path, text))
                continue
            from kaitops.gate.effects import absent  # which nothing needs where all is there

            need, place = str(one._replace(key=None)), _elsewhere(one, there, item)
            if place is None:
                asked = absent.slipped(need, _beside(one, there, item), item) or _made_otherwise(one, there)
                if not asked:
                    found.append(one)
                    continue
                text = f"refers to {one}, which the tree does not declare; {asked}"
                report.findings.append(item.finding(REFERENCE, one.path, text))
                continue
            text = f"refers to {one}, and the tree declares it in namespace {place} alone, where nothing of "
            text += f"{one.namespace} reaches it; declare it there too, or {absent.assumed(need)} "
            report.findings.append(item.finding(REFERENCE, one.path, f"{text}where it is there"))
        elif (keys := _keys(one)) and not _has_any(there, one.target, keys) and not _is_spared(one, there):
            report.findings.append(item.finding(REFERENCE, one.path, keyless(one._replace(key=keys[0]))))
    return found


def _made_otherwise(reference: Reference, there: There) -> str:
    """That an object of the name makes the Secret under another one; empty where none is there."""
    if reference.kind != "Secret":
        return ""
    for kind in _MAKING:
        maker = there.declared.get((kind, reference.namespace, reference.name))
        made = [] if maker is None else [name for _, name, _ in secrets_made(maker.data, dict)]
        if made and reference.name not in made:
            return f"{kind} {reference.name} makes Secret {made[0]}; write that, or have it made under this name"
    return ""


def keyless(reference: Reference) -> str:
    """What is said of an object that lacks the key that is read."""
    return f"{reference.kind} {reference.name} has no key {reference.key}, which is read from it; add the key"


def lacking(reference: Reference) -> str:
    """What is said of a reference to nothing where the tree holds all that there is."""
    from kaitops.gate.effects import absent

    text = f"refers to {reference}, which the tree does not declare, and it is said to hold all that the cluster gets; "
    return f"{text}declare it, or {absent.assumed(str(reference._replace(key=None)))}"


def generated(reference: Reference, there: There) -> Item | None:
    """What a generator of a kustomization makes for a name, with a hash behind it; None where none does."""
    if reference.kind not in _GENERATED:
        return None
    wanted = re.compile(rf"{re.escape(reference.name)}-[0-9a-z]{{10}}")
    for (kind, space, name), item in there.declared.items():
        if (kind, space) == reference.target[:2] and wanted.fullmatch(name):
            return item if item.document.origin(("metadata", "name")) else None
    return None


def _elsewhere(reference: Reference, there: There, item: Item) -> str | None:
    """The namespace that has one of the kind and name; of ConfigMaps KAITO's own admission speaks."""
    if not _is_ours(reference, item):
        return None
    every = (*there.declared, *there.fetched)
    return next((space for kind, space, name in every if (kind, name) == (reference.kind, reference.name)), None)


def _beside(reference: Reference, there: There, item: Item) -> list[str]:
    """The objects of the kind in its namespace, one of which may be meant."""
    every = (*there.declared, *there.fetched) if _is_ours(reference, item) else ()
    return [name for kind, space, name in every if (kind, space) == reference.target[:2]]


def _is_ours(reference: Reference, item: Item) -> bool:
    asked = item.data["apiVersion"].startswith(GROUP) and item.data["kind"] in _ADMITTED
    known = _OF_PODS if asked else _OF_PODS | {"ConfigMap"}
    return reference.kind in known


def _is_spared(reference: Reference, there: There) -> bool:
    """The pod is said to start without the key, and none that is there was meant by it.

    The token of a model is marked so by KAITO, which knows no better, and its server does not start without it.
    """
    if not reference.optional or not reference.key or reference.key == TOKEN:
        return False
    from kaitops.gate.effects import absent

    held = there.declared.get(reference.target)
    known = there.fetched.get(reference.target) or () if held is None else _written(held)
    return not absent.slip(reference.key, known)


def _written(held: Item) -> list[str]:
    return [key for part in ("data", "stringData", "binaryData") for key in mapping(held.data.get(part))]


def _keys(reference: Reference) -> tuple[str, ...]:
    """Keys of which the object must have one. A login to a registry is read from the key of its form."""
    if reference.key:
        return (reference.key,)
    is_login = reference.kind == "Secret" and not _LOGINS.isdisjoint(map(str, reference.path))
    return _LOGIN_KEYS if is_login else ()


def _has_any(there: There, target: Local, keys: Sequence[str]) -> bool:
    held = there.declared.get(target)
    if held is not None:
        return not set(keys).isdisjoint(_written(held))
    made = there.fetched[target]
    return made is None or not made.isdisjoint(keys)


def legal(item: Item, referred: Sequence[Reference], report: Report) -> list[Reference]:
    """The references that an object can have the name of; each other one is told.

    Of Kubernetes' own kinds their schema says the same.
    """
    if not item.data["apiVersion"].startswith(GROUP):
        return list(referred)
    found: list[Reference] = []
    for one in referred:
        if subdomain_problems(one.name):
            text = (
                f"{'.'.join(map(str, one.path))} can be no {one.kind}'s name, which has lower case letters, digits, "
                "'-' and '.' and at most 253 signs, so it is never found; write the name of one"
            )
            report.findings.append(item.finding(REFERENCE, one.path, text))
        else:
            found.append(one)
    return found
