"""The machines that the objects of a cluster ask for.

For KAITO's kinds the controllers' own arithmetic decides (:meth:`Release.expand`); rendered NodePools and workloads are
read. Prices are looked up, never guessed.
"""

from collections.abc import Iterator
from functools import partial

from kaitops.cost.cluster import Cluster
from kaitops.cost.counted import Asked, Counted, Machines
from kaitops.documents.plain import MutableObject, Object, Path, at, items, mapping
from kaitops.kaito import anatomy
from kaitops.kaito.anatomy import GROUP
from kaitops.kaito.autoscaling import floor
from kaitops.kaito.expansion import Expansion
from kaitops.kaito.huggingface import for_people
from kaitops.kaito.kubernetes.cluster import Cluster as Beside
from kaitops.kaito.kubernetes.cluster import Seen
from kaitops.kaito.release import Release
from kaitops.prices import price
from kaitops.references import stand_ins

_SIZE_LABEL = "node.kubernetes.io/instance-type"
_WORKSPACE_LABEL = "karpenter.kaito.sh/workspace-name"
_EXPANDED = ("Workspace", "InferenceSet", "MultiRoleInference")


def machines(cluster: Cluster, release: Release, like: Cluster | None = None) -> list[Machines]:
    """See :func:`kaitops.cost.machine_list`.

    Args:
        like: a cluster that is mostly the same and was counted; what is the same there is not worked out again.
    """
    known = cluster.counted.get(release)
    if known is None:
        same = like is not None and like.settings == cluster.settings
        known = cluster.counted[release] = Counted(like.counted.get(release) if same and like else None)
        known.machines += _counted(cluster, release, known)
    return known.machines


def _counted(cluster: Cluster, release: Release, known: Counted) -> Iterator[Machines]:
    pools = {
        str(mapping(at(pool, "metadata", "labels")).get(_WORKSPACE_LABEL))
        for pool in cluster.objects
        if pool.get("kind") == "NodePool"
    }
    around = Beside([*cluster.beside, *cluster.objects])
    for document in cluster.objects:
        made = cluster.made.get(id(document)) if document.get("kind") == "Workspace" else None
        if made is not None and made.expansion.version == release.version:
            every = known.answer(document, made.seen, partial(_counted_in, document, cluster, made.expansion))
        elif not _is_expanded(document):
            every = _asked(document, pools)
        else:
            seen = Seen(around, document, stand_ins(document))
            work_out = partial(_expanded, document, cluster, seen, release)
            every = known.answer(document, seen, work_out) if document["kind"] == "Workspace" else work_out()
        asked: dict[tuple[str, Path, bool, str], int] = {}
        for one in every:
            key = (one.size, one.path, one.brought, one.problem)
            asked[key] = asked.get(key, 0) + one.nodes
        for (size, path, brought, problem), nodes in asked.items():
            yield _machines(document, cluster, release, Asked(size, nodes, path, brought, problem))


def _machines(document: Object, cluster: Cluster, release: Release, asked: Asked) -> Machines:
    sku = release.skus(cluster.cloud).find(asked.size) if asked.size else None
    size = sku.name if sku else asked.size
    cost = price(cluster.cloud, size, cluster.region) if cluster.region and size and not asked.brought else None
    gone = release.dropped(cluster.cloud).get(size)
    each: int | None = sku.gpus if sku else gone["gpus"] if gone else None
    gpus = None if each is None else each * asked.nodes
    return Machines(
        document, size, asked.nodes, gpus, cost, asked.brought, cluster.spot, asked.path, problem=asked.problem
    )


def _is_expanded(document: Object) -> bool:
    return document.get("kind") in _EXPANDED and str(document.get("apiVersion", "")).startswith(GROUP)


def _asked(document: Object, pools: set[str]) -> Iterator[Asked]:
    kind = document.get("kind")
    if kind == "RAGEngine" and str(document.get("apiVersion", "")).startswith(GROUP):
        for path, size in anatomy.machines(document):
            count = at(document, "spec", "compute", "count")
            yield Asked(size, count if isinstance(count, int) else 1, path)
    elif kind == "NodePool":
        yield from _pool(document)
    elif kind in ("StatefulSet", "Job"):
        yield from _workload(document, pools)


