"""What holds between the fields of volumes, policies, roles, scalers and ingresses."""

from collections.abc import Callable, Iterator, Mapping

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.native.forms import amount, is_label_key, is_part, is_port, is_port_name
from kaitops.gate.native.ip_addresses import address_of, block_problem
from kaitops.gate.native.selecting import selector
from kaitops.kaito.kubernetes.dns_names import label_problems, subdomain_problems

Found = Iterator[tuple[Path, str]]
_RBAC = "rbac.authorization.k8s.io"
_WIDE = ("ClusterRole",)
_ODD_PATHS = ("//", "/./", "/../", "%2f", "%2F")
_ODD_ENDS = ("/..", "/.")


def problems(document: Object) -> Found:
    """What is wrong with an object of these kinds."""
    check = _CHECKS.get(document["kind"])
    if check is not None:
        yield from check(document, mapping(document.get("spec")))


def _claim(document: Object, spec: Object) -> Found:
    yield from claim(spec)


def claim(spec: Object) -> Found:
    """What is wrong with what a claim asks for, by paths from the object that holds it."""
    modes = items(spec.get("accessModes"))
    if not all(modes) or not modes or ("ReadWriteOncePod" in modes and len(modes) > 1):
        yield ("spec", "accessModes"), "must name modes, and ReadWriteOncePod only alone; correct them"
    size = amount(at(spec, "resources", "requests", "storage"))
    if size is None or size <= 0:
        yield ("spec", "resources", "requests", "storage"), "must be an amount above 0; write it"
    for key in ("storageClassName", "volumeAttributesClassName"):
        name = spec.get(key)
        if name and subdomain_problems(name):
            yield ("spec", key), "can be no class's name; correct it"


def _network(document: Object, spec: Object) -> Found:
    kinds = items(spec.get("policyTypes"))
    if len(kinds) > 2 or not all(kinds):
        yield ("spec", "policyTypes"), "may hold Ingress and Egress, each once; correct it"
    yield from selector(mapping(spec.get("podSelector")), ("spec", "podSelector"))
    for part, side in (("ingress", "from"), ("egress", "to")):
        for rule, held in enumerate(items(spec.get(part))):
            path = ("spec", part, rule)
            for place, one in enumerate(items(mapping(held).get(side))):
                yield from _peer(mapping(one), (*path, side, place))
            for place, one in enumerate(items(mapping(held).get("ports"))):
                yield from _policy_port(mapping(one), (*path, "ports", place))


def _peer(peer: Object, path: Path) -> Found:
    block = peer.get("ipBlock")
    for part in ("podSelector", "namespaceSelector"):
        yield from selector(mapping(peer.get(part)), (*path, part))
    others = peer.get("podSelector") is not None or peer.get("namespaceSelector") is not None
    if block is None and not others:
        yield path, "names nobody; write podSelector, namespaceSelector or ipBlock"
    elif block is not None:
        if others:
            yield path, "may not have ipBlock beside a selector; write two peers"
        outer = mapping(block).get("cidr")
        if wrong := block_problem(outer):
            yield (*path, "ipBlock", "cidr"), wrong
            return
        for place, inner in enumerate(items(mapping(block).get("except"))):
            wrong = block_problem(inner)
            if wrong or not _is_within(inner, str(outer)):
                yield (*path, "ipBlock", "except", place), wrong or "is no range strictly within cidr; correct it"


def _is_within(inner: str, outer: str) -> bool:
    import ipaddress  # few trees hold an address

    whole, part = ipaddress.ip_network(outer, strict=False), ipaddress.ip_network(inner, strict=False)
    return whole.version == part.version and whole != part and part.subnet_of(whole)  # pyright: ignore[reportArgumentType]


def _policy_port(port: Object, path: Path) -> Found:
    number, end = port.get("port"), port.get("endPort")
    if number is not None and not is_port(number) and not is_port_name(number):
        yield (*path, "port"), "must be a port from 1 to 65535 or the name of one; correct it"
    if end is not None and (not isinstance(number, int) or not is_port(end) or end < number):
        yield (*path, "endPort"), "must be a port no lower than port, which must be a number; correct it"


