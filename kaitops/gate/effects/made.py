"""The pods and Services that a tree leads to: declared, or made by KAITO's controllers of what is declared."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kaitops.documents.plain import MutableObject, Object, Path, at, mapping
from kaitops.documents.pods import BY_KIND
from kaitops.documents.ref import Ref, namespace_of
from kaitops.gate.native import places
from kaitops.gate.objects import Item
from kaitops.kaito.anatomy import GROUP, TEMPLATES, machines

if TYPE_CHECKING:
    from kaitops.kaito.expansion import Expansion

Made = Mapping[int, "Expansion"]
SELECTED = "node.kubernetes.io/instance-type"
"""The label of a node that names its machine size."""


_OF_ONE = frozenset(("statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"))
_MAKING = frozenset(("StatefulSet", "Deployment", "Job"))


class Pod(NamedTuple):
    """The pods of one workload.

    Attributes:
        item: the object that declares it, or that KAITO makes it of.
        path: of the pod's spec in that object; the nearest thing to it where KAITO makes the pod.
        size: the machine that it is declared for; empty where none is.
        made: KAITO writes it, not the user.
    """

    item: Item
    path: Path
    spec: Object
    labels: Object
    namespace: str
    replicas: int
    size: str
    made: bool

    def has(self, labels: Object) -> bool:
        """All of these are labels of its own."""
        return labels.items() <= self.labels.items()


class Service(NamedTuple):
    """A Service, and the object that declares it or that KAITO makes it of."""

    item: Item
    namespace: str
    name: str
    spec: Object
    labels: Object
    made: bool

    @property
    def chosen(self) -> MutableObject:
        """The labels that it selects by, without those that tell one pod of a StatefulSet from the others."""
        return {key: value for key, value in mapping(self.spec.get("selector")).items() if key not in _OF_ONE}

    def takes(self, pod: Pod) -> bool:
        """It sends to pods of a workload."""
        chosen = self.chosen
        return bool(chosen) and self.namespace == pod.namespace and pod.has(chosen)


def pods(items: Sequence[Item], made: Made) -> Iterator[Pod]:
    """All pods, each workload's once, however often it is declared."""
    seen: set[Ref] = set()
    for item in items:
        data = item.data
        if data["kind"] in BY_KIND or data["apiVersion"].startswith(GROUP):
            if item.key in seen:
                continue
            seen.add(item.key)
        if data["apiVersion"].startswith(GROUP):
            yield from _made(item, made)
            continue
        path = places.pod(data)
        spec = mapping(at(data, *path)) if path is not None else None
        if path is None or not spec:
            continue
        metadata = mapping(at(data, *path[:-1], "metadata")) if path[:-1] else data["metadata"]
        size = mapping(spec.get("nodeSelector")).get(SELECTED) or ""
        replicas = at(data, "spec", "replicas" if data["kind"] != "Job" else "parallelism")
        count = replicas if isinstance(replicas, int) else 1
        yield Pod(item, path, spec, mapping(metadata.get("labels")), namespace_of(data), count, str(size), made=False)


def _made(item: Item, made: Made) -> Iterator[Pod]:
    data = item.data
    own = TEMPLATES.get(data["kind"])
    template = at(data, *own) if own else None
    size = next((size for _, size in machines(data)), "")
    workloads = [one for one in _objects(made.get(id(data))) if one["kind"] in _MAKING]
    # The Workspaces of a set are alike, and each of them is in the expansion: they are one workload, told once.
    sets = len(workloads) if data["kind"] == "InferenceSet" else 1
    for one in workloads[:1] if data["kind"] == "InferenceSet" else workloads:
        spec = mapping(at(one, "spec", "template", "spec"))
        if spec:
            labels = mapping(at(one, "spec", "template", "metadata", "labels"))
            count = (at(one, "spec", "replicas") or 1) * sets
            path = (*own, "spec") if own and template else ("metadata", "name")
            yield Pod(item, path, spec, labels, namespace_of(data), count, size, made=not template)


def services(items: Sequence[Item], made: Made) -> Iterator[Service]:
    """All Services, declared ones first of each object's."""
    for item in items:
        if item.data["apiVersion"] == "v1" and item.data["kind"] == "Service":
            yield _service(item, item.data, made=False)
        for one in _objects(made.get(id(item.data))):
            if one["kind"] == "Service":
                yield _service(item, one, made=True)


def _service(item: Item, data: Object, *, made: bool) -> Service:
    metadata = data["metadata"]
    labels = mapping(metadata.get("labels"))
    return Service(item, namespace_of(item.data), metadata["name"], mapping(data.get("spec")), labels, made)


def _objects(expansion: "Expansion | None") -> list[MutableObject]:
    return [] if expansion is None else expansion.objects
