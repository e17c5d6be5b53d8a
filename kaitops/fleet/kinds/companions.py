"""Everything that stands around a workload, beside what KAITO reads: which objects its declaration asks for.

Owns the choice by key. What each object is, is its own module's.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kaitops.documents.plain import MutableObject, Object, mapping
from kaitops.fleet.workload import Workload
from kaitops.kaito.autoscaling import by_keda
from kaitops.kaito.settings import Settings

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

Objects = list[MutableObject]


def closing(workload: Workload, version: str, cluster: "Cluster") -> Objects:
    """The policy that closes the workload's namespace, where the cluster isolates its models; the same for all there.

    Raises:
        BadInput: the namespace cannot be closed.
    """
    if "isolation" not in cluster:
        return []
    from kaitops.fleet.kinds.networkpolicy import closed, downloads

    if workload.group == "mirrors":
        return [downloads(workload, version)] if workload.entry["mode"] == "Managed" else []
    return [closed(workload)]


def companions(
    workload: Workload,
    version: str,
    cluster: "Cluster",
    settings: Object,
    objects: Sequence[Object],
) -> Objects:
    """The objects around a workload.

    Args:
        settings: of KAITO's controllers there.
        objects: of the workload itself.

    Raises:
        BadInput: what is declared cannot be on this cluster.
    """
    return list(_around(workload, version, cluster, Settings.from_dict(settings, version).gates, objects))


def needs(objects: Sequence[Object], cluster: "Cluster") -> Iterator[str]:
    """What the objects around a workload refer to, and others make: definitions of their kinds among it.

    That of a ScaledObject comes with what else a scaled model needs.
    """
    has_routes = bool(mapping(cluster.get("operator")).get("gatewayApi"))
    for each in objects:
        place, spec = each["metadata"]["namespace"], mapping(each.get("spec"))
        if each["kind"] == "PodMonitor" or (each["kind"] == "HTTPRoute" and not has_routes):
            yield _definition(each["kind"], each["apiVersion"].partition("/")[0])
        for backend in (one for rule in spec.get("rules", ()) for one in rule.get("backendRefs", ())):
            # The definition of a pool comes with the inference extension, and not with the Gateway API.
            if backend["group"]:
                yield _definition(backend["kind"], backend["group"])
        for parent in spec.get("parentRefs", ()):
            yield f"{parent['kind']} {parent.get('namespace', place)}/{parent['name']}"
        for trigger in spec.get("triggers", ()):
            if "authenticationRef" in trigger:
                yield f"TriggerAuthentication {place}/{trigger['authenticationRef']['name']}"


def _definition(kind: str, group: str) -> str:
    return f"CustomResourceDefinition {kind.lower()}s.{group}"


def addresses(objects: Sequence[Object]) -> Iterator[str]:
    """What the routes among the objects answer to, as people read it."""
    for each in objects:
        spec = mapping(each.get("spec"))
        for parent in spec.get("parentRefs", ()):
            gateway = f"{parent.get('namespace', each['metadata']['namespace'])}/{parent['name']}"
            listener = f", listener {parent['sectionName']}" if "sectionName" in parent else ""
            path = spec["rules"][0]["matches"][0]["path"]["value"]
            for host in spec.get("hostnames", ("",)):
                yield f"{host or 'any host'}{path} at Gateway {gateway}{listener}"


def _around(
    workload: Workload,
    version: str,
    cluster: "Cluster",
    gates: Mapping[str, bool],
    objects: Sequence[Object],
) -> Iterator[MutableObject]:
    entry = workload.entry
    # Each module is imported where it is asked for, as a fleet that asks for one rarely asks for all.
    if "isolation" in cluster and workload.group != "mirrors":
        from kaitops.fleet.kinds.networkpolicy import network_policies

        yield from network_policies(workload, version, gates, cluster["isolation"])
    if "disruption" in entry:
        from kaitops.fleet.kinds.disruptionbudget import disruption_budgets

        yield from disruption_budgets(workload, version)
    if by_keda(entry.get("autoscale", {})) and workload.mode != "plain":
        from kaitops.fleet.kinds.scaledobject import scaled_object

        yield scaled_object(workload, version)
    if entry.get("monitor"):
        from kaitops.fleet.kinds.podmonitor import pod_monitor

        yield pod_monitor(workload, version, cluster["monitoring"])
    if entry.get("smoke"):
        from kaitops.fleet.kinds.smoke import smoke

        yield from smoke(workload, version, cluster)
    if "route" in entry:
        from kaitops.fleet.kinds.httproute import http_route

        yield http_route(workload, version, gates, objects)
