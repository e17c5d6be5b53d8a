"""What Flux, Argo CD and kustomize have helm make of charts in the same repository is what is judged."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess as Done

import pytest

from tests.gate import played_helm
from tests.gate.test_overlays import HEAD, RETIRED, WORKSPACE, put

SIZE = "Standard_NC24ads_A100_v4"
CHART = {
    "charts/demo/Chart.yaml": "apiVersion: v2\nname: demo\nversion: 0.1.0\n",
    "charts/demo/values.yaml": f"size: {SIZE}\nmodel: {{name: phi-4-mini-instruct}}\n",
    "charts/demo/templates/chat.yaml": WORKSPACE.replace(SIZE, "{{ .Values.size }}").replace(
        "phi-4-mini-instruct", "{{ .Values.model.name }}"
    ),
}
SOURCE = (
    "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: own, namespace: flux-system}\n"
    "spec: {interval: 1m, url: 'https://git.example.com/a/b.git', ref: {branch: main}}\n"
)
RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: chat, namespace: flux-system}
spec:
  interval: 10m
  targetNamespace: models
  chart: {spec: {chart: ./charts/demo, sourceRef: {kind: GitRepository, name: own}MORE}}
"""
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: chat, namespace: argocd}
spec:
  project: default
  destination: {server: 'https://kubernetes.default.svc', namespace: models}
  sources:
  - {repoURL: 'https://git.example.com/a/b.git', path: charts/demo, helm: {HELM}}
  - {repoURL: 'https://git.example.com/a/b.git', ref: own}
"""
SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: chats, namespace: argocd}
spec:
  generators: [GENERATOR]
  template:
    metadata: {name: 'chat-{{name}}'}
    spec:
      project: default
      destination: {server: 'https://kubernetes.default.svc', namespace: models}
      source: {repoURL: 'https://git.example.com/a/b.git', path: charts/demo, helm: {valuesObject: {size: '{{size}}'}}}
"""
LIST = f"{{list: {{elements: [{{name: a, size: {SIZE}}}, {{name: b, size: {RETIRED}}}]}}}}"
Gate = Callable[..., Done[str]]


@pytest.fixture(params=["played", "real"])
def gate(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, run: Gate, request: pytest.FixtureRequest) -> Gate:
    """Gates files with a helm on the search path: one that is played, and the machine's own where it has one."""
    if request.param == "real":
        helm = shutil.which("helm")
        if helm is None:
            pytest.skip("no helm on the search path")
        folder = Path(helm).parent
    else:
        folder = played_helm.write(tmp_path_factory.mktemp("bin"))

    def call(files: dict[str, str], *more: str) -> Done[str]:
        put(tmp_path, files)
        path = f"{folder}{os.pathsep}{os.environ['PATH']}"
        return run("gate", *(more or (".",)), "--no-checkov", "--today", "2026-06-01", env={"PATH": path})

    return call


def flux(values: str = "", more: str = "", *others: str) -> dict[str, str]:
    return {**CHART, "release.yaml": "---\n".join([RELEASE.replace("MORE", more) + values, SOURCE, *others])}


def config(values: str, key: str = "values.yaml", place: str = "flux-system") -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: values, namespace: {place}}}\ndata: {{{key}: '{values}'}}\n"


_FROM = "  valuesFrom: [{kind: ConfigMap, name: values}]\n"


