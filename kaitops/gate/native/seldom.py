"""What holds between the fields of kinds that few trees have: classes, bounds, disks, policies of admission, slices."""

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.native.forms import amount, is_label_key
from kaitops.gate.native.selecting import expression
from kaitops.gate.native.services import is_block
from kaitops.kaito.kubernetes.dns_names import label_problems, subdomain_problems

Found = Iterator[tuple[Path, str]]
_HIGHEST, _RESERVED = 1_000_000_000, "system-"
_OF_SYSTEM = ("system-node-critical", "system-cluster-critical")
_LIMITED = ("Container", "Pod", "PersistentVolumeClaim")
_COUNTED = (
    "pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims",
    "services.nodeports", "services.loadbalancers",
)  # fmt: skip
_OF_PODS = ("cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage",
            "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods")  # fmt: skip
_LONGEST_DRIVER = 63
_QUOTED = re.compile(
    r"storage|requests\.storage|(?:requests\.)?hugepages-.+|limits\.hugepages-.+|count/.+|.+\.storageclass\.storage\.k8s\.io/.+"
)
_CONFLICTING = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))
_SCOPES = ("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "PriorityClass",
           "CrossNamespacePodAffinity", "VolumeAttributesClass")  # fmt: skip
_NOT_OF_DISKS = frozenset(
    {"accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity", "persistentVolumeReclaimPolicy",
     "storageClassName", "volumeAttributesClassName", "volumeMode"}
)  # fmt: skip
_CONTROLLER = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[^\s]+")
_EXPRESSION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_TOKEN = re.compile(r"""//[^\n]*|(?:(?<!\w)[bB]?([rR])[bB]?)?('''|"{3}|'|")|[()\[\]{}]""")
"""What opens something in an expression: a comment, a text, which may be raw, or a bracket."""


def problems(document: Object) -> Found:
    """What is wrong with an object of one of these kinds."""
    yield from _CHECKS[document["kind"]](document, mapping(document.get("spec")))


def _priority(document: Object, spec: Object) -> Found:
    name, value = document["metadata"]["name"], document.get("value")
    if name.startswith(_RESERVED) and name not in _OF_SYSTEM:
        yield ("metadata", "name"), f"may not begin with {_RESERVED}, which is for the system's own; rename it"
    elif isinstance(value, int) and value > _HIGHEST and name not in _OF_SYSTEM:
        yield ("value",), f"may be {_HIGHEST} at most; lower it"


def _limits(document: Object, spec: Object) -> Found:
    taken: set[Any] = set()
    for place, one in enumerate(items(spec.get("limits"))):
        path, held = ("spec", "limits", place), mapping(one)
        kind = held.get("type")
        if kind in taken:
            yield (*path, "type"), "is bounded twice; bring both together"
        taken.add(kind)
        if kind not in _LIMITED and not (isinstance(kind, str) and "/" in kind and is_label_key(kind)):
            yield (*path, "type"), f"must be {', '.join(_LIMITED[:-1])} or {_LIMITED[-1]}; correct it"
        parts = {key: mapping(held.get(key)) for key in ("min", "defaultRequest", "default", "max")}
        if kind == "Pod":
            for key in ("default", "defaultRequest"):
                if parts[key]:
                    yield (*path, key), "may not be said of a Pod, only of a Container; drop it"
        if kind == "PersistentVolumeClaim" and "storage" not in {*parts["min"], *parts["max"]}:
            yield path, "must bound storage by min or max; write one"
        yield from _ordered(parts, path)
        for name, ratio in mapping(held.get("maxLimitRequestRatio")).items():
            size = amount(ratio)
            if size is not None and size < 1:
                yield (*path, "maxLimitRequestRatio", name), "must be 1 or more; correct it"


def _ordered(parts: Mapping[str, Object], path: Path) -> Found:
    """Of one resource min is at most what is asked for, that at most what is given, and that at most max."""
    for name in sorted({name for held in parts.values() for name in held}):
        sizes = [
            (key, size)
            for key, held in parts.items()
            if name in held and (size := amount(0 if held[name] is None else held[name])) is not None
        ]
        for (lower, less), (upper, more) in ((a, b) for n, a in enumerate(sizes) for b in sizes[n + 1 :]):
            if less > more:
                yield (*path, lower, name), f"is more than {upper}; bring them in order"
                break


