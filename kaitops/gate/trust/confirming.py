"""Whether a fleet says of a cluster what a context file says of it.

The file is worked out from the declaration as a render would: what it promises is looked for among what the fleet's
charts and workloads need, and those are rendered only where it promises anything.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from kaitops.documents.plain import Object, mapping
from kaitops.errors import KaitopsError
from kaitops.fleet import reading, shape
from kaitops.fleet.clusters import filled, kinds_of
from kaitops.fleet.controllers import brought_nodes, controller_settings
from kaitops.fleet.lock import Lock
from kaitops.gate.fleets import Fleets
from kaitops.kaito.release import Release


class Fleet:
    """A fleet that context files are held against.

    Args:
        name: of its file.
        recorded: Hugging Face models that extend the catalogue.
    """

    def __init__(self, name: str, recorded: Mapping[str, Object], fleets: Fleets) -> None:
        self._name = name
        self._recorded = recorded
        self._problem = ""
        self._source: reading.Source | None = None
        try:
            self._source = fleets.read(name)
        except KaitopsError as error:
            self._problem = f"{name} cannot be read ({str(error)[:300]})"

    def why_not(self, context: Object, folder: str) -> str | None:
        """Why the fleet does not say what a context file says; None where it does.

        Args:
            folder: the name of the folder that the file lies in.
        """
        if self._source is None:
            return self._problem
        try:
            return self._why_not(self._source, context, folder)
        except KaitopsError as error:
            return f"{self._name} cannot be rendered ({str(error)[:300]})"

    def _why_not(self, fleet: reading.Source, context: Object, folder: str) -> str | None:
        cluster = str(context.get("cluster") or "")
        declared = mapping(fleet.data["clusters"]).get(cluster)
        if declared is None:
            return f"{self._name} has no cluster {cluster[:80]!r}"
        if folder != cluster:
            return f"{self._name} renders cluster {cluster} into a folder of that name, and this is {folder[:80]!r}"
        whole = filled(shape.load(), declared)
        said = {
            "kaito": fleet.data["kaito"],
            "cluster": cluster,
            "region": whole["region"],
            "settings": controller_settings(fleet.data["kaito"], whole, kinds_of(fleet.data, cluster)),
            "nodes": brought_nodes(whole),
        }
        other = [key for key, value in said.items() if context.get(key, [] if key == "nodes" else None) != value]
        if other:
            return f"{self._name} says otherwise of {' and '.join(other)} of cluster {cluster}"
        promised = set(context.get("needs", ()))
        for needs in self._needs(fleet, cluster) if promised else ():
            promised -= needs
            if not promised:
                break
        return f"nothing that {self._name} declares needs {min(promised)[:120]}" if promised else None

    def _needs(self, fleet: reading.Source, cluster: str) -> Iterator[set[str]]:
        """What charts and workloads need, in whatever way a render may have made them."""
        from kaitops.fleet.objects import Objects
        from kaitops.fleet.plan import Planner

        lock = Path(self._name).with_name(Lock.FILE)
        release = Release.load(fleet.data["kaito"], self._recorded)
        for mode in (None, "plain", "operator"):
            pins = Lock.read(lock)
            (plan,) = Planner(fleet, release, pins, mode, cluster).plan().clusters
            kinds = frozenset(each.kind for each in plan.workloads)
            if mode is None and plan.cluster.get("operator"):
                from kaitops.operator import pull_secrets

                yield pull_secrets.needed(release.version, cluster, plan.cluster, kinds)
            for parity in (False, True):
                maker = Objects(release, plan.cluster, kinds, parity=parity)
                for workload in plan.workloads:
                    yield set(maker.render(workload).needs)