@pytest.mark.parametrize(
    "files",
    [
        flux(f"  values: {{size: {RETIRED}}}\n"),
        flux(_FROM, "", config(f"size: {RETIRED}")),
        flux("  valuesFrom: [{kind: ConfigMap, name: values, valuesKey: s, targetPath: size}]\n", "", config(RETIRED, "s")),
        flux(f"  valuesFrom: [{{kind: ConfigMap, name: gone, optional: true}}]\n  values: {{size: {RETIRED}}}\n"),
        {**flux("", ", valuesFiles: [charts/demo/values.yaml, charts/demo/values-prod.yaml]"), "charts/demo/values-prod.yaml": f"size: {RETIRED}\n"},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", f"valuesObject: {{size: {RETIRED}}}, values: 'size: x'")},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", f"parameters: [{{name: size, value: {RETIRED}}}]")},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", "valueFiles: [$own/envs/prod.yaml]"), "envs/prod.yaml": f"size: {RETIRED}\n"},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", "valueFiles: [../../envs/prod.yaml]"), "envs/prod.yaml": f"size: {RETIRED}\n"},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", "valueFiles: [/envs/prod.yaml]"), "envs/prod.yaml": f"size: {RETIRED}\n"},
        {**CHART, "set.yaml": SET.replace("GENERATOR", LIST)},
    ],
    ids=["values", "from", "target", "optional", "files", "argo", "parameter", "reference", "up", "top", "set"],
)  # fmt: skip
def test_values_are_those_of_the_deployment(gate: Gate, files: dict[str, str]) -> None:
    done = gate(files)
    assert done.returncode == 1, done.stdout
    assert "charts/demo/templates/chat.yaml:5:3: KAITO002" in done.stdout
    assert "KAITO039" not in done.stdout  # the release puts it into a namespace


