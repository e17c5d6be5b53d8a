"""Stores that ExternalSecrets take their values from: one that is of another kind or namespace, or a slip.

A store may be made by what is elsewhere, so a name that is nowhere is a need. Source: External Secrets' SecretStoreRef.
"""

from collections.abc import Iterator

from kaitops.documents.plain import Object, Path, at, mapping
from kaitops.documents.ref import namespace_of
from kaitops.gate.effects import absent
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item

_OWN, _SHARED = "SecretStore", "ClusterSecretStore"
_LOST = "so the Secret is never made"


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """What is wrong with the store that each names."""
    known = {
        (one.data["kind"], namespace_of(one.data) if one.data["kind"] == _OWN else "", one.data["metadata"]["name"])
        for one in state.items
        if one.data["kind"] in (_OWN, _SHARED)
    }
    for item in state.items if known else ():
        if item.data["kind"] == "ExternalSecret":
            path: Path = ("spec", "secretStoreRef")
            if text := _missed(mapping(at(item.data, *path)), item, known, state):
                yield item, (*path, "name"), text


def _missed(named: Object, item: Item, known: set[tuple[str, str, str]], state: State) -> str:
    space = namespace_of(item.data)
    kind, name = str(named.get("kind") or _OWN), named.get("name")
    if kind not in (_OWN, _SHARED) or not absent.is_name(name):
        return ""
    place = space if kind == _OWN else ""
    need = f"{kind} {space}/{name}" if kind == _OWN else f"{kind} {name}"
    if (kind, place, name) in known or state.settled(need):
        return ""
    text = f"names {need}, which the tree does not declare, {_LOST}; "
    other = _SHARED if kind == _OWN else _OWN
    if (other, "" if kind == _OWN else space, name) in known:
        return f"{text}{other} {name} is there, so write kind: {other}"
    away = next((one for of, one, there in known if (of, there) == (kind, name)), None)
    if away is not None:
        return f"{text}it is in {away}, so declare it in {space} too, or {absent.assumed(need)}"
    asked = absent.slipped(need, [there for of, one, there in known if (of, one) == (kind, place)], item)
    return f"{text}{asked}" if asked else ""
