"""What KEDA and the autoscaler refuse, or never act on, in what they are told of a workload of the tree.

Source: KEDA 2.17 (apis/keda/v1alpha1 and its webhook), the HorizontalPodAutoscaler of Kubernetes.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.ref import namespace_of
from kaitops.errors import nearest
from kaitops.gate.effects import absent, callers
from kaitops.gate.effects.made import Pod
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item
from kaitops.kaito.admission.cron import schedule_problem
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.kubernetes import timezones
from kaitops.kaito.kubernetes.field_errors import WebhookPanic
from kaitops.kaito.vllm import metrics

Found = Iterator[tuple[Item, Path, str]]
_TARGET: Path = ("spec", "scaleTargetRef")
_APPS, _OF_APPS = "apps/v1", ("Deployment", "StatefulSet", "ReplicaSet")
_MEASURED = frozenset(("cpu", "memory"))
# What KEDA takes where a trigger does not say it, as well.
# How a trigger may be counted: by shares of what pods ask for, and by what is asked elsewhere.
_MEASURES, _COUNTS = ("Utilization", "AverageValue"), ("AverageValue", "Value")
_AVERAGED = (None, "", "AverageValue")
_OF_THE_MODEL = ("vllm:", "vllm_", "kaito_", "kaito:")
_LOGIN = "TriggerAuthentication"
# A question that has an answer for releases of vLLM that do not count what it asks first.
_OR = re.compile(r"\bor\b")
_WHOLE = re.compile(r"[0-9]+")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
# Those that scale models; of others KEDA has many, and each release more.
_TYPES = (
    "prometheus", "cron", "cpu", "memory", "kubernetes-workload", "metrics-api", "external", "external-push",
    "azure-monitor", "azure-servicebus", "azure-queue", "azure-eventhub", "azure-log-analytics", "kafka",
    "rabbitmq", "redis",
)  # fmt: skip


def problems(state: State) -> Found:
    """What is wrong with each scaler of the tree, by itself and for what it scales."""
    # Ranges may give requests to what asks for nothing.
    filled = {namespace_of(one.data) for one in state.items if one.data["kind"] == "LimitRange"}
    for item in state.items:
        if item.data["kind"] == "ScaledObject":
            yield from _group(item, mapping(state.release.facts.get("kinds")))
            yield from _scaled(item, state)
            yield from _logins(item, state)
            measured = _utilised(item.data)
        elif item.data["kind"] == "HorizontalPodAutoscaler":
            yield from _group(item, mapping(state.release.facts.get("kinds")))
            measured = _metrics(item.data)
        else:
            continue
        yield from _measured(item, measured, state.pods, filled=namespace_of(item.data) in filled)


def _group(item: Item, served: Object) -> Found:
    """KEDA looks a kind without apiVersion up among those of Kubernetes' workloads, the autoscaler in the core."""
    target = mapping(at(item.data, *_TARGET))
    kind, version = str(target.get("kind") or ""), str(target.get("apiVersion") or "")
    looked = version or (_APPS if item.data["kind"] == "ScaledObject" else "v1")
    where = (*_TARGET, "apiVersion" if version else "kind")
    if kind == "InferenceSet" and not version.startswith(GROUP):
        text = f"names an InferenceSet of {looked}, which there is not, so nothing is scaled; write apiVersion: "
        yield item, where, f"{text}{GROUP}v1beta1"
    elif kind in _OF_APPS and version and version.partition("/")[0] != _APPS.partition("/")[0]:
        # One of no group the server refuses in an autoscaler, and KEDA takes for this one.
        text = f"names a {kind} of {version}, which there is not, so nothing is scaled; write apiVersion: "
        yield item, where, f"{text}{_APPS}"
    elif version.startswith(GROUP) and kind in served and version.removeprefix(GROUP) not in served[kind]["served"]:
        text = f"names {kind} of {version}, which KAITO does not have, so nothing is scaled; write apiVersion: "
        yield item, (*_TARGET, "apiVersion"), f"{text}{GROUP}{served[kind]['storage']}"


