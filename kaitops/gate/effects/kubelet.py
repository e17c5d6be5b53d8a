"""Containers that the server takes and that no kubelet starts, or that are killed as they start.

Source: Kubernetes' kubelet (pkg/kubelet/kuberuntime/security_context.go, pkg/kubelet/kubelet_pods.go).
"""

from collections.abc import Iterator, Sequence

from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.pods import PARTS
from kaitops.gate.effects.made import Pod
from kaitops.gate.native.forms import amount

Found = Iterator[tuple[Path, str]]
_LEAST = 1 << 20
"""Bytes of memory in which no program starts: whoever writes fewer left the unit out, or wrote a small m for M."""


def problems(pod: Pod) -> Found:
    """What is wrong with each container of a pod."""
    every = [(part, number, mapping(one)) for part in PARTS for number, one in enumerate(items(pod.spec.get(part)))]
    names = {container.get("name") for _, _, container in every}
    yield from _ports(pod, [one for one in every if one[0] == "containers" or one[2].get("restartPolicy") == "Always"])
    for part, number, container in every:
        path = (*pod.path, part, number)
        yield from _root(pod, container, path)
        memory = at(container, "resources", "limits", "memory")
        size = amount(memory)
        if size is not None and 0 < size < _LEAST:
            text = f"is {memory}, less than a mebibyte, so it is killed as it starts; write the unit, as in 64Gi"
            yield _said((*path, "resources", "limits", "memory"), text)
        for place, one in enumerate(items(container.get("volumeMounts"))):
            if at(one, "mountPath") == "/":
                text = "is the root of the container, over which its own files are gone, so it does not start; name a "
                yield _said((*path, "volumeMounts", place, "mountPath"), f"{text}folder below it")
        for place, one in enumerate(items(container.get("env"))):
            other = at(one, "valueFrom", "resourceFieldRef", "containerName")
            if other and other not in names:
                text = f"is {other}, which no container of the pod is called, so it does not start; drop it"
                yield _said((*path, "env", place, "valueFrom", "resourceFieldRef", "containerName"), text)


def _ports(pod: Pod, every: Sequence[tuple[str, int, Object]]) -> Found:
    """Ports that two containers open that run beside each other: they share one address."""
    first: dict[tuple[object, object], object] = {}
    for part, number, container in every:
        for place, one in enumerate(map(mapping, items(container.get("ports")))):
            key = (one.get("containerPort"), one.get("protocol") or "TCP")
            other = first.setdefault(key, container.get("name"))
            if other != container.get("name"):
                text = (
                    f"is {key[0]}, which container {other} opens as well, and both have the pod's address, so one of "
                )
                path = (*pod.path, part, number, "ports", place, "containerPort")
                yield _said(path, f"{text}both does not start; take another port")


def _root(pod: Pod, container: Object, path: Path) -> Found:
    """Of both fields the container's own word counts, else the pod's."""
    own, shared = (mapping(one.get("securityContext")) for one in (container, pod.spec))
    settings = {**shared, **{key: value for key, value in own.items() if value is not None}}
    if settings.get("runAsNonRoot") is True and settings.get("runAsUser") == 0:
        user = (*path, "securityContext") if own.get("runAsUser") == 0 else (*pod.path, "securityContext")
        text = "is 0, and runAsNonRoot holds for the container, so the kubelet does not start it; write the number of "
        yield _said((*user, "runAsUser"), f"{text}another user")


def _said(path: Path, text: str) -> tuple[Path, str]:
    return path, f"{'.'.join(map(str, path))} {text}"
