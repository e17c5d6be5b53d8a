"""The images and charts that the clusters of a fleet pull.

Owns the question for a whole fleet. Which image a chart or an object brings is ``kaitops.operator``'s.
"""

from collections.abc import Collection
from dataclasses import dataclass

from kaitops.errors import BadInput
from kaitops.fleet.lock import Lock
from kaitops.fleet.reading import Source
from kaitops.kaito.release import Release
from kaitops.operator.charts import Chart, charts
from kaitops.operator.image_list import Image, cluster_images
from kaitops.operator.image_lock import ImageLock
from kaitops.render import render


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is pulled: images by name, charts by cluster and order of installation."""

    images: tuple[Image, ...]
    charts: tuple[Chart, ...]


def inventory(
    source: Source, release: Release, sizes: Lock, lock: ImageLock, clusters: Collection[str] = ()
) -> Inventory:
    """What the clusters of a fleet pull.

    Args:
        clusters: of these only; of all where empty.

    Raises:
        BadInput, Findings: the fleet cannot be rendered, or has no such cluster.
    """
    declared = render(source, release, sizes)
    # What KAITO's controllers would create; a plain workload stands as it is rendered.
    created = render(source, release, sizes, mode="plain", parity=True)
    names = [one.name for one in declared.plan.clusters]
    if unknown := set(clusters) - set(names):
        raise BadInput(f"--cluster {min(unknown)}: the fleet has no such cluster; it has {', '.join(names)}")
    found: dict[str, Image] = {}
    installed: list[Chart] = []
    for one in declared.plan.clusters:
        if clusters and one.name not in clusters:
            continue
        kinds = frozenset(each.kind for each in one.workloads)
        of_cluster = charts(release.version, one.name, one.cluster, kinds, lock)
        installed += of_cluster
        objects = [*declared.objects[one.name]]
        if any(each.mode != "plain" for each in one.workloads):
            objects += created.objects[one.name]
        for image in cluster_images(release.version, of_cluster, objects, lock):
            found.setdefault(image.name, image)
    return Inventory(tuple(found[name] for name in sorted(found)), tuple(installed))
