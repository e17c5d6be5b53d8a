"""Budgets, network policies and pools of a gateway that take no pod of the tree, or ask it for a port that it lacks.

As of Services in ``selected``: what is selected may be elsewhere, so only what the tree shows to be meant is told.
Sources: policy/v1, the Gateway API's inference extension.
"""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Path, at, items, mapping
from kaitops.documents.ref import namespace_of
from kaitops.documents.selectors import selects
from kaitops.gate.effects import absent, made_pods, selected
from kaitops.gate.effects.made import Pod
from kaitops.gate.effects.state import POOLS, State
from kaitops.gate.objects import Item

Found = Iterator[tuple[Item, Path, str]]
Told = Iterator[tuple[Path, str]]
_LABELS: Path = ("spec", "selector", "matchLabels")
_RULES: Path = ("spec", "ingress")


def problems(state: State) -> Found:
    """What is wrong with each of them."""
    for item in state.items:
        kind, group = item.data["kind"], item.data["apiVersion"].partition("/")[0]
        if (kind, group) == ("PodDisruptionBudget", "policy"):
            yield from ((item, path, text) for path, text in _budget(item, state))
        elif (kind, group) == ("NetworkPolicy", "networking.k8s.io"):
            held, path = at(item.data, "spec", "podSelector"), ("spec", "podSelector", "matchLabels")
            yield from ((item, *told) for told in _none(item, path, held, state.pods, "so it holds nobody"))
            yield from ((item, *told) for told in _entered(item, state.pods))
        elif kind == "InferencePool" and group in POOLS:
            yield from ((item, path, text) for path, text in _pool(item, state))


def _budget(item: Item, state: State) -> Told:
    yield from _none(item, _LABELS, at(item.data, "spec", "selector"), state.pods, "so it guards nothing")


def _none(item: Item, path: Path, selector: object, every: Sequence[Pod], lost: str) -> Told:
    """What was meant by a selector that takes no pod of its own namespace."""
    space, chosen = namespace_of(item.data), mapping(mapping(selector).get("matchLabels"))
    there = selected.expressed(mapping(selector), [one for one in every if one.namespace == space])
    if not chosen or any(one.has(chosen) for one in there):
        return
    text = selected.meant(chosen, there, item, selected.namesake(item, chosen, there))
    if not text and (other := selected.away(chosen, every)):
        text = f"which pods of {other.item.subject} alone have, and a {item.data['kind']} selects in its own "
        text += f"namespace, {space}; declare it in {other.namespace}"
    if text:
        yield path, f"selects {selected.said(chosen)}, {lost}: {text}"


def _entered(item: Item, every: Sequence[Pod]) -> Told:
    """Ports that a policy opens by a name which its pods call another one by a slip."""
    named = [((*_RULES, rule, "ports", place, "port"), str(at(one, "port")))
             for rule, held in enumerate(items(at(item.data, *_RULES)))
             for place, one in enumerate(items(at(held, "ports"))) if isinstance(at(one, "port"), str)]  # fmt: skip
    if not named:
        return
    chosen, space = mapping(at(item.data, "spec", "podSelector")), namespace_of(item.data)
    known = {name for pod in every if pod.namespace == space and selects(chosen, pod.labels)
             for name in made_pods.names(pod.spec)}  # fmt: skip
    for path, name in named:
        if name not in known and (meant := absent.slip(name, known)):
            text = f"is {name}, which no port of the pods that it selects is called, so it opens nothing; meant is "
            yield path, f"{text}{meant}?"


def _pool(item: Item, state: State) -> Told:
    spec = mapping(item.data.get("spec"))
    is_first = item.data["apiVersion"].partition("/")[0] == POOLS[-1]
    labels = mapping(spec.get("selector")) if is_first else mapping(at(spec, "selector", "matchLabels"))
    path = _LABELS[:-1] if is_first else _LABELS
    yield from _none(item, path, {"matchLabels": labels}, state.pods, "so it leads to nobody")
    wanted: list[tuple[Path, object]] = [(("spec", "targetPortNumber"), spec.get("targetPortNumber"))]
    wanted += [(("spec", "targetPorts", place, "number"), mapping(one).get("number"))
               for place, one in enumerate(items(spec.get("targetPorts")))]  # fmt: skip
    asked = [(path, port) for path, port in wanted if isinstance(port, int)]
    taken = [one for one in state.pods if one.namespace == namespace_of(item.data)
             and labels and one.has(labels)]  # fmt: skip
    for pod in taken:
        opened, _ = made_pods.ports(pod, state.services)
        # A declared port is a hint only: where one of several is met, the others may listen as well.
        if asked and opened and opened.isdisjoint(port for _, port in asked):
            listed = ", ".join(map(str, sorted(opened)))
            text = f"is {asked[0][1]}, and the pods of {pod.item.subject} open {listed}, so nobody answers; "
            yield asked[0][0], f"{text}write the port of the model's server"
            return
