"""What holds within the settings of a pod as a whole: names and DNS, users, where it may be placed."""

import re
from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.gate.native.forms import is_label, is_label_key
from kaitops.gate.native.ip_addresses import address_of
from kaitops.gate.native.selecting import expression, selector
from kaitops.kaito.kubernetes.dns_names import label_problems, subdomain_problems

Found = Iterator[tuple[Path, str]]
_MOST = (1 << 31) - 1
_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"
_ASKING = (
    ("livenessProbe",), ("readinessProbe",), ("startupProbe",), ("lifecycle", "postStart"), ("lifecycle", "preStop"),
)  # fmt: skip
_SYSCTL = re.compile(r"[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?(?:[./][a-z0-9](?:[-_a-z0-9]*[a-z0-9])?)*")
_SEARCH = re.compile(r"[a-z0-9_](?:[-a-z0-9_]*[a-z0-9_])?(?:\.[a-z0-9_](?:[-a-z0-9_]*[a-z0-9_])?)*")
_NAMESERVERS, _SEARCHES, _SEARCHED = 3, 32, 2048
_HEADER = re.compile(r"[-A-Za-z0-9]+")


def problems(spec: Object, path: Path) -> Found:
    """What is wrong with the settings of a pod."""
    for key in ("hostname", "subdomain"):
        if spec.get(key) and label_problems(spec[key]):
            yield (*path, key), "must be a label of DNS; correct it"
    for key, value in mapping(spec.get("nodeSelector")).items():
        if not is_label_key(key) or not is_label(value or ""):
            yield (*path, "nodeSelector"), f"holds {key[:80]!r}, which no label of a node can be; correct it"
    for place, one in enumerate(items(spec.get("readinessGates"))):
        if not is_label_key(mapping(one).get("conditionType") or ""):
            yield (*path, "readinessGates", place, "conditionType"), "must be a name such as example.com/up; correct it"
    yield from _hosts(items(spec.get("hostAliases")), path)
    yield from _dns(spec, path)
    yield from _users(mapping(spec.get("securityContext")), (*path, "securityContext"))
    yield from _affinity(mapping(spec.get("affinity")), (*path, "affinity"))
    yield from _spread(items(spec.get("topologySpreadConstraints")), path)


def container(held: Object, path: Path, grace: object) -> Found:
    """What is wrong with a container in the same matters.

    Args:
        grace: seconds that the pod is given to end.
    """
    yield from _users(mapping(held.get("securityContext")), (*path, "securityContext"))
    for where in _ASKING:
        for one in items(at(held, *where, "httpGet", "httpHeaders")):
            if not _HEADER.fullmatch(mapping(one).get("name") or ""):
                yield (
                    (*path, *where, "httpGet", "httpHeaders"),
                    "must be named by letters, digits and '-'; correct it",
                )
    for hook in ("postStart", "preStop"):
        seconds = at(held, "lifecycle", hook, "sleep", "seconds")
        if isinstance(seconds, int) and not 0 <= seconds <= (grace if isinstance(grace, int) else 30):
            yield (*path, "lifecycle", hook, "sleep"), "must be from 0 to terminationGracePeriodSeconds; correct it"


def _hosts(listed: Sequence[object], path: Path) -> Found:
    for place, one in enumerate(listed):
        held, where = mapping(one), (*path, "hostAliases", place)
        if address_of(held.get("ip")) is None:
            yield (*where, "ip"), "must be an address; correct it"
        for number, name in enumerate(items(held.get("hostnames"))):
            if subdomain_problems(name or ""):
                yield (*where, "hostnames", number), "must be a name of DNS; correct it"


def _dns(spec: Object, path: Path) -> Found:
    held, where = mapping(spec.get("dnsConfig")), (*path, "dnsConfig")
    servers = items(held.get("nameservers"))
    if spec.get("dnsPolicy") == "None" and not servers:
        last = ("nameservers",) if spec.get("dnsConfig") is not None else ()
        yield (*where, *last), "must name a server where dnsPolicy is None; name one"
    if len(servers) > _NAMESERVERS:
        yield (*where, "nameservers"), f"may name {_NAMESERVERS} servers; drop some"
    for place, one in enumerate(servers):
        if address_of(one) is None:
            yield (*where, "nameservers", place), "must be an address; correct it"
    searches = items(held.get("searches"))
    if len(searches) > _SEARCHES or len(" ".join(map(str, searches))) > _SEARCHED:
        yield (*where, "searches"), f"may hold {_SEARCHES} domains and {_SEARCHED} signs; shorten it"
    for place, one in enumerate(searches):
        text = one if one == "." else str(one or "").removesuffix(".")
        if text != "." and (not _SEARCH.fullmatch(text) or len(text) > 253):
            yield (*where, "searches", place), "must be a domain; correct it"
    for place, one in enumerate(items(held.get("options"))):
        if not mapping(one).get("name"):
            yield (*where, "options", place), "needs a name; name it"


