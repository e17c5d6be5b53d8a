"""Addresses of models in the variables of ordinary workloads: whether they lead to a Service of a model of the tree.

Read are variables that are called as those of addresses are, where their value is the address of a Service. What is
elsewhere, or no model's, is nobody's concern here.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from kaitops.documents import pods as parts
from kaitops.documents.plain import Path, at, items, mapping
from kaitops.documents.ref import namespace_of
from kaitops.gate.effects import absent, addresses
from kaitops.gate.effects.made import Made, Pod, Service, pods, services
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.model_address import PARTS, service_of

Found = Iterator[tuple[Item, Path, str]]
_NAMES = re.compile(r"(?:^|_)(?:BASE_URL|API_BASE|API_URL|BASE_PATH|ENDPOINT|ENDPOINTS|URL|URI)$", re.IGNORECASE)


def problems(tree: Sequence[Item], made: Made, settled: Callable[[str], bool]) -> Found:
    """What is wrong with each such address."""
    every = list(pods(tree, made))
    asking = [(pod, *one) for pod in every if not pod.made for one in _addresses(pod)]
    if not asking:
        return
    known = list(services(tree, made))
    models = [one for one in known if _serves(one, every)]
    spaces = {namespace_of(one.data) for one in tree}
    spaces |= {str(one.data["metadata"]["name"]) for one in tree if one.data["kind"] == "Namespace"}
    for pod, path, match in asking:
        place = service_of(match[2].lower(), pod.namespace, spaces)
        if place is not None and (text := _missed(place, match, known, models, spaces, settled)):
            yield pod.item, path, text


def _addresses(pod: Pod) -> Iterator[tuple[Path, re.Match[str]]]:
    for part in parts.PARTS:
        for number, container in enumerate(items(pod.spec.get(part))):
            for place, one in enumerate(items(at(container, "env"))):
                name, value = mapping(one).get("name"), mapping(one).get("value")
                if not isinstance(name, str) or not isinstance(value, str) or not _NAMES.search(name):
                    continue
                match = PARTS.match(value)
                if match is not None and "$" not in value:
                    yield (*pod.path, part, number, "env", place, "value"), match


def _serves(service: Service, every: Sequence[Pod]) -> bool:
    """It is that of a model: KAITO's own, or one that sends to KAITO's pods."""
    if service.made:
        return service.item.data["kind"] != "RAGEngine"
    return any(service.takes(one) for one in every if one.item.data["apiVersion"].startswith(GROUP))


def _missed(
    place: tuple[str, str],
    match: re.Match[str],
    known: Sequence[Service],
    models: Sequence[Service],
    spaces: set[str],
    settled: Callable[[str], bool],
) -> str:
    space, name = place
    need = f"Service {space}/{name}"
    found = next((one for one in known if (one.namespace, one.name) == place), None)
    if found is not None:
        return addresses.unserved(found, addresses.port_of(match)) if found in models else ""
    if settled(need):
        return ""
    if asked := absent.slipped(need, _names(models, space)):
        return f"leads to Service {name} in namespace {space}, where the tree declares none; {asked}"
    # Of a namespace that the tree says nothing of, others may have put a Service there.
    away = next((one for one in models if one.name == name
                 and (space in spaces or absent.slip(space, [one.namespace]))), None)  # fmt: skip
    if away is None:
        return ""
    text = f"leads to Service {name} in namespace {space}, where the tree declares none; it is in {away.namespace}, so "
    return f"{text}write {name}.{away.namespace}.svc, or {absent.assumed(need)}"


def _names(models: Sequence[Service], space: str) -> list[str]:
    # Those of a set's replicas have names that are drawn when they are made.
    return [one.name for one in models if one.namespace == space and one.item.data["kind"] != "InferenceSet"]