@pytest.mark.parametrize(
    "files",
    [
        flux(),
        flux(_FROM + f"  values: {{size: {SIZE}}}\n", "", config(f"size: {RETIRED}")),
        {**CHART, "app.yaml": APPLICATION.replace("HELM", "ignoreMissingValueFiles: true, valueFiles: [gone.yaml]")},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", "releaseName: x").replace("a/b.git', path", "other/one.git', path")},
    ],
    ids=["own", "order", "missing", "elsewhere"],
)  # fmt: skip
def test_what_is_right_is_green(gate: Gate, files: dict[str, str]) -> None:
    done = gate(files)
    assert done.returncode == 0, done.stdout
    assert "1 judged as KAITO would" in done.stdout


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (flux("  valuesFrom: [{kind: Secret, name: hidden-ones}]\n"), "of which values come, is not in the tree"),
        (flux(_FROM, "", config("a: b", place="models")), "ConfigMap values, of which values come, is not in the tree"),
        (flux(_FROM, "", config("[a]")), "is no mapping of values"),
        (flux("  valuesFrom: [{kind: ConfigMap, name: values, targetPath: 'a[0]'}]\n", "", config("a")), "targetPath a[0]"),
        (flux("", ", valuesFiles: [/etc/../../etc/passwd]"), "passwd lies outside"),
        (flux("", ", valuesFiles: [charts/demo/gone.yaml]"), "gone.yaml is not there"),
        ({**flux("", ", valuesFiles: [prod.yaml]"), "prod.yaml": "a: b\n"}, "list it first"),
        (flux("  commonMetadata: {annotations: {a: b}}\n"), "commonMetadata is not followed"),
        ({"release.yaml": RELEASE.replace("MORE", "") + "---\n" + SOURCE, "good.yaml": config("a")}, "no chart lies there"),
        ({**CHART, "app.yaml": APPLICATION.replace("HELM", "fileParameters: [{name: a, path: b}]")}, "fileParameters is not followed"),
        ({**CHART, "app.yaml": APPLICATION.replace("HELM", "valueFiles: ['https://example.com/a.yaml']")}, "is fetched"),
        ({**CHART, "app.yaml": APPLICATION.replace("HELM", "valueFiles: [$other/a.yaml]")}, "of a source that is not this"),
        ({**CHART, "app.yaml": APPLICATION.replace("HELM", "valueFiles: [../../../../etc/passwd]")}, "lies outside"),
        ({**CHART, "set.yaml": SET.replace("GENERATOR", "{clusters: {}}")}, "generators that are not followed"),
        ({**CHART, "set.yaml": SET.replace("GENERATOR", "{clusters: {}}").replace("path: charts/demo", "path: 'charts/{{name}}'")}, "may deploy it"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_unjudged(gate: Gate, files: dict[str, str], said: str) -> None:
    done = gate(files)
    assert "incomplete" in done.stdout and said in done.stdout, done.stdout


def test_a_release_is_looked_at_as_an_overlay_makes_it(gate: Gate) -> None:
    patch = f"patches:\n- target: {{kind: HelmRelease}}\n  patch: |-\n    - {{op: add, path: /spec/values, value: {{size: {RETIRED}}}}}\n"
    files = {
        **{name: text for name, text in flux().items() if name != "release.yaml"},
        "base/release.yaml": flux()["release.yaml"],
        "base/kustomization.yaml": f"{HEAD}resources: [release.yaml]\n",
        "prod/kustomization.yaml": f"{HEAD}resources: [../base]\n{patch}",
    }
    assert "charts/demo/templates/chat.yaml:5:3: KAITO002" in gate(files).stdout


def test_a_chart_beside_what_is_judged_is_rendered(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    files = {**CHART, "clusters/release.yaml": flux(f"  values: {{size: {RETIRED}}}\n")["release.yaml"]}
    assert "KAITO002" in gate(files, "clusters").stdout


INFLATED = {
    **{f"app/{name}": text for name, text in CHART.items()},
    "app/kustomization.yaml": f"{HEAD}helmCharts:\n- {{name: demo, releaseName: r, namespace: models, valuesInline: {{size: {RETIRED}}}}}\n",
}  # fmt: skip


def test_kustomize_takes_charts_of_the_tree(gate: Gate) -> None:
    done = gate(INFLATED)
    assert done.returncode == 1, done.stdout
    assert "app/kustomization.yaml:3:" in done.stdout and "KAITO002" in done.stdout
    assert "1 objects" in done.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("helmCharts: [{name: demo, repo: 'https://charts.example.com', version: 1.0.0}]", "is fetched from https://charts.example.com; vendor it as charts/demo-1.0.0/demo"),
        ("helmCharts: [{name: gone}]", "chart gone is not there; vendor it as charts/gone"),
        ("helmCharts: [{name: demo, additionalValuesFiles: [/etc/passwd]}]", "/etc/passwd is no file of values"),
        ("helmCharts: [{name: demo, valuesFile: ../../../x.yaml}]", "x.yaml is no file of values"),
        ("helmCharts: [{name: demo}]\nhelmGlobals: {configHome: x}", "configHome"),
        ("helmCharts: [{name: demo}]\nhelmGlobals: {chartHome: /}", "is not there"),
        ("helmCharts: [{name: demo}]\ngenerators: [x.yaml]", "generators beside helmCharts"),
        ("helmCharts: [{name: [a]}]", "is no text"),
        ("helmChartInflationGenerator: [{chartName: a}]", "helmChartInflationGenerator"),
    ],
)  # fmt: skip
def test_charts_that_kustomize_would_fetch_are_unjudged(gate: Gate, text: str, said: str) -> None:
    done = gate({**INFLATED, "app/x.yaml": WORKSPACE, "app/kustomization.yaml": f"{HEAD}{text}\n"})
    assert "incomplete" in done.stdout and said in done.stdout, done.stdout


def test_without_helm_a_kustomization_with_charts_is_unjudged(run: Gate, tmp_path: Path) -> None:
    put(tmp_path, INFLATED)
    (tmp_path / "good.yaml").write_text(WORKSPACE)
    kustomize = shutil.which("kustomize") or shutil.which("kubectl") or ""
    folder = tmp_path.parent / "only"
    folder.mkdir()
    (folder / Path(kustomize).name).symlink_to(kustomize)
    done = run("gate", ".", "--no-checkov", env={"PATH": str(folder)}, code=2)
    assert "install helm, or commit what it renders" in done.stdout


def test_a_link_out_of_a_chart_is_not_followed(gate: Gate, tmp_path: Path) -> None:
    secret = tmp_path.parent / "secret.yaml"
    secret.write_text("kind: Hidden\n")
    put(tmp_path, INFLATED)
    (tmp_path / "app/charts/demo/templates/out.yaml").symlink_to(secret)
    done = gate({})
    assert "leads out of the repository" in done.stdout and "Hidden" not in done.stdout
