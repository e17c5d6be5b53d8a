"""Moving versions from one environment to the next: which keys change, on which clusters.

Owns what counts as a version. Sizes of machines do not: a region has its own. Nothing is written here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kaitops.documents.plain import Object, at, dotted, mapping
from kaitops.errors import BadInput
from kaitops.fleet import layers
from kaitops.fleet.reading import Source

Path = tuple[str, ...]
# Keys that hold a version, by the part of a cluster that they are looked for in.
_VERSIONS: Mapping[str, frozenset[str]] = {
    "operator": frozenset({"version", "tag", "digest"}),
    "models": frozenset({"preset", "image"}),
    "tuning": frozenset({"preset", "image"}),
    "rag": frozenset({"model", "image"}),
}
_REVISION: Path = ("revision",)


@dataclass(frozen=True, slots=True)
class Move:
    """One key that changes.

    Attributes:
        path: within ``fleet.yaml``.
        old: None where it was not said.
        new: None where it is not said any more.
    """

    path: Path
    old: str | None
    new: str | None

    def __str__(self) -> str:
        return f"{dotted(self.path)}: {self.old or '(not said)'} -> {self.new or '(not said)'}"


def moves(source: Source, origin: str, target: str) -> list[Move]:
    """What must change for the clusters of an environment to run the versions of another.

    Raises:
        BadInput: there is no such environment, both are one, or its own clusters do not agree.
    """
    if origin == target:
        raise BadInput(
            f"promote {origin} {target}: an environment has its own versions already, so nothing would move; name the "
            "one that is to get them second"
        )
    clusters: Object = source.data["clusters"]
    groups = {name: _members(source, name) for name in (origin, target)}
    wanted: dict[Path, str] = {}
    first = groups[origin][0]
    for name in groups[origin]:
        found = dict(_pins(clusters[name], ()))
        for path in sorted({*found, *dict(_pins(clusters[first], ()))}):
            if found.get(path) != at(clusters[first], *path):
                text = (
                    f"is {found.get(path) or 'not said'} here and {at(clusters[first], *path) or 'not said'} on "
                    f"{first}, so environment {origin} has no one version to move; make its clusters agree"
                )
                raise BadInput(source.at(["clusters", name, *path], text))
        wanted = found
    written: Object = mapping(source.document.data)
    layer = mapping(written.get(layers.KEY)).get(target)
    shared = dict(_pins(layer, ()))
    made: list[Move] = []
    if layer is not None:
        # What the environment says moves there, once for all of its clusters.
        for path in sorted({*shared, *wanted}):
            old, new = shared.get(path), wanted.get(path)
            if old != new and any(_runs(source, name, path) for name in groups[target]):
                made.append(Move((layers.KEY, target, *path), old, new))
    for name in groups[target]:
        own = dict(_pins(mapping(written["clusters"])[name], ()))
        for path in sorted(own if layer is not None else {*own, *wanted}):
            old, new = own.get(path), wanted.get(path)
            if old != new and _runs(source, name, path):
                made.append(Move(("clusters", name, *path), old, new))
    return made


def reached(source: Source, target: str) -> dict[str, str]:
    """The clusters of an environment, each with the revision that it follows; empty where it follows the fleet's."""
    clusters: Object = source.data["clusters"]
    return {name: str(clusters[name].get("revision") or "") for name in _members(source, target)}


def _members(source: Source, environment: str) -> list[str]:
    clusters: Object = source.data["clusters"]
    found = [name for name, declared in clusters.items() if mapping(declared).get("environment") == environment]
    if not found:
        known = sorted({str(each["environment"]) for each in clusters.values() if mapping(each).get("environment")})
        raise BadInput(
            f"{source.file}: no cluster has environment {environment!r}, so there is nothing to promote; known: "
            f"{', '.join(known) or 'none, set clusters.<name>.environment'}"
        )
    return found


def _pins(cluster: object, above: Path) -> Iterator[tuple[Path, str]]:
    if revision := mapping(cluster).get("revision"):
        yield _REVISION, str(revision)
    for part, keys in _VERSIONS.items():
        yield from _below(mapping(cluster).get(part), (part,), keys)


def _below(data: object, path: Path, keys: frozenset[str]) -> Iterator[tuple[Path, str]]:
    for key, value in mapping(data).items():
        if key in keys and isinstance(value, str):
            yield (*path, key), value
        else:
            yield from _below(value, (*path, key), keys)


def _runs(source: Source, cluster: str, path: Path) -> bool:
    """A workload's version matters only where the workload runs."""
    if path[0] not in ("models", "tuning", "rag"):
        return True
    only = at(source.data, path[0], path[1], "clusters")
    return only is None or cluster in only
