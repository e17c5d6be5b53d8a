"""The tree for Argo CD: an Application that holds one Application a stage, in waves.

Deleting the first Application deletes the stages in reverse order, each after the next is gone: models before the
controllers that finish their deletion, controllers before the namespaces. Nothing of the controllers, of namespaces and
of weights is deleted because it left the tree. Health rules are ``kaitops.health``'s.
"""

from collections.abc import Mapping, Sequence

from kaitops.documents.plain import MutableObject, ordered
from kaitops.fleet.engines import ENGINES
from kaitops.fleet.kinds.metadata import MANAGED_BY
from kaitops.gitops import checks
from kaitops.gitops.drift import drift
from kaitops.gitops.place import BOOTSTRAP, ENGINE, OPERATOR, PLACEMENT, Place
from kaitops.operator.charts import Chart
from kaitops.tree import layout

API = "argoproj.io/v1alpha1"
_OWN = ENGINES["argocd"]
_FINALIZER = "resources-finalizer.argocd.argoproj.io"
_IN_CLUSTER = "https://kubernetes.default.svc"
# One after the other; weights and workloads together, as a download takes hours.
_WAVES = {layout.NAMESPACES: -2, PLACEMENT: -1, OPERATOR: 0, layout.CONFIGS: 1, layout.WEIGHTS: 2, layout.WORKLOADS: 2}
_BEFORE_ALL = -1
_PRUNED = {ENGINE, PLACEMENT, layout.CONFIGS, layout.WORKLOADS}
_RETRY = {"limit": 10, "backoff": {"duration": "10s", "factor": 2, "maxDuration": "3m"}}


def folders(
    place: Place, version: str, found: Sequence[Chart], spaces: Sequence[str]
) -> dict[str, list[MutableObject]]:
    """See :class:`kaitops.gitops.tree.Maker`."""
    return {
        OPERATOR: operator(place, version, found),
        ENGINE: engine(place),
        BOOTSTRAP: bootstrap(place, found, spaces),
    }


def hub(places: Sequence[Place], version: str) -> list[MutableObject]:
    """Argo CD's health rules, and the clusters that it serves from afar."""
    return [settings(places[0].namespace, checks.argocd(version)), *clusters(places)]


def engine(place: Place) -> list[MutableObject]:
    """The Applications of the stages; none where it is not said where the tree lies."""
    if not place.url:
        return []
    return [_stage(place, stage) for stage in place.stages]


def bootstrap(place: Place, charts: Sequence[Chart], spaces: Sequence[str]) -> list[MutableObject]:
    """What is applied by hand: the project and the Application that holds the others.

    Args:
        spaces: namespaces of the cluster's objects.
    """
    if not place.url:
        return []
    return [_project(place, charts, spaces), _application(place, place.cluster, ENGINE, _tree(place, ENGINE))]


def operator(place: Place, version: str, charts: Sequence[Chart]) -> list[MutableObject]:
    """An Application for each chart, one after the other."""
    return [_chart(place, version, chart, wave) for wave, chart in enumerate(charts)]


def clusters(places: Sequence[Place]) -> list[MutableObject]:
    """The ApplicationSet of a central Argo CD: one entry for each cluster that it reaches by address."""
    hub = [place for place in places if place.server and place.url]
    if not hub:
        return []
    first = hub[0]
    base = first.root.removesuffix(f"/{first.cluster}")
    elements = [{"cluster": place.cluster} for place in sorted(hub, key=lambda place: place.cluster)]
    template = {
        "metadata": {"name": "{{.cluster}}-bootstrap", "labels": dict(MANAGED_BY), "finalizers": [_FINALIZER]},
        "spec": {
            "project": "default",
            "source": {
                **_source(first._replace(revision=first.branch or first.revision)),
                "path": f"{base}/{{{{.cluster}}}}/{BOOTSTRAP}",
            },
            "destination": {"server": _IN_CLUSTER, "namespace": first.namespace},
            "syncPolicy": _policy(prune=False),
        },
    }
    spec = {
        "goTemplate": True,
        "goTemplateOptions": ["missingkey=error"],
        "generators": [{"list": {"elements": elements}}],
        # A cluster that leaves the list keeps what runs on it until somebody deletes its Application.
        "syncPolicy": {"applicationsSync": "create-update", "preserveResourcesOnDeletion": True},
        "template": template,
    }
    return [
        {"apiVersion": API, "kind": "ApplicationSet", "metadata": _metadata(first, "kaitops-clusters"), "spec": spec}
    ]


