"""Which cluster each object of a tree belongs to: that of the nearest context file above it, else that of its build."""

import os
from collections.abc import Callable, Iterator

from kaitops.gate.files.sniffing import cluster_of
from kaitops.gate.objects import Group, Item
from kaitops.gate.overlays.graph import Graph, Kustomization


class Groups:
    """The objects of a tree by cluster."""

    def __init__(self) -> None:
        self.by_root: dict[str, Group] = {}
        self._roots: dict[str, str] = {}
        self._beside: list[str] = []
        self._again: dict[str, int] = {}

    def __iter__(self) -> Iterator[Group]:
        return iter(self.by_root.values())

    @property
    def items(self) -> Iterator[Item]:
        """All objects."""
        return (item for group in self for item in group.items)

    def root_of(self, folder: str) -> str:
        """The folder above with a context file; empty where there is none."""
        if folder not in self._roots:
            self._roots[folder] = cluster_of(os.path.join(os.path.realpath(folder), "_"))
        return self._roots[folder]

    def of_file(self, file: str) -> Group:
        """The cluster of what stands in a file."""
        root = "" if file == "-" else self.root_of(os.path.split(file)[0])
        return self.by_root.setdefault(root, Group(root=root))

    def of_build(self, one: Kustomization) -> Group:
        """The cluster that a built kustomization is of; one of its own where no context file says which."""
        root = self.root_of(one.folder)
        if root:
            return self.by_root.setdefault(root, Group(root=root))
        name = os.path.realpath(one.folder or ".")
        if one.deploys:
            # More than one object of Flux may deploy a folder, each to a cluster of its own.
            by = os.path.relpath(os.path.realpath(one.document.file), name)
            name = os.path.join(name, by.replace(os.sep, "|"))
            if one.is_beside:
                self._beside.append(f"built {name}")
            else:
                # A set may have a folder deployed more than once, for each of its clusters.
                number = self._again[name] = self._again.get(name, 0) + 1
                name = name if number == 1 else f"{name}|{number}"
        return self.by_root.setdefault(f"built {name}", Group(overlay=name))

    def settle(self, count: int, graph: Callable[[], Graph]) -> None:
        """Once all is read: take apart what can be no one cluster, and join what goes to the same.

        Args:
            count: how many kustomizations the tree has.
            graph: of them.
        """
        if count > 1 and "" in self.by_root:
            self._separate(graph())
        self._join()

    def _separate(self, graph: Graph) -> None:
        """Tell folders apart, where no context file says which cluster they are of."""
        folders = graph.deployed_files()
        if len(set(folders.values())) > 1:
            from kaitops.gate.reading import separating

            for one in separating.apart(self.by_root[""], folders):
                self.by_root[f"built {one.overlay}"] = one

    def _join(self) -> None:
        """Judge what Flux makes of folders with the objects beside its own, which go to the same cluster.

        Two that make the same object are of two clusters, and nobody says which is the one of the rest.
        """
        own = self.by_root.get("")
        made = [self.by_root[name] for name in dict.fromkeys(self._beside) if name in self.by_root]
        if own is None or not own.items or not made:
            return
        keys = [item.key for group in (own, *made) for item in group.items]
        if len(keys) == len(set(keys)):
            for group in made:
                own.items += group.items
                own.inflating += group.inflating
                group.items.clear()
