"""Ports without a login stay within the cluster."""

from collections.abc import Iterator
from typing import Any

from kaitops.documents.ref import namespace_of
from kaitops.policies import cel
from kaitops.policies.anatomy import INGRESS, PODS, POOLS, ROUTES, SERVICE, SLICE
from kaitops.policies.reading import at, containers, group_kind, items, mapping, number, pod_metadata, text
from kaitops.policies.rule import Context, Document, Found, Path, Rule, Scope, Severity

_OPEN = (6379, 8265, 10001, 52365, 5557)
_NAMES = ("ray", "gcs", "gcs-server", "redis", "dashboard", "ray-dashboard", "client", "ray-client", "kv-events")
_TYPES = ("LoadBalancer", "NodePort")
_FACT = "takes commands without a login and leaves the cluster"


def _check(document: Document, context: Context) -> Found:
    kind = group_kind(document)
    if kind == SLICE:
        yield from _behind(document, context)
        return
    if kind != SERVICE:
        for path, port in _PUBLISHED[kind](document):
            if port in _OPEN or port in _NAMES:
                yield path, f"port {port} {_FACT}"
            elif kind in _LEADING and (target := _renumbered(document, path, port, context)):
                yield path, f"port {port} leads to {target}, which {_FACT}"
        return
    if not _leaves(document):
        return
    for place, port in enumerate(items(at(document, "spec", "ports"))):
        number_, target = at(port, "port"), at(port, "targetPort")
        if number_ in _OPEN or target in _OPEN or target in _NAMES:
            yield ("spec", "ports", place), f"port {number_} {_FACT}"
        elif isinstance(target, str) and _named(document, target, context):
            yield ("spec", "ports", place), f"port {number_} leads to {target}, which {_FACT}"


def _leaves(service: Document) -> bool:
    """A Service is asked from outside of the cluster."""
    return at(service, "spec", "type") in _TYPES or bool(items(at(service, "spec", "externalIPs")))


def _behind(document: Document, context: Context) -> Found:
    """Ports of addresses that stand behind a Service, where that one, a route or an Ingress publishes them."""
    name = text(at(document, "metadata", "labels", "kubernetes.io/service-name"))
    service = context.find(SERVICE, namespace_of(document), name)
    if not name or not (_leaves(service or {}) or any(_leads(each, document, name) for each in context.objects)):
        return
    for place, port in enumerate(items(document.get("ports"))):
        if at(port, "port") in _OPEN:
            path: Path = ("ports", place, "port")
            yield path, f"port {at(port, 'port')} {_FACT} by Service {name}"


def _renumbered(document: Document, path: Path, port: object, context: Context) -> object:
    """The open port that a Service of the tree sends a backend's port on to; None where it is another one."""
    name, space = _backend(document, path)
    service = context.find(SERVICE, space, name) if port is not None else None
    field = "name" if isinstance(port, str) else "port"
    for each in items(at(service, "spec", "ports")):
        if at(each, field) != port:
            continue
        target = at(each, "targetPort")
        target = at(each, "port") if target is None else target
        if target in _OPEN or target in _NAMES:
            return target
        if isinstance(target, str) and _named(service or {}, target, context):
            return target
    return None


def _backend(document: Document, path: Path) -> tuple[str, str]:
    """Name and namespace of the Service whose port stands at a path of an Ingress or a route."""
    # Both end in the port, which stands beside the name.
    held = mapping(at(document, *path[: -2 if group_kind(document) == INGRESS else -1]))
    return text(held.get("name")), text(held.get("namespace")) or namespace_of(document)


def _leads(each: Document, document: Document, name: str) -> bool:
    """A route or an Ingress leads to a Service."""
    kind = group_kind(each)
    if kind not in _LEADING:
        return False
    wanted = (name, namespace_of(document))
    return any(_backend(each, path) == wanted for path, _ in _PUBLISHED[kind](each))


