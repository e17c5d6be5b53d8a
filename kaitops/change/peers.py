"""How much a rule of a network policy lets through, and which pods a policy may select.

Source: Kubernetes' NetworkPolicy (networking.k8s.io/v1) and label selectors.
"""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import Any, Final

from kaitops.documents.plain import Object, items, mapping

EVERYTHING: Final = 3
"""A width: nothing is kept out. Two is nearly that, one is every pod of the cluster, none is what the rule names."""
# All that a packet of the net can come from.
_SPACES = (ip_network("0.0.0.0/0"), ip_network("2000::/3"))
_WORDS = {3: "from everywhere", 2: "from nearly everywhere", 1: "from every namespace"}
_OF_MOST = ("NotIn", "DoesNotExist")
_NAME = "kubernetes.io/metadata.name"


def wider(rule: object, before: Sequence[Any], end: str) -> str:
    """What a rule lets through that rules before it did not; empty where there is nothing of that kind.

    Args:
        end: ``from`` or ``to``.
    """
    found = width(rule, end)
    if not found or any(width(one, end) >= found for one in before if _ports(one) in ("[]", _ports(rule))):
        return ""
    words = _WORDS[found] if end == "from" else _WORDS[found].replace("from", "to")
    return f"it lets through {words} what was held"


def width(rule: object, end: str) -> int:
    """How much a rule lets through."""
    named = [mapping(one) for one in items(mapping(rule).get(end))]
    if not named:
        return EVERYTHING
    blocks = [mapping(one.get("ipBlock")) for one in named if one.get("ipBlock")]
    if _covers([one for one in blocks if not one.get("except")], 1):
        return EVERYTHING
    if _covers(blocks, 2):
        return 2
    return int(any(_is_every_pod(one) for one in named))


def _covers(blocks: Sequence[Object], part: int) -> bool:
    """Whether networks together hold all addresses of a family, or one in so many."""
    networks = [one for block in blocks if (one := _network(block.get("cidr"))) is not None]
    for space in _SPACES:
        own: list[Any] = [space if one.supernet_of(space) else one for one in networks if _meets(one, space)]
        held = sum(one.num_addresses for one in collapse_addresses(own))
        if held * part >= space.num_addresses:
            return True
    return False


def _network(text: object) -> Any:
    try:
        return ip_network(str(text), strict=False)
    except ValueError:
        return None  # the server refuses it


def _meets(one: Any, space: IPv4Network | IPv6Network) -> bool:
    return one.version == space.version and (one.supernet_of(space) or one.subnet_of(space))


def _is_every_pod(peer: Object) -> bool:
    if not isinstance(peer.get("namespaceSelector"), Mapping) or mapping(peer.get("podSelector")).get("matchLabels"):
        return False
    return all(_is_of_most(mapping(peer.get(key))) for key in ("namespaceSelector", "podSelector"))


def _is_of_most(selector: Object) -> bool:
    """It selects everything, or everything but what it names."""
    asked = [mapping(one) for one in items(selector.get("matchExpressions"))]
    return not selector.get("matchLabels") and all(
        one.get("operator") in _OF_MOST or (one.get("operator") == "Exists" and one.get("key") == _NAME)
        for one in asked
    )


def _ports(rule: object) -> str:
    return str(sorted(map(str, items(mapping(rule).get("ports")))))


def may_select(selector: Object, value: str) -> bool:
    """Whether a selector may take what has a value under some label, and others that nobody knows."""
    asked = [mapping(one) for one in items(selector.get("matchExpressions"))]
    named = list(mapping(selector.get("matchLabels")).values())
    named += [each for one in asked if one.get("operator") == "In" for each in items(one.get("values"))]
    return not named or value in named