def _expanded(document: Object, cluster: Cluster, seen: Seen, release: Release) -> Iterator[Asked]:
    if document["kind"] == "InferenceSet":
        others = [other for other in cluster.objects if other is not document]
        document = {**document, "spec": {**mapping(document.get("spec")), "replicas": floor(document, others)}}
    yield from _counted_in(document, cluster, release.expand_in(seen, document, cluster.settings))


def _counted_in(document: Object, cluster: Cluster, made: Expansion) -> Iterator[Asked]:
    children = [each for each in made.objects if each["kind"] == "Workspace"]
    byo = cluster.settings.get("nodeProvisioner") == "byo"
    for workspace in children or ([document] if document["kind"] == "Workspace" else []):
        name = at(workspace, "metadata", "name")
        size = str(at(workspace, "resource", "instanceType") or "")
        path = _size_path(document, size)
        nodes = _nodes(name, made.objects)
        if nodes is None:
            reason = for_people(made.errors[0]) if made.errors else "KAITO makes no workload of it"
            yield Asked(size, 0, path, byo, f"the number of its nodes is not known: {reason}")
        else:
            yield Asked(size, nodes, path, byo)
    if not children and document["kind"] != "Workspace" and (made.errors or not made.objects):
        if not made.errors and at(document, "spec", "replicas") == 0:
            return
        reason = (
            for_people(made.errors[0])
            if made.errors
            else "KAITO makes nothing of it with the feature gates as they are"
        )
        yield Asked("", 0, ("metadata", "name"), byo, f"the number of its nodes is not known: {reason}")


def _nodes(name: object, made: list[MutableObject]) -> int | None:
    """Nodes of a Workspace: those of its pool; else one for each pod of its workload."""
    for each in made:
        if each["kind"] == "NodePool" and mapping(at(each, "metadata", "labels")).get(_WORKSPACE_LABEL) == name:
            return int(at(each, "spec", "replicas") or 0)
    for each in made:
        if each["kind"] in ("StatefulSet", "Job") and at(each, "metadata", "name") == name:
            return int(at(each, "spec", "replicas") or 1)
    return None


def _size_path(document: Object, size: str) -> Path:
    """Where the size is named; the first place of any where another one was taken."""
    named = list(anatomy.machines(document))
    return next((path for path, one in named if one == size), named[0][0] if named else ("metadata", "name"))


def _pool(document: Object) -> Iterator[Asked]:
    requirements = items(at(document, "spec", "template", "spec", "requirements"))
    sizes: list[str] = []
    path: Path = ("metadata", "name")
    for number, requirement in enumerate(requirements):
        if at(requirement, "key") == _SIZE_LABEL and at(requirement, "operator") == "In":
            sizes = [str(value) for value in items(at(requirement, "values"))]
            path = ("spec", "template", "spec", "requirements", number, "values")
    replicas = at(document, "spec", "replicas")
    if not isinstance(replicas, int):
        yield Asked("", 0, path, problem="the pool has no fixed number of machines, so none is counted")
    elif len(sizes) != 1:
        yield Asked("", replicas, path, problem="Karpenter chooses the size, so no price is known")
    else:
        yield Asked(sizes[0], replicas, path)


def _workload(document: Object, pools: set[str]) -> Iterator[Asked]:
    """A rendered workload whose machines no pool of the tree provides."""
    spec = at(document, "spec", "template", "spec")
    labels = mapping(at(document, "spec", "template", "metadata", "labels"))
    wants = any(
        "nvidia.com/gpu" in mapping(at(container, "resources", "limits")) for container in items(at(spec, "containers"))
    )
    if not wants or str(labels.get("kaito.sh/workspace")) in pools or at(document, "metadata", "name") in pools:
        return
    replicas = at(document, "spec", "replicas")
    nodes = replicas if isinstance(replicas, int) else 1
    size = mapping(at(spec, "nodeSelector")).get(_SIZE_LABEL)
    yield Asked(str(size or ""), nodes, ("metadata", "name"), brought=not size)
