"""What a cluster of a fleet runs, and the objects of each workload; read, planned and rendered once.

Owns where the declaration comes from: a fleet file, or an entry that a program holds. Registers nothing.
"""

import json
from pathlib import Path

from kaitops.build import Build
from kaitops.documents.plain import Object
from kaitops.errors import BadInput
from kaitops.fleet import files, reading
from kaitops.fleet.clusters import GROUPS
from kaitops.fleet.files import Fleet
from kaitops.fleet.lock import Lock
from kaitops.fleet.plan import Planner
from kaitops.fleet.workload import ClusterPlan
from kaitops.kaito import facts
from kaitops.kaito.release import Release
from kaitops.operator.charts import Chart, charts

_CLUSTER = "cluster"


class Declared:
    """What a cluster runs, and its objects; each workload is rendered once.

    Attributes:
        plan: the cluster with its defaults filled in, and its workloads.
        build: their objects.
        images: recorded digests.
    """

    def __init__(self, fleet: Fleet, cluster: str, mode: str | None = None) -> None:
        self.source, self.release, self.images = fleet.source, fleet.release, fleet.images
        self.plan: ClusterPlan = next(
            each
            for each in Planner(self.source, fleet.release, fleet.sizes, mode).plan().clusters
            if each.name == cluster
        )
        if self.source.file != reading.INLINE and fleet.sizes.changed:
            if left := fleet.sizes.only_left:
                raise BadInput(
                    f"{self.source.file}: fleet.lock beside it still holds the sizes of {', '.join(left)}, which the "
                    "fleet no longer lets choose, so it is not what the fleet was rendered with; run 'kaitops render' "
                    "and commit the lock"
                )
            raise BadInput(
                f"{self.source.file}: fleet.lock beside it does not hold the sizes that 'gpu: auto' chose, so a new "
                "price table would replace running machines; run 'kaitops render' and commit the lock"
            )
        self.build = Build(fleet, self.plan)

    @property
    def version(self) -> str:
        """The KAITO version of the fleet."""
        return self.release.version

    @property
    def charts(self) -> tuple[Chart, ...]:
        """KAITO's charts for the cluster, in the order of installation."""
        kinds = frozenset(one.kind for one in self.plan.workloads)
        return charts(self.version, self.plan.name, self.plan.cluster, kinds, self.images)


def from_file(fleet: Path, cluster: str, mode: str | None = None) -> Declared:
    """A cluster of a fleet file; its lock and recorded models lie beside it.

    Raises:
        BadInput: the file cannot be read, or has no such cluster.
    """
    declared = files.read(str(fleet))
    clusters: Object = declared.source.data["clusters"]
    if cluster not in clusters:
        raise BadInput(
            f"{fleet}: clusters: has no {cluster!r}, so nothing is known of what runs there; it has "
            f"{', '.join(clusters)}"
        )
    return Declared(declared, cluster, mode)


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
    return Declared(Fleet(source, Release.load(facts.complete(kaito)), Lock()), _CLUSTER, mode)
