"""What the values of KAITO's chart say of its controllers is what the objects beside it are judged by."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kaitops.documents import reader
from kaitops.gate.fleets import Fleets
from kaitops.gate.helm.operating import Operating
from kaitops.gate.objects import Group, Item
from kaitops.gate.options import Options
from kaitops.gate.overlays.graph import Kustomization
from kaitops.kaito import facts
from kaitops.kaito.settings import Settings, gates_of
from kaitops.report.findings import Report
from tests.conftest import FLEET, Run
from tests.gate.test_base import commit
from tests.gate.test_installed_version import ROLES
from tests.gate.test_overlays import put

REPOSITORY = "https://kaito-project.github.io/kaito/charts/kaito"
ONE_GATE = "featureGates: {enableMultiRoleInferenceController: true}"
HIDDEN = "valuesFrom: [{kind: Secret, name: hidden}]"


def flux(values: str = "", more: str = "", chart: str = "workspace") -> str:
    return (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"
        "metadata: {name: operator, namespace: flux-system}\n"
        "spec:\n  interval: 10m\n  targetNamespace: kaito-workspace\n"
        f"  chart: {{spec: {{chart: {chart}, version: 0.12.0, sourceRef: {{kind: HelmRepository, name: kaito}}}}}}\n"
        f"  {more}\n  values: {{{values}}}\n"
    )


def argo(helm: str, kind: str = "Application") -> str:
    spec = (
        "{project: default, destination: {server: 'https://kubernetes.default.svc', namespace: kaito-workspace}, "
        f"source: {{repoURL: '{REPOSITORY}', chart: workspace, targetRevision: 0.12.0, helm: {{{helm}}}}}}}"
    )
    if kind == "ApplicationSet":
        generators = "[{list: {elements: [{provisioner: byo}]}}]"
        spec = f"{{generators: {generators}, template: {{metadata: {{name: x}}, spec: {spec}}}}}"
    return f"apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: operator, namespace: argocd}}\nspec: {spec}\n"


def item(text: str, file: str = "m/b.yaml") -> Item:
    (document,) = reader.read_bytes(text.encode(), file)
    return Item(document.data, document, document.data["kind"])


def judged(*texts: str, group: Group | None = None, trusted: bool = False) -> tuple[Group, list[str]]:
    """The cluster of some objects and of one of KAITO's, and what is told of it."""
    group = group or Group()
    group.items += [item(text) for text in (ROLES, *texts)]
    report = Report()
    options = Options(["m"], date(2026, 6, 1), {"cloud": "aws"}, trust_context=trusted)
    Operating(report, options, Fleets()).judge([group], [str(Path.cwd())], None)
    return group, [f"{one.check} {one.line}:{one.column} {one.message}" for one in report.findings]


BYO = [
    flux("nodeProvisioner: byo"),
    flux("", "valuesFrom: [{kind: ConfigMap, name: v}]"),
    flux("", "valuesFrom: [{kind: ConfigMap, name: v, valuesKey: p, targetPath: nodeProvisioner}]"),
    argo("valuesObject: {nodeProvisioner: byo}"),
    argo(r'values: "nodeProvisioner: byo\n"'),
    argo("parameters: [{name: nodeProvisioner, value: byo}]"),
    argo("valuesObject: {nodeProvisioner: karpenter}, parameters: [{name: nodeProvisioner, value: byo}]"),
    argo("valueFiles: [/m/values.yaml]"),
    argo("valuesObject: {nodeProvisioner: '{{provisioner}}'}", "ApplicationSet"),
]
VALUES = (
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: v, namespace: flux-system}\n"
    'data: {values.yaml: "nodeProvisioner: byo", p: byo}\n'
)


@pytest.mark.parametrize("text", BYO)
def test_the_values_count_in_every_form(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {"m/b.yaml": text, "m/values.yaml": "nodeProvisioner: byo\n"})
    monkeypatch.chdir(tmp_path)
    group, told = judged(text, VALUES)
    if "valueFiles" in text:  # a file of the chart, which nobody has here
        assert "[/m/values.yaml]" in text and ("is a file of the chart" in told[0])
        return
    assert told == []
    assert group.settings["nodeProvisioner"] == "byo" and group.settings["releaseNamespace"] == "kaito-workspace"
    assert Settings.from_dict(group.settings, "0.12.0").cloud == "azure"  # the chart's own, not the option's