def _quota(document: Object, spec: Object) -> Found:
    hard = mapping(spec.get("hard"))
    for name, value in hard.items():
        path, size = ("spec", "hard", name), amount(value)
        counted = name in _COUNTED or name.startswith("count/")
        if not (counted or name in _OF_PODS or _QUOTED.fullmatch(name) or ("/" in name and is_label_key(name))):
            yield path, "is nothing that a quota bounds; write such as requests.cpu, limits.memory or pods"
        elif name.startswith("count/") and not is_label_key(name):
            yield path, "must be a resource and its group, such as count/deployments.apps; correct it"
        if size is not None and size < 0:
            yield path, "may not be negative; correct it"
        elif size is not None and (counted or ".storageclass." in name) and size.denominator != 1:
            yield path, "must be a whole number; correct it"
    scopes = items(spec.get("scopes"))
    for one, other in _CONFLICTING:
        if one in scopes and other in scopes:
            yield ("spec", "scopes"), f"hold {one} and {other}, which no pod is both; drop one"
    for place, scope in enumerate(scopes):
        if scope not in _SCOPES:
            yield ("spec", "scopes", place), f"must be one of {', '.join(_SCOPES)}; correct it"
        allowed = ("pods",) if scope == "BestEffort" else _OF_PODS
        if scope != "VolumeAttributesClass" and any(name not in allowed and "/" not in name for name in hard):
            yield ("spec", "scopes", place), "bounds pods, and something else is counted; write a quota of its own"
    for place, one in enumerate(items(at(spec, "scopeSelector", "matchExpressions"))):
        path, values = ("spec", "scopeSelector", "matchExpressions", place), items(at(one, "values"))
        operator = at(one, "operator")
        if operator in ("In", "NotIn") and not values:
            yield (*path, "values"), f"is empty, which {operator} needs; name them"
        elif operator in ("Exists", "DoesNotExist") and values:
            yield (*path, "values"), f"may not be set where the operator is {operator}; drop them"


def _volume(document: Object, spec: Object) -> Found:
    if not items(spec.get("accessModes")):
        yield ("spec", "accessModes"), "is missing; name one"
    size = amount(at(spec, "capacity", "storage"))
    if size is None or size <= 0:
        yield ("spec", "capacity", "storage"), "must be an amount above 0; write it"
    sources = [key for key, value in spec.items() if key not in _NOT_OF_DISKS and value is not None]
    if len(sources) != 1:
        yield ("spec",), "must say by one source what the volume is, such as csi; correct it"
    for key in ("driver", "volumeHandle"):
        if spec.get("csi") is not None and not at(spec, "csi", key):
            yield ("spec", "csi", key), "is missing; name it"
    driver = str(at(spec, "csi", "driver") or "a")
    if subdomain_problems(driver.lower()) or len(driver) > _LONGEST_DRIVER:
        yield ("spec", "csi", "driver"), "can be no driver's name; correct it"
    terms = items(at(spec, "nodeAffinity", "required", "nodeSelectorTerms"))
    if spec.get("nodeAffinity") is not None and not terms:
        yield ("spec", "nodeAffinity", "required"), "is missing or empty; name the nodes, or drop nodeAffinity"
    for place, one in enumerate(terms):
        for number, held in enumerate(items(at(one, "matchExpressions"))):
            path = ("spec", "nodeAffinity", "required", "nodeSelectorTerms", place, "matchExpressions", number)
            yield from expression(mapping(held), path)


def _storage(document: Object, spec: Object) -> Found:
    if not is_label_key(str(document.get("provisioner") or "").lower()):
        yield ("provisioner",), "must be a driver's name, such as disk.csi.azure.com; correct it"
    for key in mapping(document.get("parameters")):
        if not key:
            yield ("parameters",), "hold an empty key; name it"
    terms: set[str] = set()
    for place, one in enumerate(items(document.get("allowedTopologies"))):
        held_all = items(at(one, "matchLabelExpressions"))
        keys = [str(at(held, "key")) for held in held_all]
        said = str(sorted((str(at(held, "key")), sorted(map(str, items(at(held, "values"))))) for held in held_all))
        if not held_all or len(keys) != len(set(keys)) or said in terms:
            yield ("allowedTopologies", place), "must say something that no other one does, each key once; correct it"
        terms.add(said)
        for number, held in enumerate(held_all):
            path = ("allowedTopologies", place, "matchLabelExpressions", number)
            values = items(at(held, "values"))
            if not values or len(values) != len(set(map(str, values))):
                yield (*path, "values"), "must hold values, each once; correct it"
            if not is_label_key(at(held, "key") or ""):
                yield (*path, "key"), "must be a label's key; correct it"


