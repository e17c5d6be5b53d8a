"""What holds between the fields of bounds and quotas, of nodes, and of the classes of pods and doors."""

import re
from collections.abc import Callable, Iterator, Mapping

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.native.forms import amount, is_label_key
from kaitops.gate.native.ip_addresses import block_problem
from kaitops.kaito.kubernetes.dns_names import label_problems

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
_QUOTED = re.compile(
    r"storage|requests\.storage|(?:requests\.)?hugepages-.+|limits\.hugepages-.+|count/.+|.+\.storageclass\.storage\.k8s\.io/.+"
)
_CONFLICTING = (("BestEffort", "NotBestEffort"), ("Terminating", "NotTerminating"))
_SCOPES = ("BestEffort", "NotBestEffort", "Terminating", "NotTerminating", "PriorityClass",
           "CrossNamespacePodAffinity", "VolumeAttributesClass")  # fmt: skip
_CONTROLLER = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[^\s]+")


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
    taken: set[object] = set()
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
            size = amount(0 if ratio is None else ratio)
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


def _handler(document: Object, spec: Object) -> Found:
    if label_problems(str(document.get("handler") or "")):
        yield ("handler",), "must be a label of DNS; correct it"


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


def _machine(document: Object, spec: Object) -> Found:
    if spec.get("podCIDR") and block_problem(spec["podCIDR"]):
        yield ("spec", "podCIDR"), "is no range of addresses such as 10.0.0.0/24; drop it"


_CHECKS: Mapping[str, Callable[[Object, Object], Found]] = {
    "IngressClass": _ingress_class,
    "LimitRange": _limits,
    "Node": _machine,
    "PriorityClass": _priority,
    "ResourceQuota": _quota,
    "RuntimeClass": _handler,
}
