"""The tree for Flux: a Kustomization for each stage, each after the one before, and a HelmRelease for each chart.

Flux deletes what a Kustomization holds all at once, and knows no order between Kustomizations when their owner goes. So
those of namespaces, weights and controllers do not go with it, neither when their folder leaves the tree nor when the
tree is deleted: that takes one command after the other, the controllers last, as they finish the deletion of all else.
Health rules are ``kaitops.health``'s.
"""

from collections.abc import Sequence

from kaitops.documents.plain import MutableObject, ordered
from kaitops.fleet.engines import ENGINES
from kaitops.fleet.kinds.metadata import MANAGED_BY, namespace
from kaitops.gitops import checks
from kaitops.gitops.drift import drift
from kaitops.gitops.place import BOOTSTRAP, ENGINE, OPERATOR, SOURCE, Place, kind_of_revision
from kaitops.kaito import facts
from kaitops.operator.charts import Chart
from kaitops.tree import layout

API = "kustomize.toolkit.fluxcd.io/v1"
_SOURCES = "source.toolkit.fluxcd.io/v1"
_HELM = "helm.toolkit.fluxcd.io/v2"
_SOURCE = "kaitops"
_BRANCH = "kaitops-branch"
# The source that Flux's own bootstrap makes, which is there where the fleet names none.
_BOOTSTRAPPED = "flux-system"
_RETRY = "1m"
_KEPT = {layout.NAMESPACES, OPERATOR, layout.WEIGHTS}
# Without it a stage whose last object leaves the tree would leave too, and take along all that it has kept.
_STAYS = dict([ENGINES["flux"].keeping])
_JUDGED = {
    layout.WEIGHTS: ("ModelMirror",),
    layout.WORKLOADS: ("Workspace", "InferenceSet", "MultiRoleInference", "RAGEngine", "NodePool"),
}


def folders(
    place: Place, version: str, found: Sequence[Chart], spaces: Sequence[str]
) -> dict[str, list[MutableObject]]:
    """See :class:`kaitops.gitops.tree.Maker`; Flux makes no namespaces."""
    return {
        OPERATOR: operator(place, version, found),
        ENGINE: engine(place, version),
        SOURCE: source(place),
        BOOTSTRAP: bootstrap(place),
    }


def hub(places: Sequence[Place], version: str) -> list[MutableObject]:
    """Nothing: each cluster has a Flux of its own."""
    return []


def engine(place: Place, version: str) -> list[MutableObject]:
    """The Kustomizations of the stages."""
    return [_stage(place, version, stage) for stage in place.stages]


def bootstrap(place: Place) -> list[MutableObject]:
    """What is applied by hand: the source, and the Kustomization that holds the others.

    None where it is not said where the tree lies: then Flux's own bootstrap makes both.
    """
    if not place.url:
        return []
    root = _root(place, place.cluster, ENGINE, _source_ref(place))
    if not place.branch:
        return [_source(place), root]
    # The tree at a revision cannot name the one after it, so the branch does, and Flux itself takes it from there.
    branch = _source(place._replace(revision=place.branch))
    branch["metadata"] = _metadata(place, _BRANCH)
    return [branch, _root(place, f"{place.cluster}-{SOURCE}", SOURCE, {"kind": "GitRepository", "name": _BRANCH}), root]


def source(place: Place) -> list[MutableObject]:
    """The revision of the cluster, which Flux applies from the fleet's branch; nothing where bootstrap holds it."""
    return [_source(place)] if place.branch else []


def _root(place: Place, name: str, folder: str, source_ref: MutableObject) -> MutableObject:
    spec = {
        "interval": place.interval,
        "retryInterval": _RETRY,
        "sourceRef": source_ref,
        "path": f"./{place.folder(folder)}",
        "prune": True,
        "deletionPolicy": "WaitForTermination",
    }
    return {"apiVersion": API, "kind": "Kustomization", "metadata": _metadata(place, name), "spec": spec}


def operator(place: Place, version: str, charts: Sequence[Chart]) -> list[MutableObject]:
    """The charts' namespaces and repositories, and a HelmRelease for each, one after the other."""
    spaces = {chart.namespace: namespace(chart.namespace, chart.namespace_labels) for chart in charts}
    repositories = {chart.repository: _repository_name(chart.repository) for chart in charts}
    made = [*spaces.values(), *(_repository(place, url, name) for url, name in sorted(repositories.items()))]
    for number, chart in enumerate(charts):
        before = charts[number - 1].name if number else ""
        made.append(_release(place, version, chart, repositories[chart.repository], before))
    return made


