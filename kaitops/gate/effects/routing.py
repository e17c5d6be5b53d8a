"""Whether routes and Ingresses lead to a Service of the tree at its port, and whether their Gateway takes them.

What the tree does not hold is a need; what it holds otherwise than a route says is told. Source: the Gateway API's
conditions Accepted and ResolvedRefs.
"""

from collections.abc import Iterator

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.ref import namespace_of
from kaitops.documents.selectors import selects_namespace
from kaitops.gate.effects import absent
from kaitops.gate.effects.state import POOL, POOLS, State
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import GROUP

Found = Iterator[tuple[Item, Path, str]]
Told = Iterator[tuple[Path, str]]
_API = "gateway.networking.k8s.io"
ROUTES = frozenset(("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"))
_LOST = "so nobody answers"
# Which routes a listener takes where it names none. One of TLS may end there, which some gateways take TCPRoutes for.
_CARRIED = {
    **dict.fromkeys(("HTTP", "HTTPS"), ("HTTPRoute", "GRPCRoute")),
    "TLS": ("TLSRoute", "TCPRoute"), "TCP": ("TCPRoute",), "UDP": ("UDPRoute",),
}  # fmt: skip


def problems(state: State) -> Found:
    """What is wrong with each route and Ingress."""
    for item in state.items:
        if item.data["kind"] == "Ingress" and _is_of(item.data, "networking.k8s.io"):
            yield from ((item, path, text) for path, text in _ingress(item, state))
        elif item.data["kind"] in ROUTES and _is_of(item.data, _API):
            for path, text in (*_parents(item, state), *_backends(item, state)):
                yield item, path, text
        elif item.data["kind"] == "InferencePool":
            yield from ((item, path, text) for path, text in _picker(item, state))


def _is_of(data: Object, group: str) -> bool:
    return str(data["apiVersion"]).partition("/")[0] == group


def _of(kind: str, state: State) -> Iterator[Item]:
    """The objects of a kind of the Gateway API."""
    return (one for one in state.items if one.data["kind"] == kind and _is_of(one.data, _API))


def led(document: Object) -> Iterator[tuple[Path, tuple[str, str], object]]:
    """Where a route or an Ingress names a Service, its namespace and name, and the port."""
    own = namespace_of(document)
    if document["kind"] == "Ingress":
        places: list[Path] = [("spec", "defaultBackend")]
        for rule, one in enumerate(items(at(document, "spec", "rules"))):
            held = items(at(one, "http", "paths"))
            places += [("spec", "rules", rule, "http", "paths", place, "backend") for place in range(len(held))]
        for path in places:
            named = mapping(at(document, *path, "service"))
            name, port = named.get("name"), mapping(named.get("port"))
            if isinstance(name, str) and name:
                yield (*path, "service"), (own, name), port.get("number") or port.get("name")
        return
    for path, kind, where, port in _named(document):
        if kind == ("", "Service"):
            yield path, where, port


def _named(document: Object) -> Iterator[tuple[Path, tuple[str, str], tuple[str, str], object]]:
    """What a route sends to: where it says so, group and kind, namespace and name, and the port."""
    own = namespace_of(document)
    for rule, one in enumerate(items(at(document, "spec", "rules"))):
        for place, backend in enumerate(map(mapping, items(at(one, "backendRefs")))):
            name, kind = backend.get("name"), (backend.get("group") or "", str(backend.get("kind") or "Service"))
            if isinstance(name, str) and name:
                where = str(backend.get("namespace") or own), name
                yield ("spec", "rules", rule, "backendRefs", place), kind, where, backend.get("port")


def _ingress(item: Item, state: State) -> Told:
    for path, (space, name), port in led(item.data):
        yield from _service(name, space, port, path, item, state)


def _backends(item: Item, state: State) -> Told:
    own = namespace_of(item.data)
    for rule, one in enumerate(items(at(item.data, "spec", "rules"))):
        backends = items(at(one, "backendRefs"))
        if backends and all(at(each, "weight") == 0 for each in backends):
            text = (
                "gives weight 0 to all that the rule leads to, so the gateway answers with 500; give one of it a weight"
            )
            yield ("spec", "rules", rule, "backendRefs"), text
    for path, (group, kind), (space, name), port in _named(item.data):
        if space != own:
            yield from _granted(item, kind, space, name, (*path, "namespace"), state)
        if (group, kind) == ("", "Service"):
            yield from _service(name, space, port, path, item, state)
        elif group in POOLS and kind == "InferencePool":
            yield from _pool(name, space, path, item, state)


