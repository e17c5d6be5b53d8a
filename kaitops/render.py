"""A fleet, rendered: all files of the tree by path, and what the clusters must hold beside them.

Pure but for reading what it is given; writing is ``kaitops.tree.writing``.
"""

from dataclasses import dataclass, field
from typing import Any

from kaitops.errors import BadInput, Findings
from kaitops.fleet import reading
from kaitops.fleet.kinds.metadata import MANAGED_BY
from kaitops.fleet.lock import Lock
from kaitops.fleet.objects import Objects
from kaitops.fleet.plan import ClusterPlan, Plan, Planner
from kaitops.kaito.release import Release
from kaitops.operator import pods
from kaitops.operator.image_lock import ImageLock
from kaitops.tree import layout

ROOT = "clusters"


@dataclass(slots=True)
class Rendering:
    """The rendered fleet.

    Attributes:
        files: content by path below the output folder's ``clusters``.
        needs: by cluster, what must exist there that no file declares.
        objects: by cluster, the objects in the order of their files.
    """

    plan: Plan
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    needs: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    objects: dict[str, list[dict[str, Any]]] = field(default_factory=dict[str, list[dict[str, Any]]])


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
    return rendering


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
    objects: list[dict[str, Any]] = []
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
            objects.append(document)
            name = layout.file_name(document)
            folder = folders.setdefault(layout.folder(document), {})
            content = layout.object_file(document, origin)
            if folder.setdefault(name, content) != content:
                refused.append(
                    source.at(
                        workload.path,
                        f"makes {document['kind']} {document['metadata']['name']}, which another workload of cluster "
                        f"{plan.name} makes as well with other content; rename one of the two",
                    )
                )
    spaces = [_namespace(name) for name in sorted(folders) if name not in {"default", "_cluster"}]
    for document in spaces:
        name = layout.file_name(document)
        folders.setdefault(layout.folder(document), {})[name] = layout.object_file(document, "namespaces")
    base = f"{plan.name}"
    for folder, files in sorted(folders.items(), key=lambda item: (item[0] != "_cluster", item[0])):
        names = sorted(files, key=layout.rank)
        for name in names:
            rendering.files[f"{base}/{folder}/{name}"] = files[name]
        rendering.files[f"{base}/{folder}/kustomization.yaml"] = layout.kustomization(names)
    order = sorted(folders, key=lambda name: (name != "_cluster", name))
    rendering.files[f"{base}/kustomization.yaml"] = layout.kustomization(order)
    rendering.needs[plan.name] = sorted(needs)
    rendering.objects[plan.name] = [*spaces, *objects]
    rendering.files[f"{base}/{layout.CONTEXT_FILE}"] = layout.context_file(
        release.version, plan.name, plan.cluster["region"], maker.settings, maker.nodes, rendering.needs[plan.name]
    )


def _namespace(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": dict(MANAGED_BY)}}
