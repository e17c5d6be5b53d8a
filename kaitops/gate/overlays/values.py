"""The ConfigMaps that Flux takes values of variables from: as the cluster gets them, of its own cluster."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from kaitops.documents.plain import at, mapping
from kaitops.gate.files.sniffing import cluster_of
from kaitops.gate.overlays.making import Build, Made
from kaitops.gate.overlays.view import Deploying


class Values:
    """The ConfigMaps of a tree.

    Args:
        documents: all of its files.
        builds: what became of its kustomizations; what one made counts in place of what stands in its files.
        placed: the namespace that a kustomization gives to what stands in a file; none where it gives none.
        alone: by real path of a file, the one folder that is deployed by itself and takes it.
        plain: real paths of the files that are judged as they stand as well.
        unlisted: real paths of the files that the kustomization beside them leaves out, so that no cluster gets them.
    """

    def __init__(
        self,
        documents: Iterable[Deploying],
        builds: Iterable[Build],
        placed: Callable[[str], str | None],
        alone: Mapping[str, str],
        plain: Iterable[str] = (),
        unlisted: Iterable[str] = (),
    ) -> None:
        self._home = dict(alone)
        self._placed = placed
        self._maps: dict[str, list[tuple[Deploying, str]]] = {}
        taken: set[str] = set()
        made: list[tuple[Deploying, str]] = []
        for build in builds:
            if build.problem is None:
                folder = os.path.realpath(build.root.folder or ".")
                taken |= build.files
                self._home |= dict.fromkeys(build.files, folder)
                made += ((one, folder) for one in build.made)
        taken = (taken - set(plain)) | set(unlisted)
        for one in documents:
            if mapping(one.data).get("kind") == "ConfigMap" and os.path.realpath(one.file) not in taken:
                self._add(one, self._home_of(one))
        for one, folder in made:
            if mapping(one.data).get("kind") == "ConfigMap":
                self._add(one, folder)

    def _add(self, one: Deploying, home: str) -> None:
        self._maps.setdefault(str(at(one.data, "metadata", "name")), []).append((one, home))

    def _home_of(self, one: Deploying) -> str:
        """What it is deployed with: the folder of a kustomization, else its cluster."""
        real = os.path.realpath(one.file)
        return self._home.get(real) or cluster_of(real)

    def _place(self, one: Deploying) -> Any:
        """The namespace; of what a build made nothing else has a say."""
        given = None if isinstance(one, Made) else self._placed(one.file)
        return given or at(one.data, "metadata", "namespace")

    def of(self, flow: Deploying, name: str) -> Sequence[Deploying]:
        """The ConfigMaps that the name may mean to an object of Flux: more than one where the tree leaves it open."""
        place = self._place(flow)
        found = [pair for pair in self._maps.get(name, ()) if (self._place(pair[0]) or place) == place]
        if _differ(found):
            home = self._home_of(flow)
            found = [pair for pair in found if pair[1] == home] or found
        return [one for one, _ in (found if _differ(found) else found[-1:])]


def _differ(found: Sequence[tuple[Deploying, str]]) -> bool:
    return any(mapping(one.data).get("data") != mapping(found[0][0].data).get("data") for one, _ in found[1:])
