"""What holds between the fields of a Service."""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Object, Path, items, mapping
from kaitops.gate.native.forms import is_label_key, is_port, is_port_name
from kaitops.gate.native.ip_addresses import address_of, block_problem
from kaitops.kaito.kubernetes.dns_names import label_problems, subdomain_problems

Found = Iterator[tuple[Path, str]]
_PUBLISHED = ("NodePort", "LoadBalancer")
_NOWHERE = ("127.", "169.254.", "0.0.0.0", "::1", "fe80")  # noqa: S104, an address to refuse


def problems(document: Object) -> Found:
    """What is wrong with a Service."""
    if document["kind"] != "Service":
        return
    spec = mapping(document.get("spec"))
    kind, headless = spec.get("type") or "ClusterIP", spec.get("clusterIP") == "None"
    ports = items(spec.get("ports"))
    if not ports and not headless and kind != "ExternalName":
        yield ("spec", "ports"), "is missing, and only a headless Service may do without; name a port"
    yield from _ports(ports, kind)
    if kind == "ExternalName":
        name = spec.get("externalName") or ""
        if subdomain_problems(name.rstrip(".")):
            yield ("spec", "externalName"), "must be a name of DNS for a Service of type ExternalName; name the host"
        if spec.get("clusterIP"):
            yield ("spec", "clusterIP"), "may not be set for a Service of type ExternalName; drop it"
    elif headless and kind in _PUBLISHED:
        yield ("spec", "clusterIP"), f"may not be None for a Service of type {kind}; drop one of both"
    elif spec.get("clusterIP") and not headless and address_of(spec["clusterIP"]) is None:
        yield ("spec", "clusterIP"), "must be an address, None or nothing; drop it"
    for place, address in enumerate(items(spec.get("externalIPs"))):
        if address_of(address) is None or str(address).startswith(_NOWHERE):
            yield ("spec", "externalIPs", place), "is no address that leads to another host; correct it"
    if items(spec.get("loadBalancerSourceRanges")) and kind != "LoadBalancer":
        yield ("spec", "loadBalancerSourceRanges"), "is for a Service of type LoadBalancer only; drop it"
    for place, block in enumerate(items(spec.get("loadBalancerSourceRanges"))):
        if wrong := block_problem(block.strip() if isinstance(block, str) else block):
            yield ("spec", "loadBalancerSourceRanges", place), wrong
    for part in ("externalTrafficPolicy", "healthCheckNodePort", "loadBalancerClass", "allocateLoadBalancerNodePorts"):
        allowed = _PUBLISHED if part == "externalTrafficPolicy" else ("LoadBalancer",)
        local = part != "externalTrafficPolicy" or not items(spec.get("externalIPs"))
        given = spec.get(part)
        said = given is not None if part == "allocateLoadBalancerNodePorts" else given not in (None, "", 0)
        if said and kind not in allowed and local:
            yield ("spec", part), f"may not be set for a Service of type {kind}; drop it"
    if spec.get("loadBalancerClass") is not None and not is_label_key(spec["loadBalancerClass"]):
        yield ("spec", "loadBalancerClass"), "must be a name such as example.com/internal; correct it"
    if spec.get("trafficDistribution") == "":
        yield ("spec", "trafficDistribution"), "is empty; write PreferClose, or drop it"
    families = items(spec.get("ipFamilies"))
    if len(families) != len(set(map(str, families))) or len(families) > 2:
        yield ("spec", "ipFamilies"), "may hold IPv4 and IPv6, each once; correct it"
    addresses = items(spec.get("clusterIPs"))
    if addresses and addresses[0] != spec.get("clusterIP"):
        yield ("spec", "clusterIPs"), "must begin with clusterIP; drop it"
    seconds = mapping(mapping(spec.get("sessionAffinityConfig")).get("clientIP")).get("timeoutSeconds")
    if spec.get("sessionAffinity") == "ClientIP" and seconds is not None and not 0 < seconds <= 86400:
        yield ("spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds"), "must be from 1 to 86400; correct it"


def _ports(ports: Sequence[object], kind: str) -> Found:
    names: set[str] = set()
    taken: set[tuple[str, object]] = set()
    opened: set[tuple[str, object]] = set()
    for place, one in enumerate(ports):
        path, port = ("spec", "ports", place), mapping(one)
        if not is_port(port.get("port")):
            yield (*path, "port"), "must be a whole number from 1 to 65535; correct it"
        name = port.get("name") or ""
        if not name and len(ports) > 1:
            yield (*path, "name"), "is missing, which a Service of several ports needs; name each"
        elif name and (label_problems(name) or name in names):
            yield (*path, "name"), "must be a label of DNS that no other port has; rename it"
        names.add(name)
        target = port.get("targetPort")
        # Nothing and zero stand for the port itself.
        if target and not (is_port(target) or is_port_name(target)):
            yield (*path, "targetPort"), "must be a port from 1 to 65535 or the name of one; correct it"
        protocol = port.get("protocol") or "TCP"
        if (protocol, port.get("port")) in taken:
            yield path, "has the port and protocol of another one; drop one"
        taken.add((protocol, port.get("port")))
        if port.get("appProtocol") is not None and not is_label_key(port["appProtocol"]):
            yield (*path, "appProtocol"), "must be a name such as http or kubernetes.io/h2c; correct it"
        node = port.get("nodePort")
        if node and kind not in _PUBLISHED:
            yield (*path, "nodePort"), f"may not be set for a Service of type {kind}; drop it"
        elif node and (not 30000 <= node <= 32767 or (protocol, node) in opened):
            yield (*path, "nodePort"), "must be from 30000 to 32767, and no other port's; drop it to get a free one"
        opened.add((protocol, node))
