"""Workloads on a cluster, with everything about them settled."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from kaitops.documents.plain import Object, Steps
from kaitops.fleet.clusters import kind_of
from kaitops.fleet.machines import Machines
from kaitops.kaito.preset import Preset

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster


class Workload(NamedTuple):
    """A model, tuning job, RAG engine or mirror, merged with defaults and with the cluster's differences.

    Attributes:
        group: where it is declared: ``models``, ``tuning``, ``rag`` or ``mirrors``.
        entry: the merged declaration, plain.
        preset: None for custom models and RAG engines.
        machines: per role; the key is empty where there are no roles.
        path: where it is declared, for messages.
    """

    cluster: str
    group: str
    name: str
    namespace: str
    mode: str
    entry: Object
    preset: Preset | None
    machines: Mapping[str, Machines]
    path: Steps
    byo: bool

    @property
    def kind(self) -> str:
        """The kind of custom resource that it becomes."""
        return kind_of(self.group, self.entry)

    @property
    def place(self) -> Machines:
        """The machines of a workload without roles."""
        return self.machines[""]

    def replicas(self, role: str) -> int:
        """How often the machines of a role are there; of a workload without roles the role is empty."""
        entry = self.entry[role] if role else self.entry
        count = entry.get("replicas")
        return 1 if count is None else int(count)


class ClusterPlan(NamedTuple):
    """What one cluster runs.

    Attributes:
        cluster: the declaration with its defaults filled in.
        workloads: by group and name.
    """

    name: str
    cluster: "Cluster"
    workloads: tuple[Workload, ...]
