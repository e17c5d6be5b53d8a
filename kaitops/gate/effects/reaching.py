"""Whether the network policies of a tree let those through who need each other: out, and in there.

A RAGEngine asks its model, a workload the model that a variable of its has the address of, the nodes of one model each
other, the decoding side of a split model the other one, and whoever comes by a route or an Ingress the pods behind it.

Addresses of pods are not known here, nor the labels of namespaces that the tree does not declare: a rule that rests on
them counts as one that lets through.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.selectors import selects, selects_namespace
from kaitops.gate.effects import addresses, callers, egress
from kaitops.gate.effects.made import Pod
from kaitops.gate.effects.routing import ROUTES, led
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item
from kaitops.kaito import facts

Found = Iterator[tuple[Item, Path, str]]
_ROLE = "kaito.sh/inference-role"
_SPREADING = "multi-node-serving.sh"


class _Words(NamedTuple):
    """How it is said that one does not reach the other.

    Attributes:
        out: what a policy does to who asks, ``into`` to who is asked; the other one is put in.
        lost: what comes of it.
    """

    out: str
    into: str
    lost: str


_ASKING = _Words(
    "lets the engine out and not to {}, which it asks", "lets nobody in but some, not this engine, which asks {}",
    "no question is answered",
)  # fmt: skip
_CALLING = _Words(
    "lets its pods out and not to {}, which they ask", "lets nobody in but some, not these pods, which ask {}",
    "no question is answered",
)  # fmt: skip
_SPREAD = _Words(
    "lets the pods out and not to each other", "lets nobody in but some, not the model's other nodes",
    "the nodes never become one server",
)  # fmt: skip
_SPLIT = _Words(
    "lets the decoding pods out and not to the prefilling ones", "lets nobody in but some, not the decoding pods",
    "no question is answered",
)  # fmt: skip


def problems(state: State, rails: Mapping[str, Sequence[Item]]) -> Found:
    """Pods that do not reach each other.

    Args:
        rails: what guards each namespace, its network policies among it.
    """
    policies = {space: [one for one in held if one.data["kind"] == "NetworkPolicy"] for space, held in rails.items()}
    if not any(policies.values()):
        return
    spaces = {one.data["metadata"]["name"]: one.data for one in state.items if one.data["kind"] == "Namespace"}
    yield from _published(state, policies)
    for pod in state.pods:
        if policies.get(pod.namespace):
            yield from _sides(pod, state, policies, spaces)
    told: set[tuple[int, int]] = set()
    for pod, service, port in callers.asked(state):
        for other in state.pods:
            key = (id(pod.item.data), id(other.item.data))
            if service.takes(other) and key not in told and (target := _target(service.spec, port, other)) is not None:
                told.add(key)
                yield from _between(pod, other, target, policies, spaces, _CALLING)
    for item in (one for one in state.items if one.data["kind"] == "RAGEngine"):
        asked = addresses.asked(item, state)
        if asked is None:
            continue
        service, port = asked
        there = [one for one in state.pods if service.takes(one)]
        for own in (one for one in state.pods if one.item is item):
            for other in there:
                if (target := _target(service.spec, port, other)) is not None:
                    yield from _between(own, other, target, policies, spaces, _ASKING)


def _sides(pod: Pod, state: State, policies: Mapping[str, Sequence[Item]], spaces: Object) -> Found:
    """The nodes of one model, and the two sides of a split one."""
    ports: Object = facts.load(state.release.version, "controller.json")["ports"]
    if pod.item.data["kind"] == "MultiRoleInference":
        for other in state.pods if pod.labels.get(_ROLE) == "decode" else ():
            if other.item is pod.item and other.labels.get(_ROLE) == "prefill":
                yield from _between(pod, other, ports["inference"], policies, spaces, _SPLIT)
    if any(_SPREADING in str(one) for one in items(pod.spec.get("containers"))):
        yield from _between(pod, pod, ports["ray"], policies, spaces, _SPREAD)


def _published(state: State, policies: Mapping[str, Sequence[Item]]) -> Found:
    """Routes and Ingresses to pods that policies shut for everybody."""
    for item in state.items:
        if item.data["kind"] not in ROUTES and item.data["kind"] != "Ingress":
            continue
        for path, place, port in led(item.data):
            service = state.service(place)
            if service is None or not isinstance(port, int):
                continue
            for pod in state.pods:
                target = _target(service.spec, port, pod) if service.takes(pod) else None
                if target is None:
                    continue
                shutting = _shutting(pod, policies, "ingress")
                rules = [mapping(rule) for one in shutting for rule in items(at(one.data, "spec", "ingress"))]
                if shutting and not any(egress.opens(rule, target) for rule in rules):
                    text = f"leads to {pod.item.subject}, and NetworkPolicy {_names(shutting)} lets nobody in there at "
                    text += f"port {target}, so nobody is answered; allow the gateway by an ingress rule"
                    yield item, path, text
                    break


def _target(spec: Object, port: int, pod: Pod) -> int | None:
    """The port of a pod that a Service sends to for one of its own; None where nothing says which it is."""
    asked = [one.get("targetPort") or port for one in map(mapping, items(spec.get("ports"))) if one.get("port") == port]
    if not asked or isinstance(asked[0], int):
        return asked[0] if asked else None
    named = (mapping(one) for container in items(pod.spec.get("containers")) for one in items(at(container, "ports")))
    return next((one.get("containerPort") for one in named if one.get("name") == asked[0]), None)


def _shutting(pod: Pod, policies: Mapping[str, Sequence[Item]], part: str) -> list[Item]:
    return [
        one
        for one in policies.get(pod.namespace, ())
        if egress.shuts(one.data, part) and selects(mapping(at(one.data, "spec", "podSelector")), pod.labels)
    ]


def _names(policies: Sequence[Item]) -> str:
    return ", ".join(sorted({str(one.data["metadata"]["name"]) for one in policies}))


def _between(
    own: Pod, other: Pod, port: int, policies: Mapping[str, Sequence[Item]], spaces: Object, words: "_Words"
) -> Found:
    for part, side, held, peer in (("egress", "to", own, other), ("ingress", "from", other, own)):
        shutting = _shutting(held, policies, part)
        rules = [mapping(rule) for one in shutting for rule in items(at(one.data, "spec", part))]
        if not shutting or any(egress.opens(rule, port) and _meets(rule, side, held, peer, spaces) for rule in rules):
            continue
        said = words.out if part == "egress" else words.into
        text = f"NetworkPolicy {_names(shutting)} {said.format(other.item.subject)} (port {port}), so {words.lost}"
        yield own.item, own.path, f"{text}; allow it by an {part} rule"


def _meets(rule: Object, side: str, held: Pod, peer: Pod, spaces: Object) -> bool:
    peers = [mapping(one) for one in items(rule.get(side))]
    return not peers or any(_is_peer(one, held, peer, spaces) for one in peers)


def _is_peer(one: Object, held: Pod, peer: Pod, spaces: Object) -> bool:
    if one.get("ipBlock") is not None:
        return True
    if not selects(mapping(one.get("podSelector")), peer.labels):
        return False
    wanted = one.get("namespaceSelector")
    if wanted is None:
        return peer.namespace == held.namespace
    return selects_namespace(mapping(wanted), peer.namespace, spaces.get(peer.namespace))
