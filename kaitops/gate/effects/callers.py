"""Addresses of models that ordinary workloads are told: whether they lead to a Service of a model of the tree.

Read are variables that are called as those of addresses are, written in the workload or taken from a ConfigMap of the
tree, and arguments that are called so, where their value is the address of a Service. What is elsewhere, or no
model's, is nobody's concern here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kaitops.documents import pods as parts
from kaitops.documents.plain import Path, at, items, mapping
from kaitops.documents.ref import Ref, namespace_of
from kaitops.gate.effects import absent, addresses
from kaitops.gate.effects.made import Pod, Service
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.model_address import PARTS, port_of, service_of
from kaitops.kaito.vllm import started

Found = Iterator[tuple[Item, Path, str]]
_NAMES = re.compile(r"(?:^|_)(?:BASE_URL|API_BASE|API_URL|BASE_PATH|ENDPOINT|ENDPOINTS|URL|URI)$", re.IGNORECASE)


def problems(state: State) -> Found:
    """What is wrong with each such address."""
    asking = {(id(item.data), path, pod.namespace): (item, path, match, pod.namespace)  # of a ConfigMap once
              for pod, item, path, match in _addresses(state)}  # fmt: skip
    if not asking:
        return
    models = [one for one in state.services if _serves(one, state.pods)]
    for item, path, match, space in asking.values():
        place = service_of(match[2].lower(), space, state.spaces)
        if place is not None and (text := _missed(place, match, models, item, state)):
            yield item, path, text


def asked(state: State) -> Iterator[tuple[Pod, Service, int]]:
    """The pods that ask models of the tree, by which Service and port."""
    for pod, _, _, match in _addresses(state):
        found = state.service(service_of(match[2].lower(), pod.namespace, state.spaces))
        if found is not None and _serves(found, state.pods):
            yield pod, found, port_of(match)


def _addresses(state: State) -> Iterator[tuple[Pod, Item, Path, re.Match[str]]]:
    maps = {(namespace_of(one.data), one.data["metadata"]["name"]): one for one in state.items
            if one.data["kind"] == "ConfigMap"}  # fmt: skip
    for pod in state.pods:
        for item, path, value in () if pod.made else (*_variables(pod, maps), *_arguments(pod)):
            match = PARTS.match(value) if "$" not in value else None
            if match is not None:
                yield pod, item, path, match


def _variables(pod: Pod, maps: Mapping[tuple[str, str], Item]) -> Iterator[tuple[Item, Path, str]]:
    """Where the value of each variable stands that is called as one of an address, and the value."""
    for part in parts.PARTS:
        for number, container in enumerate(items(pod.spec.get(part))):
            for place, one in enumerate(items(at(container, "env"))):
                name, value = mapping(one).get("name"), mapping(one).get("value")
                if not isinstance(name, str) or not _NAMES.search(name):
                    continue
                if isinstance(value, str):
                    yield pod.item, (*pod.path, part, number, "env", place, "value"), value
                else:
                    taken = mapping(at(one, "valueFrom", "configMapKeyRef"))
                    yield from _given(maps.get((pod.namespace, str(taken.get("name")))), (taken.get("key"),))
            for one in items(at(container, "envFrom")):
                held = maps.get((pod.namespace, str(at(one, "configMapRef", "name"))))
                prefix = str(mapping(one).get("prefix") or "")
                names = mapping(held.data.get("data")) if held is not None else ()
                yield from _given(held, [key for key in names if _NAMES.search(prefix + str(key))])


def _arguments(pod: Pod) -> Iterator[tuple[Item, Path, str]]:
    """Where the value of each argument stands that is called as one of an address, and the value."""
    for part in parts.PARTS:
        for number, container in enumerate(items(pod.spec.get(part))):
            for key in ("command", "args"):
                words = items(at(container, key))
                for place, word in enumerate(words):
                    name, equals, value = str(word).partition("=")
                    if not name.startswith("--") or not _NAMES.search(name.replace("-", "_")):
                        continue
                    where = place if equals else place + 1
                    told = value if equals else next(iter(words[where : where + 1]), None)
                    if isinstance(told, str):
                        yield pod.item, (*pod.path, part, number, key, where), told


def _given(held: Item | None, keys: Iterable[object]) -> Iterator[tuple[Item, Path, str]]:
    if held is not None:
        values = mapping(held.data.get("data"))
        yield from ((held, ("data", key), value) for key in keys
                    if isinstance(key, str) and isinstance(value := values.get(key), str))  # fmt: skip


def _serves(service: Service, every: Sequence[Pod]) -> bool:
    """It is that of a model: KAITO's own, or one that sends to KAITO's pods or to others that run a model's server."""
    if service.made:
        return service.item.data["kind"] != "RAGEngine"
    return any(service.takes(one) for one in every if is_model(one))


def is_model(pod: Pod) -> bool:
    """It runs a model's server: KAITO's, or one that is known by its words."""
    if pod.item.data["apiVersion"].startswith(GROUP):
        return True
    return any(started.is_server(mapping(one)) for one in items(pod.spec.get("containers")))


def _missed(place: tuple[str, str], match: re.Match[str], models: Sequence[Service], item: Item, state: State) -> str:
    space, name = place
    need = f"Service {space}/{name}"
    found = state.service(place)
    if found is not None:
        return addresses.unserved(found, port_of(match)) if found in models else ""
    if state.settled(need):
        return ""
    if any(Ref.of(one.data)[2:] == place and one.data["apiVersion"].startswith(GROUP) for one in state.items):
        return absent.service(space, name, state.services, state.items, item) or ""
    if asked := absent.slipped(need, _names(models, space), item):
        return f"leads to Service {name} in namespace {space}, where the tree declares none; {asked}"
    # Of a namespace that the tree says nothing of, others may have put a Service there.
    away = next((one for one in models if one.name == name
                 and (space in state.spaces or absent.slip(space, [one.namespace]))), None)  # fmt: skip
    if away is None:
        # Where models of the tree are, what is asked of is one of them or one more.
        state.needs |= {need} if any(one.namespace == space for one in models) else set()
        return ""
    text = f"leads to Service {name} in namespace {space}, where the tree declares none; it is in {away.namespace}, so "
    return f"{text}write {name}.{away.namespace}.svc, or {absent.assumed(need)}"


def _names(models: Sequence[Service], space: str) -> list[str]:
    # Those of a set's replicas have names that are drawn when they are made.
    return [one.name for one in models if one.namespace == space and one.item.data["kind"] != "InferenceSet"]
