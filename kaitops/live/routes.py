"""The ways to a workload through Gateways, as HTTPRoutes declare them, and what Gateways' controllers say of each.

Owns what makes a way lead somewhere: the Gateway is there, its controller has accepted the route and found what it
leads to, and the Gateway is programmed and has an address. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaitops.documents.plain import Object, at, items, mapping
from kaitops.live.snapshot import Snapshot, condition, is_ready, name_of, namespace_of
from kaitops.live.view import View

SOON = 300.0
"""Seconds that a Gateway's controller is given before its silence counts as a failure."""
_GROUP = "gateway.networking.k8s.io"
_POOL = "-inferencepool"


@dataclass(frozen=True, slots=True)
class Way:
    """One HTTPRoute by one of its Gateways.

    Attributes:
        parent: the reference of the route.
        conditions: that the Gateway's controller gave the route, by type; empty where none has taken it.
    """

    route: Object
    parent: Object
    conditions: Mapping[str, Object]

    @property
    def namespace(self) -> str:
        """Of the Gateway."""
        return str(self.parent.get("namespace") or namespace_of(self.route))

    @property
    def gateway(self) -> str:
        """The Gateway, for people."""
        return f"{self.namespace}/{self.parent.get('name')}"

    @property
    def name(self) -> str:
        """The route, for people."""
        return f"HTTPRoute {namespace_of(self.route)}/{name_of(self.route)}"

    @property
    def accepted(self) -> Object:
        """The condition that the Gateway takes the route."""
        return self.conditions.get("Accepted", mapping(None))

    @property
    def resolved(self) -> Object:
        """The condition that what the route leads to was found."""
        return self.conditions.get("ResolvedRefs", mapping(None))


def serves(view: View) -> bool:
    """The model itself serves, so that a way to it is the next step."""
    ready = any(is_ready(one) for one in view.pods) and not view.unready
    return ready or any(serves(one) for one in view.children)


def awaited(view: View) -> list[Way]:
    """All ways to a workload that serves: before it does, another step is the one to look at."""
    return ways(view) if serves(view) else []


def ways(view: View) -> list[Way]:
    """All ways to a workload; those of replicas count as its own."""
    found: list[Way] = []
    for route in _routes(view):
        for parent in map(mapping, items(at(route, "spec", "parentRefs"))):
            if parent.get("kind", "Gateway") == "Gateway" and parent.get("group", _GROUP) == _GROUP:
                found.append(Way(route, parent, _said(route, parent)))
    return found


def gateway(snapshot: Snapshot, way: Way) -> Object | None:
    """The Gateway of a way; None where it is not there, or Gateways were not read."""
    return snapshot.find("Gateway", way.namespace, str(way.parent.get("name")))


def leads(snapshot: Snapshot, way: Way) -> bool:
    """All that is known of a way says that it leads to the workload."""
    found = gateway(snapshot, way)
    up = (
        found is not None
        and programmed(found).get("status") == "True"
        and bool(items(at(found, "status", "addresses")))
    )
    return (
        way.accepted.get("status") == "True"
        and way.resolved.get("status") != "False"
        and (up or not snapshot.knows("Gateway"))
    )


def programmed(found: Object) -> Object:
    """The condition that a Gateway's way is made in the network."""
    return condition(found, "Programmed")


def addresses(view: View) -> tuple[str, ...]:
    """The addresses that routes give a workload, without those that stand for many."""
    hosts = [str(host) for route in _routes(view) for host in items(at(route, "spec", "hostnames"))]
    return tuple(dict.fromkeys(f"https://{host}" for host in hosts if "*" not in host))


def _routes(view: View) -> list[Object]:
    names = {view.name, f"{view.name}{_POOL}", *(one.name for one in view.children)}
    return [
        route
        for route in view.snapshot.of("HTTPRoute")
        if namespace_of(route) == view.namespace and (name_of(route) == view.name or backends(route) & names)
    ]


def backends(route: Object) -> set[str]:
    """The names of what a route leads to."""
    rules = items(at(route, "spec", "rules"))
    return {str(at(one, "name")) for rule in rules for one in items(at(rule, "backendRefs"))}


def _said(route: Object, parent: Object) -> Mapping[str, Object]:
    own = namespace_of(route)
    for one in items(at(route, "status", "parents")):
        told = mapping(at(one, "parentRef"))
        if _key(told, own) == _key(parent, own):
            return {str(at(each, "type")): mapping(each) for each in items(at(one, "conditions"))}
    return mapping(None)


def _key(parent: Object, own: str) -> tuple[Any, ...]:
    return parent.get("namespace") or own, parent.get("name"), parent.get("sectionName"), parent.get("port")
