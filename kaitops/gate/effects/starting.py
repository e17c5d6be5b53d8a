"""All that is asked of a pod before it serves: that the server takes it, a node has room, and its Service finds it."""

from collections.abc import Iterator

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.ref import namespace_of
from kaitops.gate.effects import absent, kubelet, made_pods, placeholders, pools, scheduling
from kaitops.gate.effects.state import State
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.kubernetes import dns_names, image_reference
from kaitops.policies import anatomy, reading

_OPEN = frozenset("$<{")
# What KAITO makes of an adapter's name, by what its source has, the longest first.
_FORMS = (
    ("volumeSource", "adapter-volume-{}"),
    ("imagePullSecrets", "docker-config-{}-inference-adapter"),
    ("image", "puller-{}"),
)
_MOST = 63


def _pulled(data: Object) -> Iterator[tuple[Path, str]]:
    if reading.group_kind(data) in anatomy.TEMPLATE:
        yield from reading.images(data)
    if data["apiVersion"].startswith(GROUP):
        # Of what tuning pushes admission speaks.
        yield from (one for one in reading.data_images(data) if "output" not in one[0])


def _unmade(data: Object) -> Iterator[tuple[Path, str]]:
    """Adapters by whose name KAITO calls a container or a volume that the server refuses; of others KAITO speaks."""
    path, block = reading.inference(data)
    for place, one in enumerate(items(block.get("adapters"))):
        source = mapping(at(one, "source"))
        name, form = source.get("name"), next((form for key, form in _FORMS if source.get(key)), "")
        if not form or not isinstance(name, str) or not name or dns_names.subdomain_problems(name):
            continue
        if dns_names.label_problems(made := form.format(name)):
            remedy = "write it without dots" if "." in name else f"take {_MOST - len(form.format(''))} signs at most"
            text = f"is {name[:80]}, and KAITO calls a part of the pod {made[:120]}, which the server refuses; {remedy}"
            yield (*path, "adapters", place, "source", "name"), text


def _illegal(image: str) -> str:
    """Why no machine pulls an image, whatever the server says; empty where its name is one, or is filled in later."""
    if not _OPEN.isdisjoint(image) or placeholders.is_one(image) or (wrong := image_reference.problem(image)) is None:
        return ""
    return f"is {image[:120]}, which is no image's name ({wrong}), so no machine pulls it; correct it"


def _governed(state: State) -> Iterator[tuple[Item, Path, str]]:
    """StatefulSets whose pods get no names of their own, as the Service that gives them is named by a slip."""
    for item in state.items:
        name, space = at(item.data, "spec", "serviceName"), namespace_of(item.data)
        if item.data["kind"] != "StatefulSet" or not absent.is_name(name) or state.service((space, name)) is not None:
            continue
        need = f"Service {space}/{name}"
        there = [one.name for one in state.services if one.namespace == space]
        if not state.settled(need) and (asked := absent.slipped(need, there)):
            text = f"serviceName is {name}, and the tree declares no such Service, so no pod is found by its own name; "
            yield item, ("spec", "serviceName"), f"{text}{asked}"


def problems(state: State) -> Iterator[tuple[Item, Path, str]]:
    """What is wrong with the pods of users, in templates and workloads, and with Services that send to any pod."""
    for item in state.items:
        if item.data["apiVersion"].startswith(GROUP):
            yield from ((item, path, text) for path, text in _unmade(item.data))
        for path, image in _pulled(item.data):
            if text := _illegal(image):
                yield item, path, text
    yield from _governed(state)
    known, nodes = state.services, list(pools.declared(state.items))
    if any(not one.made for one in known):
        from kaitops.gate.effects import selected

        yield from selected.problems(state.pods, known)
    for pod in state.pods:
        for gate in () if pod.made else items(pod.spec.get("schedulingGates")):
            state.needs.add(f"what lifts gate {at(gate, 'name')} of {pod.item.subject}, which no node takes before")
        found: list[tuple[Path, str]] = []
        if not pod.made and pod.item.data["apiVersion"].startswith(GROUP):
            found += made_pods.template(pod)
        if pod.made:
            found += made_pods.listening(pod, known)
        else:
            found += [*made_pods.probes(pod), *made_pods.listening(pod, known), *scheduling.unknown(pod)]
            found += [*made_pods.volumes(pod), *made_pods.servers(pod, state.release), *kubelet.problems(pod)]
        found += scheduling.selecting(pod, state.release, state.cloud)
        found += scheduling.problems(pod, state.release, state.cloud, nodes)
        for path, text in found:
            yield pod.item, path, text
