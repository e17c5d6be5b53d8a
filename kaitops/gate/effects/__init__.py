"""What becomes of objects that are admitted: whether all that they say is read, reached, started and let in.

The door is :func:`judge`. Each part is imported where an object of its concern is met, so a plain model pays for none.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from kaitops.documents.plain import Object, Path, at, mapping
from kaitops.documents.pods import ENFORCED, SECURITY
from kaitops.gate import native
from kaitops.gate.checks import ANNOTATION, NAMESPACE, PLACEHOLDER, POD, REFERENCE, SCALING
from kaitops.gate.effects import placeholders
from kaitops.gate.effects.state import State
from kaitops.gate.guarding import guard, guard_all
from kaitops.gate.objects import Group, Item
from kaitops.kaito.anatomy import GROUP, SELECTORS
from kaitops.kaito.release import Release
from kaitops.report.findings import Report

if TYPE_CHECKING:
    from kaitops.kaito.expansion import Expansion

_RAILS = frozenset(("ResourceQuota", "LimitRange", "NetworkPolicy"))
_WORKLOADS = frozenset(
    ("Pod", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet", "ReplicationController")
)
# What a workload of KAITO's may share a name with.
_NAMED = frozenset(("Service", "StatefulSet", "Deployment", "Job"))
_SCALERS = frozenset(("ScaledObject", "HorizontalPodAutoscaler"))
_ROUTES = frozenset(("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute", "Ingress", "InferencePool"))
_MONITORS = frozenset(("PodMonitor", "PrometheusRule", "ServiceMonitor"))
_SELECTING = frozenset(("PodDisruptionBudget", "InferencePool", "NetworkPolicy"))
_NODES = frozenset(("NodePool", "Node"))
_BINDINGS = frozenset(("RoleBinding", "ClusterRoleBinding", "ValidatingAdmissionPolicyBinding"))
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
# Signs of a name that fits whatever is made of it.
_LONG = 38
# Of KAITO's domain, whatever end it was written with.
_STEM = GROUP.partition(".")[0]
Found = Iterable[tuple[Item, Path, str]]


def judge(
    group: Group,
    release: Release,
    made: "Mapping[int, Expansion]",
    report: Report,
    *,
    cloud: str = "azure",
    settled: Callable[[str], bool] = lambda need: False,
) -> None:
    """Add what is found to the report.

    Args:
        made: what KAITO's controllers make of an object, by the identity of its data.
        settled: whether somebody vouches for an object that the tree needs and does not declare.
    """
    kinds: set[str] = set()
    noted: list[Item] = []
    templates = tunes = pulls = machines = False
    for item in group.items:
        data = item.data
        kind = data["kind"]
        kinds.add(kind)
        with guard(item, report, "what its words mean"):
            if data["apiVersion"].startswith(GROUP):
                chosen = at(data, *SELECTORS.get(kind, ("spec", "labelSelector")), "matchLabels")
                machines = machines or _names_machines(chosen)
                if not _is_selectable(chosen):
                    from kaitops.gate.effects import keys

                    report.findings += [item.finding(POD, path, text) for path, text in keys.selector(data)]
                if _is_noted(data):
                    from kaitops.gate.effects import keys

                    for path, text in keys.problems(data, release.facts):
                        report.findings.append(item.finding(ANNOTATION, path, text))
                templates = templates or _has_template(data)
                pulls = pulls or _has_images(data)
                tunes = tunes or "tuning" in data
            else:
                if kind == "Namespace" and _is_levelled(data):
                    from kaitops.gate.effects import keys

                    kinds |= {"level"} if at(data, "metadata", "labels", ENFORCED) else set()
                    for path, text in keys.levels(data):
                        report.findings.append(item.finding(ANNOTATION, path, text))
                noted += [item] if _is_noted_below(data) else []
            for path, text in placeholders.problems(data):
                report.findings.append(item.finding(PLACEHOLDER, path, text))
    if noted:
        from kaitops.gate.effects import keys
        from kaitops.gate.effects.made import pods

        given = {label for pod in pods(noted, made) if not pod.made for label in pod.labels}
        for item in noted:
            with guard(item, report, "what its words mean"):
                for path, text in keys.native(item.data, release.facts, given):
                    report.findings.append(item.finding(ANNOTATION, path, text))
    anchor = group.items[0].document.file if group.items else group.root
    state = State(group.items, made, release, cloud, settled)

    def add(what: str, check: str, problems: Callable[[State], Found]) -> None:
        with guard_all(anchor, report, what):
            for item, path, text in problems(state):
                report.findings.append(item.finding(check, path, text))

    if "RAGEngine" in kinds:
        from kaitops.gate.effects import addresses

        add("following addresses", REFERENCE, addresses.problems)
        if "ConfigMap" in kinds:
            from kaitops.gate.effects import answering

            add("reading what guards answers", REFERENCE, answering.problems)
    if (made or "Service" in kinds) and kinds & _WORKLOADS:
        from kaitops.gate.effects import callers

        add("following addresses of variables", REFERENCE, callers.problems)
    if kinds & _ROUTES:
        from kaitops.gate.effects import routing

        add("following routes", REFERENCE, routing.problems)
    if "EndpointSlice" in kinds:
        from kaitops.gate.effects import slices

        add("following addresses behind Services", REFERENCE, slices.problems)
    if "ExternalSecret" in kinds:
        from kaitops.gate.effects import stores

        add("following stores of Secrets", REFERENCE, stores.problems)
    if kinds & {"PriorityClass", "RuntimeClass"}:
        from kaitops.gate.effects import priorities

        add("following priorities", REFERENCE, priorities.problems)
    if kinds & _MONITORS:
        from kaitops.gate.effects import monitors

        add("following monitors", REFERENCE, monitors.problems)
    if kinds & _SELECTING:
        from kaitops.gate.effects import selectors

        add("following selectors", REFERENCE, selectors.problems)
    if kinds & _SCALERS or "InferenceSet" in kinds:
        from kaitops.gate.effects import scaling

        add("reading scalers", SCALING, scaling.problems)
    if kinds & _SCALERS:
        from kaitops.gate.effects import keda

        add("reading what scalers are told", SCALING, keda.problems)
    if made and (len(made) > 1 or kinds & _NAMED):
        from kaitops.gate.effects import clashes

        add("comparing names", REFERENCE, clashes.shared_names)
        if tunes:
            add("following adapters", REFERENCE, clashes.tuned)
            add("comparing results of tuning", REFERENCE, clashes.results)
    if any(len(one.data["metadata"]["name"]) > _LONG for one in group.items):
        from kaitops.gate.effects import lengths

        add("measuring names", POD, lengths.problems)
    if templates or pulls or machines or kinds & _WORKLOADS or (made and "Service" in kinds):
        from kaitops.gate.effects import starting

        add("judging pods", POD, starting.problems)
    if "PersistentVolumeClaim" in kinds:
        from kaitops.gate.effects import claims

        add("comparing claims with their pods", POD, claims.problems)
    if "ModelMirror" in kinds:
        from kaitops.gate.effects import mirrors

        add("comparing mirrors with their models", POD, mirrors.problems)
    if kinds & _BINDINGS:
        from kaitops.gate.effects import bindings

        add("following bindings", REFERENCE, bindings.problems)
    if kinds & _NODES:
        from kaitops.gate.effects import pools

        add("placing pods on declared pools", POD, pools.problems)
    if kinds & _RAILS or "level" in kinds:
        from kaitops.gate.effects import guards

        add("applying the namespace's guard rails", NAMESPACE, guards.problems)
    cluster = group.context.get("cluster")
    prefix = f"cluster {cluster}" if cluster else "the cluster"
    report.needs += [f"needs in {prefix}: {need}" for need in sorted(state.needs) if not settled(need)]


def _is_levelled(namespace: Object) -> bool:
    return any(key.startswith(SECURITY) for key in mapping(namespace["metadata"].get("labels")))


def _is_selectable(labels: object) -> bool:
    """Whether all of them are plain labels, as nearly all are; others are looked at in full."""
    return all(
        isinstance(value, str) and _PLAIN.fullmatch(value) and _PLAIN.fullmatch(key.rpartition("/")[2])
        for key, value in mapping(labels).items()
    )


def _names_machines(labels: object) -> bool:
    """Whether it selects nodes by what their machines are, and not by labels of one's own alone."""
    return any("kubernetes.io/" in key or key.startswith("nvidia.com/") for key in mapping(labels))


def _is_noted(data: Object) -> bool:
    """Whether it has a key of KAITO's domain, of its own or for what is made of it."""
    metadata = data["metadata"]
    if at(data, "spec", "template", "metadata"):
        return True
    return any(_STEM in key.lower() for part in ("annotations", "labels") for key in mapping(metadata.get(part)))


def _is_noted_below(data: Object) -> bool:
    """Whether an object of another kind may have a key of KAITO's domain, of its own or in what it selects."""
    if not native.is_held(data):
        return False
    return _is_noted(data) or any(GROUP in key for key in _keys(data.get("spec")))


def _keys(spec: object) -> Iterator[str]:
    """The keys by which a Service, a budget or a policy selects."""
    for held in (at(spec, "selector"), at(spec, "selector", "matchLabels"), at(spec, "podSelector", "matchLabels")):
        yield from mapping(held)


def _has_images(data: Object) -> bool:
    """Whether it names images of adapters or of data."""
    inner = (data, at(data, "spec", "template"))
    return any(at(one, "inference", "adapters") for one in inner) or bool(at(data, "tuning", "input", "image"))


def _has_template(data: Object) -> bool:
    return bool(at(data, "inference", "template") or at(data, "spec", "template", "inference", "template"))