def _picker(item: Item, state: State) -> Told:
    """What chooses a pod of a pool, which is asked for each request."""
    for field in ("endpointPickerRef", "extensionRef"):
        held = mapping(at(item.data, "spec", field))
        name, port = held.get("name"), mapping(held.get("port")).get("number") or held.get("portNumber")
        is_service = (held.get("group") or "", held.get("kind") or "Service") == ("", "Service")
        if is_service and isinstance(name, str) and name:
            yield from _service(name, namespace_of(item.data), port, ("spec", field), item, state)


def _service(name: str, space: str, port: object, path: Path, item: Item, state: State) -> Told:
    """What is wrong with leading to a Service.

    Args:
        path: of what names it.
    """
    found = state.service((space, name))
    need = f"Service {space}/{name}"
    if found is None:
        if state.settled(need) or _is_unjudged(name, space, state):
            return
        text = absent.service(space, name, state.services, state.items, item)
        elsewhere = next((one.namespace for one in state.services if one.name == name), None)
        if text is not None:
            yield (*path, "name"), text
        elif elsewhere is not None:
            text = f"leads to Service {name} in namespace {space}, where the tree declares none; it is in {elsewhere}, "
            yield (*path, "name"), f"{text}so declare this one there, or {absent.assumed(need)}"
        else:
            state.needs.add(need)
        return
    ports = [mapping(one) for one in items(found.spec.get("ports"))]
    if port is None and path[-2:-1] == ("backendRefs",):
        listed = " or ".join(str(one.get("port")) for one in ports) or "its port"
        yield path, f"names Service {name} and no port of it, which the server refuses; write port: {listed}"
    known = [one.get("name" if isinstance(port, str) else "port") for one in ports]
    if ports and port is not None and port not in known and found.spec.get("type") != "ExternalName":
        listed = ", ".join(str(one) for one in known if one is not None) or "none that has a name"
        place = (*path, "port")
        if isinstance(port, str) or path[-1] == "service":
            place = (*path, "port", "name" if isinstance(port, str) else "number")
        yield place, f"asks port {port} of {need}, which has {listed}, {_LOST}; write one of its ports"


def _is_unjudged(name: str, space: str, state: State) -> bool:
    """A Workspace or an engine of the name is there, and what KAITO makes of it is not known: it was refused."""
    return any(
        one.data["kind"] in ("Workspace", "RAGEngine") and "tuning" not in one.data
        for one in state.items
        if one.data["metadata"]["name"] == name and namespace_of(one.data) == space
        and one.data["apiVersion"].startswith(GROUP)
    )  # fmt: skip


def _pool(name: str, space: str, path: Path, item: Item, state: State) -> Told:
    if (space, name) in state.pools_of_pods or state.settled(f"InferencePool {space}/{name}"):
        return
    sets = [one for one in state.items if one.data["kind"] in ("InferenceSet", "MultiRoleInference")]
    known = {one for place, one in state.pools_of_pods if place == space}
    if any((namespace_of(one.data), one.data["metadata"]["name"]) == (space, name) for one in sets):
        text = f"names a pool as its set is called, and KAITO calls the pool {name}{POOL}, {_LOST}; write that"
        yield (*path, "name"), text
    elif asked := absent.slipped(f"InferencePool {space}/{name}", known, item):
        yield (*path, "name"), f"leads to InferencePool {name}, which the tree does not declare, {_LOST}; {asked}"
    else:
        state.needs.add(f"InferencePool {space}/{name}")


def _granted(item: Item, kind: str, space: str, name: str, path: Path, state: State) -> Told:
    """A route may lead into another namespace where that one grants it."""
    asks = {"group": _API, "kind": item.data["kind"], "namespace": namespace_of(item.data)}
    there = [one for one in _of("ReferenceGrant", state) if namespace_of(one.data) == space]
    for one in there:
        asking = any(all(mapping(each).get(key) == value for key, value in asks.items())
                     for each in items(at(one.data, "spec", "from")))  # fmt: skip
        if asking and any(
            mapping(each).get("kind") == kind and mapping(each).get("name") in (None, "", name)
            for each in items(at(one.data, "spec", "to"))
        ):
            return
    if not there and not any(one.namespace == space for one in state.services):
        return  # nothing of that namespace is here
    need = f"ReferenceGrant {space}/{name}"
    if not state.settled(need):
        text = f"leads into namespace {space}, where the tree has no ReferenceGrant for a {item.data['kind']} of "
        text += f"{asks['namespace']} to {kind} {name}, so the gateway answers with 500; declare one, or "
        yield path, f"{text}{absent.assumed(need)}"