@pytest.mark.parametrize(
    ("values", "setting", "held"),
    [
        ("cloudProviderName: aws", "cloud", "aws"),
        ("presetRegistryName: mirror.azurecr.io/kaito", "registry", "mirror.azurecr.io/kaito"),
        ("localCSIDriver: {useLocalCSIDriver: false}", "nvmeStorageClass", False),
        ("featureGates: {vLLM: false}", "featureGates", {"vLLM": False}),
        ("defaultNodeImageFamily: azurelinux", "default-node-image-family", "azurelinux"),
        ("defaultModelMirrorStorageClass: blob", "default-model-mirror-storage-class", "blob"),
        ("defaultStreamingServiceAccount: reader", "default-streaming-service-account", "reader"),
        ("modelMirrorDownloadCPU: '6'", "model-mirror-download-cpu", "6"),
        ("modelMirrorDownloadMemory: 16Gi", "model-mirror-download-memory", "16Gi"),
        ("nodeProvisioner: karpenter, karpenterProviders: {azure: {nodeClasses: [{name: a}, {name: b, default: true}]}}",
         "nodeClasses", ["b", "a"]),
        ("nodeProvisioner: karpenter, karpenterProvider: aws, karpenterProviders: {aws: {kind: EC2NodeClass}}",
         "karpenter-node-class-kind", "EC2NodeClass"),
    ],
)  # fmt: skip
def test_each_value_that_changes_what_controllers_do(values: str, setting: str, held: Any) -> None:
    group, told = judged(flux(values))
    assert told == [] and group.settings[setting] == held


def test_every_value_of_the_facts_is_asked_for() -> None:
    known = facts.load("0.12.0", "charts.json")["values"]
    text = json.dumps(known)
    written = Path(__file__).read_text("utf-8")
    names = [*known["workspace"]["settings"], *known["workspace"]["flags"], *known["ragengine"]["image"]["parts"]]
    assert all(name.partition(".")[0] in written for name in names) and "featureGates" in text


def test_the_image_of_retrieval_is_that_of_its_chart() -> None:
    group, told = judged(flux("presetRagRegistryName: m.example.com", chart="kaito-ragengine"))
    assert told == [] and group.settings["ragImage"] == "m.example.com/kaito-rag-service:0.12.0"
    assert group.settings["cloud"] == "aws"  # of the other controllers nobody says anything
    parts = "presetRagImageName: rag, presetRagImageTag: 1.0.0"
    group, _ = judged(flux(ONE_GATE), flux(parts, chart="ragengine"))
    assert group.settings["ragImage"] == "mcr.microsoft.com/aks/kaito/rag:1.0.0"
    assert "cloud" not in group.settings and group.settings["childAdmission"] is True


@pytest.mark.parametrize(
    ("values", "place", "said"),
    [
        ("featureGates: {enableMig: true}", "9:27", "did you mean enableMIG?"),
        ("featureGates: {vLLM: 'false'}", "9:27", "has to be true or false"),
        ("featureGates: {ModelStreaming: true}", "9:27", "set featureGates.ModelMirror: true"),
        ("nodeProvisioner: nap", "9:12", "write one of karpenter, byo, azure-gpu-provisioner"),
        ("cloudProviderName: gcp", "9:12", "write one of azure, aws, arc"),
    ],
)
def test_values_that_the_controllers_do_not_start_with(values: str, place: str, said: str) -> None:
    _, (told,) = judged(flux(values))
    assert told.startswith(f"fit {place} ") and said in told and "nothing of KAITO runs;" in told


@pytest.mark.parametrize("values", ["presetRegistryName: 5", "localCSIDriver: {useLocalCSIDriver: 'no'}"])
def test_a_value_of_another_form_is_not_guessed(values: str) -> None:
    _, (told,) = judged(flux(values))
    assert told.startswith("coverage 9:") and "which a chart reads in its own way" in told


def test_values_that_nobody_knows_are_named() -> None:
    group, (told,) = judged(flux("nodeProvisioner: byo", HIDDEN))
    assert told.startswith("coverage 8:16 Secret hidden, of which values come, is not in the tree")
    assert "cloudProviderName" in told and "nodeProvisioner," not in told  # which stands above it
    assert group.settings["nodeProvisioner"] == "byo" and group.settings["cloud"] == "aws"
    assert judged(flux("nodeProvisioner: byo", HIDDEN), trusted=True)[1] == []


def test_a_secret_of_the_tree_is_read() -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: hidden, namespace: flux-system}\nstringData: {values.yaml: 'nodeProvisioner: byo'}\n"
    group, told = judged(flux("", HIDDEN), secret)
    assert told == [] and group.settings["nodeProvisioner"] == "byo"


@pytest.mark.parametrize("merge", ["", "merge", "replace", "override"])
def test_a_chart_that_a_kustomization_takes(tmp_path: Path, merge: str) -> None:
    own = "name: workspace\nversion: 0.12.0\nhome: https://github.com/kaito-project/kaito\n"
    put(
        tmp_path,
        {
            "charts/workspace/Chart.yaml": own,
            "charts/workspace/values.yaml": "presetRegistryName: own.example.com\nfeatureGates: {vLLM: true}\n",
            "values.yaml": "nodeProvisioner: byo\nfeatureGates: {vLLM: false}\n",
        },
    )
    text = (
        "helmCharts:\n- name: workspace\n  namespace: kaito\n  valuesFile: values.yaml\n"
        f"  valuesInline: {{nodeProvisioner: karpenter}}\n{f'  valuesMerge: {merge}' if merge else ''}\n"
    )
    (document,) = reader.read_bytes(text.encode(), str(tmp_path / "kustomization.yaml"))
    group = Group()
    group.inflating = [Kustomization(document)]
    _, told = judged(group=group)
    assert told == []
    assert group.settings["nodeProvisioner"] == ("byo" if merge == "merge" else "karpenter")
    assert group.settings["featureGates"]["vLLM"] is (merge == "replace")
    assert group.settings["registry"] == "own.example.com" and group.settings["releaseNamespace"] == "kaito"


