"""A fleet, rendered: all files of the tree by path, and what the clusters must hold beside them.

Pure but for reading what it is given; writing is ``kaitops.tree.writing``.
"""

from collections.abc import Iterator

from kaitops.build import Build, Made, namespaces
from kaitops.documents.plain import MutableObject
from kaitops.errors import Findings
from kaitops.fleet import reading
from kaitops.fleet.files import Fleet
from kaitops.fleet.plan import Plan, Planner
from kaitops.fleet.workload import ClusterPlan
from kaitops.kaito.release import Release
from kaitops.tree import layout

ROOT = "clusters"


class Rendering:
    """The rendered fleet.

    Attributes:
        files: content by path below the output folder's ``clusters``.
        needs: by cluster, what must exist there that no file declares.
        objects: by cluster, the fleet's objects in the order of their files; what speaks to Argo CD or Flux about
            them is in the files only.
        warnings: what a user should know and may leave as it is.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.files: dict[str, bytes] = {}
        self.needs: dict[str, list[str]] = {}
        self.objects: dict[str, list[MutableObject]] = {}
        self.warnings = list(plan.warnings)


def render(fleet: Fleet, *, mode: str | None = None, parity: bool = False) -> Rendering:
    """Render all clusters.

    Args:
        mode: ``operator`` or ``plain`` for every workload; None as declared.
        parity: plain objects exactly as KAITO's controllers make them.

    Raises:
        BadInput, Findings: with every problem, one line each.
    """
    source = fleet.source
    plan = Planner(source, fleet.release, fleet.sizes, mode).plan()
    rendering = Rendering(plan)
    refused: list[str] = []
    for cluster in plan.clusters:
        build = Build(fleet, cluster, parity=parity)
        refused += build.refusals()
        _put(rendering, fleet.release, cluster, build)
    if refused:
        raise Findings("\n".join(dict.fromkeys(refused)))
    rendering.warnings += _unserved(source, plan)
    served = [cluster for cluster in plan.clusters if cluster.cluster["gitops"] != "none"]
    if served:
        # Argo CD and Flux cost nothing where nobody uses them.
        from kaitops.gitops import tree

        files, warnings = tree.files(source, plan.kaito, served, rendering.objects, fleet.images, ROOT)
        rendering.files.update(files)
        rendering.warnings += warnings
    return rendering


def _unserved(source: reading.Source, plan: Plan) -> Iterator[str]:
    """Clusters that declare charts, and nobody who applies them."""
    for cluster in plan.clusters:
        declared = cluster.cluster
        if declared.get("operator") and declared["gitops"] == "none" and declared.get("members") is None:
            text = (
                "charts are rendered for Argo CD and Flux, and gitops is none here, so the tree has none of it; name "
                "the tool under gitops, or install the charts by hand or by Pulumi"
            )
            yield source.at(["clusters", cluster.name, "operator"], text)


def _put(rendering: Rendering, release: Release, plan: ClusterPlan, build: Build) -> None:
    """The files of a cluster, beside what else is told of it."""
    made = [*build.made.values()]
    spaces = [Made(document, "namespaces") for document in namespaces(one.document for one in made)]
    folders: dict[str, dict[str, bytes]] = {}
    for document, origin in (*made, *spaces):
        folder = folders.setdefault(layout.folder(document), {})
        folder[layout.file_name(document)] = layout.object_file(document, origin)
    for folder, files in folders.items():
        for name, content in files.items():
            rendering.files[f"{plan.name}/{folder}/{name}"] = content
    for folder, listed in layout.listings(folders).items():
        rendering.files[f"{plan.name}/{folder}/kustomization.yaml".replace("//", "/")] = layout.kustomization(listed)
    needs = set(build.needs)
    if plan.cluster.get("operator"):
        from kaitops.operator import pull_secrets  # which a cluster without charts of its own does not pay for

        kinds = frozenset(each.kind for each in plan.workloads)
        needs |= pull_secrets.needed(release.version, plan.name, plan.cluster, kinds)
    rendering.needs[plan.name] = sorted(needs)
    rendering.objects[plan.name] = [one.document for one in (*spaces, *made)]
    rendering.files[f"{plan.name}/{layout.CONTEXT_FILE}"] = layout.context_file(
        release.version, plan.name, plan.cluster["region"], build.settings, build.nodes, rendering.needs[plan.name]
    )