def _budget(document: Object, spec: Object) -> Found:
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    if least is not None and most is not None:
        yield ("spec",), "has minAvailable and maxUnavailable, of which one may be set; drop one"
    for key, value in (("minAvailable", least), ("maxUnavailable", most)):
        if value is not None and not is_part(value):
            yield ("spec", key), "must be a number of pods or percent of them; correct it"
    yield from selector(mapping(spec.get("selector")), ("spec", "selector"))


def _role(document: Object, spec: Object) -> Found:
    selecting = document.get("aggregationRule")
    if selecting is not None and not items(at(selecting, "clusterRoleSelectors")):
        yield ("aggregationRule", "clusterRoleSelectors"), "is empty; name labels of roles, or drop aggregationRule"
    for place, one in enumerate(items(document.get("rules"))):
        path, rule = ("rules", place), mapping(one)
        if not items(rule.get("verbs")):
            yield (*path, "verbs"), "is empty, so the rule allows nothing; name verbs"
        urls = items(rule.get("nonResourceURLs"))
        if urls and document["kind"] == "Role":
            yield (*path, "nonResourceURLs"), "may stand in a ClusterRole only; drop them"
        elif urls and (items(rule.get("resources")) or items(rule.get("apiGroups"))):
            yield (*path, "nonResourceURLs"), "may not stand beside resources; write two rules"
        elif not urls and not (items(rule.get("apiGroups")) and items(rule.get("resources"))):
            yield path, "must name apiGroups and resources; write both"


def _binding(document: Object, spec: Object) -> Found:
    role = mapping(document.get("roleRef"))
    kinds = _WIDE if document["kind"] == "ClusterRoleBinding" else (*_WIDE, "Role")
    if role.get("apiGroup") not in (None, "", _RBAC):
        yield ("roleRef", "apiGroup"), f"must be {_RBAC}; correct it"
    if role.get("kind") not in kinds:
        yield ("roleRef", "kind"), f"must be {' or '.join(kinds)}; correct it"
    name = role.get("name") or ""
    if not name or "/" in name or "%" in name:
        yield ("roleRef", "name"), "must be the name of a role; correct it"
    for place, one in enumerate(items(document.get("subjects"))):
        path, subject = ("subjects", place), mapping(one)
        kind, group = subject.get("kind"), subject.get("apiGroup") or ""
        if not subject.get("name"):
            yield (*path, "name"), "is missing; name the subject"
        if kind not in ("ServiceAccount", "User", "Group"):
            yield (*path, "kind"), "must be ServiceAccount, User or Group; correct it"
        elif kind == "ServiceAccount" and (group or (kinds == _WIDE and not subject.get("namespace"))):
            yield path, "must name the namespace of the account, and no apiGroup; correct it"
        elif kind == "ServiceAccount" and subdomain_problems(subject.get("name") or ""):
            yield (*path, "name"), "can be no account's name; correct it"
        elif kind != "ServiceAccount" and group not in ("", _RBAC):
            yield (*path, "apiGroup"), f"must be {_RBAC}; correct it"


def _scaler(document: Object, spec: Object) -> Found:
    least, most = spec.get("minReplicas"), spec.get("maxReplicas")
    if not isinstance(most, int) or most < 1:
        yield ("spec", "maxReplicas"), "must be 1 or more; correct it"
    elif least == 0:
        text = (
            "may be 0 only where the feature gate HPAScaleToZero is on, which is alpha, off unless somebody turned it "
            "on, and not to be had on AKS; write 1, or let a ScaledObject of KEDA scale to 0"
        )
        yield ("spec", "minReplicas"), text
    elif isinstance(least, int) and (least < 1 or least > most):
        yield ("spec", "minReplicas"), "must be from 1 to maxReplicas; correct it"
    for part in ("kind", "name"):
        target = at(spec, "scaleTargetRef", part)
        if not target or "/" in target or "%" in target:
            yield ("spec", "scaleTargetRef", part), "must name what is to be scaled; correct it"
    core = at(spec, "scaleTargetRef", "kind") == "ReplicationController"
    if "/" not in str(at(spec, "scaleTargetRef", "apiVersion") or "") and not core:
        yield ("spec", "scaleTargetRef", "apiVersion"), "must name group and version, such as apps/v1; correct it"
    if spec.get("metrics") or spec.get("behavior"):
        from kaitops.gate.native import measuring

        yield from measuring.problems(spec)