OCI = (
    "apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: kaito, namespace: flux-system}\n"
    "spec: {interval: 10m, url: 'oci://registry.example.com/kaito/workspace', ref: {tag: 0.12.0}}\n"
)


def test_a_chart_of_a_registry() -> None:
    release = flux("nodeProvisioner: byo").replace(
        "chart: {spec: {chart: workspace, version: 0.12.0, sourceRef: {kind: HelmRepository, name: kaito}}}",
        "chartRef: {kind: OCIRepository, name: kaito}",
    )
    group, told = judged(release, OCI)
    assert told == [] and group.kaito == "0.12.0" and group.settings["nodeProvisioner"] == "byo"


def gate(run: Run, *more: str):
    return run("gate", "m", "--no-checkov", "--today", "2026-06-01", *more)


def test_what_a_gate_switches_off_is_refused(run: Run, tmp_path: Path) -> None:
    for values, code in (("", 1), (ONE_GATE, 0), (f"nodeProvisioner: byo, {ONE_GATE}", 1)):
        put(tmp_path, {"m/a.yaml": ROLES, "m/b.yaml": flux(values)})
        assert gate(run).returncode == code, values
    assert "instanceType must be empty when nodeProvisioner is byo" in gate(run).stdout


def test_a_release_governs_the_trees_that_have_none(run: Run, tmp_path: Path) -> None:
    files = {
        "m/apps/a.yaml": ROLES,
        "m/apps/kustomization.yaml": "resources: [a.yaml]\nlabels: [{pairs: {a: b}}]\n",
        "m/infra/b.yaml": flux(f"nodeProvisioner: byo, {ONE_GATE}"),
    }
    put(tmp_path, files)
    done = gate(run)
    assert done.returncode == 1 and "instanceType must be empty when nodeProvisioner is byo" in done.stdout
    put(tmp_path, {"m/infra/c.yaml": flux(ONE_GATE).replace("name: operator", "name: second")})
    done = gate(run)
    assert done.returncode == 2 and "their values differ, so which of them count is not known" in done.stdout


def test_a_change_does_not_choose_the_settings(run: Run, tmp_path: Path) -> None:
    put(tmp_path, {"m/a.yaml": ROLES, "m/b.yaml": flux(ONE_GATE)})
    commit(tmp_path)
    assert "what the base does not" not in gate(run, "--base", "HEAD").stdout
    put(tmp_path, {"m/b.yaml": flux(f"presetRegistryName: evil.example.com, {ONE_GATE}")})
    done = gate(run, "--base", "HEAD")
    assert done.returncode == 2 and "say of KAITO's controllers what the base does not" in done.stdout
    assert "what the base does not" not in gate(run, "--base", "HEAD", "--trust-context").stdout


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("nodeProvisioner: karpenter", "nodeProvisioner: byo", "nodeProvisioner byo and not karpenter"),
        ("cloudProviderName: azure", "cloudProviderName: aws", "cloud aws and not azure"),
        ("clusterName:", "presetRegistryName: other.example.com\n    clusterName:", "registry other.example.com and"),
    ],
)
def test_a_release_that_says_otherwise_than_its_fleet(run: Run, tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET.replace("gitops: none", "gitops: flux"))
    run("render", code=0)
    release = next(tmp_path.glob("manifests/clusters/prod-weu/**/helmrelease-kaito-workspace.yaml"))
    assert "installs KAITO" not in run("gate", "manifests", "--no-checkov").stdout
    text = release.read_text()
    assert old in text
    release.write_text(text.replace(old, new))
    done = run("gate", "manifests", "--no-checkov", code=1)
    line = next(n for n, row in enumerate(release.read_text().splitlines(), 1) if new.split(":")[0] in row)
    assert f"{release.relative_to(tmp_path)}:{line}:" in done.stdout
    assert f"KAITOPS-DRIFT HIGH: HelmRelease flux-system/kaito-workspace: installs KAITO with {said}" in done.stdout


def test_a_fleet_beside_a_tree_that_it_does_not_render(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    put(tmp_path, {"m/a.yaml": ROLES, "m/b.yaml": flux(f"nodeProvisioner: byo, {ONE_GATE}")})
    done = gate(run)
    assert "installs KAITO with nodeProvisioner byo and not karpenter, as fleet.yaml says of cluster" in done.stdout
    put(tmp_path, {"fleet.yaml": "defaultNamespace: a file of another program\n"})
    assert "fleet.yaml" not in gate(run).stdout


def test_gates_follow_the_facts() -> None:
    text = ", ".join(f"{gate}: {str(not held).lower()}" for gate, held in gates_of("0.12.0").items())
    group, told = judged(flux(f"featureGates: {{{text}}}"))
    assert told == []
    wanted = {gate: not held for gate, held in gates_of("0.12.0").items()}
    assert group.settings["featureGates"] == wanted