def _attributes(document: Object, spec: Object) -> Found:
    if not is_label_key(str(document.get("driverName") or "").lower()):
        yield ("driverName",), "must be a driver's name, such as disk.csi.azure.com; correct it"
    if not mapping(document.get("parameters")):
        yield ("parameters",), "is empty; name one"


def _handler(document: Object, spec: Object) -> Found:
    if label_problems(str(document.get("handler") or "")):
        yield ("handler",), "must be a label of DNS; correct it"


def _driver(document: Object, spec: Object) -> Found:
    modes = items(spec.get("volumeLifecycleModes"))
    if spec.get("fsGroupPolicy") == "":
        yield ("spec", "fsGroupPolicy"), "is empty; write File, or drop it"
    if not all(modes):
        yield ("spec", "volumeLifecycleModes"), "holds an empty mode; write Persistent or Ephemeral"


def _ingress_class(document: Object, spec: Object) -> Found:
    controller, parameters = str(spec.get("controller") or ""), spec.get("parameters")
    if not _CONTROLLER.fullmatch(controller) or len(controller) > 250:
        yield ("spec", "controller"), "must be a name such as example.com/controller; correct it"
    if parameters is None:
        return
    scope, space = at(parameters, "scope"), at(parameters, "namespace")
    if (scope == "Namespace") is not bool(space):
        yield ("spec", "parameters", "namespace"), "stands with scope: Namespace, and only there; correct it"
    if space and label_problems(str(space)):
        yield ("spec", "parameters", "namespace"), "can be no namespace's name; correct it"
    for key in ("kind", "name"):
        value = str(at(parameters, key) or "")
        if not value or "/" in value or "%" in value:
            yield ("spec", "parameters", key), "must name the object of the parameters; correct it"
    if scope not in (None, "Cluster", "Namespace"):
        yield ("spec", "parameters", "scope"), "must be Cluster or Namespace; correct it"


def _namespace(document: Object, spec: Object) -> Found:
    for place, name in enumerate(items(spec.get("finalizers"))):
        if not is_label_key(name or "") or (name != "kubernetes" and "/" not in name):
            yield ("spec", "finalizers", place), "must be kubernetes or a name with a domain; correct it"


def _slice(document: Object, spec: Object) -> Found:
    family = document.get("addressType")
    if not family:
        yield ("addressType",), "is missing; write IPv4"
    for place, one in enumerate(items(document.get("endpoints"))):
        path: Path = ("endpoints", place)
        addresses = items(at(one, "addresses"))
        if not 0 < len(addresses) <= 100:
            yield (*path, "addresses"), "must hold an address; write one"
        for number, address in enumerate(addresses):
            if family in ("IPv4", "IPv6") and not _leads(address, int(str(family)[-1])):
                yield (
                    (*path, "addresses", number),
                    f"must be an address by {family} that leads to a pod or host; correct it",
                )
            elif family == "FQDN" and subdomain_problems(str(address or "").removesuffix(".")):
                yield (*path, "addresses", number), "must be a name of DNS; correct it"
    names: set[str] = set()
    for place, one in enumerate(items(document.get("ports"))):
        name = at(one, "name") or ""
        if (name and label_problems(name)) or name in names:
            yield ("ports", place, "name"), "must be a label of DNS that no other port has; rename it"
        names.add(name)
        if at(one, "appProtocol") and not is_label_key(at(one, "appProtocol")):
            yield ("ports", place, "appProtocol"), "must be a name such as http or kubernetes.io/h2c; correct it"


def _leads(text: object, version: int) -> bool:
    """An address of a family that is not a host's own, a link's, a group's or nobody's."""
    try:
        found = ipaddress.ip_address(str(text))
    except ValueError:
        return False
    return found.version == version and not (
        found.is_unspecified or found.is_loopback or found.is_link_local or (found.is_multicast and _is_near(found))
    )


