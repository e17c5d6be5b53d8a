"""Whether a pod may reach a port of another, as the NetworkPolicies of a cluster say.

The part of the API that rendered policies use: ingress, label selectors with `matchLabels`, `In`, `Exists` and
`DoesNotExist`, namespaces by their own name, TCP ports by number. Anything else is an error, so that no policy is
judged by half.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Policies = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Pod:
    """A pod as a policy sees it."""

    namespace: str
    labels: Mapping[str, str]
    name: str = ""


def policies(objects: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [each for each in objects if each["kind"] == "NetworkPolicy"]


def pods(objects: Iterable[Mapping[str, Any]]) -> dict[str, Pod]:
    """One pod of each workload by the workload's name, with the labels that Kubernetes adds to a Job's."""
    found: dict[str, Pod] = {}
    for each in objects:
        if each["kind"] in ("StatefulSet", "Deployment", "Job"):
            about = each["metadata"]
            labels = dict(each["spec"]["template"]["metadata"].get("labels", {}))
            if each["kind"] == "Job":
                labels["batch.kubernetes.io/job-name"] = about["name"]
            found[about["name"]] = Pod(about.get("namespace", "default"), labels, about["name"])
    return found


def allowed(rules: Policies, source: Pod, target: Pod, port: int) -> bool:
    """Ingress to a pod: open where no policy selects it, else where any rule of one that does lets it through."""
    selecting = [
        rule for rule in rules if rule["metadata"]["namespace"] == target.namespace and _selects(rule["spec"], target)
    ]
    if not selecting:
        return True
    return any(
        _lets_in(ingress, source, target.namespace, port)
        for rule in selecting
        for ingress in rule["spec"].get("ingress", [])
    )


def _selects(spec: Mapping[str, Any], target: Pod) -> bool:
    assert spec.keys() <= {"podSelector", "policyTypes", "ingress"}
    assert spec["policyTypes"] == ["Ingress"]
    return _matches(spec["podSelector"], target.labels)


def _lets_in(ingress: Mapping[str, Any], source: Pod, here: str, port: int) -> bool:
    assert ingress
    assert ingress.keys() <= {"from", "ports"}
    if "ports" in ingress and not any(
        entry == {"port": port, "protocol": "TCP"} for entry in _checked(ingress["ports"])
    ):
        return False
    return "from" not in ingress or any(_is_peer(peer, source, here) for peer in ingress["from"])


def _checked(ports: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    assert ports
    assert all(entry.keys() == {"port", "protocol"} and isinstance(entry["port"], int) for entry in ports)
    return ports


def _is_peer(peer: Mapping[str, Any], source: Pod, here: str) -> bool:
    assert peer
    assert peer.keys() <= {"podSelector", "namespaceSelector"}
    if "namespaceSelector" in peer:
        if not _matches(peer["namespaceSelector"], {"kubernetes.io/metadata.name": source.namespace}):
            return False
    elif source.namespace != here:
        return False
    return "podSelector" not in peer or _matches(peer["podSelector"], source.labels)


def _matches(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    assert selector.keys() <= {"matchLabels", "matchExpressions"}
    for key, value in selector.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for expression in selector.get("matchExpressions", []):
        present, operator = expression["key"] in labels, expression["operator"]
        assert operator in ("In", "Exists", "DoesNotExist")
        if operator == "In" and labels.get(expression["key"]) not in expression["values"]:
            return False
        if operator != "In" and present is not (operator == "Exists"):
            return False
    return True