def _parents(item: Item, state: State) -> Told:
    own = namespace_of(item.data)
    gateways = {(namespace_of(one.data), one.data["metadata"]["name"]): one for one in _of("Gateway", state)}
    for place, one in enumerate(items(at(item.data, "spec", "parentRefs"))):
        held, path = mapping(one), ("spec", "parentRefs", place)
        name, space = held.get("name"), str(held.get("namespace") or own)
        if held.get("kind") not in (None, "", "Gateway") or not isinstance(name, str) or not name:
            continue
        found, need = gateways.get((space, name)), f"Gateway {space}/{name}"
        if found is not None:
            yield from _attached(item, held, found, path, state)
        elif not state.settled(need):
            elsewhere = next((place for place, one in gateways if one == name), None)
            text = f"names Gateway {name} in namespace {space}, where the tree declares none"
            if elsewhere is not None:
                yield (*path, "name"), f"{text}; it is in {elsewhere}, so write namespace: {elsewhere}"
            elif asked := absent.slipped(need, {one for place, one in gateways if place == space}, item):
                yield (*path, "name"), f"{text}; {asked}"
            else:
                state.needs.add(need)


def _attached(item: Item, parent: Object, gateway: Item, path: Path, state: State) -> Told:
    listeners = [mapping(one) for one in items(at(gateway.data, "spec", "listeners"))]
    if not listeners:
        return
    wanted = parent.get("sectionName")
    meant = [one for one in listeners if wanted in (None, "", one.get("name"))]
    if not meant:
        listed = ", ".join(str(one.get("name")) for one in listeners)
        yield (
            (*path, "sectionName"),
            f"sectionName is {wanted}, and {gateway.subject} has {listed}, {_LOST}; write one of them",
        )
        return
    port = parent.get("port")
    if port is not None and all(one.get("port") != port for one in meant):
        listed = ", ".join(str(one.get("port")) for one in meant)
        yield (*path, "port"), f"port is {port}, and {gateway.subject} listens on {listed}, {_LOST}; write one of them"
        return
    allowing = [one for one in meant if _allows(one, item, gateway, state)]
    if not allowing:
        space = namespace_of(item.data)
        text = f"names {gateway.subject}, whose listeners take no {item.data['kind']} of namespace {space}, {_LOST}; "
        protocols = {str(one.get("protocol")) for one in meant}
        if all(item.data["kind"] not in _CARRIED.get(one, ROUTES) for one in protocols):
            kinds = next((one for one, carried in _CARRIED.items() if item.data["kind"] in carried), "HTTP")
            yield (*path, "name"), f"{text}name a listener of protocol {kinds}, or write another kind of route"
        else:
            yield (*path, "name"), f"{text}allow it by allowedRoutes there"
        return
    hosts = [one for one in items(at(item.data, "spec", "hostnames")) if isinstance(one, str)]
    served = [one.get("hostname") for one in allowing]
    if hosts and all(isinstance(one, str) and one for one in served):
        names = [str(one) for one in served]
        if not any(_meet(host, one) for host in hosts for one in names):
            text = f"hostnames are not among what the listeners of {gateway.subject} serve ({', '.join(names)})"
            yield ("spec", "hostnames"), f"{text}, {_LOST}; name one of them"


def _allows(listener: Object, item: Item, gateway: Item, state: State) -> bool:
    own = namespace_of(item.data)
    kinds = [mapping(one).get("kind") for one in items(at(listener, "allowedRoutes", "kinds"))]
    if item.data["kind"] not in (kinds or _CARRIED.get(str(listener.get("protocol")), ROUTES)):
        return False
    held = mapping(at(listener, "allowedRoutes", "namespaces"))
    source = held.get("from") or "Same"
    if source == "Same":
        return own == namespace_of(gateway.data)
    if source != "Selector":
        return source == "All"
    declared = next((one.data for one in state.items
                     if one.data["kind"] == "Namespace" and one.data["metadata"]["name"] == own), None)  # fmt: skip
    return selects_namespace(mapping(held.get("selector")), own, declared)


def _meet(host: str, served: str) -> bool:
    """Two names of hosts, each of which may begin with ``*``, have one in common."""
    one, other = host.lower(), served.lower()
    if one == other:
        return True
    if one.startswith("*.") and other.startswith("*."):
        return one.endswith(other[1:]) or other.endswith(one[1:])
    return (other.startswith("*.") and one.endswith(other[1:])) or (one.startswith("*.") and other.endswith(one[1:]))
