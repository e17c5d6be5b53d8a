"""Versions of kinds that no server takes: what their project dropped, and what the definition in the same tree lacks.

A cluster may run any release, so a version that the facts do not call dropped passes. A definition that the tree itself
holds is believed before them. Kinds of Kubernetes and of KAITO are judged by their schemas.
"""

from collections.abc import Iterable, Iterator, Mapping

from kaitops.documents.plain import Object, at, items, mapping
from kaitops.gate.checks import REFERENCE
from kaitops.gate.objects import Group, Item
from kaitops.kaito import facts
from kaitops.report.findings import MEDIUM, Finding

_DEFINITION = "CustomResourceDefinition"
_Served = Mapping[tuple[str, str], list[str]]


def problems(groups: Iterable[Group]) -> Iterator[Finding]:
    """Each object of such a version."""
    held = {id(group): _defined(group.items) for group in groups}
    everywhere = {key: versions for one in held.values() for key, versions in one.items()}
    dropped = facts.load(".", "kinds.json")["dropped"]
    for group in groups:
        here = held[id(group)]
        for item in group.items:
            name, _, version = item.data["apiVersion"].partition("/")
            key = (name, item.data["kind"])
            if key in here:
                if version not in here[key]:
                    yield item.finding(REFERENCE, ("apiVersion",), _undefined(name, version, here[key]))
            elif version not in everywhere.get(key, ()) and (
                fact := next((one for one in dropped.get(name, ()) if _is_of(one, version, key[1])), None)
            ):
                yield _finding(item, fact)


def _defined(tree: Iterable[Item]) -> _Served:
    """The versions that each kind is served in, as definitions of the tree say."""
    found: dict[tuple[str, str], list[str]] = {}
    for item in tree:
        if item.data["kind"] == _DEFINITION:
            spec = mapping(item.data.get("spec"))
            versions = [mapping(one) for one in items(spec.get("versions"))]
            served = [str(one.get("name")) for one in versions if one.get("served") is True]
            if served:
                found[str(spec.get("group")), str(at(spec, "names", "kind"))] = served
    return found


def _is_of(fact: Object, version: str, kind: str) -> bool:
    return fact["version"] == version and kind in fact["kinds"]


def _undefined(group: str, version: str, served: list[str]) -> str:
    known = " or ".join(f"{group}/{one}" for one in served)
    return (
        f"names version {version}, which the {_DEFINITION} beside it does not serve, so no server takes the object; "
        f"write {known}"
    )


def _finding(item: Item, fact: Object) -> Finding:
    given = item.data["apiVersion"]
    written = fact["write"] if "/" in fact["write"] else f"{given.partition('/')[0]}/{fact['write']}"
    since = f"names {given}, which {fact['by']} dropped on {fact['on']}, so a cluster with that release or a later one "
    if still := fact.get("still"):
        text = f"{since}refuses the object, and {still} is the last that takes it; write {written}"
        return item.finding(REFERENCE, ("apiVersion",), text)._replace(severity=MEDIUM)
    return item.finding(REFERENCE, ("apiVersion",), f"{since}refuses the object; write {written}")
