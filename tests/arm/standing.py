"""What Azure refuses of what is there: changes of what is fixed once it is made, and deletions of what others hold.

Owns the reading of the facts beside this, and the rules that look at two values: versions, autoscalers, subnets in use.
The provider knows little of either, so without these a change that Azure refuses half-way would pass in a test.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from kaitops.documents.plain import at, mapping
from tests.arm.rules import FACTS, changed


class There(NamedTuple):
    """A resource that is there."""

    id: str
    kind: str
    inputs: Mapping[str, Any]


def refused_change(one: There, new: Mapping[str, Any], there: Sequence[There]) -> Iterator[str]:
    """Why Azure does not change a resource in place, a reason each.

    Args:
        one: as it is.
        new: its inputs as they shall be.
        there: everything that is there.
    """
    fixed = FACTS["types"].get(one.kind, {}).get("fixed", ())
    for path in changed(one.inputs, new):
        if any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in fixed):
            yield f"PropertyChangeNotAllowed: {path} cannot be changed"
    match one.kind:
        case "containerservice:ManagedCluster":
            yield from _cluster(one, new, there)
        case "network:Subnet" if one.inputs.get("addressPrefix") != new.get("addressPrefix"):
            if holder := _holder(one, there):
                yield f"InUseSubnetCannotBeUpdated: {holder.id} is in it"
        case "containerregistry:Registry" if at(new, "sku", "name") != "Premium":
            held = [each.id for each in there if each.kind in _PREMIUM and names(each, one.id)]
            if at(one.inputs, "sku", "name") == "Premium" and held:
                yield f"SkuDowngradeNotAllowed: {held[0]} needs Premium"
        case _:
            pass


_PREMIUM = ("network:PrivateEndpoint", "containerregistry:Replication")


def refused_deletion(one: There, there: Sequence[There]) -> str:
    """Why Azure does not delete a resource; empty where it does."""
    holder = _holder(one, there)
    return f"{one.kind.partition(':')[2]}InUse: {holder.id} holds it" if holder else ""


def _holder(one: There, there: Sequence[There]) -> There | None:
    kinds = FACTS["types"].get(one.kind, {}).get("heldBy", ())
    return next((each for each in there if each.kind in kinds and _holds(each, one.id)), None)


def _holds(one: There, identity: str) -> bool:
    return names(one, identity) or one.id.lower().startswith(f"{identity.lower()}/")


def names(one: There, identity: str) -> bool:
    """Whether a resource names another by its id."""
    return _in(one.inputs, identity)


def _in(value: Any, identity: str) -> bool:
    if isinstance(value, Mapping):
        return any(_in(each, identity) for each in mapping(value).values())
    if isinstance(value, list):
        return any(_in(each, identity) for each in cast("list[Any]", value))
    return isinstance(value, str) and value.lower() == identity.lower()


def _cluster(one: There, new: Mapping[str, Any], there: Sequence[There]) -> Iterator[str]:
    before, after = (_minor(each.get("kubernetesVersion")) for each in (one.inputs, new))
    if after < before:
        yield f"OperationNotAllowed: Kubernetes 1.{before} is not downgraded to 1.{after}"
    elif after > before + 1:
        yield f"OperationNotAllowed: from Kubernetes 1.{before} to 1.{after} a minor version is left out"
    zones = [at(each, "apiServerAccessProfile", "privateDNSZone") for each in (one.inputs, new)]
    if None not in zones and zones[0] != zones[1] and zones[1] != "none":
        yield f"PropertyChangeNotAllowed: the private DNS zone changes to none only, not to {zones[1]}"
    pools = [each.inputs for each in there if each.kind.endswith(":AgentPool") and each.id.startswith(f"{one.id}/")]
    scaled = [each["agentPoolName"] for each in pools if each.get("enableAutoScaling")]
    if at(new, "nodeProvisioningProfile", "mode") == "Auto" and scaled:
        yield f"NodeAutoProvisioningNotAllowed: the cluster autoscaler is on for {', '.join(scaled)}"


def _minor(version: str | None) -> int:
    return int((version or "1.0").split(".")[1])
