"""What holds between the fields of an EndpointSlice."""

import ipaddress
from collections.abc import Callable, Iterator

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.native.forms import is_label, is_label_key
from kaitops.gate.native.ip_addresses import address_of
from kaitops.kaito.kubernetes.dns_names import label_problems, subdomain_problems

Found = Iterator[tuple[Path, str]]
_MOST_ENDPOINTS, _MOST_ADDRESSES = 1000, 100
_NAMES = "FQDN"
# Of a group that no router passes on.
_NEAR = {4: ipaddress.ip_network("224.0.0.0/24"), 6: ipaddress.ip_network("ff02::/16")}
_MOST_HINTS = 8
_HINTS: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("forZones", is_label, "a zone"),
    ("forNodes", lambda name: not subdomain_problems(name), "a node"),
)


def problems(document: Object) -> Found:
    """What is wrong with the addresses and the ports of an EndpointSlice."""
    family = str(document.get("addressType"))
    endpoints = items(document.get("endpoints"))
    if len(endpoints) > _MOST_ENDPOINTS:
        yield ("endpoints",), f"holds more than {_MOST_ENDPOINTS}; write the others into a slice of their own"
    for place, one in enumerate(endpoints):
        yield from ((("endpoints", place, *path), text) for path, text in _endpoint(mapping(one), family))
    names: set[str] = set()
    for place, one in enumerate(items(document.get("ports"))):
        path, port = ("ports", place), mapping(one)
        name = port.get("name") or ""
        if name in names or (name and label_problems(name)):
            yield (*path, "name"), "must be a label of DNS that no other port has; rename it"
        names.add(name)
        if port.get("appProtocol") is not None and not is_label_key(port["appProtocol"]):
            yield (*path, "appProtocol"), "must be a name such as http or example.com/own; correct it"


def _endpoint(endpoint: Object, family: str) -> Found:
    addresses = items(endpoint.get("addresses"))
    if not addresses or len(addresses) > _MOST_ADDRESSES:
        yield ("addresses",), f"must hold from one to {_MOST_ADDRESSES}; write them"
    for place, address in enumerate(addresses):
        if not _is_of(family, address):
            text = "the name of a host" if family == _NAMES else f"an {family} address that leads to a pod or host"
            yield ("addresses", place), f"must be {text}; correct it, or addressType"
    if endpoint.get("hostname") is not None and label_problems(endpoint["hostname"]):
        yield ("hostname",), "must be a label of DNS; rename it"
    if endpoint.get("nodeName") is not None and subdomain_problems(endpoint["nodeName"]):
        yield ("nodeName",), "must be the name of a node; correct it"
    for part, is_name, what in _HINTS:
        named = items(at(endpoint, "hints", part))
        if len(named) > _MOST_HINTS:
            yield ("hints", part), f"holds more than {_MOST_HINTS}; drop some"
        names: set[str] = set()
        for place, one in enumerate(named):
            name = mapping(one).get("name") or ""
            if name in names or not is_name(name):
                yield ("hints", part, place, "name"), f"must be {what} that no other one names; correct it"
            names.add(name)


def _is_of(family: str, address: object) -> bool:
    if not isinstance(address, str) or not address:
        return False
    if family == _NAMES:
        return not subdomain_problems(address.removesuffix("."))
    found = address_of(address)
    if found is None or str(found) != address:
        return False
    here = found.is_loopback or found.is_link_local or found.is_unspecified or found in _NEAR[found.version]
    return f"IPv{found.version}" == family and not here
