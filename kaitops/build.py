"""The objects of one cluster of a fleet, made once for whoever puts them somewhere: a tree, a program, a list.

Owns what holds wherever they go: which workload makes an object, that two of them make no two objects of one name,
which namespaces they need, which digests they are pinned to. Where a file or a resource of them goes is the sink's.
"""

from collections.abc import Iterable
from typing import NamedTuple

from kaitops.documents.plain import MutableObject, Object
from kaitops.documents.ref import DEFAULT, Local, Ref
from kaitops.errors import BadInput, Findings
from kaitops.fleet.files import Fleet
from kaitops.fleet.kinds.metadata import namespace
from kaitops.fleet.objects import Objects
from kaitops.fleet.workload import ClusterPlan, Workload
from kaitops.operator import pods


class Made(NamedTuple):
    """An object, and what of the fleet declares it: a workload, or the cluster where many would make the same."""

    document: MutableObject
    origin: str


class Build:
    """What a cluster of a fleet is made of; each workload is rendered once, when it is asked for.

    Args:
        parity: plain objects exactly as the controllers make them, without our deviations.

    Attributes:
        plan: the cluster with its workloads.
        made: objects of the workloads rendered so far, each once, in the order in which they were made.
        needs: what the cluster must hold beside them.
        settings, nodes: of KAITO's controllers there, and the cluster's own nodes as the checks see them.
    """

    def __init__(self, fleet: Fleet, plan: ClusterPlan, *, parity: bool = False) -> None:
        kinds = frozenset(each.kind for each in plan.workloads)
        self._maker = Objects(fleet.release, plan.cluster, kinds, parity=parity)
        self._fleet, self.plan, self._parity = fleet, plan, parity
        self._rendered: dict[tuple[str, str], list[MutableObject]] = {}
        self.made: dict[Local, Made] = {}
        self.needs: set[str] = set()
        self.settings, self.nodes = self._maker.settings, self._maker.nodes

    def objects(self, workload: Workload) -> list[MutableObject]:
        """The objects of a workload, in the order in which they must be applied; the main one is the last.

        Raises:
            Findings: KAITO refuses them, or another workload makes one of the same name; with the workload's place.
        """
        key = (workload.group, workload.name)
        if key not in self._rendered:
            try:
                self._rendered[key] = self._render(workload)
            except (Findings, BadInput) as error:
                raise Findings(self._fleet.source.at((*workload.path, *error.path), str(error))) from None
        return self._rendered[key]

    def refusals(self) -> list[str]:
        """Render what is not rendered yet: a line for each workload that cannot be."""
        refused: list[str] = []
        for workload in self.plan.workloads:
            try:
                self.objects(workload)
            except Findings as error:
                refused.append(str(error))
        return refused

    def _render(self, workload: Workload) -> list[MutableObject]:
        rendered = self._maker.render(workload)
        self.needs.update(rendered.needs)
        found: list[MutableObject] = []
        for unpinned in rendered.objects:
            document = unpinned if self._parity else pods.pinned(unpinned, self._fleet.images)
            shared = unpinned in rendered.shared
            origin = f"clusters.{self.plan.name}" if shared else f"{workload.group}.{workload.name}"
            if self.made.setdefault(Ref.of(document).local, Made(document, origin)) != (document, origin):
                raise BadInput(
                    f"makes {document['kind']} {document['metadata']['name']}, which another workload of cluster "
                    f"{self.plan.name} makes as well with other content; rename one of the two"
                )
            found.append(document)
        return found


def namespaces(documents: Iterable[Object]) -> list[MutableObject]:
    """The namespaces that objects lie in, by name; every cluster has the one that needs no making."""
    found = {str(space) for one in documents if (space := one["metadata"].get("namespace"))}
    return [namespace(name) for name in sorted(found - {DEFAULT})]
