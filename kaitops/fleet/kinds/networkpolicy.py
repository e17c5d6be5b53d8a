"""Who may reach the pods of a workload, as NetworkPolicies.

A namespace is closed to all by one policy that every workload of it shares, and each workload opens what it needs by
its own, so a change to one model touches its files only. Ray, its dashboard and the cache's events know no login, so
they are open to pods of the same workload alone. What pods may reach stays open: weights are downloaded.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from kaitops.documents.plain import MutableObject, Object
from kaitops.errors import BadInput
from kaitops.fleet.kinds.metadata import MANAGED_BY, own_metadata
from kaitops.fleet.kinds.pods import has_pool, known, picker_labels, pod_labels, pool_name, ports, serving_port
from kaitops.fleet.workload import Workload
from kaitops.kaito import model_address
from kaitops.kaito.autoscaling import SCALER_NAMESPACE, by_keda

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster, Isolation, Route

CLOSED, DOWNLOADS = "default-deny", "model-downloads"
_AZURES = "kube-system"
_NAMESPACE = "kubernetes.io/metadata.name"
Rule = MutableObject


def closed(workload: Workload) -> MutableObject:
    """The policy that closes the namespace of a workload; the same for all workloads there.

    Raises:
        BadInput: the namespace is one where others' pods live as well.
    """
    if workload.namespace == "default":
        raise BadInput(
            "isolation closes the whole namespace, and default holds whatever names no other; give the "
            "workload a namespace of its own",
            ("namespace",),
        )
    metadata = {"name": CLOSED, "namespace": workload.namespace, "labels": dict(MANAGED_BY)}
    return _policy(metadata, {}, [])


def downloads(workload: Workload, version: str) -> MutableObject:
    """The policy that lets the controller read the progress of downloads, through the API server.

    KAITO gives their pods no label, and Kubernetes only that of a Job whose name is drawn; so it is the same for all
    mirrors of a namespace.
    """
    facts = known(version)["download"]
    workspace = known(version)["pod_labels"]["Workspace"]
    chosen = [
        {"key": facts["label"], "operator": "Exists"},
        {"key": workspace, "operator": "DoesNotExist"},
    ]
    metadata = {"name": DOWNLOADS, "namespace": workload.namespace, "labels": dict(MANAGED_BY)}
    rule = _rule([_spaces([facts["proxy_namespace"]])], [ports(version)["sampler"]])
    return _policy(metadata, {"matchExpressions": chosen}, [rule])


def network_policies(
    workload: Workload, version: str, gates: Mapping[str, bool], isolation: "Isolation"
) -> Iterator[MutableObject]:
    """What a workload opens: its own pods, the endpoint picker of its pool, the model that it asks.

    Raises:
        BadInput: something that the workload declares would be shut out.
    """
    asking = _asking(workload, isolation)
    reading: Sequence[str] = isolation.get("metricsFrom", ())
    _check(workload, asking, reading)
    serving = serving_port(workload, version)
    rules: list[Rule] = [{"from": [_pods(pod_labels(workload, version))]}]
    if workload.entry.get("loadBalancer"):
        rules.append(_rule([], [serving]))
    elif workload.group != "tuning":
        rules += _from(asking, [serving])
    if workload.group in ("models", "tuning"):
        rules += _from(reading, _metrics(workload, version, serving))
    if workload.entry.get("smoke"):
        from kaitops.fleet.kinds.smoke import LABEL

        rules.append(_rule([_pods({LABEL: workload.name})], [serving]))
    if has_pool(workload, gates):
        picker = _pods(picker_labels(workload, version))
        rules.append(_rule([picker], [serving]))
        yield _picker(workload, version, asking, reading)
    metadata = own_metadata(workload.name, workload.namespace, workload)
    yield _policy(metadata, _labelled(pod_labels(workload, version)), rules)
    llm = workload.entry.get("llm", {})
    if "model" in llm:
        yield _asked(workload, version, llm)


def _check(workload: Workload, asking: Sequence[str], reading: Sequence[str]) -> None:
    entry = workload.entry
    scaled = "autoscale" in entry and workload.mode != "plain" and not by_keda(entry["autoscale"])
    if scaled and SCALER_NAMESPACE not in {*reading, *asking}:
        raise BadInput(
            f"autoscale: KAITO's scaler runs in the namespace {SCALER_NAMESPACE}, and isolation does not let that read "
            f"the model's metrics, so the number of replicas would stay; add {SCALER_NAMESPACE} to "
            f"clusters.{workload.cluster}.isolation.metricsFrom"
        )
    if entry.get("monitor") and not reading and not asking:
        raise BadInput(
            "monitor: isolation lets nobody read the model's metrics, so this would have no effect; name the "
            f"namespace of the reader under clusters.{workload.cluster}.isolation.metricsFrom"
        )


def unread(workload: Workload, cluster: "Cluster") -> Iterator[tuple[tuple[str, ...], str]]:
    """Where metrics of a workload are meant to be read by somebody whom isolation keeps out: key and message.

    Where a Prometheus runs is known of Azure's, and of one that the fleet names by the address of its Service.
    """
    isolation, entry = cluster.get("isolation"), workload.entry
    if isolation is None or workload.group != "models":
        return
    readers = {*isolation.get("metricsFrom", ()), *_asking(workload, isolation)}
    named = {*isolation.get("metricsFrom", ())} - {SCALER_NAMESPACE}
    to_do = f"name that under clusters.{workload.cluster}.isolation.metricsFrom"
    where = _home(entry.get("autoscale", {}).get("prometheus", "")) if workload.mode != "plain" else ""
    if where and where not in readers:
        text = f"asks a Prometheus in the namespace {where}, which isolation does not let read the model's metrics, so "
        yield ("autoscale", "prometheus"), f"{text}the number of replicas stays; {to_do}"
    if not entry.get("monitor"):
        return
    if cluster["monitoring"] == "azure" and _AZURES not in readers:
        text = f"isolation does not let Azure's managed Prometheus, which runs in {_AZURES}, read the metrics, so this "
        yield ("monitor",), f"{text}has no effect; {to_do}"
    elif cluster["monitoring"] != "azure" and not where and not named:
        text = f"isolation lets {' and '.join(sorted(readers))} read the metrics and no other namespace, so a"
        yield ("monitor",), f"{text} Prometheus elsewhere reads nothing; if it runs in another one, {to_do}"


def _home(address: str) -> str:
    """The namespace of a Service that an address is of; empty where it may be anything else."""
    parts = model_address.PARTS.match(address)
    return (model_address.service_of(parts[2], "", ()) or ("", ""))[0] if parts else ""


def _asking(workload: Workload, isolation: "Isolation") -> list[str]:
    route: Route = workload.entry.get("route", {})
    gateway = [route.get("namespace", workload.namespace)] if route else []
    return sorted({*isolation.get("allowFrom", ()), *gateway})


def _metrics(workload: Workload, version: str, serving: int) -> list[int]:
    # The sidecar of a decode pod has the usual port, and vLLM behind it the one that a PodMonitor finds.
    split = workload.kind == "MultiRoleInference"
    return [serving, ports(version)["decode"]] if split else [serving]


def _picker(workload: Workload, version: str, asking: Sequence[str], reading: Sequence[str]) -> MutableObject:
    numbers = known(version)["pool"]["picker"]
    rules = [*_from(asking, [numbers["requests"]]), *_from(reading, [numbers["metrics"]])]
    metadata = own_metadata(pool_name(workload, version), workload.namespace, workload)
    return _policy(metadata, _labelled(picker_labels(workload, version)), rules)


def _asked(workload: Workload, version: str, llm: Object) -> MutableObject:
    """An engine may ask its model, wherever that is; the engine brings the policy, not the model."""
    place = llm.get("namespace", workload.namespace)
    engine: MutableObject = {**_spaces([workload.namespace]), **_pods(pod_labels(workload, version))}
    label = known(version)["pod_labels"]["Workspace"]
    metadata = own_metadata(f"{workload.name}-to-{llm['model']}", place, workload)
    return _policy(metadata, _labelled({label: llm["model"]}), [_rule([engine], [ports(version)["inference"]])])


def _from(spaces: Sequence[str], numbers: Sequence[int]) -> list[Rule]:
    return [_rule([_spaces(spaces)], numbers)] if spaces else []


def _rule(peers: Sequence[Rule], numbers: Sequence[int]) -> Rule:
    """An ingress rule; without peers it is open to all."""
    opened = [{"port": number, "protocol": "TCP"} for number in numbers]
    return {"from": list(peers), "ports": opened} if peers else {"ports": opened}


def _spaces(names: Sequence[str]) -> Rule:
    chosen = {"key": _NAMESPACE, "operator": "In", "values": sorted(names)}
    return {"namespaceSelector": {"matchExpressions": [chosen]}}


def _pods(labels: Mapping[str, str]) -> Rule:
    return {"podSelector": _labelled(labels)}


def _labelled(labels: Mapping[str, str]) -> MutableObject:
    return {"matchLabels": dict(labels)}


def _policy(metadata: MutableObject, selector: MutableObject, rules: Sequence[Rule]) -> MutableObject:
    spec: MutableObject = {"podSelector": selector, "policyTypes": ["Ingress"]}
    if rules:
        spec["ingress"] = list(rules)
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}
