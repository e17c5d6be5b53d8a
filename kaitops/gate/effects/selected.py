"""Selectors that take no pod of the tree, where the tree shows which one is meant.

Pods may be made by what the tree does not hold, so what selects nothing is no fault by itself: it is where a workload
of its name is there with other labels, one whose labels differ by a slip, one that selects its nodes by them, or one
in another namespace.
"""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import MutableObject, Object, Path, at, mapping
from kaitops.documents.pods import ENDING
from kaitops.documents.selectors import selects
from kaitops.gate.effects import absent
from kaitops.gate.effects.made import Pod, Service
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import GROUP, SELECTORS

Found = Iterator[tuple[Item, Path, str]]
SELECTOR: Path = ("spec", "selector")
# The names of a set's Workspaces are drawn when they are made.
_DRAWN = f"{GROUP.rstrip('/')}/workspace"


def problems(pods: Sequence[Pod], services: Sequence[Service]) -> Found:
    """What is wrong with the selectors of declared Services."""
    lasting = [one for one in pods if one.item.data["kind"] not in ENDING]
    for service in services:
        chosen = service.chosen
        if service.made or not chosen or service.spec.get("type") == "ExternalName":
            continue
        there = [one for one in lasting if one.namespace == service.namespace]
        if any(map(service.takes, there)):
            continue
        own = next((one for one in there if not one.made and one.item.data["metadata"]["name"] == service.name), None)
        text = meant(chosen, there, service.item, own)
        if not text and (other := away(chosen, lasting)):
            text = f"which pods of {other.item.subject} alone have, and a Service selects in its own namespace, "
            text += f"{service.namespace}; declare it in {other.namespace}"
        if text:
            yield service.item, SELECTOR, f"selects {said(chosen)}, {text}"


def meant(chosen: Object, there: Sequence[Pod], item: Item, own: Pod | None = None) -> str:
    """Which pods were meant by labels that none of them has, and what those have; empty where nothing shows it.

    Args:
        there: the pods among which is selected.
        item: that selects.
        own: those of a workload that are meant, whatever their labels.
    """
    near = own or next((one for one in there if is_near(_labels(one), chosen, item)), None)
    if near is not None:
        labels = _labels(near)
        lost = {key: labels[key] for key in chosen if key in labels and labels[key] != chosen[key]} or labels
        had = said(lost) or "no label"
        return f"which no pod of the tree has: those of {near.item.subject} have {had}; write that"
    near = next((one for one in there if _is_by_nodes(one, chosen)), None)
    if near is not None:
        text = f"by which {near.item.subject} selects its nodes, and no pod of the tree has it: its own have "
        return f"{text}{said(_labels(near))}; write that"
    return ""


def away(chosen: Object, every: Sequence[Pod]) -> Pod | None:
    """Pods of any namespace that have labels of KAITO's."""
    if not any(GROUP in key for key in chosen):
        return None
    return next((one for one in every if one.has(chosen)), None)


def expressed(selector: Object, held: Sequence[Pod]) -> list[Pod]:
    """The pods that the expressions of a selector take."""
    further = {"matchExpressions": selector.get("matchExpressions")}
    return [one for one in held if selects(further, one.labels)]


def namesake(item: Item, chosen: Object, there: Sequence[Pod]) -> Pod | None:
    """The pods of a workload of users that is called as what selects, and has a label of those keys."""
    name = item.data["metadata"]["name"]
    return next(
        (
            one
            for one in there
            if not one.made and one.item.data["metadata"]["name"] == name and not chosen.keys().isdisjoint(one.labels)
        ),
        None,
    )


def said(labels: Object) -> str:
    """Labels as they are written in a selector."""
    return ", ".join(f"{key}={value}" for key, value in labels.items())


def is_near(labels: Object, chosen: Object, item: Item) -> bool:
    """Each label is there, with the chosen value, one that differs by a slip, or what the build made of that name.

    Args:
        item: that selects.
    """
    return bool(chosen) and all(
        key in labels and (labels[key] == value or _is_meant(str(value), str(labels[key]), item))
        for key, value in chosen.items()
    )


def _is_meant(value: str, label: str, item: Item) -> bool:
    return bool(absent.slip(value, [label])) or label in item.document.called(value)


def _is_by_nodes(pod: Pod, chosen: Object) -> bool:
    """The labels are those of the nodes of a model, which its pods do not get."""
    path = SELECTORS.get(pod.item.data["kind"])
    wanted = mapping(at(pod.item.data, *(path or ("",)), "matchLabels"))
    return bool(wanted) and chosen.items() == wanted.items()


def _labels(pod: Pod) -> MutableObject:
    is_set = pod.made and pod.item.data["kind"] == "InferenceSet"
    return {key: value for key, value in pod.labels.items() if not is_set or key != _DRAWN}
