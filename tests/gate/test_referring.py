"""Names by which Flux and Argo CD refer to objects of their own: what misses one of the tree is told, what is elsewhere is not."""

import json
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.gate.mended import Case, edited
from tests.gate.renderers import NEEDS_KUSTOMIZE

_FLUX = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: flux-system}
spec: {interval: 5m, url: "https://github.com/contoso/fleet", ref: {branch: main}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: flux-system}
spec: {interval: 5m, url: "https://charts.contoso.com"}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: keda, namespace: flux-system}
spec: {interval: 5m, url: "oci://contoso.azurecr.io/charts/keda", ref: {tag: 2.17.0}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: operators, namespace: flux-system}
spec: {interval: 5m, prune: false, path: ./operators, sourceRef: {kind: GitRepository, name: fleet}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: models, namespace: flux-system}
spec:
  interval: 5m
  prune: false
  path: ./models
  dependsOn: [{name: operators}]
  sourceRef: {kind: GitRepository, name: fleet}
  healthChecks: [{kind: HelmRelease, name: keda, namespace: keda}]
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: keda, namespace: keda}
spec:
  interval: 5m
  chartRef: {kind: OCIRepository, name: keda, namespace: flux-system}
  valuesFrom: [{kind: ConfigMap, name: keda-values}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: keda-values, namespace: keda}
data: {values.yaml: "{}"}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: gateway, namespace: edge}
spec:
  interval: 5m
  dependsOn: [{name: keda, namespace: keda}]
  chart:
    spec: {chart: gateway, version: 1.2.3, sourceRef: {kind: HelmRepository, name: charts, namespace: flux-system}}
"""
_ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: models, namespace: argocd}
spec:
  sourceRepos: ["https://github.com/contoso/*"]
  destinations: [{server: "https://kubernetes.default.svc", namespace: team-*}]
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: phi, namespace: argocd}
spec:
  project: models
  source: {repoURL: "https://github.com/contoso/fleet.git", path: models, targetRevision: v1.0.0}
  destination: {name: in-cluster, namespace: team-a}
  syncPolicy: {syncOptions: [CreateNamespace=true]}
"""
_TWICE = f"{_ARGO}---\n{_ARGO.partition('---')[2].replace('name: phi,', 'name: other,')}"
_HEALTH = "{kind: HelmRelease, name: keda, namespace: keda}"
_TO_KEDA, _CHARTS = "dependsOn: [{name: keda, namespace: keda}]", "name: charts, namespace: flux-system}}"