def _scaled(item: Item, state: State) -> Found:
    spec = mapping(item.data.get("spec"))
    # Of other workloads nobody knows which vLLM they run.
    asked = state.release.version if at(item.data, *_TARGET, "kind") == "InferenceSet" else ""
    triggers = [mapping(one) for one in items(spec.get("triggers"))]
    if not triggers:
        yield item, ("spec", "triggers"), "holds none, which KEDA refuses, so nothing is scaled; write one"
        return
    least = spec.get("minReplicaCount", 0)
    idle = spec.get("idleReplicaCount")
    if isinstance(idle, int) and isinstance(least, int) and idle >= least:
        text = f"is {idle} and has to be below minReplicaCount ({least}), or KEDA refuses the object; write 0, and 1 "
        yield item, ("spec", "idleReplicaCount"), f"{text}or more there"
    counting = [one for one in triggers if one.get("type") not in _MEASURED]
    # Of what has another kind its webhook does not ask.
    if not counting and least == 0 and at(item.data, *_TARGET, "kind") in (None, *_OF_APPS[:2]):
        place = "minReplicaCount" if "minReplicaCount" in spec else "triggers"
        text = "lets the workload go to 0 replicas, and has only triggers of cpu and memory, which pods that are not "
        yield item, ("spec", place), f"{text}there use none of, so KEDA refuses the object; write minReplicaCount: 1"
    if (
        spec.get("fallback") is not None
        and not at(spec, "advanced", "scalingModifiers")
        and all(one.get("metricType") not in _AVERAGED for one in counting)
    ):
        text = "is for triggers of metricType AverageValue that are neither cpu nor memory, of which there is none, "
        yield item, ("spec", "fallback"), f"{text}so KEDA refuses the object; drop it, or write such a trigger"
    for number, one in enumerate(triggers):
        if one.get("type") == "prometheus":
            given = at(spec, "advanced", "scalingModifiers", "formula")
            for key, text in _asked(mapping(one.get("metadata")), has_formula=bool(given), kaito=asked):
                yield item, ("spec", "triggers", number, "metadata", key), text
        counted, known = one.get("metricType"), _MEASURES if one.get("type") in _MEASURED else _COUNTS
        if isinstance(counted, str) and counted and counted not in known:
            text = (
                f"is {counted}, which KEDA does not take of {one.get('type')}, so it refuses the object; write one of "
            )
            yield item, ("spec", "triggers", number, "metricType"), text + ", ".join(known)
        kind = str(one.get("type"))
        if kind not in _TYPES and (meant := nearest(kind, _TYPES, 1, 0.8)):
            text = f"is {kind}, which KEDA does not have, so it refuses the object; meant is {meant[0]}?"
            yield item, ("spec", "triggers", number, "type"), text
        if one.get("type") == "cron":
            for key, text in _hours(mapping(one.get("metadata"))):
                yield item, ("spec", "triggers", number, "metadata", key), text
    by_itself = least == 0 and idle is None and all(_is_of_the_model(one) for one in triggers)
    scaled = _pods(item, state.pods) if by_itself else []
    # A workload that serves no model may well go to nothing by the queue of the one that does.
    if by_itself and (not scaled or any(callers.is_model(one) for one in scaled)):
        where: Path = ("spec", "minReplicaCount" if "minReplicaCount" in spec else "triggers")
        text = "lets the model go to 0 replicas, and asks only what the model itself reports, so nothing ever brings "
        yield item, where, f"{text}it back; write minReplicaCount: 1, or a trigger that counts without it"


def _logins(item: Item, state: State) -> Found:
    """The objects by which triggers log in."""
    space = namespace_of(item.data)
    for number, one in enumerate(items(at(item.data, "spec", "triggers"))):
        held = mapping(at(one, "authenticationRef"))
        name, kind = held.get("name"), str(held.get("kind") or _LOGIN)
        if not isinstance(name, str) or not name or kind not in (_LOGIN, f"Cluster{_LOGIN}"):
            continue
        there = [
            (namespace_of(one.data), one.data["metadata"]["name"]) for one in state.items if one.data["kind"] == kind
        ]
        places = [place for place, known in there if known == name]
        need = f"{kind} {space}/{name}" if kind == _LOGIN else f"{kind} {name}"
        if (space in places if kind == _LOGIN else places) or state.settled(need):
            continue
        where: Path = ("spec", "triggers", number, "authenticationRef", "name")
        if places:
            text = f"names {need}, which the tree declares in namespace {places[0]} alone, so KEDA does not find it; "
            yield item, where, f"{text}declare it in {space} too, or {absent.assumed(need)}"
        elif asked := absent.slipped(need, [one for place, one in there if kind != _LOGIN or place == space], item):
            yield item, where, f"names {need}, which the tree does not declare, so nothing scales; {asked}"
        else:
            state.needs.add(need)


def _is_of_the_model(trigger: Object) -> bool:
    if trigger.get("type") != "prometheus":
        return False
    named = metrics.asked(str(at(trigger, "metadata", "query") or ""))
    return bool(named) and all(one.startswith(_OF_THE_MODEL) for one in named)


def _asked(held: Object, *, has_formula: bool, kaito: str) -> Iterator[tuple[str, str]]:
    """What a question to Prometheus lacks, and names in it that vLLM gives to nothing."""
    for key in ("serverAddress", "query", *(() if has_formula else ("threshold",))):
        if held.get(key) in (None, ""):
            yield key, f"{key} is missing, so KEDA refuses the trigger and nothing scales; write it"
    for key in ("threshold", "activationThreshold"):
        if (value := str(held.get(key) or "")) and not _is_open(value) and not _NUMBER.fullmatch(value):
            yield (
                key,
                f"{key} is {value}, which is no number, so KEDA refuses the trigger and nothing scales; write one",
            )
    address = str(held.get("serverAddress") or "")
    if address and not _is_open(address) and "://" not in address:
        text = f"serverAddress is {address}, which has no scheme, so KEDA asks nobody and nothing scales; write "
        yield "serverAddress", f"{text}http://{address}"
    query = str(held.get("query") or "")
    for name in metrics.asked(query):
        if wrong := metrics.problem(name, "" if _OR.search(query) else kaito):
            yield "query", f"query asks for {name}, and {wrong[0]}, so nothing scales; {wrong[1]}"


