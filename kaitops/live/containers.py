"""The containers of a pod, as the kubelet reports them."""

from collections.abc import Iterator
from typing import NamedTuple

from kaitops.documents.plain import Object, at, items, mapping
from kaitops.live.snapshot import name_of, namespace_of

GPU = "nvidia.com/gpu"


class Container(NamedTuple):
    """A container of a pod, as the kubelet reports it.

    Attributes:
        state: ``waiting``, ``running`` or ``terminated``; empty where nothing is reported.
        detail: of the state.
        last: how it ended before, empty where it did not.
    """

    pod: Object
    name: str
    ready: bool
    restarts: int
    state: str
    detail: Object
    last: Object

    @property
    def where(self) -> str:
        """For people."""
        return f"pod {namespace_of(self.pod)}/{name_of(self.pod)}, container {self.name}"


def of(pod: Object) -> Iterator[Container]:
    """Those of a pod, initial ones that are not done first."""
    for key in ("initContainerStatuses", "containerStatuses"):
        for one in items(at(pod, "status", key)):
            state, detail = next(iter(mapping(at(one, "state")).items()), ("", mapping(None)))
            if key == "initContainerStatuses" and state == "terminated" and at(detail, "exitCode") == 0:
                continue
            restarts = at(one, "restartCount")
            yield Container(
                pod,
                str(at(one, "name")),
                at(one, "ready") is True,
                restarts if isinstance(restarts, int) else 0,
                state,
                mapping(detail),
                mapping(at(one, "lastState", "terminated")),
            )


SERVER = "the server"


def role(one: Container, workload: str) -> str:
    """What a container is in its pod, for people.

    Args:
        workload: whose server KAITO calls its container after.
    """
    if any(at(each, "name") == one.name for each in items(at(one.pod, "status", "initContainerStatuses"))):
        return f"container {one.name}, which runs before the server,"
    every = [mapping(each) for each in items(at(one.pod, "spec", "containers"))]
    ours = [each for each in every if each.get("name") == workload]
    ours = ours or [each for each in every if at(each, "resources", "limits", GPU)] or every
    beside = len(every) > 1 and all(each.get("name") != one.name for each in ours)
    return f"container {one.name}, which runs beside the server," if beside else SERVER