CASES: dict[str, Case] = {
    "source by a slip": edited(_FLUX, "path: ./models\n  dependsOn: [{name: operators}]\n  sourceRef: {kind: GitRepository, name: fleeet}",
        "path: ./models\n  dependsOn: [{name: operators}]\n  sourceRef: {kind: GitRepository, name: fleet}", "GitRepository fleeet in namespace flux-system", "meant is fleet?"),
    "source of another kind": edited(_FLUX, "{kind: Bucket, name: fleet}}", "{kind: GitRepository, name: fleet}}", "write kind: GitRepository"),
    "order by a slip": edited(_FLUX, "[{name: operator}]", "[{name: operators}]", "Kustomization operator", "meant is operators?"),
    "order of what waits for itself": edited(_FLUX, "dependsOn: [{name: models}]", "dependsOn: [{name: operators}]", "wait for itself"),
    "order of what waits for each other": edited(
        _FLUX, "path: ./operators, dependsOn: [{name: models}]", "path: ./operators",
        "wait for Kustomization models, which waits for this one, so Flux applies none of them",
    ),
    "order of another namespace": edited(_FLUX, "dependsOn: [{name: keda}]", _TO_KEDA, "it is in keda, so write namespace: keda"),
    "repository of another namespace": edited(_FLUX, "name: charts}}", _CHARTS, "HelmRepository charts in namespace edge", "write namespace: flux-system"),
    "chart of another namespace": edited(_FLUX, "{kind: OCIRepository, name: keda}", "{kind: OCIRepository, name: keda, namespace: flux-system}", "OCIRepository keda in namespace keda"),
    "health of an object by a slip": edited(_FLUX, "{kind: HelmRelease, name: keada, namespace: keda}", _HEALTH, "HelmRelease keada in namespace keda", "meant is keda?"),
    "health of an object of another namespace": edited(_FLUX, "{kind: HelmRelease, name: keda, namespace: flux-system}", _HEALTH, "Flux waits for ever; write namespace: keda"),
    "values by a slip": edited(_FLUX, "ConfigMap, name: keda-value}]", "ConfigMap, name: keda-values}]", "takes values of ConfigMap keda-value,", "meant is keda-values?"),
    "values under another key": edited(_FLUX, 'data: {keda.yaml: "{}"}', 'data: {values.yaml: "{}"}', "which has no such key", "write valuesKey: keda.yaml, or add the key"),
    "chart by a slip": edited(_FLUX, "{kind: OCIRepository, name: kdea,", "{kind: OCIRepository, name: keda,", "meant is keda?"),
    "a cluster by name and address": edited(
        _ARGO, "{name: in-cluster, server: x, namespace", "{name: in-cluster, namespace", "has name and server, of which one may be there"
    ),
    "a pointer that is none": edited(
        _ARGO.rstrip() + "\n  ignoreDifferences: [{kind: InferenceSet, jsonPointers: [/spec/replicas]}]\n",
        "[spec.replicas]", "[/spec/replicas]", "is spec.replicas, which is no JSON pointer", "write /spec/replicas",
    ),
    "option by a slip": edited(_ARGO, "[CreateNamespaces=true]", "[CreateNamespace=true]", "which is no option, so Argo CD passes over it; meant is CreateNamespace?"),
    "option in large letters": edited(_ARGO, "CreateNamespace=True", "CreateNamespace=true", "write CreateNamespace=true"),
    "one folder of two Applications": Case(_TWICE, _TWICE.rpartition("---")[0], ("deploys what Application argocd/phi deploys",)),
    "project by a slip": edited(_ARGO, "project: model\n", "project: models\n", "names AppProject model,", "meant is models?"),
    "project in large letters": edited(_ARGO, "project: Models\n", "project: models\n", "meant is models?"),
    "repository that the project does not permit": edited(_ARGO, "contoso-labs/fleet.git", "contoso/fleet.git", "add it to its sourceRepos"),
    "another form of the address": edited(_ARGO, '"git@github.com:contoso/fleet.git"', '"https://github.com/contoso/fleet.git"', "add it to its sourceRepos"),
    "namespace that the project does not permit": edited(_ARGO, "namespace: prod}\n", "namespace: team-a}\n", "namespace prod, which AppProject models does not permit"),
    "cluster that the project does not permit": edited(_ARGO, 'server: "https://10.0.0.1"', "name: in-cluster", "add it to its destinations"),
    "project that permits nothing": edited(_ARGO, "", '  sourceRepos: ["https://github.com/contoso/*"]\n', "add it to its sourceRepos"),
}  # fmt: skip
FINE: dict[str, str] = {
    "Flux": _FLUX,
    "source elsewhere": _FLUX.replace("{kind: GitRepository, name: fleet}}", "{kind: GitRepository, name: flux-system}}"),
    "health of what a chart makes": _FLUX.replace(_HEALTH, "{apiVersion: apps/v1, kind: Deployment, name: keda-operator, namespace: keda}"),
    "values elsewhere": _FLUX.replace("ConfigMap, name: keda-values}]", "ConfigMap, name: cluster-settings}]"),
    "values that need not be there": _FLUX.replace("ConfigMap, name: keda-values}]", "ConfigMap, name: keda-value, optional: true}]"),
    "order elsewhere": _FLUX.replace("[{name: operators}]", "[{name: cert-manager}]"),
    "source whose namespace is given to it": _FLUX.replace("{name: charts, namespace: flux-system}\n", "{name: charts}\n"),
    "release whose namespace is given to it": _FLUX.replace("{name: gateway, namespace: edge}", "{name: gateway}").replace(_CHARTS, "name: charts}}"),
    "source of an artifact": _FLUX.replace("{kind: GitRepository, name: fleet}}", "{kind: ExternalArtifact, name: fleets}}"),
    "Argo CD": _ARGO,
    "an option of another release": _ARGO.replace("CreateNamespace", "Sometimes"),
    "one folder for two namespaces": _TWICE.replace("team-a", "team-b", 1),
    "one folder in two forms": _TWICE.replace("path: models,", "path: models, kustomize: {namePrefix: a-},", 1),
    "the usual project": _ARGO.replace("project: models\n", "project: default\n"),
    "project elsewhere": _ARGO.replace("project: models\n", "project: platform\n"),
    "everything permitted": _ARGO.replace('"https://github.com/contoso/*"', '"*"').replace("namespace: team-*", 'namespace: "*"'),
    "the same address in another form": _ARGO.replace("https://github.com/contoso/*", "git@github.com:contoso/fleet").replace(
        "https://github.com/contoso/fleet.git", "ssh://git@github.com/Contoso/fleet.git"
    ),
    "a form of patterns that is not read": _ARGO.replace("https://github.com/contoso/*", "https://github.com/{contoso,fabrikam}/*"),
    "cluster by a name": _ARGO.replace("name: in-cluster", "name: prod").replace('server: "https://kubernetes.default.svc"', 'server: "https://10.0.0.1"'),
    "two projects of one name": _ARGO.replace("---\n", "---\napiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: models, namespace: argocd-b}\n---\n", 1).replace(
        "contoso/*", "fabrikam/*"
    ),
}  # fmt: skip
PERMITTED = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: models, namespace: argocd}
spec: {sourceRepos: ["*"], destinations: [{server: "*", namespace: "*"}]BOUNDS}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: phi, namespace: argocd}
spec:
  project: models
  source: {repoURL: "https://github.com/contoso/fleet", path: models, targetRevision: main}
  destination: {server: "https://kubernetes.default.svc", namespace: team}
