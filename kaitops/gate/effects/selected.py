"""Services that select no pod of the tree, where the tree shows which one is meant.

Pods may be made by what the tree does not hold, so a Service that selects nothing is no fault by itself: it is where a
workload of its name is there with other labels, one whose labels differ by a slip, or one in another namespace.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kaitops.documents.plain import Path
from kaitops.gate.effects import absent
from kaitops.gate.effects.made import Pod, Service
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import GROUP

Found = Iterator[tuple[Item, Path, str]]
_SELECTOR: Path = ("spec", "selector")
_ENDING = frozenset(("Job", "CronJob"))
# The names of a set's Workspaces are drawn when they are made.
_DRAWN = f"{GROUP.rstrip('/')}/workspace"


def problems(pods: Sequence[Pod], services: Sequence[Service]) -> Found:
    """What is wrong with the selectors of declared Services."""
    lasting = [one for one in pods if one.item.data["kind"] not in _ENDING]
    for service in services:
        chosen = service.chosen
        if service.made or not chosen or service.spec.get("type") == "ExternalName":
            continue
        there = [one for one in lasting if one.namespace == service.namespace]
        if not any(map(service.takes, there)) and (text := _meant(service, chosen, there, lasting)):
            yield service.item, _SELECTOR, f"selects {_said(chosen)}, {text}"


def _meant(service: Service, chosen: Mapping[str, Any], there: Sequence[Pod], every: Sequence[Pod]) -> str:
    own = next((one for one in there if not one.made and one.item.data["metadata"]["name"] == service.name), None)
    near = own or next((one for one in there if _is_near(one, chosen)), None)
    if near is not None:
        labels = _labels(near)
        lost = {key: labels[key] for key in chosen if key in labels and labels[key] != chosen[key]} or labels
        had = _said(lost) or "no label"
        return f"which no pod of the tree has: those of {near.item.subject} have {had}; write that"
    if any(GROUP in key for key in chosen):
        away = next((one for one in every if chosen.items() <= one.labels.items()), None)
        if away is not None:
            text = f"which pods of {away.item.subject} alone have, and a Service selects in its own namespace, "
            return f"{text}{service.namespace}; declare it in {away.namespace}"
    return ""


def _said(labels: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={value}" for key, value in labels.items())


def _labels(pod: Pod) -> dict[str, Any]:
    is_set = pod.made and pod.item.data["kind"] == "InferenceSet"
    return {key: value for key, value in pod.labels.items() if not is_set or key != _DRAWN}


def _is_near(pod: Pod, chosen: Mapping[str, Any]) -> bool:
    labels = _labels(pod)
    return all(
        key in labels and (labels[key] == value or bool(absent.slip(str(value), [str(labels[key])])))
        for key, value in chosen.items()
    )