def _metadata(place: Place, name: str) -> MutableObject:
    return {"name": name, "namespace": place.namespace, "labels": dict(MANAGED_BY)}


def _source_ref(place: Place) -> MutableObject:
    if not place.url:
        return {"kind": "GitRepository", "name": _BOOTSTRAPPED}
    return {"kind": "OCIRepository" if place.artifact else "GitRepository", "name": _SOURCE}


def _source(place: Place) -> MutableObject:
    spec: MutableObject = {"interval": place.interval, "url": place.url}
    if place.artifact:
        key = "digest" if place.revision.startswith("sha256:") else "tag"
        spec["ref"] = {key: place.revision}
    else:
        spec["ref"] = {kind_of_revision(place.revision): place.revision}
    if place.secret:
        spec["secretRef"] = {"name": place.secret}
    if place.cosign:
        spec["verify"] = {"provider": "cosign", "secretRef": {"name": place.cosign}}
    kind = _source_ref(place)["kind"]
    return {"apiVersion": _SOURCES, "kind": kind, "metadata": _metadata(place, _SOURCE), "spec": spec}


def _stage(place: Place, version: str, stage: str) -> MutableObject:
    times = facts.load(version, "lifecycle.json")["timeouts"]
    slow = stage in _JUDGED
    spec: MutableObject = {
        "interval": place.interval,
        "retryInterval": _RETRY,
        "timeout": f"{times['large_seconds'] // 60}m" if slow else "15m",
        "sourceRef": _source_ref(place),
        "path": f"./{place.folder(stage)}",
        "prune": stage not in _KEPT,
        "deletionPolicy": "Orphan" if stage == OPERATOR else "WaitForTermination",
        "wait": not (place.hub and slow),
    }
    if before := place.before(stage):
        spec["dependsOn"] = [{"name": f"{place.cluster}-{before}"}]
    if slow and not place.hub:
        spec["healthCheckExprs"] = checks.flux(version, _JUDGED[stage])
    metadata = _metadata(place, f"{place.cluster}-{stage}")
    if stage in _KEPT:
        metadata["annotations"] = dict(_STAYS)
    return {"apiVersion": API, "kind": "Kustomization", "metadata": metadata, "spec": spec}


def _repository_name(url: str) -> str:
    """A name from the address of a repository: its host and path as one DNS label each."""
    path = url.partition("://")[2].strip("/")
    label = "".join(each if each.isalnum() else "-" for each in path.lower())
    return label[-63:].strip("-")


def _repository(place: Place, url: str, name: str) -> MutableObject:
    spec: MutableObject = {"interval": "1h", "url": url}
    if url.startswith("oci://"):
        spec = {"type": "oci", **spec}
    return {"apiVersion": _SOURCES, "kind": "HelmRepository", "metadata": _metadata(place, name), "spec": spec}


def _release(place: Place, version: str, chart: Chart, repository: str, before: str) -> MutableObject:
    # Helm never upgrades what lies in a chart's folder of definitions unless it is told to.
    crds = "Skip" if chart.skip_crds else "CreateReplace"
    spec: MutableObject = {
        "interval": place.interval,
        "timeout": "15m",
        "releaseName": chart.name,
        "targetNamespace": chart.namespace,
        "storageNamespace": chart.namespace,
        "chart": {
            "spec": {
                "chart": chart.chart,
                "version": chart.version,
                "sourceRef": {"kind": "HelmRepository", "name": repository},
            }
        },
        "install": {"crds": crds, "remediation": {"retries": 3}},
        "upgrade": {"crds": crds, "remediation": {"retries": 3}},
        "driftDetection": {"mode": "enabled"},
        "values": ordered(dict(chart.values)),
    }
    if before:
        spec["dependsOn"] = [{"name": before}]
    if rules := drift(version, chart.key):
        spec["driftDetection"]["ignore"] = [
            {
                "paths": list(rule.pointers),
                "target": {"kind": rule.kind, **({"name": rule.name} if rule.name else {})},
            }
            for rule in rules
        ]
    return {"apiVersion": _HELM, "kind": "HelmRelease", "metadata": _metadata(place, chart.name), "spec": spec}