"""
HELD = """\
apiVersion: v1
kind: Namespace
metadata: {name: team}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: phi, namespace: team}
automountServiceAccountToken: false
"""


def told(run: Run, *words: str) -> list[str]:
    done = run("gate", *words, "--no-checkov", "-o", "json")
    return [f"{one['rule']}: {one['object']}: {one['message']}" for one in json.loads(done.stdout)["findings"]
            if one["rule"] == "KAITOPS-REFERENCE"]  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_name_that_misses_is_told_and_its_remedy_helps(name: str, run: Run, tmp_path: Path) -> None:
    case = CASES[name]
    (tmp_path / "tree.yaml").write_text(case.text, "utf-8")
    found = told(run, "tree.yaml")
    assert len(found) == case.count, found
    assert all(any(words in one for one in found) for words in case.words), found
    (tmp_path / "tree.yaml").write_text(case.mended, "utf-8")
    assert told(run, "tree.yaml") == []


@pytest.mark.parametrize("name", FINE)
def test_what_may_be_elsewhere_is_no_fault(name: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "tree.yaml").write_text(FINE[name], "utf-8")
    assert told(run, "tree.yaml") == []


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ("", ["Namespace team"]),
        (', clusterResourceWhitelist: [{group: "", kind: Namespace}]', []),
        (', clusterResourceWhitelist: [{group: "*", kind: "*"}]', []),
        (', clusterResourceWhitelist: [{group: "*", kind: "*"}], clusterResourceBlacklist: [{group: "", kind: Namespace}]', ["Namespace team"]),
        (', clusterResourceWhitelist: [{group: "", kind: Namespace}], namespaceResourceBlacklist: [{group: "", kind: Service*}]', ["ServiceAccount team/phi"]),
        (', clusterResourceWhitelist: [{group: "", kind: Namespace}], namespaceResourceWhitelist: [{group: kaito.sh, kind: "*"}]', ["ServiceAccount team/phi"]),
        (', clusterResourceWhitelist: [{group: "", kind: Namespace}], namespaceResourceWhitelist: [{group: "", kind: ServiceAccount}]', []),
    ],
)  # fmt: skip
def test_kinds_that_a_project_does_not_permit(bounds: str, found: list[str], run: Run, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text('[remote "origin"]\n\turl = https://github.com/contoso/fleet.git\n')
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "held.yaml").write_text(HELD)
    (tmp_path / "app.yaml").write_text(PERMITTED.replace("BOUNDS", bounds))
    given = told(run, ".")
    assert len(given) == len(found), given
    assert all(name in one and "does not let Application argocd/phi deploy" in one
               for name, one in zip(found, given, strict=True))  # fmt: skip


def test_what_a_whole_tree_does_not_hold(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tree.yaml").write_text(_FLUX.replace("[{name: operators}]", "[{name: cert-manager}]"), "utf-8")
    assert told(run, "tree.yaml") == []
    (said,) = told(run, "tree.yaml", "--complete")
    assert "names Kustomization cert-manager in namespace flux-system, which the tree does not declare" in said
    assert "declare it, or pass --assume-present Kustomization/flux-system/cert-manager" in said
    assert told(run, "tree.yaml", "--complete", "--assume-present", "Kustomization/flux-system/cert-manager") == []


@NEEDS_KUSTOMIZE
@pytest.mark.parametrize(("options", "count"), [("", 1), ("generatorOptions: {disableNameSuffixHash: true}\n", 0)])
def test_values_of_a_generated_configmap(options: str, count: int, run: Run, tmp_path: Path) -> None:
    release = _FLUX.split("---\n")[5].replace("kind: ConfigMap, name: keda-values", "kind: ConfigMap, name: given")
    (tmp_path / "release.yaml").write_text(release, "utf-8")
    generator = "configMapGenerator: [{name: given, namespace: keda, literals: ['values.yaml={}']}]\n"
    (tmp_path / "kustomization.yaml").write_text(f"resources: [release.yaml]\n{generator}{options}", "utf-8")
    found = told(run, ".")
    assert len(found) == count, found
    assert all("write generatorOptions: {disableNameSuffixHash: true} there" in one for one in found)
