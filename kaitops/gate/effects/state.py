"""What a tree leads a cluster to: the one thing that all checks of effects are handed."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from kaitops.documents.ref import namespace_of
from kaitops.gate.objects import Item
from kaitops.kaito.release import Release

if TYPE_CHECKING:
    from kaitops.gate.effects.made import Pod, Service
    from kaitops.kaito.expansion import Expansion

POOLS = ("inference.networking.k8s.io", "inference.networking.x-k8s.io")
"""The groups of pools of a gateway: the one of today, and the first."""
POOL = "-inferencepool"
"""What KAITO calls the pool of a set after its name."""


class State:
    """The objects of a cluster, and the pods and Services that come of them, which are worked out once.

    Attributes:
        items: the objects.
        made: what KAITO's controllers make of an object, by the identity of its data.
        release: of KAITO, as the cluster runs it.
        cloud: whose machines it has.
        settled: whether somebody vouches for an object that the tree needs and does not declare.
        needs: what the tree does not declare, and that nothing speaks against; checks add to it.
    """

    def __init__(
        self,
        items: Sequence[Item],
        made: "Mapping[int, Expansion]",
        release: Release,
        cloud: str,
        settled: Callable[[str], bool],
    ) -> None:
        self.items = items
        self.made = made
        self.release = release
        self.cloud = cloud
        self.settled = settled
        self.needs: set[str] = set()

    @cached_property
    def pods(self) -> "Sequence[Pod]":
        """All pods."""
        from kaitops.gate.effects import made, scaled  # which a plain model does without

        return list(scaled.kept(made.pods(self.items, self.made), self.items))

    @cached_property
    def services(self) -> "Sequence[Service]":
        """All Services."""
        from kaitops.gate.effects import made

        return list(made.services(self.items, self.made))

    @cached_property
    def spaces(self) -> frozenset[str]:
        """The namespaces that the tree declares, or puts something into."""
        declared = {str(one.data["metadata"]["name"]) for one in self.items if one.data["kind"] == "Namespace"}
        return frozenset(declared | {namespace_of(one.data) for one in self.items})

    @cached_property
    def pools_of_pods(self) -> frozenset[tuple[str, str]]:
        """Namespace and name of each InferencePool, declared or made."""
        declared = {
            (namespace_of(one.data), str(one.data["metadata"]["name"]))
            for one in self.items
            if one.data["kind"] == "InferencePool"
        }
        made = {
            (namespace_of(item.data), str(one["metadata"]["name"]))
            for item in self.items
            for one in (self.made[id(item.data)].objects if id(item.data) in self.made else ())
            if one["kind"] == "HelmRelease" and one["metadata"]["name"].endswith(POOL)
        }
        return frozenset(declared | made)

    def service(self, place: tuple[str, str] | None) -> "Service | None":
        """The Service of a namespace and name."""
        return next((one for one in self.services if (one.namespace, one.name) == place), None)
