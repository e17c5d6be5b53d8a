"""The folders of a cluster that speak to Argo CD or Flux, and the one that speaks for all clusters.

Owns which objects go to which folder. Writing them as files is the renderer's part.
"""

from collections.abc import Mapping, Sequence

from kaitops.documents.plain import MutableObject, Object
from kaitops.fleet.image_lock import ImageLock
from kaitops.fleet.plan import ClusterPlan
from kaitops.fleet.reading import Source
from kaitops.gitops.place import BOOTSTRAP, ENGINE, OPERATOR, PLACEMENT, SOURCE, Place, place
from kaitops.operator.charts import Chart, charts
from kaitops.tree import layout

HUB = "_argocd"
"""The folder beside the clusters' with what an Argo CD needs once."""
Folders = dict[str, list[MutableObject]]


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
        made_here = _folders(where, version, found, spaces)
        if members is not None:
            from kaitops.gitops.kubefleet import placement

            made_here[PLACEMENT] = [placement(plan.name, members, objects[plan.name])]
        for folder, documents in made_here.items():
            for document in documents:
                path = f"{plan.name}/{folder}/{layout.file_name(document)}"
                made[path] = layout.object_file(document, f"clusters.{plan.name}")
        if where.engine == "argocd" and not where.url:
            text = (
                "is argocd, but gitops.repository does not say where the tree lies, so no Application of it was "
                "rendered; name the repository or the artifact"
            )
            warnings.append(source.at(["clusters", plan.name, "gitops"], text))
    for document in _hub(places, version):
        made[f"{HUB}/{layout.file_name(document)}"] = layout.object_file(document, "gitops")
    return made, warnings


def _folders(place: Place, version: str, found: Sequence[Chart], spaces: Sequence[str]) -> Folders:
    # Each engine by itself: a cluster has one, and what the other one needs takes as long to load as a model to render.
    if place.engine == "argocd":
        from kaitops.gitops import argocd

        return {
            OPERATOR: argocd.operator(place, version, found),
            ENGINE: argocd.engine(place),
            BOOTSTRAP: argocd.bootstrap(place, found, spaces),
        }
    from kaitops.gitops import flux

    return {
        OPERATOR: flux.operator(place, version, found),
        ENGINE: flux.engine(place, version),
        SOURCE: flux.source(place),
        BOOTSTRAP: flux.bootstrap(place),
    }


def _hub(places: Sequence[Place], version: str) -> list[MutableObject]:
    """What an Argo CD needs once: its health rules, and the clusters that it serves from afar."""
    served = [place for place in places if place.engine == "argocd"]
    if not served:
        return []
    from kaitops.gitops import argocd, checks

    return [argocd.settings(served[0].namespace, checks.argocd(version)), *argocd.clusters(served)]
