"""Addresses that are written behind a Service, and that nobody reaches by it.

A Service has the addresses of each EndpointSlice that names it in a label; ports are brought together by their names.
"""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Path, at, items, mapping
from kaitops.documents.ref import namespace_of
from kaitops.gate.effects import absent
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item

Found = Iterator[tuple[Item, Path, str]]
_NAME: Path = ("metadata", "labels", "kubernetes.io/service-name")


def problems(state: State) -> Found:
    """What is wrong with the Service that an EndpointSlice names, and with its ports."""
    for item in state.items:
        name, space = at(item.data, *_NAME), namespace_of(item.data)
        if item.data["kind"] != "EndpointSlice" or not isinstance(name, str) or not name:
            continue
        service = state.service((space, name))
        if service is None:
            need = f"Service {space}/{name}"
            asked = absent.slipped(need, (one.name for one in state.services if one.namespace == space), item)
            if asked and not state.settled(need):
                text = f"names Service {name}, which the tree does not declare, so its addresses stand behind none; "
                yield item, _NAME, text + asked
            continue
        wanted = [str(mapping(one).get("name") or "") for one in items(service.spec.get("ports"))]
        given = [str(mapping(one).get("name") or "") for one in items(item.data.get("ports"))]
        if wanted and given and set(wanted).isdisjoint(given):
            text = f"has {_said(given)}, and Service {space}/{name} has {_said(wanted)}: they are brought together by "
            yield item, ("ports",), f"{text}name, so nobody answers; name them alike"


def _said(names: Sequence[str]) -> str:
    listed = ", ".join(one for one in names if one)
    return f"ports {listed}" if listed else "a port without a name"
