"""Pods as the API server takes them, and whether the server in them listens where the Service sends.

Templates in KAITO's kinds are admitted as they are, and their pods refused by the server minutes later.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.pods import ENDING
from kaitops.gate.effects import scheduling
from kaitops.gate.effects.made import Pod, Service
from kaitops.gate.native import naming, structure
from kaitops.gate.native import pods as rules
from kaitops.gate.native.forms import amount
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.release import Release
from kaitops.kaito.vllm import started

Found = Iterator[tuple[Path, str]]
_PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
# Ways of a probe that begin on the node, not in the container.
_FROM_NODE = ("httpGet", "tcpSocket", "grpc")
_PORT_FLAG = re.compile(r"(?:^|\s)--port(?:[= ]+|\s+)[\"']?([0-9]{1,5})(?![0-9])")
_LISTENS = re.compile(r"(?:0\.0\.0\.0|\[::\]|--bind[= ]\S*|^):([0-9]{2,5})(?![0-9])")
# Where KAITO's Service sends to.
_SENT = 5000


def template(pod: Pod) -> Found:
    """What the API server refuses in the pod of a template that KAITO takes as it is."""
    own = pod.path[:-1]
    metadata = mapping(at(pod.item.data, *own, "metadata"))
    held = {"metadata": metadata, "spec": at(pod.item.data, *pod.path)}
    wrapped = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "a"}, "spec": {"template": held}}
    # Fields and types the webhook has read already; what a field may hold it leaves to the server.
    words = [(one.path, one.message) for one in structure.problems(wrapped) if one.listed]
    for path, text in (*words, *naming.problems(wrapped), *rules.problems(wrapped)):
        field = ".".join(map(str, (*own, *path[2:])))
        yield (
            (*own, *path[2:]),
            f"{field} {text}; KAITO takes the template as it is, the API server refuses the pod",
        )
    policy = at(held, "spec", "restartPolicy")
    if policy not in (None, "", "Always"):
        path = (*pod.path, "restartPolicy")
        yield path, f"{'.'.join(map(str, path))} must be Always for what KAITO makes of it, a StatefulSet; drop it"


def probes(pod: Pod) -> Found:
    """Probes of ports that the pod does not open: it is never ready, or is restarted for ever."""
    spec = pod.spec
    served = _opened(spec)
    for part in ("initContainers", "containers"):
        for number, one in enumerate(items(spec.get(part))):
            container = mapping(one)
            named = {str(mapping(port).get("name")): mapping(port).get("containerPort")
                     for port in items(container.get("ports"))}  # fmt: skip
            own = started.port(container)
            for probe in _PROBES:
                for kind in _FROM_NODE:
                    port = at(container, probe, kind, "port")
                    where = (*pod.path, part, number, probe, kind, "port")
                    field = ".".join(map(str, where))
                    if isinstance(port, str) and not port.isdigit() and port not in named:
                        yield where, f"{field} is {port}, which no port of the container is called; name the port"
                    elif _is_user(pod) and isinstance(port, int) and port not in served and not _is_usual(pod, port):
                        text = f"{field} is {port}, which nothing in the pod opens and KAITO's Service does not send to"
                        yield where, f"{text}; probe the port that the server listens on"
                    elif (
                        own is not None
                        and (asked := _asking(port, named)) not in (None, *served)
                        # Where KAITO's Service misses the server as well, that is told.
                        and (not _is_user(pod) or own == _SENT)
                    ):
                        text = f"{field} leads to port {asked}, and the server listens on {own}, so the pod is "
                        yield where, f"{text}never ready, or is started again for ever; probe {own}"


def _asking(port: object, named: Object) -> int | None:
    """The number of the port that a probe asks."""
    number = named.get(str(port), port)
    return number if isinstance(number, int) else None


def servers(pod: Pod, release: Release) -> Found:
    """Servers that do not start with what they are told of flags, GPUs and context, or that listen to their own pod."""

    def limit(repository: str) -> int | None:
        preset = release.catalogue.find(repository)
        return None if preset is None else preset.token_limit

    containers = items(pod.spec.get("containers"))
    for number, one in enumerate(containers):
        container = mapping(one)
        # Beside another container it may be that one whom it serves; a probe comes from the node in any case.
        words = (*pod.path, "containers", number, "args" if items(container.get("args")) else "command")
        asked = len(containers) == 1 or any(at(container, probe, kind) for probe in _PROBES for kind in _FROM_NODE)
        if asked and pod.item.data["kind"] not in ENDING and (host := started.inward(container)):
            text = f"is told --host {host}, which nobody outside of the pod reaches, neither its Service nor a probe; "
            yield words, f"{text}drop it"
        for wrong in started.flags(container, release.version):
            yield words, f"is told {wrong}"
        if text := started.overlong(container, limit):
            yield words, text
        resources = mapping(container.get("resources"))
        held = amount({**mapping(resources.get("requests")), **mapping(resources.get("limits"))}.get(scheduling.GPU))
        if held is not None and (text := started.overspread(container, int(held))):
            yield words, text


def volumes(pod: Pod) -> Found:
    """Folders on a medium that the kubelet does not know: the server takes them, and the pod waits for ever."""
    for number, one in enumerate(items(pod.spec.get("volumes"))):
        medium = at(mapping(one), "emptyDir", "medium")
        if medium and medium != "Memory" and not str(medium).startswith("HugePages"):
            path = (*pod.path, "volumes", number, "emptyDir", "medium")
            yield path, f"{'.'.join(map(str, path))} is {medium}, which no node has, so the pod waits; write Memory"


def listening(pod: Pod, services: Sequence[Service]) -> Found:
    """Services that send to ports which the pod does not open."""
    if pod.item.data["kind"] in ENDING:
        return  # it shares the labels of what serves, and serves nobody
    opened, named = ports(pod, services)
    if pod.made:
        services = [one for one in services if not one.made]
    for service in services:
        if not service.takes(pod) or (service.made and service.item is not pod.item):
            continue
        asked = _asked(service)[: 1 if service.made else None]
        numbers = [port for port in asked if isinstance(port, int)]
        # A declared port is a hint only: where one of a Service is met, what else it sends to may listen as well.
        lost = numbers[:1] if numbers and opened and opened.isdisjoint(numbers) else []
        lost += [port for port in asked if isinstance(port, str) and not port.isdigit() and port not in named]
        for target in lost:
            listed = ", ".join(map(str, sorted(opened))) or "none that has a name"
            whose = "KAITO's Service" if service.made else f"Service {service.name}"
            text = f"{whose} sends to port {target}, and the pod opens {listed}, so nobody is reached; "
            yield pod.path, f"{text}{_listen(pod.spec, target)}" if service.made else f"{text}correct one of both"


def ports(pod: Pod, services: Sequence[Service]) -> tuple[set[int], set[str]]:
    """The ports that a pod opens, as far as it says so, and the names of those that it declares."""
    opened, named = _opened(pod.spec), names(pod.spec)
    if pod.made:
        # What KAITO opens beside the port that it declares is what its own Service sends to.
        own = [one for one in services if one.made and one.item is pod.item]
        opened |= {port for one in own for port in _asked(one) if isinstance(port, int)}
    elif not opened:
        told = _default(pod.spec)
        opened = {told} if told else opened
    return opened, named


def _listen(spec: Object, port: object) -> str:
    known = any(started.port(mapping(one)) is not None for one in items(spec.get("containers")))
    return f"start the server with --port {port}" if known else f"listen on {port}"


def _asked(service: Service) -> list[Any]:
    """The ports of the pods that a Service sends to."""
    held = [mapping(port) for port in items(service.spec.get("ports"))]
    return [port.get("targetPort") or port.get("port") for port in held]


def _is_user(pod: Pod) -> bool:
    return not pod.made and pod.item.data["apiVersion"].startswith(GROUP)


def _is_usual(pod: Pod, port: int) -> bool:
    return _default(pod.spec) == port or (port == _SENT and _default(pod.spec) is None and not _opened(pod.spec))


def _opened(spec: Object) -> set[int]:
    """Ports that the pod says it opens: declared, or in the words of its commands."""
    found: set[int] = set()
    for part in ("initContainers", "containers"):
        for one in items(spec.get(part)):
            container = mapping(one)
            if (own := started.port(container)) is not None:
                found.add(own)
                continue
            for port in items(container.get("ports")):
                number = mapping(port).get("containerPort")
                if isinstance(number, int):
                    found.add(number)
            words = " ".join(str(word) for key in ("command", "args") for word in items(container.get(key)))
            found |= {int(number) for form in (_PORT_FLAG, _LISTENS) for number in form.findall(words)}
    return found


def names(spec: Object) -> set[str]:
    """The names of the ports of a pod; a sidecar is an init container that stays."""
    held = [*items(spec.get("containers")), *items(spec.get("initContainers"))]
    named = (mapping(port).get("name") for one in held for port in items(mapping(one).get("ports")))
    return {name for name in named if isinstance(name, str)}


def _default(spec: Object) -> int | None:
    """The port that a known server takes where nothing says another one."""
    for one in items(spec.get("containers")):
        container = mapping(one)
        words = " ".join(str(word) for key in ("command", "args") for word in items(container.get(key)))
        image = str(container.get("image") or "")
        if "vllm/vllm-openai" in image or "vllm serve" in words or "vllm.entrypoints" in words:
            return started.USUAL
    return None
