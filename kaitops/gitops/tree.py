"""The folders of a cluster that speak to Argo CD or Flux, and the one that speaks for all clusters.

Owns which objects go to which folder. Writing them as files is the renderer's part.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Protocol, cast

from kaitops.documents.plain import MutableObject, Object
from kaitops.fleet.engines import ENGINES
from kaitops.fleet.image_lock import ImageLock
from kaitops.fleet.reading import Source
from kaitops.fleet.workload import ClusterPlan
from kaitops.gitops.place import OPERATOR, PLACEMENT, Place, place
from kaitops.operator.charts import Chart, charts
from kaitops.tree import layout

HUBS = {engine: f"_{engine}" for engine in ENGINES}
"""The folder beside the clusters' with what an engine needs once, by engine."""


class Maker(Protocol):
    """What a module of this package makes for the engine that it is called after."""

    def folders(
        self, place: Place, version: str, found: Sequence[Chart], spaces: Sequence[str]
    ) -> dict[str, list[MutableObject]]:
        """The objects of a cluster by folder.

        Args:
            version: of KAITO.
            found: the charts of the cluster's controllers.
            spaces: namespaces of the cluster's objects.
        """
        ...

    def hub(self, places: Sequence[Place], version: str) -> list[MutableObject]:
        """What the engine needs once for all its clusters."""
        ...


def files(
    source: Source,
    version: str,
    plans: Sequence[ClusterPlan],
    objects: Mapping[str, Sequence[Object]],
    images: ImageLock,
    root: str,
) -> tuple[dict[str, bytes], list[str]]:
    """The files of all clusters that Argo CD or Flux applies, and what a user should know of them.

    Args:
        version: of KAITO.
        objects: the fleet's objects by cluster.
        root: folder above the clusters' within the tree.

    Raises:
        BadInput: keys of ``gitops:`` or ``operator:`` that exclude or need each other.
    """
    made: dict[str, bytes] = {}
    warnings: list[str] = []
    places: list[Place] = []
    for plan in plans:
        held = {layout.folder(document) for document in objects[plan.name]}
        stages = {folder.partition("/")[0] for folder in held}
        spaces = layout.spaces(held)
        members = plan.cluster.get("members")
        kinds = frozenset(each.kind for each in plan.workloads)
        # A hub holds the objects and runs none, so the controllers are its members' own.
        found = () if members is not None else charts(version, plan.name, plan.cluster, kinds, images)
        more = {OPERATOR: bool(found), PLACEMENT: members is not None}
        where = place(source, plan.name, plan.cluster, stages | {key for key, held in more.items() if held}, root)
        places.append(where)
        made_here = _maker(where.engine).folders(where, version, found, spaces)
        if members is not None:
            from kaitops.gitops.kubefleet import placement

            made_here[PLACEMENT] = [placement(plan.name, members, objects[plan.name])]
        for folder, documents in made_here.items():
            for document in documents:
                path = f"{plan.name}/{folder}/{layout.file_name(document)}"
                made[path] = layout.object_file(document, f"clusters.{plan.name}")
        if ENGINES[where.engine].addressed and not where.url:
            text = (
                f"is {where.engine}, but gitops.repository does not say where the tree lies, so no Application of it "
                "was rendered; name the repository or the artifact"
            )
            warnings.append(source.at(["clusters", plan.name, "gitops"], text))
    for engine in dict.fromkeys(one.engine for one in places):
        for document in _maker(engine).hub([one for one in places if one.engine == engine], version):
            made[f"{HUBS[engine]}/{layout.file_name(document)}"] = layout.object_file(document, "gitops")
    return made, warnings


def _maker(engine: str) -> Maker:
    # Each by itself: a cluster has one, and what the other one needs takes as long to load as a model to render.
    return cast("Maker", import_module(f"kaitops.gitops.{engine}"))