def _is_open(value: str) -> bool:
    """Something fills it in later."""
    return "$" in value or "{{" in value


def _hours(held: Object) -> Iterator[tuple[str, str]]:
    zone = str(held.get("timezone") or "")
    if zone not in timezones.known():
        meant = " or ".join(timezones.alike(zone))
        text = f"is {zone or 'missing'}, which is no name of the IANA database, so KEDA refuses the trigger; write "
        yield "timezone", f"{text}{meant or 'one such as Europe/Berlin'}"
    for key in ("start", "end"):
        text = str(held.get(key) or "")
        if wrong := _wrong(text):
            yield key, f"is no time that KEDA can read: {wrong}; write five fields such as 0 7 * * 1-5"
    if held.get("start") and held.get("start") == held.get("end"):
        yield "end", "is the start as well, and KEDA refuses hours without length; correct one of the two"
    if not _WHOLE.fullmatch(str(held.get("desiredReplicas") or "")):
        yield "desiredReplicas", "is no whole number, so KEDA refuses the trigger; write one"


def _wrong(text: str) -> str | None:
    try:
        return schedule_problem(text)
    except WebhookPanic:
        return "a time zone stands where the schedule should"


class _Measured(NamedTuple):
    """A share of what pods ask for that something is scaled by.

    Attributes:
        container: the one that counts, and where it is named; empty where all of a pod do.
    """

    path: Path
    resource: str
    container: str = ""
    named: Path = ()


def _utilised(document: Object) -> Iterator[_Measured]:
    for number, one in enumerate(items(at(document, "spec", "triggers"))):
        held, path = mapping(one), ("spec", "triggers", number)
        how = held.get("metricType") or at(held, "metadata", "type") or "Utilization"
        if str(held.get("type")) in _MEASURED and how == "Utilization":
            container = str(at(held, "metadata", "containerName") or "")
            yield _Measured(path, str(held["type"]), container, (*path, "metadata", "containerName"))


def _metrics(document: Object) -> Iterator[_Measured]:
    spec = mapping(document.get("spec"))
    if "targetCPUUtilizationPercentage" in spec or not items(spec.get("metrics")):
        yield _Measured(("spec",), "cpu")
    for number, one in enumerate(items(spec.get("metrics"))):
        for kind, field in (("Resource", "resource"), ("ContainerResource", "containerResource")):
            held, path = mapping(mapping(one).get(field)), ("spec", "metrics", number)
            if mapping(one).get("type") == kind and at(held, "target", "averageUtilization") is not None:
                container = str(held.get("container") or "")
                yield _Measured(path, str(held.get("name")), container, (*path, field, "container"))


def _pods(item: Item, every: Sequence[Pod]) -> list[Pod]:
    """The pods of what a scaler scales."""
    target = mapping(at(item.data, *_TARGET))
    meant = namespace_of(item.data), target.get("kind") or "Deployment", target.get("name")
    return [one for one in every
            if (one.namespace, one.item.data["kind"], one.item.data["metadata"].get("name")) == meant]  # fmt: skip


def _measured(item: Item, measured: Iterator[_Measured], every: Sequence[Pod], *, filled: bool) -> Found:
    """A share of what pods ask for, where a container of them asks for nothing, or is not there.

    Args:
        filled: ranges of the namespace may give requests to what asks for nothing.
    """
    found = _pods(item, every)
    for path, resource, container, named in measured:
        for pod in found:
            there = [mapping(one) for one in items(pod.spec.get("containers"))]
            counted = [one for one in there if container in ("", one.get("name"))]
            if not counted:
                known = ", ".join(str(one.get("name")) for one in there)
                text = f"is {container}, and {pod.item.subject} has no container of that name, so the number is never "
                yield item, named, f"{text}known and nothing scales; write one of {known}"
            silent = [
                str(one.get("name"))
                for one in counted
                if not any(resource in mapping(at(one, "resources", part)) for part in ("requests", "limits"))
            ] if not filled else []  # fmt: skip
            if silent:
                whose = "KAITO's pod" if pod.made else "the pod"
                text = f"scales by a share of the {resource} that pods ask for, and container {silent[0]} of {whose} "
                remedy = "scale by a metric of the server" if pod.made else f"write requests of {resource}"
                yield item, path, f"{text}asks for none, so the number is never known and nothing scales; {remedy}"
