"""A fleet, rendered: all files of the tree by path, and what the clusters must hold beside them.

Pure but for reading what it is given; writing is ``kaitops.tree.writing``.
"""

from collections.abc import Iterator

from kaitops.documents.plain import MutableObject
from kaitops.errors import BadInput, Findings
from kaitops.fleet import reading
from kaitops.fleet.kinds.metadata import namespace
from kaitops.fleet.lock import Lock
from kaitops.fleet.objects import Objects
from kaitops.fleet.plan import ClusterPlan, Plan, Planner
from kaitops.kaito.release import Release
from kaitops.operator import pods
from kaitops.operator.image_lock import ImageLock
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


def render(
    source: reading.Source,
    release: Release,
    lock: Lock,
    *,
    mode: str | None = None,
    parity: bool = False,
    images: ImageLock | None = None,
) -> Rendering:
    """Render all clusters.

    Args:
        mode: ``operator`` or ``plain`` for every workload; None as declared.
        parity: plain objects exactly as KAITO's controllers make them.
        images: recorded digests that the pods of plain objects are pinned to.

    Raises:
        BadInput, Findings: with every problem, one line each.
    """
    plan = Planner(source, release, lock, mode).plan()
    rendering = Rendering(plan)
    refused: list[str] = []
    for cluster in plan.clusters:
        _cluster(rendering, source, release, cluster, parity, images or ImageLock.empty(), refused)
    if refused:
        raise Findings("\n".join(dict.fromkeys(refused)))
    rendering.warnings += _unserved(source, plan)
    served = [cluster for cluster in plan.clusters if cluster.cluster["gitops"] != "none"]
    if served:
        # Argo CD and Flux cost nothing where nobody uses them.
        from kaitops.gitops import tree

        files, warnings = tree.files(source, plan.kaito, served, rendering.objects, images or ImageLock.empty(), ROOT)
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


def _cluster(
    rendering: Rendering,
    source: reading.Source,
    release: Release,
    plan: ClusterPlan,
    parity: bool,
    images: ImageLock,
    refused: list[str],
) -> None:
    maker = Objects(release, plan.cluster, frozenset(each.kind for each in plan.workloads), parity=parity)
    needs: set[str] = set()
    folders: dict[str, dict[str, bytes]] = {}
    objects: list[MutableObject] = []
    for workload in plan.workloads:
        try:
            rendered = maker.render(workload)
        except (Findings, BadInput) as error:
            refused.append(source.at(workload.path, str(error)))
            continue
        needs.update(rendered.needs)
        origin = f"{workload.group}.{workload.name}"
        for unpinned in rendered.objects:
            document = unpinned if parity else pods.pinned(unpinned, images)
            name = layout.file_name(document)
            folder = folders.setdefault(layout.folder(document), {})
            shared = unpinned in rendered.shared
            content = layout.object_file(document, f"clusters.{plan.name}" if shared else origin)
            if not shared or name not in folder:
                objects.append(document)
            if folder.setdefault(name, content) != content:
                refused.append(
                    source.at(
                        workload.path,
                        f"makes {document['kind']} {document['metadata']['name']}, which another workload of cluster "
                        f"{plan.name} makes as well with other content; rename one of the two",
                    )
                )
    spaces = [namespace(name) for name in layout.spaces(folders) if name != "default"]
    for document in spaces:
        name = layout.file_name(document)
        folders.setdefault(layout.folder(document), {})[name] = layout.object_file(document, "namespaces")
    for folder, files in folders.items():
        for name, content in files.items():
            rendering.files[f"{plan.name}/{folder}/{name}"] = content
    for folder, listed in layout.listings(folders).items():
        rendering.files[f"{plan.name}/{folder}/kustomization.yaml".replace("//", "/")] = layout.kustomization(listed)
    rendering.needs[plan.name] = sorted(needs)
    rendering.objects[plan.name] = [*spaces, *objects]
    rendering.files[f"{plan.name}/{layout.CONTEXT_FILE}"] = layout.context_file(
        release.version, plan.name, plan.cluster["region"], maker.settings, maker.nodes, rendering.needs[plan.name]
    )
