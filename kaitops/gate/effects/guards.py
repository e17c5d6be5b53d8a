"""The guard rails of a namespace, applied to the pods that the tree leads to there, as the API server applies them.

Owns level, quota and limits; who may talk to whom is for ``egress``, numbers of objects for ``counting``. A namespace's
rails hold for all its pods, so a finding stands at the workload and names the rail.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from kaitops.documents.plain import MutableObject, Object, Path, at, items, mapping
from kaitops.documents.pods import ENFORCED
from kaitops.documents.ref import namespace_of
from kaitops.gate.effects import counting, egress, levels, reaching, requests, scheduling
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
_PARTS = ("containers", "initContainers")
# What the server has every container say, where a quota counts it.
_SAID = frozenset(("cpu", "memory"))
# Weights go through the memory of the machine on their way to the GPU, in parts of some GiB.
_LEAST = 8 * _GIB


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
        ranges = [one for one in held if one.data["kind"] == "LimitRange"]
        limits = [_limited(pod, ranges) for pod in there]
        if ranges:
            yield from _grown(ranges, there, limits, lambda pod: scheduling.problems(pod, state.release, state.cloud))
        for rail in held:
            if rail.data["kind"] == "Namespace":
                yield from _level(rail, there)
            elif rail.data["kind"] == "ResourceQuota":
                yield from _quota(rail, there, limits)
            elif rail.data["kind"] == "LimitRange":
                yield from _range(rail, there, limits)
        policies = [one for one in held if one.data["kind"] == "NetworkPolicy"]
        for pod in there if policies else ():
            for text in egress.problems(pod, policies):
                yield pod.item, pod.path, text


def _grown(
    ranges: Sequence[Item],
    there: Sequence[Pod],
    limits: Sequence[Object],
    asking: Callable[[Pod], Iterator[tuple[Path, str]]],
) -> Found:
    """Pods that no machine of their size holds any more once ranges fill what they do not say."""
    names = ", ".join(str(one.data["metadata"]["name"]) for one in ranges)
    for pod, filled in zip(there, limits, strict=True):
        known = {text for _, text in asking(pod)}
        for path, text in asking(pod._replace(spec={**pod.spec, **filled})):
            if text not in known:
                text = text.removesuffix("; ask for less, or take a larger size")
                remedy = "lower its default, or write requests" if not pod.made else "lower its default"
                yield pod.item, path, f"LimitRange {names} fills what its containers do not say: {text}; {remedy}"


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


def _limited(pod: Pod, ranges: Sequence[Item]) -> MutableObject:
    """The pod as ranges of limits fill it."""
    low, high = _defaults(ranges)
    found: MutableObject = {}
    for part in _PARTS:
        filled: list[MutableObject] = []
        for one in map(mapping, items(pod.spec.get(part))):
            held = mapping(one.get("resources"))
            limits = {**high, **mapping(held.get("limits"))}
            requests = {**low, **mapping(held.get("limits")), **mapping(held.get("requests"))}
            filled.append(
                {"restartPolicy": one.get("restartPolicy"), "resources": {"limits": limits, "requests": requests}}
            )
        found[part] = filled
    return found


def _defaults(ranges: Sequence[Item]) -> tuple[MutableObject, MutableObject]:
    low: MutableObject = {}
    high: MutableObject = {}
    for rail in ranges:
        for one in items(at(rail.data, "spec", "limits")):
            held = mapping(one)
            if held.get("type") == "Container":
                given = {**mapping(held.get("max")), **mapping(held.get("default"))}
                high |= given
                low |= {**mapping(held.get("min")), **given, **mapping(held.get("defaultRequest"))}
    return low, high


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
        for one in _all(filled)
        for part in ("requests", "limits")
        for key in _SAID
    )
    return named == (which == _NOT_BEST_EFFORT)


def _all(filled: Object) -> Iterator[Object]:
    return (one for part in _PARTS for one in filled[part])


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
    if field in _SAID and any(amount(mapping(one["resources"][part]).get(field)) is None for one in _all(filled)):
        return None
    asked = {key: [{**one, "resources": {"requests": one["resources"][part]}} for one in filled[key]] for key in _PARTS}
    return requests.requested(asked).get(field, Fraction(0))


def _text(value: Fraction, like: object) -> str:
    if str(like).endswith("i") and value >= _GIB:
        return f"{float(value / _GIB):.6g}Gi"
    return f"{float(value):.6g}"


def _range(rail: Item, there: Sequence[Pod], filled_by_ranges: Sequence[Object]) -> Found:
    name = f"LimitRange {rail.data['metadata']['name']}"
    for pod, filled in zip(there, filled_by_ranges, strict=True):
        for one in items(at(rail.data, "spec", "limits")):
            held = mapping(one)
            if held.get("type") not in ("Container", "Pod"):
                continue
            of_pod = (*_beyond(pod, held, name), *_below(pod, held, name))
            for text in (*of_pod, *_unsaid(held, filled, name), *_apart(held, filled, name)):
                yield pod.item, pod.path, text
            given = {**mapping(held.get("max")), **mapping(held.get("default"))}.get("memory")
            size = amount(given)
            if held["type"] == "Container" and size is not None and size < _LEAST:
                for container in items(pod.spec.get("containers")):
                    own = mapping(mapping(container).get("resources"))
                    limits, requests = mapping(own.get("limits")), mapping(own.get("requests"))
                    asked = amount(requests.get("memory"))
                    if scheduling.GPU in limits and "memory" not in limits and not (asked and asked > size):
                        text = f"{name} gives container {mapping(container).get('name')} a limit of {given} of memory, "
                        text += "through which a model's weights are loaded, so it is killed; "
                        yield pod.item, pod.path, f"{text}raise it, or take it out of this namespace"


def _below(pod: Pod, held: Object, name: str) -> Iterator[str]:
    """Limits that a range gives to containers that ask for more than that and name none."""
    if held["type"] != "Container":
        return
    given = {**mapping(held.get("max")), **mapping(held.get("default"))}
    for one in (mapping(each) for part in _PARTS for each in items(pod.spec.get(part))):
        resources = mapping(one.get("resources"))
        for key, value in given.items() if resources else ():
            limit, asked = amount(value), amount(mapping(resources.get("requests")).get(key))
            if (
                key not in mapping(resources.get("limits"))
                and limit is not None
                and asked is not None
                and asked > limit
            ):
                text = f"{name} gives container {one.get('name')} a limit of {value} of {key}, and it asks for "
                text += f"{resources['requests'][key]}, which the server refuses; raise the default"
                yield text if pod.made else f"{text}, or write a limit of {key}"


def _unsaid(held: Object, filled: Object, name: str) -> Iterator[str]:
    """What a range of whole pods bounds and no container says: the server takes that for more than it allows."""
    if held["type"] != "Pod":
        return
    for part, bound, words in (("limits", "max", "at most"), ("requests", "min", "at least")):
        said = {key for one in _all(filled) for key in one["resources"][part]}
        for key, value in mapping(held.get(bound)).items():
            if key not in said:
                yield (
                    f"{name} wants pods of {value} of {key} {words}, and this one names no {part} of it, so the server "
                    "refuses it; add a LimitRange with defaults for containers, or drop the bound"
                )


def _apart(held: Object, filled: Object, name: str) -> Iterator[str]:
    """Limits that are further from the requests than a range of containers lets them be."""
    if held["type"] != "Container":
        return
    for key, value in mapping(held.get("maxLimitRequestRatio")).items():
        for one in _all(filled):
            low, high = (amount(mapping(one["resources"][part]).get(key)) for part in ("requests", "limits"))
            most = amount(value)
            if not low or not high:
                said = "limit" if low else "request"
                yield (
                    f"{name} holds the limit of {key} to {value} times the request, and a container has no {said}, so "
                    "the server refuses the pod; give the range a default, or drop the ratio"
                )
                break
            if most is not None and high / low > most:
                text = f"{name} holds the limit of {key} to {value} times the request, and a container has more, so the"
                yield f"{text} server refuses the pod; bring them together"
                break


def _beyond(pod: Pod, held: Object, name: str) -> Iterator[str]:
    whole = held["type"] == "Pod"
    every = [mapping(one) for part in _PARTS for one in items(pod.spec.get(part))]
    asked = [("the pod", requests.requested(pod.spec))] if whole else [
        (f"container {one.get('name')}", requests.of_container(one)) for one in every
    ]  # fmt: skip
    limited = [mapping(at(one, "resources", "limits")) for one in every]
    for number, (title, resources) in enumerate(asked):
        for key, value in mapping(held.get("max")).items():
            most, wanted = amount(value), resources.get(key)
            limit = None if whole else amount(limited[number].get(key))
            high = max((one for one in (wanted, limit) if one is not None), default=None)
            if most is not None and high is not None and high > most:
                yield f"{name} allows {value} of {key}, and {title} has more, so the server refuses the pod; raise it"
        for key, value in mapping(held.get("min")).items():
            least, wanted = amount(value), resources.get(key)
            if least is not None and wanted is not None and wanted < least:
                text = f"{name} wants {value} of {key} at least, and {title} has less, so the server refuses the pod"
                yield f"{text}; ask for more"
