"""The images and charts that the clusters of a fleet pull.

Owns the question for a whole fleet. Which image a chart or an object brings is ``kaitops.operator``'s.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kaitops.documents.plain import Object, at
from kaitops.errors import BadInput
from kaitops.fleet.files import Fleet
from kaitops.fleet.image_lock import ImageLock
from kaitops.fleet.workload import Workload
from kaitops.operator.charts import Chart, charts
from kaitops.operator.image_list import Image, cluster_images
from kaitops.render import render


@dataclass(frozen=True, slots=True, order=True)
class Weights:
    """A model whose files a workload loads from Hugging Face.

    Attributes:
        name: repository there.
        revision: commit that KAITO was published with, or that the fleet names; empty where it is whatever is newest.
        size: of the files, such as ``7.15Gi``; empty where it is not known.
        licence: empty where it is not known.
    """

    name: str
    revision: str
    size: str
    licence: str
    gated: bool


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is pulled: images by name, charts by cluster and order of installation, weights by name."""

    images: tuple[Image, ...]
    charts: tuple[Chart, ...]
    weights: tuple[Weights, ...] = ()


def inventory(fleet: Fleet, clusters: Collection[str] = ()) -> Inventory:
    """What the clusters of a fleet pull.

    Args:
        clusters: of these only; of all where empty.

    Raises:
        BadInput, Findings: the fleet cannot be rendered, or has no such cluster.
    """
    # As KAITO names them: the digests are looked up by that.
    release, lock, unpinned = fleet.release, fleet.images, fleet._replace(images=ImageLock.empty())
    declared = render(unpinned)
    # What KAITO's controllers would create; a plain workload stands as it is rendered.
    created = render(unpinned, mode="plain", parity=True)
    names = [one.name for one in declared.plan.clusters]
    if unknown := set(clusters) - set(names):
        raise BadInput(f"--cluster {min(unknown)}: the fleet has no such cluster; it has {', '.join(names)}")
    found: dict[str, Image] = {}
    installed: list[Chart] = []
    models: set[Weights] = set()
    for one in declared.plan.clusters:
        if clusters and one.name not in clusters:
            continue
        kinds = frozenset(each.kind for each in one.workloads)
        of_cluster = charts(release.version, one.name, one.cluster, kinds, lock)
        installed += of_cluster
        models.update(loaded for each in one.workloads for loaded in _weights(each))
        objects = [*declared.objects[one.name]]
        if any(each.mode != "plain" for each in one.workloads):
            objects += created.objects[one.name]
        for image in cluster_images(release.version, of_cluster, objects, lock):
            found.setdefault(image.name, image)
    return Inventory(tuple(found[name] for name in sorted(found)), tuple(installed), tuple(sorted(models)))


def _weights(workload: Workload) -> Iterator[Weights]:
    """What a workload fetches; weights of a volume, a blob or an image come with those."""
    preset = workload.preset
    if preset is not None:
        yield Weights(preset.title, preset.revision or "", preset.size, preset.license, preset.gated)
    entry: Object = workload.entry
    for path in (("custom", "huggingFace"), ("embedding",)):
        if model := at(entry, *path, "model"):
            yield Weights(str(model), str(at(entry, *path, "revision") or ""), "", "", False)