def settings(namespace: str, customizations: Mapping[str, str]) -> MutableObject:
    """The keys of ``argocd-cm`` that judge health, for server-side apply: keys of others are left alone."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": "argocd-cm",
            "namespace": namespace,
            "labels": {"app.kubernetes.io/name": "argocd-cm", "app.kubernetes.io/part-of": "argocd"},
        },
        "data": dict(sorted(customizations.items())),
    }


def _metadata(place: Place, name: str, wave: int | None = None, *, kept: bool = False) -> MutableObject:
    metadata: MutableObject = {"name": name, "namespace": place.namespace, "labels": dict(MANAGED_BY)}
    annotations = dict([_OWN.keeping]) if kept else {}
    if wave is not None:
        annotations[_OWN.wave] = str(wave)
    if annotations:
        metadata["annotations"] = annotations
    return metadata


def _source(place: Place) -> MutableObject:
    return {"repoURL": place.url, "targetRevision": place.revision}


def _tree(place: Place, folder: str) -> MutableObject:
    return {**_source(place), "path": place.folder(folder)}


def _policy(*, prune: bool, options: Sequence[str] = ()) -> MutableObject:
    return {
        "automated": {"prune": prune, "selfHeal": True},
        "retry": _RETRY,
        "syncOptions": ["ServerSideApply=true", *options],
    }


def _application(
    place: Place,
    name: str,
    stage: str,
    source: MutableObject,
    *,
    wave: int | None = None,
    destination: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
    ignored: Sequence[MutableObject] = (),
) -> MutableObject:
    metadata = _metadata(place, name, wave, kept=stage not in _PRUNED)
    metadata["finalizers"] = [_FINALIZER]
    spec: MutableObject = {
        "project": place.cluster,
        "source": source,
        "destination": dict(destination or {"server": _IN_CLUSTER, "namespace": place.namespace}),
        "syncPolicy": _policy(prune=stage in _PRUNED, options=options),
    }
    if ignored:
        spec["ignoreDifferences"] = list(ignored)
    return {"apiVersion": API, "kind": "Application", "metadata": metadata, "spec": spec}


def _stage(place: Place, stage: str) -> MutableObject:
    name = f"{place.cluster}-{stage}"
    if stage == OPERATOR:
        # Applications again: they belong to Argo CD's own cluster, wherever their charts go.
        return _application(place, name, stage, _tree(place, stage), wave=_WAVES[stage])
    # The definitions come with the operator's charts, so the first dry run of a workload may find none.
    options = ["SkipDryRunOnMissingResource=true"]
    target = {"server": place.server or _IN_CLUSTER}
    return _application(
        place, name, stage, _tree(place, stage), wave=_WAVES[stage], destination=target, options=options
    )


def _chart(place: Place, version: str, chart: Chart, wave: int) -> MutableObject:
    helm: MutableObject = {"releaseName": chart.name, "valuesObject": ordered(dict(chart.values))}
    if chart.skip_crds:
        helm["skipCrds"] = True
    source = {
        "repoURL": chart.repository.removeprefix("oci://"),
        "chart": chart.chart,
        "targetRevision": chart.version,
        "helm": helm,
    }
    rules = drift(version, chart.key)
    ignored: list[MutableObject] = []
    for rule in rules:
        entry: MutableObject = {"group": rule.group} if rule.group else {}
        entry["kind"] = rule.kind
        if rule.name:
            entry["name"] = rule.name
        entry.update({"jqPathExpressions": list(rule.jq)} if rule.jq else {"jsonPointers": list(rule.pointers)})
        ignored.append(entry)
    made = _application(
        place,
        f"{place.cluster}-{chart.name}",
        OPERATOR,
        source,
        wave=wave,
        destination={"server": place.server or _IN_CLUSTER, "namespace": chart.namespace},
        options=["CreateNamespace=true", *(["RespectIgnoreDifferences=true"] if rules else [])],
        ignored=ignored,
    )
    made["spec"]["syncPolicy"]["managedNamespaceMetadata"] = {"labels": chart.namespace_labels}
    return made


def _project(place: Place, charts: Sequence[Chart], spaces: Sequence[str]) -> MutableObject:
    server = place.server or _IN_CLUSTER
    targets = [(_IN_CLUSTER, place.namespace)]
    # The empty one stands for Applications that leave the namespace to their objects, which all name theirs.
    targets += [(server, name) for name in sorted({"", *spaces, *(chart.namespace for chart in charts), "kube-system"})]
    sources = sorted({place.url, *(chart.repository.removeprefix("oci://") for chart in charts)})
    spec = {
        "description": f"What the fleet declares for cluster {place.cluster}.",
        "sourceRepos": sources,
        "destinations": [{"server": address, "namespace": name} for address, name in dict.fromkeys(targets)],
        "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
        "orphanedResources": {"warn": False},
    }
    # Where an Application of a central Argo CD holds both, the project has to outlive the Application that is in it.
    metadata = _metadata(place, place.cluster, _BEFORE_ALL)
    return {"apiVersion": API, "kind": "AppProject", "metadata": metadata, "spec": spec}
