"""The guard rails of a namespace, applied to the pods that the tree leads to there, as the API server applies them.

Owns level and quota; ranges of limits are for ``ranges``, who may talk to whom for ``egress``, numbers of objects for
``counting``. A namespace's rails hold for all its pods, so a finding stands at the workload and names the rail.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.pods import ENFORCED
from kaitops.documents.ref import namespace_of
from kaitops.gate.effects import counting, egress, levels, ranges, reaching, requests, scheduling
from kaitops.gate.effects.made import Pod
from kaitops.gate.effects.state import State
from kaitops.gate.native.forms import amount
from kaitops.gate.objects import Item

Found = Iterator[tuple[Item, Path, str]]
KINDS = frozenset(("Namespace", "ResourceQuota", "LimitRange", "NetworkPolicy"))
_GIB = 1 << 30
_NOT_BEST_EFFORT, _ENDING = "NotBestEffort", "Terminating"
_MATCHED = frozenset(("BestEffort", _NOT_BEST_EFFORT, _ENDING, "NotTerminating"))
_PRIORITY = "PriorityClass"
# What the server has every container say, where a quota counts it.
_SAID = frozenset(("cpu", "memory"))


def problems(state: State) -> Found:
    """What each rail refuses, or takes away."""
    rails: dict[str, list[Item]] = {}
    for item in state.items:
        if item.data["kind"] in KINDS:
            space = item.data["metadata"]["name"] if item.data["kind"] == "Namespace" else namespace_of(item.data)
            rails.setdefault(space, []).append(item)
    if not rails:
        return
    yield from counting.problems(state, rails)
    yield from reaching.problems(state, rails)
    living: dict[str, list[Pod]] = {}
    for pod in state.pods:
        if pod.namespace in rails and pod.replicas > 0:
            living.setdefault(pod.namespace, []).append(pod)
    for space, there in living.items():
        held = rails[space]
        spread = [one for one in held if one.data["kind"] == "LimitRange"]
        limits = [ranges.filled(pod, spread) for pod in there]
        if spread:
            placed = partial(scheduling.problems, release=state.release, cloud=state.cloud)
            yield from ranges.grown(spread, there, limits, placed)
        for rail in held:
            if rail.data["kind"] == "Namespace":
                yield from _level(rail, there)
            elif rail.data["kind"] == "ResourceQuota":
                yield from _quota(rail, there, limits)
            elif rail.data["kind"] == "LimitRange":
                yield from ranges.problems(rail, there, limits)
        policies = [one for one in held if one.data["kind"] == "NetworkPolicy"]
        for pod in there if policies else ():
            for text in egress.problems(pod, policies):
                yield pod.item, pod.path, text


def _level(rail: Item, there: Sequence[Pod]) -> Found:
    level = str(at(rail.data, "metadata", "labels", ENFORCED) or "")
    for pod in there:
        found = list(levels.refusals(level, pod.spec))
        if found:
            more = f" and {len(found) - 2} more" if len(found) > 2 else ""
            whose = "the pod that KAITO makes of it" if pod.made else "its pod"
            text = f"namespace {pod.namespace} enforces level {level}, which refuses {whose}: {'; '.join(found[:2])}"
            remedy = "give the namespace a lower level, or the workload another namespace" if pod.made else "correct it"
            yield pod.item, pod.path, f"{text}{more}; {remedy}"


def _quota(rail: Item, there: Sequence[Pod], limits: Sequence[Object]) -> Found:
    scopes: list[Object] = [
        *({"scopeName": one, "operator": "Exists"} for one in items(at(rail.data, "spec", "scopes"))),
        *map(mapping, items(at(rail.data, "spec", "scopeSelector", "matchExpressions"))),
    ]
    if not all(one.get("scopeName") in (*_MATCHED, _PRIORITY) for one in scopes):
        return  # of a part of the pods, which is not known before they run
    used: dict[str, Fraction] = {}
    for pod, filled in zip(there, limits, strict=True):
        if not all(_matches(scope, pod, filled) for scope in scopes):
            continue
        for key, value in mapping(at(rail.data, "spec", "hard")).items():
            most, wanted = amount(value), _counted(key, filled)
            if most is None:
                continue
            field = key.removeprefix("requests.").removeprefix("limits.")
            name = f"ResourceQuota {rail.data['metadata']['name']}"
            if wanted is None:
                if field in _SAID:
                    part = "limits" if key.startswith("limits.") else "requests"
                    text = f"{name} counts {key}, and the pod names no {part} of {field}, so the server refuses it; "
                    remedy = "add a LimitRange with defaults" if pod.made else f"write {part} of {field}"
                    yield pod.item, pod.path, f"{text}{remedy}"
                continue
            before = used.get(key, Fraction(0))
            used[key] = before + wanted * pod.replicas
            if wanted and used[key] > most >= before:
                text = f"{name} gives namespace {pod.namespace} {value} of {key}, and its workloads ask for "
                yield pod.item, pod.path, f"{text}{_text(used[key], value)}, so the server refuses a pod; raise it"


def _matches(scope: Object, pod: Pod, filled: Object) -> bool:
    """Whether a quota of a scope counts a pod; best effort is told by processors and memory, whatever GPUs it has."""
    which = scope.get("scopeName")
    if which == _PRIORITY:
        own, wanted = pod.spec.get("priorityClassName"), items(scope.get("values"))
        # A pod without one gets the default of the cluster, which is not known here.
        return own is not None and {"In": own in wanted, "NotIn": own not in wanted, "Exists": True}.get(
            str(scope.get("operator")), False
        )
    if str(which).endswith(_ENDING):
        return (pod.spec.get("activeDeadlineSeconds") is not None) == (which == _ENDING)
    named = any(
        amount(mapping(one["resources"][part]).get(key))
        for one in ranges.containers(filled)
        for part in ("requests", "limits")
        for key in _SAID
    )
    return named == (which == _NOT_BEST_EFFORT)


def _counted(key: str, filled: Object) -> Fraction | None:
    """What a pod counts for; nothing where it says nothing of it, which is refused for processors and memory."""
    if key in ("pods", "count/pods"):
        return Fraction(1)
    part = "limits" if key.startswith("limits.") else "requests"
    field = key.removeprefix("requests.").removeprefix("limits.")
    # Of what plugins of the machines bring, a quota counts requests under that word alone.
    counts = (
        key.startswith("requests.") if "/" in field else field == "ephemeral-storage" or field.startswith("hugepages-")
    )
    if field not in _SAID and not counts:
        return Fraction(0)
    if field in _SAID and any(
        amount(mapping(one["resources"][part]).get(field)) is None for one in ranges.containers(filled)
    ):
        return None
    asked = {
        key: [{**one, "resources": {"requests": one["resources"][part]}} for one in filled[key]] for key in ranges.PARTS
    }
    return requests.requested(asked).get(field, Fraction(0))


def _text(value: Fraction, like: object) -> str:
    if str(like).endswith("i") and value >= _GIB:
        return f"{float(value / _GIB):.6g}Gi"
    return f"{float(value):.6g}"