def _is_near(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address in ipaddress.ip_network("224.0.0.0/24" if address.version == 4 else "ff02::/16")


def _policy(document: Object, spec: Object) -> Found:
    checks, notes = items(spec.get("validations")), items(spec.get("auditAnnotations"))
    if not checks and not notes:
        yield ("spec", "validations"), "is empty; write one, or an auditAnnotation"
    for part, keys in (
        ("validations", ("expression",)), ("auditAnnotations", ("key", "valueExpression")),
        ("variables", ("name", "expression")), ("matchConditions", ("name", "expression")),
    ):  # fmt: skip
        for place, one in enumerate(items(spec.get(part))):
            for key in keys:
                value, path = at(one, key), ("spec", part, place, key)
                if not str(value or "").strip():
                    yield path, "is missing; write it"
                elif "xpression" in key and not _is_closed(str(value)):
                    yield path, "has a quote or a bracket that is not closed, so it does not compile; close it"
                elif part == "variables" and key == "name" and not _EXPRESSION_NAME.fullmatch(str(value)):
                    yield path, "must be a name of letters, digits and '_'; correct it"
                elif key in ("key", "name") and part != "variables" and not is_label_key(str(value)):
                    yield path, "must be a name of letters, digits, '-', '_' and '.'; correct it"
            message = at(one, "message")
            if isinstance(message, str) and "\n" in message.strip():
                yield ("spec", part, place, "message"), "may not hold ends of lines; write one line"
    for key in ("apiVersion", "kind"):
        value = at(spec, "paramKind", key)
        if spec.get("paramKind") is not None and (not value or str(value).count("/") > (key == "apiVersion")):
            yield ("spec", "paramKind", key), "must name the kind of the parameters; correct it"
    rules = items(at(spec, "matchConstraints", "resourceRules"))
    if not rules:
        yield ("spec", "matchConstraints", "resourceRules"), "is empty; name resources"
    for place, one in enumerate(rules):
        for key in ("apiGroups", "apiVersions", "operations", "resources"):
            if not items(at(one, key)):
                yield ("spec", "matchConstraints", "resourceRules", place, key), "is empty; name them"


def _is_closed(expression: str) -> bool:
    """Every quote, bracket and brace of an expression is closed."""
    opened: list[str] = []
    place = 0
    while (found := _TOKEN.search(expression, place)) is not None:
        place = found.end()
        if found[2]:
            place = _after(expression, place, found[2], raw=bool(found[1]))
            if place < 0:
                return False
        elif found[0] in _PAIRS:
            if not opened or opened.pop() != _PAIRS[found[0]]:
                return False
        elif found[0] in "([{":
            opened.append(found[0])
    return not opened


def _after(expression: str, place: int, quote: str, *, raw: bool) -> int:
    """Where a text ends that begins at a place; -1 where it does not."""
    while (end := expression.find(quote, place)) >= 0:
        if len(quote) == 1 and "\n" in expression[place:end]:
            return -1
        before = end
        while not raw and before > place and expression[before - 1] == "\\":
            before -= 1
        if (end - before) % 2 == 0:
            return end + len(quote)
        place = end + 1
    return -1


def _bound(document: Object, spec: Object) -> Found:
    actions = items(spec.get("validationActions"))
    each = {str(one or "") for one in actions}
    if not actions or "" in each or len(actions) != len(each) or {"Deny", "Warn"} <= each:
        yield ("spec", "validationActions"), "must hold Audit, or one of Deny and Warn, each once; correct it"
    if subdomain_problems(str(spec.get("policyName") or "")):
        yield ("spec", "policyName"), "must be a policy's name; name it"
    parameters = spec.get("paramRef")
    if parameters is not None:
        if (at(parameters, "name") is None) == (at(parameters, "selector") is None):
            yield ("spec", "paramRef"), "must have one of name and selector; correct it"
        if at(parameters, "parameterNotFoundAction") not in ("Allow", "Deny"):
            yield ("spec", "paramRef", "parameterNotFoundAction"), "must be Allow or Deny; write one"


def _machine(document: Object, spec: Object) -> Found:
    if spec.get("podCIDR") and not is_block(spec["podCIDR"]):
        yield ("spec", "podCIDR"), "is no range of addresses such as 10.0.0.0/24; drop it"


_CHECKS: Mapping[str, Callable[[Object, Object], Found]] = {
    "CSIDriver": _driver,
    "EndpointSlice": _slice,
    "IngressClass": _ingress_class,
    "LimitRange": _limits,
    "Namespace": _namespace,
    "Node": _machine,
    "PersistentVolume": _volume,
    "PriorityClass": _priority,
    "ResourceQuota": _quota,
    "RuntimeClass": _handler,
    "StorageClass": _storage,
    "ValidatingAdmissionPolicy": _policy,
    "ValidatingAdmissionPolicyBinding": _bound,
    "VolumeAttributesClass": _attributes,
}
