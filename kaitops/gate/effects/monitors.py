"""Monitors that take no pod or Service of the tree, or ask it for ports that it lacks; rules that ask for no metric.

As of Services in ``selected``: what is selected may be elsewhere, so only what the tree shows to be meant is told.
Source: the Prometheus operator's PodMonitor, ServiceMonitor and PrometheusRule.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.ref import namespace_of
from kaitops.documents.selectors import selects
from kaitops.gate.effects import absent, made_pods, selected
from kaitops.gate.effects.made import Pod, Service
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.vllm import metrics

Found = Iterator[tuple[Item, Path, str]]
Told = Iterator[tuple[Path, str]]
Lost = TypeVar("Lost", Pod, Service)
_GROUPS = ("monitoring.coreos.com", "azmonitoring.coreos.com")
_LABELS: Path = ("spec", "selector", "matchLabels")
_UNREAD = "so Prometheus reads nothing of it"
# What meshes open in each pod that they enter.
_OF_MESHES = frozenset(("http-envoy-prom", "linkerd-admin", "envoy-admin"))


def problems(state: State) -> Found:
    """What is wrong with each of them."""
    for item in state.items:
        check = _CHECKS.get(item.data["kind"])
        if check is not None and item.data["apiVersion"].partition("/")[0] in _GROUPS:
            yield from ((item, path, text) for path, text in check(item, state))


def _pods(item: Item, state: State) -> Told:
    spaces, selector = _spaces(item), mapping(at(item.data, "spec", "selector"))
    chosen = mapping(selector.get("matchLabels"))
    there = selected.expressed(selector, [one for one in state.pods if spaces is None or one.namespace in spaces])
    taken = [one for one in there if one.has(chosen)]
    if not chosen:
        return
    if taken:
        yield from _ports_of_pods(item, chosen, taken, state)
    elif text := selected.meant(chosen, there, item, selected.namesake(item, chosen, there)):
        yield _LABELS, f"selects {selected.said(chosen)}, {_UNREAD}: {text}"
    elif spaces is not None:
        lost = [one for one in state.pods if one.has(chosen)]
        other = selected.away(chosen, lost) or _slipped(lost, spaces)
        if other is not None:
            yield from _elsewhere(item, chosen, f"pods of {other.item.subject}", other.namespace)


def _slipped(lost: Sequence[Lost], spaces: Sequence[str]) -> Lost | None:
    """What is in a namespace that differs by a slip from one that is named."""
    return next((one for one in lost if any(absent.slip(space, [one.namespace]) for space in spaces)), None)


def _elsewhere(item: Item, chosen: Object, whose: str, space: str) -> Told:
    looked = ", ".join(_spaces(item) or ())
    text = f"selects {selected.said(chosen)} in namespace {looked}, {_UNREAD}: {whose} in {space} alone have that; "
    yield _LABELS, f"{text}write namespaceSelector: {{matchNames: [{space}]}}"


def _ports_of_pods(item: Item, chosen: Object, taken: Sequence[Pod], state: State) -> Told:
    names: set[str] = set()
    numbers: set[int] = set()
    for one in taken:
        opened, named = made_pods.ports(one, state.services)
        names, numbers = names | named, numbers | opened
    # Labels of KAITO's are on pods of the model alone, others on whatever is elsewhere as well.
    certain = all(GROUP in key for key in chosen)
    for place, one in enumerate(items(at(item.data, "spec", "podMetricsEndpoints"))):
        port = mapping(one).get("port")
        if not isinstance(port, str) or not port or port in names or port in _OF_MESHES:
            continue
        near = absent.slip(port, names)
        if near or certain:
            first = min(numbers, default=5000)
            text = f"is {port}, and no port of the pods of {taken[0].item.subject} is called so, {_UNREAD}; "
            text += f"write {near or min(names)}" if names else f"write targetPort: {first} in its place"
            yield ("spec", "podMetricsEndpoints", place, "port"), text


def _services(item: Item, state: State) -> Told:
    spaces, selector = _spaces(item), mapping(at(item.data, "spec", "selector"))
    chosen = mapping(selector.get("matchLabels"))
    there = [one for one in state.services if spaces is None or one.namespace in spaces]
    taken = [one for one in there if selects(selector, one.labels)]
    if not chosen:
        return
    if taken:
        yield from _ports_of_services(item, taken, state)
        return
    near = next((one for one in there if selected.is_near(one.labels, chosen, item)), None)
    own = next((one for one in there if one.name == item.data["metadata"]["name"]
                and not chosen.keys().isdisjoint(one.labels)), None)  # fmt: skip
    lost = [one for one in state.services if spaces is not None and selects(selector, one.labels)]
    model = next((one for one in state.pods if one.has(chosen)), None)
    if meant := near or own:
        had = selected.said({key: meant.labels[key] for key in chosen if key in meant.labels})
        text = f"selects {selected.said(chosen)}, {_UNREAD}: no Service of the tree has that, and {meant.name} has "
        yield _LABELS, f"{text}{had}; write that"
    elif other := _slipped(lost, spaces or ()):
        yield from _elsewhere(item, chosen, f"labels of Service {other.name}", other.namespace)
    elif model is not None and any(GROUP in key for key in chosen):
        text = f"selects {selected.said(chosen)}, {_UNREAD}: those are labels of the pods of {model.item.subject}, "
        yield _LABELS, f"{text}and KAITO gives its Services none; write a PodMonitor"


def _ports_of_services(item: Item, taken: Sequence[Service], state: State) -> Told:
    held = [mapping(port).get("name") for one in taken for port in items(one.spec.get("ports"))]
    names = {name for name in held if isinstance(name, str)}
    models = [one for one in state.pods if one.item.data["apiVersion"].startswith(GROUP)]
    certain = all(any(one.takes(pod) for pod in models) for one in taken)
    for place, one in enumerate(items(at(item.data, "spec", "endpoints"))):
        port = mapping(one).get("port")
        if not isinstance(port, str) or not port or port in names:
            continue
        near = absent.slip(port, names)
        if near or certain:
            text = f"is {port}, and Service {taken[0].namespace}/{taken[0].name} has "
            text += f"{', '.join(sorted(names)) or 'none that has a name'}, {_UNREAD}; "
            text += f"write {near or min(names)}" if names else "give its port a name, and write that"
            yield ("spec", "endpoints", place, "port"), text


def _spaces(item: Item) -> tuple[str, ...] | None:
    """The namespaces that a monitor looks in; None for all."""
    held = mapping(at(item.data, "spec", "namespaceSelector"))
    if held.get("any") is True:
        return None
    named = tuple(one for one in items(held.get("matchNames")) if isinstance(one, str))
    return named or (namespace_of(item.data),)


def _rules(item: Item, state: State) -> Told:
    """Questions for what no vLLM counts; of which release the vLLM is that is asked, nobody says."""
    for place, group in enumerate(items(at(item.data, "spec", "groups"))):
        for number, rule in enumerate(items(at(group, "rules"))):
            for name in metrics.asked(str(at(rule, "expr") or "")):
                if wrong := metrics.problem(name):
                    lost = "nothing is ever recorded" if at(rule, "record") else "nobody is ever alarmed"
                    text = f"asks for {name}, and {wrong[0]}, so {lost}; {wrong[1]}"
                    yield ("spec", "groups", place, "rules", number, "expr"), text


_CHECKS: Mapping[str, Callable[[Item, State], Told]] = {
    "PodMonitor": _pods,
    "PrometheusRule": _rules,
    "ServiceMonitor": _services,
}