def _backends(document: Document) -> Iterator[tuple[Path, Any]]:
    """The Service ports that an Ingress publishes."""
    places: list[Path] = [("spec", "defaultBackend")]
    for rule, one in enumerate(items(at(document, "spec", "rules"))):
        held = items(at(one, "http", "paths"))
        places += [("spec", "rules", rule, "http", "paths", place, "backend") for place in range(len(held))]
    for path in places:
        for part in ("number", "name"):
            yield (*path, "service", "port", part), at(document, *path, "service", "port", part)


def _route(document: Document) -> Iterator[tuple[Path, Any]]:
    """The ports that a route of a gateway publishes."""
    for rule, one in enumerate(items(at(document, "spec", "rules"))):
        for place, backend in enumerate(items(at(one, "backendRefs"))):
            yield ("spec", "rules", rule, "backendRefs", place, "port"), at(backend, "port")
            yield from _mirrors(backend, ("spec", "rules", rule, "backendRefs", place))
        yield from _mirrors(one, ("spec", "rules", rule))


def _mirrors(holder: object, path: Path) -> Iterator[tuple[Path, Any]]:
    """The ports that get a copy of each request."""
    for place, each in enumerate(items(at(holder, "filters"))):
        where = ("requestMirror", "backendRef", "port")
        yield (*path, "filters", place, *where), at(each, *where)


def _pool(document: Document) -> Iterator[tuple[Path, Any]]:
    """The ports of pods that a gateway's routes reach by a pool."""
    yield ("spec", "targetPortNumber"), at(document, "spec", "targetPortNumber")
    for place, each in enumerate(items(at(document, "spec", "targetPorts"))):
        yield ("spec", "targetPorts", place, "number"), at(each, "number")


def _named(document: Document, name: str, context: Context) -> bool:
    """A pod that the Service selects calls one of the ports by that name."""
    wanted = mapping(at(document, "spec", "selector"))
    for each in context.objects:
        if not wanted or group_kind(each) not in PODS or namespace_of(each) != namespace_of(document):
            continue
        labels = mapping(pod_metadata(each)[1].get("labels"))
        if any(labels.get(key) != value for key, value in wanted.items()):
            continue
        for _, container in containers(each):
            for port in items(container.get("ports")):
                if text(at(port, "name")) == name and number(at(port, "containerPort")) in _OPEN:
                    return True
    return False


_PUBLISHED = {INGRESS: _backends, **dict.fromkeys(ROUTES, _route), **dict.fromkeys(POOLS, _pool)}
_LEADING = (INGRESS, *ROUTES)


def _cel_closed(holder: str, field: str) -> str:
    value = f"dyn({holder}.{field})"
    number_, name = f"{value} in {list(_OPEN)}", f"{value} in {cel.listed(_NAMES)}"
    return cel.unless(f"{holder}.{field}", f"!(type({value}) == int ? {number_} : {name})", holder)


def _cel(kind: str) -> str | None:
    if kind == INGRESS:
        closed = " && ".join(_cel_closed("b.service.port", part) for part in ("number", "name"))
        one = f"(!has(b.service) || !has(b.service.port) || ({closed}))"
        paths = cel.each("r.http.paths", "h", f"[h.backend].all(b, {one})", "r")
        default = cel.unless("object.spec.defaultBackend", f"[object.spec.defaultBackend].all(b, {one})")
        return f"{default} && {cel.each('object.spec.rules', 'r', paths)}"
    if kind != SERVICE:
        return None
    typed = cel.unless("object.spec.type", f"!(object.spec.type in {cel.listed(_TYPES)})")
    inner = f"({typed} && {cel.unless('object.spec.externalIPs', 'size(object.spec.externalIPs) == 0')})"
    closed = " && ".join(_cel_closed("p", part) for part in ("port", "targetPort"))
    return f"{inner} || {cel.each('object.spec.ports', 'p', closed)}"


RULE = Rule(
    id="KAITO103",
    severity=Severity.CRITICAL,
    title="Ray and KV events are not published",
    why="Ray's job API runs any code that it is sent.",
    source="CVE-2023-48022; KAITO pkg/workspace/manifests, ports",
    remedy="publish port 80 only, in a Service of its own",
    kinds=(SERVICE, SLICE, INGRESS, *ROUTES, *POOLS),
    check=_check,
    cel=lambda kind, _: _cel(kind),
    scope=Scope.AIDED,
)