def _ingress(document: Object, spec: Object) -> Found:
    if not items(spec.get("rules")) and spec.get("defaultBackend") is None:
        yield ("spec",), "has neither rules nor a defaultBackend; write one"
    if spec.get("defaultBackend") is not None:
        yield from _backend(mapping(spec["defaultBackend"]), ("spec", "defaultBackend"))
    name = spec.get("ingressClassName")
    if name and subdomain_problems(name):
        yield ("spec", "ingressClassName"), "can be no class's name; correct it"
    for place, one in enumerate(items(spec.get("tls"))):
        for number, host in enumerate(items(at(one, "hosts"))):
            if subdomain_problems(str(host or "").removeprefix("*.")):
                yield ("spec", "tls", place, "hosts", number), "must be a name of DNS; correct it"
    for rule, held in enumerate(items(spec.get("rules"))):
        host = mapping(held).get("host") or ""
        if host and (subdomain_problems(host.removeprefix("*.")) or address_of(host) is not None):
            yield ("spec", "rules", rule, "host"), "must be a name of DNS; correct it"
        if at(held, "http") is not None and not items(at(held, "http", "paths")):
            yield ("spec", "rules", rule, "http", "paths"), "is empty; name a path"
        for place, one in enumerate(items(at(held, "http", "paths"))):
            path = ("spec", "rules", rule, "http", "paths", place)
            if not mapping(one).get("pathType"):
                yield (*path, "pathType"), "is missing; write Prefix or Exact"
            elif mapping(one)["pathType"] != "ImplementationSpecific" and not str(at(one, "path") or "").startswith(
                "/"
            ):
                yield (*path, "path"), "must start with '/'; correct it"
            asked = str(at(one, "path") or "")
            if at(one, "pathType") in ("Prefix", "Exact") and (
                any(odd in asked for odd in _ODD_PATHS) or asked.endswith(_ODD_ENDS)
            ):
                yield (*path, "path"), "may not hold empty, '.' or '..' parts, nor %2f; correct it"
            yield from _backend(mapping(mapping(one).get("backend")), (*path, "backend"))


def _backend(backend: Object, path: Path) -> Found:
    service, resource = backend.get("service"), backend.get("resource")
    if (service is None) == (resource is None):
        yield path, "must be a service or a resource; write one of both"
    if service is None:
        return
    if label_problems(mapping(service).get("name") or ""):
        yield (*path, "service", "name"), "must be a Service's name; correct it"
    name, number = at(service, "port", "name"), at(service, "port", "number")
    if bool(name) == bool(number) or (name and not is_port_name(name)) or (number and not is_port(number)):
        yield (*path, "service", "port"), "must have the name or the number of a port; write one of both"


def _namespace(document: Object, spec: Object) -> Found:
    for place, name in enumerate(items(spec.get("finalizers"))):
        if not is_label_key(name or "") or (name != "kubernetes" and "/" not in name):
            yield ("spec", "finalizers", place), "must be kubernetes or a name with a domain; correct it"


_CHECKS: Mapping[str, Callable[[Object, Object], Found]] = {
    "Namespace": _namespace,
    "PersistentVolumeClaim": _claim,
    "NetworkPolicy": _network,
    "PodDisruptionBudget": _budget,
    "Role": _role,
    "ClusterRole": _role,
    "RoleBinding": _binding,
    "ClusterRoleBinding": _binding,
    "HorizontalPodAutoscaler": _scaler,
    "Ingress": _ingress,
}
