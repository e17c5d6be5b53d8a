"""What a cluster of a fleet runs, and the objects of each workload; read, planned and rendered once.

Owns where the declaration comes from: a fleet file, or an entry that a program holds. Registers nothing.
"""

import json
from pathlib import Path

from kaitops.cli import files
from kaitops.documents.plain import MutableObject, Object
from kaitops.errors import BadInput
from kaitops.fleet import reading
from kaitops.fleet.clusters import GROUPS
from kaitops.fleet.lock import Lock
from kaitops.fleet.objects import Objects
from kaitops.fleet.plan import ClusterPlan, Planner
from kaitops.fleet.workload import Workload
from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.operator import pods
from kaitops.operator.charts import Chart, charts
from kaitops.operator.image_lock import ImageLock

_CLUSTER = "cluster"


class Declared:
    """What a cluster runs, and its objects; each workload is rendered once.

    Attributes:
        plan: the cluster with its defaults filled in, and its workloads.
        images: recorded digests.
        needs: what the cluster must hold beside the objects rendered so far.
    """

    def __init__(
        self,
        source: reading.Source,
        release: Release,
        lock: Lock,
        cluster: str,
        mode: str | None = None,
        images: ImageLock | None = None,
    ) -> None:
        self.source, self.release = source, release
        self.images = images or ImageLock.empty()
        self.plan: ClusterPlan = next(
            each for each in Planner(source, release, lock, mode).plan().clusters if each.name == cluster
        )
        if source.file != reading.INLINE and lock.changed:
            if left := lock.only_left:
                raise BadInput(
                    f"{source.file}: fleet.lock beside it still holds the sizes of {', '.join(left)}, which the fleet "
                    "no longer lets choose, so it is not what the fleet was rendered with; run 'kaitops render' and "
                    "commit the lock"
                )
            raise BadInput(
                f"{source.file}: fleet.lock beside it does not hold the sizes that 'gpu: auto' chose, so a new price "
                "table would replace running machines; run 'kaitops render' and commit the lock"
            )
        self._maker = Objects(release, self.plan.cluster, frozenset(each.kind for each in self.plan.workloads))
        self._rendered: dict[tuple[str, str], list[MutableObject]] = {}
        self.needs: set[str] = set()

    @property
    def version(self) -> str:
        """The KAITO version of the fleet."""
        return self.release.version

    @property
    def charts(self) -> tuple[Chart, ...]:
        """KAITO's charts for the cluster, in the order of installation."""
        kinds = frozenset(one.kind for one in self.plan.workloads)
        return charts(self.version, self.plan.name, self.plan.cluster, kinds, self.images)

    def rendered(self, workload: Workload) -> list[MutableObject]:
        """The objects of a workload, in the order in which they must be applied."""
        key = (workload.group, workload.name)
        if key not in self._rendered:
            made = self._maker.render(workload)
            self._rendered[key] = [pods.pinned(each, self.images) for each in made.objects]
            self.needs.update(made.needs)
        return self._rendered[key]


def from_file(fleet: Path, cluster: str, mode: str | None = None) -> Declared:
    """A cluster of a fleet file; its lock and recorded models lie beside it.

    Raises:
        BadInput: the file cannot be read, or has no such cluster.
    """
    source = files.read_fleet(str(fleet))
    clusters: Object = source.data["clusters"]
    if cluster not in clusters:
        raise BadInput(
            f"{fleet}: clusters: has no {cluster!r}, so nothing is known of what runs there; it has "
            f"{', '.join(clusters)}"
        )
    known = files.beside(str(fleet), _held(source.data["kaito"]))
    return Declared(source, known.release, known.sizes, cluster, mode, known.images)


def from_entry(
    kaito: str,
    cluster: Object,
    group: str,
    name: str,
    entry: Object,
    mode: str | None = None,
) -> Declared:
    """A cluster that runs one entry and nothing else.

    Args:
        cluster, entry: as they would stand in a fleet file.

    Raises:
        BadInput: there is no such group, or the declarations do not have the form of a fleet's.
    """
    if group not in GROUPS:
        raise BadInput(f"{name}: group: {group!r} is no part of a fleet; it is one of {', '.join(GROUPS)}")
    document = {"kaito": kaito, "clusters": {_CLUSTER: cluster}, "models": {}, group: {name: entry}}
    source = reading.read(json.dumps(document).encode(), reading.INLINE)
    return Declared(source, Release.load(_held(kaito)), Lock(), _CLUSTER, mode)


def _held(version: str) -> str:
    if version in facts.versions() and not facts.is_complete(version):
        raise facts.incomplete(version)
    return version
