"""What a namespace's guard rails say of objects, beside its pods: how many there may be, and how large a claim.

What KAITO's controllers make counts as what is declared does: the server asks the quota when the object is made.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.pods import BY_KIND
from kaitops.documents.ref import namespace_of
from kaitops.gate.effects.state import State
from kaitops.gate.native.forms import amount
from kaitops.gate.objects import Item

if TYPE_CHECKING:
    from kaitops.kaito.expansion import Expansion

Found = Iterator[tuple[Item, Path, str]]
_OF_CLASS = ".storageclass.storage.k8s.io/"
_MEASURED = re.compile(rf"^services\.|^requests\.storage$|{re.escape(_OF_CLASS)}")
# Pods are counted by what runs.
_PASSED = frozenset(("Pod", "Event"))
# Kinds whose number a quota may also name without "count/".
_SHORT = frozenset(
    ("services", "secrets", "configmaps", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas")
)


def problems(state: State, rails: Mapping[str, Sequence[Item]]) -> Found:
    """Objects that are more than a quota allows, and claims beyond a range.

    Args:
        rails: the quotas and ranges, by namespace.
    """
    for space, held in rails.items():
        quotas = [one for one in held if one.data["kind"] == "ResourceQuota"]
        ranges = [one for one in held if one.data["kind"] == "LimitRange"]
        if not quotas and not ranges:
            continue
        there = [one for one in state.items if namespace_of(one.data) == space]
        for rail in quotas:
            yield from _quota(rail, there, state.made)
        for rail in ranges:
            yield from _claims(rail, there)


def _quota(rail: Item, there: Sequence[Item], made: "Mapping[int, Expansion]") -> Found:
    hard = mapping(at(rail.data, "spec", "hard"))
    counted = {key: most for key, value in hard.items() if (most := amount(value)) is not None}
    if not any(key.startswith("count/") or key in _SHORT or _MEASURED.search(key) for key in counted):
        return
    used: dict[str, Fraction] = {}
    for item in there:
        expansion = made.get(id(item.data))
        brought: list[Object] = [item.data, *(() if expansion is None else expansion.objects)]
        for one, times in [pair for each in brought for pair in ((each, 1), *_templates(each))]:
            for key, share in (*((name, Fraction(1)) for name in _names(one)), *_amounts(one)):
                most = counted.get(key)
                if most is None:
                    continue
                before = used.get(key, Fraction(0))
                used[key] = before + share * times
                if used[key] > most >= before:
                    by = "KAITO makes of it" if any(one is each for each in brought) else "its pods are given"
                    whose = "it" if one is item.data else f"the {one['kind']} that {by}"
                    text = f"ResourceQuota {rail.data['metadata']['name']} gives its namespace {hard[key]} of {key}, "
                    yield item, ("metadata", "name"), f"{text}and the server refuses {whose}; raise it"


def _templates(document: Object) -> Iterator[tuple[Object, int]]:
    """The claims that come with the pods of a workload, and how many of each: a StatefulSet's, and those of pods."""
    path, spec = BY_KIND.get(str(document["kind"])), mapping(document.get("spec"))
    if path is None or document["kind"] == "DaemonSet":
        return  # of those there are as many as nodes
    number = spec.get("parallelism" if document["kind"] == "Job" else "replicas", 1)
    times = number if isinstance(number, int) else 1
    own = items(spec.get("volumeClaimTemplates"))
    own += [at(one, "ephemeral", "volumeClaimTemplate") for one in items(at(document, *path, "spec", "volumes"))]
    for one in own:
        if claimed := mapping(at(one, "spec")):
            yield {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "spec": claimed}, times


def _amounts(document: Object) -> Iterator[tuple[str, Fraction]]:
    """What a Service or a claim counts for beside its number."""
    kind, spec = document["kind"], mapping(document.get("spec"))
    if kind == "Service" and not str(document["apiVersion"]).rpartition("/")[0]:
        form, ports = spec.get("type"), Fraction(len(items(spec.get("ports"))))
        balanced = form == "LoadBalancer"
        if balanced:
            yield "services.loadbalancers", Fraction(1)
        if form == "NodePort" or (balanced and spec.get("allocateLoadBalancerNodePorts") is not False):
            yield "services.nodeports", ports
    elif kind == "PersistentVolumeClaim":
        sizes = [("requests.storage", amount(at(spec, "resources", "requests", "storage")) or Fraction(0))]
        sizes += [("persistentvolumeclaims", Fraction(1))]
        yield sizes[0]
        if isinstance(name := spec.get("storageClassName"), str):
            yield from ((f"{name}{_OF_CLASS}{key}", size) for key, size in sizes)


def _names(document: Object) -> tuple[str, ...]:
    """What a quota calls the kind of an object."""
    kind = str(document["kind"])
    group = str(document["apiVersion"]).rpartition("/")[0]
    if kind in _PASSED:
        return ()
    word = kind.lower()
    plural = f"{word[:-1]}ies" if word.endswith("y") else f"{word}{'es' if word.endswith('s') else 's'}"
    if not group:
        return (f"count/{plural}", *((plural,) if plural in _SHORT else ()))
    return (f"count/{plural}.{group}",)


def _claims(rail: Item, there: Sequence[Item]) -> Found:
    name = f"LimitRange {rail.data['metadata']['name']}"
    for one in items(at(rail.data, "spec", "limits")):
        held = mapping(one)
        if held.get("type") != "PersistentVolumeClaim":
            continue
        most, least = amount(mapping(held.get("max")).get("storage")), amount(mapping(held.get("min")).get("storage"))
        for item in there:
            for where in _claiming(item.data):
                path: Path = (*where, "resources", "requests", "storage")
                size = amount(at(item.data, *path))
                if size is None:
                    continue
                if most is not None and size > most:
                    text = f"{name} allows claims of {held['max']['storage']} at most, so the server refuses it"
                    yield item, path, f"{text}; ask for less, or raise it"
                elif least is not None and size < least:
                    text = f"{name} wants claims of {held['min']['storage']} at least, so the server refuses it"
                    yield item, path, f"{text}; ask for more"


def _claiming(document: Object) -> Iterator[Path]:
    """Where a claim stands, or those that a StatefulSet gives to each of its pods."""
    if document["kind"] == "PersistentVolumeClaim":
        yield ("spec",)
    elif document["kind"] == "StatefulSet":
        for number, _ in enumerate(items(at(document, "spec", "volumeClaimTemplates"))):
            yield ("spec", "volumeClaimTemplates", number, "spec")
