"""Which pod answers for a workload, on which port, and by which names it is called. Pure."""

from dataclasses import dataclass

from kaitops.documents.plain import at, items
from kaitops.live import judging, routes
from kaitops.live.snapshot import is_ready, name_of, namespace_of
from kaitops.live.view import View

_PORT = 5000


@dataclass(frozen=True, slots=True)
class Target:
    """A pod that serves.

    Attributes:
        uid: by which a pod is told from its successor of the same name.
        inside: address inside of the cluster, empty where there is no Service.
        routes: addresses by which a Gateway leads to it, as HTTPRoutes declare them.
    """

    namespace: str
    pod: str
    uid: str
    port: int
    inside: str
    routes: tuple[str, ...] = ()


def find(view: View) -> Target | None:
    """The pod to talk to; None while none serves."""
    for one in [view, *_below(view)]:
        pods = [pod for pod in one.pods if is_ready(pod) and at(pod, "metadata", "deletionTimestamp") is None]
        if pods:
            # Only the first pod of a distributed model answers.
            first = next((pod for pod in pods if name_of(pod) == f"{one.name}-0"), pods[0])
            meta = str(at(first, "metadata", "uid") or "")
            inside = judging.endpoint(one)
            return Target(namespace_of(first), name_of(first), meta, _port(first), inside, routes.addresses(one))
    return None


def _below(view: View) -> list[View]:
    """Replicas; of the roles of a model the one that answers first."""
    children = sorted(view.children, key=lambda one: "decode" not in one.name)
    return [found for child in children for found in (child, *_below(child))]


def _port(pod: object) -> int:
    ports = items(at(pod, "spec", "containers", 0, "ports"))
    named = next((one for one in ports if at(one, "name") == "http"), ports[0] if ports else None)
    port = at(named, "containerPort")
    return port if isinstance(port, int) else _PORT
