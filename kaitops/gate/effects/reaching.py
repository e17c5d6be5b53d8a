"""Whether the network policies of a tree let a RAGEngine reach the model of the tree that it asks: out, and in there.

Addresses of pods are not known here, nor the labels of namespaces that the tree does not declare: a rule that rests on
them counts as one that lets through.
"""

from collections.abc import Iterator, Mapping, Sequence

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.selectors import selects, selects_namespace
from kaitops.gate.effects import addresses, egress
from kaitops.gate.effects.made import Pod
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item


def problems(state: State, rails: Mapping[str, Sequence[Item]]) -> Iterator[tuple[Item, Path, str]]:
    """Engines whose question does not arrive.

    Args:
        rails: what guards each namespace, its network policies among it.
    """
    engines = [item for item in state.items if item.data["kind"] == "RAGEngine"]
    policies = {space: [one for one in held if one.data["kind"] == "NetworkPolicy"] for space, held in rails.items()}
    if not engines or not any(policies.values()):
        return
    spaces = {one.data["metadata"]["name"]: one.data for one in state.items if one.data["kind"] == "Namespace"}
    for item in engines:
        asked = addresses.asked(item, state)
        if asked is None:
            continue
        service, port = asked
        there = [one for one in state.pods if service.takes(one)]
        target = _target(service.spec, port)
        for own in (one for one in state.pods if one.item is item):
            for other in there if target is not None else ():
                yield from _between(own, other, target or 0, policies, spaces)


def _target(spec: Object, port: int) -> int | None:
    for one in map(mapping, items(spec.get("ports"))):
        if one.get("port") == port:
            target = one.get("targetPort") or port
            return target if isinstance(target, int) else None
    return None


def _between(
    own: Pod, other: Pod, port: int, policies: Mapping[str, Sequence[Item]], spaces: Object
) -> Iterator[tuple[Item, Path, str]]:
    ways = (
        ("egress", "to", own, other, "lets the engine out"),
        ("ingress", "from", other, own, "lets nobody in but some"),
    )
    for part, side, held, peer, words in ways:
        shutting = [
            one
            for one in policies.get(held.namespace, ())
            if egress.shuts(one.data, part) and selects(mapping(at(one.data, "spec", "podSelector")), held.labels)
        ]
        rules = [mapping(rule) for one in shutting for rule in items(at(one.data, "spec", part))]
        if not shutting or any(egress.opens(rule, port) and _meets(rule, side, held, peer, spaces) for rule in rules):
            continue
        names = ", ".join(sorted({str(one.data["metadata"]["name"]) for one in shutting}))
        text = (
            f"NetworkPolicy {names} {words} and not to" if part == "egress" else f"NetworkPolicy {names} {words}, not"
        )
        whom = (
            f"{other.item.subject}, which it asks"
            if part == "egress"
            else f"this engine, which asks {other.item.subject}"
        )
        yield own.item, own.path, f"{text} {whom} (port {port}), so no question is answered; allow it by an {part} rule"


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
