"""Network policies that shut a pod in: from the names of others, and from where its weights are."""

import ipaddress
import re
from collections.abc import Iterator, Sequence

from kaitops.documents.network_policies import directions
from kaitops.documents.plain import Object, at, items, mapping
from kaitops.documents.selectors import selects
from kaitops.gate.effects.made import Pod
from kaitops.gate.objects import Item
from kaitops.kaito.vllm import started

_DNS, _HTTPS = 53, 443
_TCP, _UDP = "TCP", "UDP"
_PARTS = ("containers", "initContainers")
_SYSTEM = "kube-system"
# Somebody else is asked by a name, and not one's own pod, nor a number.
_ADDRESS = re.compile(r"[a-z]://(?!localhost\b|[0-9.:\[]+(?:[:/]|$))")


def problems(pod: Pod, policies: Sequence[Item]) -> Iterator[str]:
    """What the pod needs and no policy lets through."""
    chosen = [
        one for one in policies if shuts(one.data) and selects(mapping(at(one.data, "spec", "podSelector")), pod.labels)
    ]
    if not chosen:
        return
    rules = [mapping(rule) for one in chosen for rule in items(at(one.data, "spec", "egress"))]
    name = ", ".join(sorted({str(one.data["metadata"]["name"]) for one in chosen}))
    by = f"NetworkPolicy {name} lets the pod out to nobody" if not rules else f"NetworkPolicy {name} lets the pod out"
    lost: list[str] = []
    wants = _wanted(pod)
    if (wants or _names_others(pod)) and not any(
        opens(rule, _DNS, _UDP) and _leads_to_names(rule, pod) for rule in rules
    ):
        # A port without a protocol is one of TCP, and names are asked for by UDP.
        is_half = not any(opens(rule, _DNS, _UDP) for rule in rules) and any(opens(rule, _DNS) for rule in rules)
        lost.append("names (port 53 of UDP; the rule is for TCP)" if is_half else "names (port 53)")
    if wants and not any(opens(rule, _HTTPS) and _leads_out(rule) for rule in rules):
        lost.append(wants)
    if lost:
        told = by if not rules else f"{by} to some, not to all it needs"
        yield f"{told}: {' and '.join(lost)} cannot be reached, so it does not start; allow them by an egress rule"


def _wanted(pod: Pod) -> str:
    """What a pod downloads from outside of the cluster; nothing where that is not known."""
    data = pod.item.data
    if not pod.made:
        return "the weights (port 443)" if any(map(started.fetched, _containers(pod))) else ""
    if data["kind"] == "RAGEngine":
        return "the embedding model (port 443)" if at(data, "spec", "embedding", "local", "modelID") else ""
    if at(data, "metadata", "annotations", "kaito.sh/use-local-weights") == "true":
        return ""
    return "the weights (port 443)"


def _containers(pod: Pod) -> list[Object]:
    return [mapping(one) for part in _PARTS for one in items(pod.spec.get(part))]


def _names_others(pod: Pod) -> bool:
    """Whether a pod asks somebody by a name: KAITO's own do, and others where a word or a variable holds an address.

    One that only answers needs none.
    """
    if pod.made:
        return True
    words = [word for one in _containers(pod) for key in ("command", "args") for word in items(one.get(key))]
    words += [at(held, "value") for one in _containers(pod) for held in items(one.get("env"))]
    return any(isinstance(word, str) and _ADDRESS.search(word) for word in words)


def _leads_to_names(rule: Object, pod: Pod) -> bool:
    """It lets through to whom names are asked: not where it is for pods of the own namespace alone."""
    peers = list(map(mapping, items(rule.get("to"))))
    own = pod.namespace == _SYSTEM
    return not peers or own or any("namespaceSelector" in one or "ipBlock" in one for one in peers)


def shuts(policy: Object, part: str = "egress") -> bool:
    """Whether a policy holds what goes out of its pods, or comes in for ``ingress``."""
    return part.capitalize() in directions(mapping(policy.get("spec")))


def opens(rule: Object, port: int, protocol: str = _TCP) -> bool:
    """Whether a rule is for a port of a protocol."""
    ports = items(rule.get("ports"))
    return not ports or any(_covers(mapping(one), port) for one in ports if _protocol(one) == protocol)


def _protocol(one: object) -> str:
    return str(mapping(one).get("protocol") or _TCP)


def _covers(held: Object, port: int) -> bool:
    first, last = held.get("port"), held.get("endPort")
    if first is None:
        return True
    if isinstance(first, str):
        return True  # the name of a port of the other side, which is not known here
    return first <= port <= (last if isinstance(last, int) else first)


def _leads_out(rule: Object) -> bool:
    """To somebody outside of the cluster: to all, or to a range of public addresses."""
    peers = items(rule.get("to"))
    return not peers or any(_is_public(str(at(one, "ipBlock", "cidr") or "")) for one in peers)


def _is_public(block: str) -> bool:
    try:
        found = ipaddress.ip_network(block, strict=False)
    except ValueError:
        return False
    return not found.is_private or found.prefixlen == 0
