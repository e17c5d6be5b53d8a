"""The route to a model through a Gateway, as an HTTPRoute.

Goes to the InferencePool where KAITO makes one, else to the Services of the model's Workspaces. Does not make the
Gateway, and grants nothing: which namespaces may attach routes is the Gateway's to say.
"""

from collections.abc import Mapping, Sequence

from kaitops.documents.plain import MutableObject, Object, at
from kaitops.errors import BadInput
from kaitops.fleet.kinds.metadata import own_metadata
from kaitops.fleet.kinds.pods import has_pool, known, pool_name, ports
from kaitops.fleet.workload import Workload

_GROUP = "gateway.networking.k8s.io"


def http_route(workload: Workload, version: str, gates: Mapping[str, bool], objects: Sequence[Object]) -> MutableObject:
    """The HTTPRoute of a model.

    Args:
        gates: feature gates of the cluster's KAITO.
        objects: of the model.

    Raises:
        BadInput: there is nothing that a route could lead to.
    """
    route = workload.entry["route"]
    _check_path(workload, version)
    parent: MutableObject = {"group": _GROUP, "kind": "Gateway", "name": route["gateway"]}
    for key, field in (("namespace", "namespace"), ("listener", "sectionName")):
        if key in route:
            parent[field] = route[key]
    path = route.get("path", "/")
    rule: MutableObject = {"matches": [{"path": {"type": "PathPrefix", "value": path}}]}
    if route.get("strip"):
        rewrite = {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/"}}
        rule["filters"] = [{"type": "URLRewrite", "urlRewrite": rewrite}]
    rule["backendRefs"] = _backends(workload, version, gates, objects)
    spec: MutableObject = {"parentRefs": [parent]}
    if route.get("hosts"):
        spec["hostnames"] = list(route["hosts"])
    spec["rules"] = [rule]
    return {
        "apiVersion": f"{_GROUP}/v1",
        "kind": "HTTPRoute",
        "metadata": own_metadata(workload.name, workload.namespace, workload),
        "spec": spec,
    }


def _check_path(workload: Workload, version: str) -> None:
    route, served = workload.entry["route"], known(version)["served_below"]
    path: str = route.get("path", "/")
    if (
        "custom" not in workload.entry
        and path != "/"
        and not f"{path}/".startswith(f"{served}/")
        and not route.get("strip")
    ):
        raise BadInput(
            f"the model serves {served} and knows nothing of {path}, so every request would end in 404; "
            f"add strip: true, or choose a path below {served}",
            ("route", "path"),
        )


def _backends(
    workload: Workload, version: str, gates: Mapping[str, bool], objects: Sequence[Object]
) -> list[MutableObject]:
    if has_pool(workload, gates):
        pool = known(version)["pool"]
        # A pool has ports of its own, and a Gateway does not read one here.
        return [{"group": pool["group"], "kind": pool["kind"], "name": pool_name(workload, version), "weight": 1}]
    if workload.kind == "Workspace":
        services = [workload.name]
    else:
        services = _services(objects) if workload.kind == "InferenceSet" else []
    if not services:
        raise BadInput(
            f"{workload.kind} has no Service that its replicas share, so there is nothing to route to; "
            + _remedy(workload),
            ("route",),
        )
    port = ports(version)["service"]
    return [{"group": "", "kind": "Service", "name": name, "port": port, "weight": 1} for name in services]


def _services(objects: Sequence[Object]) -> list[str]:
    """The Services of a plain set's replicas, which have names that can be foretold."""
    return [
        each["metadata"]["name"]
        for each in objects
        if each["kind"] == "Service" and at(each, "spec", "clusterIP") != "None"
    ]


def _remedy(workload: Workload) -> str:
    if workload.kind == "InferenceSet" and ("custom" in workload.entry or workload.entry.get("runtime")):
        return "KAITO makes a pool for presets on vllm only; drop the replicas, or take mode: plain"
    return (
        f"set featureGates.gatewayAPIInferenceExtension on cluster {workload.cluster}, so that KAITO makes a pool"
        + (", or take mode: plain" if workload.kind == "InferenceSet" else "")
    )