def _users(held: Object, path: Path) -> Found:
    for key in ("runAsUser", "runAsGroup", "fsGroup"):
        if isinstance(held.get(key), int) and not 0 <= held[key] <= _MOST:
            yield (*path, key), f"must be from 0 to {_MOST}; correct it"
    for place, one in enumerate(items(held.get("supplementalGroups"))):
        if isinstance(one, int) and not 0 <= one <= _MOST:
            yield (*path, "supplementalGroups", place), f"must be from 0 to {_MOST}; correct it"
    names: set[str] = set()
    for place, one in enumerate(items(held.get("sysctls"))):
        name = mapping(one).get("name") or ""
        if not _SYSCTL.fullmatch(name) or len(name) > 253 or name in names:
            yield (*path, "sysctls", place, "name"), "must be the name of a setting of the kernel, once; correct it"
        names.add(name)
    for key in ("seccompProfile", "appArmorProfile"):
        profile = held.get(key)
        if profile is None:
            continue
        kind, file = at(profile, "type"), at(profile, "localhostProfile")
        if not kind:
            yield (*path, key, "type"), "is missing; write RuntimeDefault"
        elif (kind == "Localhost") is (file is None or (not file and key == "appArmorProfile")):
            yield (
                (*path, key, "localhostProfile"),
                "belongs to the type Localhost and to no other; correct it",
            )


def _affinity(held: Object, path: Path) -> Found:
    node = mapping(held.get("nodeAffinity"))
    terms = items(at(node, _REQUIRED, "nodeSelectorTerms"))
    for place, one in enumerate(terms):
        where = (*path, "nodeAffinity", _REQUIRED, "nodeSelectorTerms", place)
        yield from _fields(items(mapping(one).get("matchFields")), where)
    for place, one in enumerate(items(node.get(_PREFERRED))):
        where = (*path, "nodeAffinity", _PREFERRED, place)
        yield from _weight(mapping(one), where)
        preference = mapping(mapping(one).get("preference"))
        for number, each in enumerate(items(preference.get("matchExpressions"))):
            yield from expression(mapping(each), (*where, "preference", "matchExpressions", number))
        yield from _fields(items(preference.get("matchFields")), (*where, "preference"))
    for kind in ("podAffinity", "podAntiAffinity"):
        near = mapping(held.get(kind))
        for place, one in enumerate(items(near.get(_REQUIRED))):
            yield from _term(mapping(one), (*path, kind, _REQUIRED, place))
        for place, one in enumerate(items(near.get(_PREFERRED))):
            where = (*path, kind, _PREFERRED, place)
            yield from _weight(mapping(one), where)
            yield from _term(mapping(mapping(one).get("podAffinityTerm")), (*where, "podAffinityTerm"))


def _weight(held: Object, path: Path) -> Found:
    weight = held.get("weight") or 0
    if isinstance(weight, int) and not 1 <= weight <= 100:
        yield (*path, "weight"), "must be from 1 to 100; correct it"


def _fields(listed: Sequence[object], path: Path) -> Found:
    for place, one in enumerate(listed):
        held, where = mapping(one), (*path, "matchFields", place)
        if held.get("key") != "metadata.name":
            yield (*where, "key"), "must be metadata.name, the only field of a node; correct it"
        values = items(held.get("values"))
        if held.get("operator") not in ("In", "NotIn"):
            yield (*where, "operator"), "must be In or NotIn; correct it"
        elif len(values) != 1:
            yield (*where, "values"), "must hold one name; correct it"
        for number, value in enumerate(values):
            if held.get("key") == "metadata.name" and subdomain_problems(value or ""):
                yield (*where, "values", number), "can be no node's name; correct it"


def _term(held: Object, path: Path) -> Found:
    for key in ("labelSelector", "namespaceSelector"):
        yield from selector(mapping(held.get(key)), (*path, key))
    if not is_label_key(held.get("topologyKey") or ""):
        yield (*path, "topologyKey"), "must be the key of a node's label; correct it"
    for name in items(held.get("namespaces")):
        if label_problems(name or ""):
            yield (*path, "namespaces"), "holds what can be no namespace's name; correct it"


def _spread(listed: Sequence[object], path: Path) -> Found:
    taken: set[tuple[object, object]] = set()
    for place, one in enumerate(listed):
        held, where = mapping(one), (*path, "topologySpreadConstraints", place)
        skew = held.get("maxSkew") or 0
        if isinstance(skew, int) and skew < 1:
            yield (*where, "maxSkew"), "must be 1 or more; correct it"
        domains = held.get("minDomains")
        if isinstance(domains, int) and (domains < 1 or held.get("whenUnsatisfiable") != "DoNotSchedule"):
            yield (*where, "minDomains"), "must be 1 or more, and stands beside DoNotSchedule only; correct it"
        if not is_label_key(held.get("topologyKey") or ""):
            yield (*where, "topologyKey"), "must be the key of a node's label; correct it"
        if not held.get("whenUnsatisfiable"):
            yield (*where, "whenUnsatisfiable"), "is missing; write DoNotSchedule or ScheduleAnyway"
        pair = held.get("topologyKey"), held.get("whenUnsatisfiable")
        if pair in taken:
            yield where, "says the same key and way as another one; drop one"
        taken.add(pair)
        yield from selector(mapping(held.get("labelSelector")), (*where, "labelSelector"))
