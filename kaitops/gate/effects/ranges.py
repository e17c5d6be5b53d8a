"""Ranges of limits of a namespace, applied to its pods: what they fill in, and what they refuse or take away."""

from collections.abc import Callable, Iterator, Sequence

from kaitops.documents.plain import MutableObject, Object, Path, at, items, mapping
from kaitops.gate.effects import requests, scheduling
from kaitops.gate.effects.made import Pod
from kaitops.gate.native.forms import amount
from kaitops.gate.objects import Item

Found = Iterator[tuple[Item, Path, str]]
PARTS = ("containers", "initContainers")
"""The containers that a range fills."""
# Weights go through the memory of the machine on their way to the GPU, in parts of some GiB.
_LEAST = 8 << 30


def containers(pod: Object) -> Iterator[Object]:
    """All that ranges fill of a pod that is filled."""
    return (one for part in PARTS for one in pod[part])


def _given(held: Object) -> MutableObject:
    """The limits that a range gives to a container that names none."""
    return {**mapping(held.get("max")), **mapping(held.get("default"))}


def grown(
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


def filled(pod: Pod, ranges: Sequence[Item]) -> MutableObject:
    """The pod as ranges of limits fill it."""
    low, high = _defaults(ranges)
    found: MutableObject = {}
    for part in PARTS:
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
                given = _given(held)
                high |= given
                low |= {**mapping(held.get("min")), **given, **mapping(held.get("defaultRequest"))}
    return low, high


def problems(rail: Item, there: Sequence[Pod], whole: Sequence[Object]) -> Found:
    """What a range refuses, or takes away.

    Args:
        whole: each pod as all ranges of the namespace fill it.
    """
    name = f"LimitRange {rail.data['metadata']['name']}"
    for pod, filled in zip(there, whole, strict=True):
        for one in items(at(rail.data, "spec", "limits")):
            held = mapping(one)
            if held.get("type") not in ("Container", "Pod"):
                continue
            of_pod = (*_beyond(pod, held, name), *_below(pod, held, name))
            for text in (*of_pod, *_unsaid(held, filled, name), *_apart(held, filled, name)):
                yield pod.item, pod.path, text
            given = _given(held).get("memory")
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
    given = _given(held)
    for one in (mapping(each) for part in PARTS for each in items(pod.spec.get(part))):
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
        said = {key for one in containers(filled) for key in one["resources"][part]}
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
        for one in containers(filled):
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
    every = [mapping(one) for part in PARTS for one in items(pod.spec.get(part))]
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
