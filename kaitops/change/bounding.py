"""What a change takes away from what bounds Argo CD and Flux: rights, signatures, projects, the level of a namespace.

Deletions are not looked at here: what such an object deploys goes with it.

Sources: Argo CD's specification of projects and of Applications; Flux's API of sources, Kustomizations, HelmReleases.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kaitops.documents.applications import SPECS
from kaitops.documents.plain import Object, Path, at, items, mapping
from kaitops.documents.pods import ENFORCED, LEVELS, rank

_Lowered = Iterator[tuple[Path, str]]
_ALLOWING = (
    "sourceRepos",
    "destinations",
    "clusterResourceWhitelist",
    "namespaceResourceWhitelist",
    "sourceNamespaces",
)
# Open from the start, or from the host on.
_OPEN = re.compile(r"(?:[a-z+]+:/*)?[*]")
_REFUSING = ("clusterResourceBlacklist", "namespaceResourceBlacklist", "signatureKeys")
_NAMESPACE = ("syncPolicy", "managedNamespaceMetadata", "labels", ENFORCED)


def _project(base: Object, head: Object) -> _Lowered:
    for key in _ALLOWING:
        before, after = (items(at(one, "spec", key)) for one in (base, head))
        for number, one in enumerate(after):
            if one not in before and any(_OPEN.match(str(value)) for value in _values(one)):
                yield ("spec", key, number), "the project was bound to what it names and is open to what nobody named"
    for key in _REFUSING:
        after = items(at(head, "spec", key))
        if any(one not in after for one in items(at(base, "spec", key))):
            yield ("spec", key), "the project refuses less than it did"


def _values(entry: Any) -> list[Any]:
    return list(mapping(entry).values()) if isinstance(entry, dict) else [entry]


def _application(base: Object, head: Object) -> _Lowered:
    spec = SPECS[str(head.get("kind"))]
    before, after = (str(at(one, *spec, "project") or "default") for one in (base, head))
    if before != "default" and after == "default":
        yield (*spec, "project"), f"it was bound to project {before} and is in default, which bounds nothing at first"
    path = (*spec, *_NAMESPACE)
    level = at(base, *path)
    if level in LEVELS[1:]:
        now = at(head, *path)
        if rank(now) < rank(level):
            yield path, f"pods of its namespace were held to {level} and are held to {now or 'no level'}"


def _source(base: Object, head: Object) -> _Lowered:
    if at(base, "spec", "verify") and not at(head, "spec", "verify"):
        yield ("spec", "verify"), "what is fetched had to be signed and is taken as it comes"


def _account(base: Object, head: Object) -> _Lowered:
    before = at(base, "spec", "serviceAccountName")
    if before and not at(head, "spec", "serviceAccountName"):
        text = f"it was applied with the rights of ServiceAccount {before} and is with those of Flux itself"
        yield ("spec", "serviceAccountName"), text


RULES: Mapping[str, Callable[[Object, Object], _Lowered]] = {
    "argoproj.io/AppProject": _project,
    "argoproj.io/Application": _application,
    "argoproj.io/ApplicationSet": _application,
    "helm.toolkit.fluxcd.io/HelmRelease": _account,
    "kustomize.toolkit.fluxcd.io/Kustomization": _account,
    **{
        f"source.toolkit.fluxcd.io/{kind}": _source
        for kind in ("Bucket", "GitRepository", "HelmChart", "OCIRepository")
    },
}
