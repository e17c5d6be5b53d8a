"""Whom a RAGEngine asks: whether its address leads to a Service of the tree, at its port, within its context."""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Object, Path, at, mapping
from kaitops.documents.ref import namespace_of
from kaitops.gate.effects import absent
from kaitops.gate.effects.made import Service
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item
from kaitops.kaito import vector_databases
from kaitops.kaito.model_address import PARTS, off_path, port_of, service_of
from kaitops.kaito.preset import Preset
from kaitops.kaito.release import Release
from kaitops.policies.reading import INFERENCE_KEY, number, vllm_flags

_URL: Path = ("spec", "inferenceService", "url")
_WINDOW: Path = ("spec", "inferenceService", "contextWindowSize")
_DATABASE: Path = ("spec", "storage", "vectorDB")
_MODE = "kaito.sh/performance-mode"


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """What is wrong with the addresses."""
    for item in state.items:
        if item.data["kind"] == "RAGEngine":
            for path, text in (*_engine(item, state), *_store(item, state)):
                yield item, path, text


def _store(item: Item, state: State) -> Iterator[tuple[Path, str]]:
    """The database that the index lies in: whether the engine has a client for it, and the Service is there."""
    kind = at(item.data, *_DATABASE, "engine")
    if wrong := vector_databases.lacking(state.release, kind):
        yield (*_DATABASE, "engine"), f"is {kind}, and {wrong[0]}; {wrong[1]}"
    match = PARTS.match(str(at(item.data, *_DATABASE, "url") or ""))
    place = service_of(match[2].lower(), namespace_of(item.data), state.spaces) if match is not None else None
    if match is None or place is None:
        return
    found, path = state.service(place), (*_DATABASE, "url")
    if found is not None:
        if text := unserved(found, port_of(match)):
            yield path, text
    elif not state.settled(need := f"Service {place[0]}/{place[1]}"):
        if (text := absent.service(*place, state.services, state.items, item)) is not None:
            yield path, text
        else:
            state.needs.add(need)


def asked(item: Item, state: State) -> tuple[Service, int] | None:
    """The Service of the tree that an engine asks, and the port; None where it asks another one."""
    match = PARTS.match(str(at(item.data, *_URL) or ""))
    if match is None:
        return None
    found = state.service(service_of(match[2].lower(), namespace_of(item.data), state.spaces))
    return None if found is None else (found, port_of(match))


def _engine(item: Item, state: State) -> Iterator[tuple[Path, str]]:
    url = str(at(item.data, *_URL) or "")
    match = PARTS.match(url)
    if match is None:
        if url and "://" not in url:
            yield _URL, "has no http:// in front, without which the engine asks nobody; write http:// or https://"
        return
    host = match[2].lower()
    if host == "localhost" or host.startswith("127."):
        yield _URL, "leads into the engine's own pod, which serves no model; name the model's Service"
        return
    place = service_of(host, namespace_of(item.data), state.spaces)
    if place is None:
        return
    space, name = place
    found = state.service(place)
    if found is None:
        elsewhere = next((one for one in state.services if one.name == name), None)
        if elsewhere is None:
            need = f"Service {space}/{name}"
            text = None if state.settled(need) else absent.service(space, name, state.services, state.items, item)
            if text is not None:
                yield _URL, text
            else:
                state.needs.add(need)
            return
        text = f"leads to Service {name} in namespace {space}, where the tree declares none; it is in "
        yield _URL, f"{text}{elsewhere.namespace}, so write {name}.{elsewhere.namespace}.svc"
        found = elsewhere
    if found.item.data["kind"] == "RAGEngine":
        whose = "itself" if found.item is item else found.item.subject
        yield _URL, f"leads to {whose}, an engine that serves no model; name the Service of a model"
        return
    wrong = list(_port(found, port_of(match)))
    yield from wrong or _path(found, url)
    yield from _context(item, found, state)


def _port(service: Service, port: int) -> Iterator[tuple[Path, str]]:
    if text := unserved(service, port):
        yield _URL, text


def unserved(service: Service, port: int) -> str:
    """What is wrong with asking a Service at a port; empty where nothing is."""
    opened = [mapping(one).get("port") for one in service.spec.get("ports") or ()]
    if not opened or port in opened or service.spec.get("type") == "ExternalName":
        return ""
    listed = ", ".join(str(one) for one in opened)
    text = f"asks port {port} of Service {service.namespace}/{service.name}, which has {listed}, so nobody answers"
    return f"{text}; write the one of its HTTP port, {opened[0]}"


def _path(service: Service, url: str) -> Iterator[tuple[Path, str]]:
    if not service.made or not at(service.item.data, "inference", "preset", "name"):
        return
    if text := off_path(url, f"{service.namespace}/{service.name}"):
        yield _URL, text


def _context(item: Item, service: Service, state: State) -> Iterator[tuple[Path, str]]:
    window, document = at(item.data, *_WINDOW), service.item.data
    preset = at(document, "inference", "preset", "name")
    model = state.release.catalogue.find(preset) if isinstance(preset, str) else None
    if not isinstance(window, int) or model is None or not service.made:
        return
    flags = _flags(document, state.items)
    length = number(flags.get("max-model-len"))
    served, more = min(model.token_limit, length or model.token_limit), ""
    if length is None and window <= served and (held := _held(document, model, flags, state.release, state.cloud)):
        # KAITO leaves it to vLLM, which takes what the GPUs hold.
        served, more = min(served, held), f", which is what vLLM holds on {at(document, 'resource', 'instanceType')}"
    if window > served:
        text = f"is {window}, and {preset} serves {served} tokens at Service {service.namespace}/{service.name}{more}, "
        yield _WINDOW, f"{text}so it refuses long questions; write at most {served}"


def _held(document: Object, model: Preset, flags: Object, release: Release, cloud: str) -> int | None:
    """The longest context that vLLM holds of a Workspace, where its machines are known."""
    handed = mapping(at(document, "metadata", "annotations"))
    size = at(document, "resource", "instanceType")
    sku = release.skus(cloud).find(size) if isinstance(size, str) else None
    if sku is None or not sku.nvidia or handed.get("kaito.sh/runtime") == "transformers":
        return None
    from kaitops import fit

    return fit.longest(release, model, sku.gpu_config(), {"performance-mode": handed.get(_MODE), **flags})


def _flags(document: Object, items: Sequence[Item]) -> Object:
    """The flags for vLLM of the configuration that a Workspace names."""
    config, space = at(document, "inference", "config"), namespace_of(document)
    for one in items:
        if one.data["kind"] == "ConfigMap" and (namespace_of(one.data), one.data["metadata"].get("name")) == (
            space,
            config,
        ):
            return vllm_flags(at(one.data, "data", INFERENCE_KEY))
    return {}
