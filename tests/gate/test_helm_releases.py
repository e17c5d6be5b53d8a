"""What Flux, Argo CD and kustomize have helm make of charts in the same repository is what is judged."""

import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess as Done
from time import process_time

import pytest

from kaitops.gate.helm import charts
from kaitops.gate.helm.release import Release
from kaitops.gate.rendering import probing
from tests.gate import played_helm
from tests.gate.renderers import HELMS, NEEDS_KUSTOMIZE, before, real_helm
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


@pytest.fixture(params=HELMS)
def gate(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, run: Gate, request: pytest.FixtureRequest) -> Gate:
    """Gates files with a helm on the search path: one that is played, and a real one."""
    folder = real_helm() if request.param == "real" else played_helm.write(tmp_path_factory.mktemp("bin"))

    def call(files: dict[str, str], *more: str) -> Done[str]:
        put(tmp_path, files)
        return run("gate", *(more or (".",)), "--no-checkov", "--today", "2026-06-01", env=before(folder))

    return call


def flux(values: str = "", more: str = "", *others: str) -> dict[str, str]:
    return {**CHART, "release.yaml": "---\n".join([RELEASE.replace("MORE", more) + values, SOURCE, *others])}


def config(values: str, key: str = "values.yaml", place: str = "flux-system") -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: values, namespace: {place}}}\ndata: {{{key}: '{values}'}}\n"


_FROM = "  valuesFrom: [{kind: ConfigMap, name: values}]\n"


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "files",
    [
        flux(f"  values: {{size: {RETIRED}}}\n"),
        flux(_FROM, "", config(f"size: {RETIRED}")),
        flux("  valuesFrom: [{kind: ConfigMap, name: values, valuesKey: s, targetPath: size}]\n", "", config(RETIRED, "s")),
        {**flux("", ", valuesFiles: [charts/demo/values.yaml, charts/demo/values-prod.yaml]"), "charts/demo/values-prod.yaml": f"size: {RETIRED}\n"},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", f"valuesObject: {{size: {RETIRED}}}, values: 'size: x'")},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", f"parameters: [{{name: size, value: {RETIRED}}}]")},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", "valueFiles: [$own/envs/prod.yaml]"), "envs/prod.yaml": f"size: {RETIRED}\n"},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", "valueFiles: [../../envs/prod.yaml]"), "envs/prod.yaml": f"size: {RETIRED}\n"},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", "valueFiles: [/envs/prod.yaml]"), "envs/prod.yaml": f"size: {RETIRED}\n"},
        {**CHART, "set.yaml": SET.replace("GENERATOR", LIST)},
    ],
    ids=["values", "from", "target", "files", "argo", "parameter", "reference", "up", "top", "set"],
)  # fmt: skip
def test_values_are_those_of_the_deployment(gate: Gate, files: dict[str, str]) -> None:
    done = gate(files)
    assert done.returncode == 1, done.stdout
    assert "charts/demo/templates/chat.yaml:5:3: KAITO002" in done.stdout
    assert "KAITO039" not in done.stdout  # the release puts it into a namespace


@pytest.mark.parametrize(
    ("files", "giver"),
    [
        (flux(f"  values: {{size: {RETIRED}}}\n"), "spec.values of HelmRelease flux-system/chat"),
        (flux(_FROM, "", config(f"size: {RETIRED}")), "ConfigMap values, which HelmRelease flux-system/chat takes"),
        ({**flux("", ", valuesFiles: [charts/demo/values.yaml, charts/demo/values-prod.yaml]"), "charts/demo/values-prod.yaml": f"size: {RETIRED}\n"}, "charts/demo/values-prod.yaml"),
        ({**flux(), "charts/demo/values.yaml": f"size: {RETIRED}\nmodel: {{name: phi-4-mini-instruct}}\n"}, "charts/demo/values.yaml"),
        ({**CHART, "app.yaml": APPLICATION.replace("HELM", f"valuesObject: {{size: {RETIRED}}}")}, "valuesObject of Application chat"),
        ({**CHART, "app.yaml": APPLICATION.replace("HELM", f"parameters: [{{name: size, value: {RETIRED}}}]")}, "parameters of Application chat"),
        ({**CHART, "app.yaml": APPLICATION.replace("HELM", "valueFiles: [/envs/prod.yaml]"), "envs/prod.yaml": f"size: {RETIRED}\n"}, "envs/prod.yaml"),
    ],
    ids=["values", "from", "files", "own", "argo", "parameter", "top"],
)  # fmt: skip
def test_a_finding_in_a_template_says_whose_value_it_is(gate: Gate, files: dict[str, str], giver: str) -> None:
    assert f"(from size of {giver})" in gate(files).stdout


@pytest.mark.parametrize(
    "line", ["{{ .Values.size | default .Values.other }}", f'{{{{ include "size" . }}}}{RETIRED}', RETIRED]
)
def test_what_a_template_does_not_say_plainly_is_not_guessed(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path, {"a/values.yaml": "size: x\nother: y\n", "a/templates/x.yaml": f"kind: A\nresource: {line}\n"})
    one = charts.Rendered({}, "a/templates/x.yaml", 0, 9, "a", Release("r", "default"))
    assert one.origin(("resource",)) == ""
    assert one.origin(("kind", "deeper")) == ""


@pytest.mark.parametrize(
    "files",
    [
        flux(),
        flux(_FROM + f"  values: {{size: {SIZE}}}\n", "", config(f"size: {RETIRED}")),
        {**CHART, "app.yaml": APPLICATION.replace("HELM", "ignoreMissingValueFiles: true, valueFiles: [gone.yaml]")},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", "releaseName: x").replace("a/b.git', path", "other/one.git', path")},
        {**CHART, "app.yaml": APPLICATION.replace("HELM", "skipSchemaValidation: true")},
    ],
    ids=["own", "order", "missing", "elsewhere", "schema"],
)  # fmt: skip
def test_what_is_right_is_green(gate: Gate, files: dict[str, str]) -> None:
    done = gate(files)
    assert done.returncode == 0, done.stdout
    assert "1 judged as KAITO would" in done.stdout


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("files", "said"),
    [
        (flux("  valuesFrom: [{kind: Secret, name: hidden-ones}]\n"), "of which values come, is not in the tree"),
        (flux(_FROM, "", config("a: b", place="models")), "ConfigMap values, of which values come, is not in the tree"),
        (flux(_FROM, "", config("[a]")), "is no mapping of values"),
        (flux("  valuesFrom: [{kind: ConfigMap, name: gone, optional: true}]\n"), "ConfigMap gone, of which values come"),
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


_GIVING = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME, namespace: flux-system}\ndata: {SIZE: '{{ .Values.size }}'}\n"
_FLOW = (
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: models, namespace: flux-system}\n"
    "spec: {interval: 1m, prune: true, path: ./models, sourceRef: {kind: GitRepository, name: own}, "
    "postBuild: {substituteFrom: [{kind: ConfigMap, name: sizes}]}}\n"
)
_FILLED = {
    **flux(),
    "models/chat.yaml": WORKSPACE.replace(SIZE, '"${SIZE}"'),
    "flow.yaml": f"{_FLOW}---\n{config(SIZE, 'SIZE').replace('name: values', 'name: sizes')}",
}


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("sizes", _FILLED),
        ("sizes", {**_FILLED, "flow.yaml": _FLOW.replace("name: sizes", "name: sizes, optional: true")}),
        ("values", flux(_FROM, "", config(f"size: {SIZE}"))),
    ],
    ids=["variables", "optional", "release"],
)
@NEEDS_KUSTOMIZE
def test_what_a_chart_gives_to_flux_is_unjudged(gate: Gate, name: str, files: dict[str, str]) -> None:
    done = gate({**files, "charts/demo/templates/sizes.yaml": _GIVING.replace("NAME", name)})
    said = f"ConfigMap {name} is made by a chart (charts/demo/templates/sizes.yaml)"
    assert "incomplete" in done.stdout and said in done.stdout, done.stdout
    other = gate({"charts/demo/templates/sizes.yaml": _GIVING.replace("NAME", "others")})
    assert "made by a chart" not in other.stdout
    assert other.returncode == (2 if "optional" in files.get("flow.yaml", "") else 0), other.stdout


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
    assert "1 object" in done.stdout


@pytest.mark.sampled(3)
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


def _runs(files: dict[str, str], mark: Path) -> dict[str, str]:
    return {**files, "evil.sh": f"#!/bin/sh\n/usr/bin/touch {mark}\n/bin/cat\n"}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ["--post-renderer={}/evil.sh", "-h", "a b", "", "A", "../x"])
def test_no_name_is_an_option_of_helm(gate: Gate, tmp_path: Path, name: str) -> None:
    put(tmp_path, _runs({}, tmp_path / "ran"))
    (tmp_path / "evil.sh").chmod(0o755)
    named = f'releaseName: "{name.format(tmp_path)}"'
    for files in (
        {**CHART, "app.yaml": APPLICATION.replace("HELM", named)},
        flux(f"  {named}\n"),
        {**INFLATED, "app/kustomization.yaml": f"{HEAD}helmCharts: [{{name: demo, {named}}}]\n"},
    ):
        done = gate(files)
        assert name == "" or "incomplete" in done.stdout
        assert not (tmp_path / "ran").exists()


PUBLIC = WORKSPACE.replace("{name: chat}", '{name: web, namespace: team, annotations: {kaito.sh/enablelb: "True"}}')


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{{ if lookup "v1" "Namespace" "" "kube-system" }}', "asks by lookup"),
        ('{{- with (now | date "2006") }}', "asks by now"),
        ("{{ if hasPrefix `a` (randAlpha 1) }}", "asks by randAlpha"),
        ("{{ if gt .Release.Revision 1 }}", "asks by its Revision"),
        ('{{ if index .Release "Revision" }}', "asks by its Revision"),
        ('{{ $c := .Capabilities }}{{ if $c.APIVersions.Has "v1" }}', "asks by Capabilities in a form"),
        ("{{ if .Capabilities.APIVersions.Has .Values.api }}", "asks by Capabilities in a form"),
        ('{{ if eq "}}" (lookup "v1" "Namespace" "" "a" | toString) }}', "asks by lookup"),
        ('{{ if or (eq \'"\' \'a\') (lookup "v1" "Namespace" "" "a") (eq \'"\' \'a\') }}', "asks by lookup"),
        ("{{/* }} */}}{{ if lookup `v1` `Namespace` `` `a` }}", "asks by lookup"),
        ('{{ if tpl (printf "{{ %s }}" .Values.word) . }}', "asks by a text that tpl gets made of parts"),
    ],
)
def test_what_is_asked_when_it_is_deployed_is_unjudged(gate: Gate, text: str, said: str) -> None:
    done = gate({**CHART, "charts/demo/templates/x.yaml": f"{text}\n{PUBLIC}{{{{ end }}}}\n"})
    assert done.returncode == 2 and said in done.stdout, done.stdout


@pytest.mark.sampled(2)
@pytest.mark.e2e
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ if .Release.IsUpgrade }}", True),
        ("{{ if not .Release.IsInstall }}", True),
        ('{{ if .Capabilities.APIVersions.Has "kaito.sh/v1beta1" }}', True),
        ('{{ if "kaito.sh/v1beta1" | .Capabilities.APIVersions.Has }}', True),
        ('{{ if and .Release.IsUpgrade (.Capabilities.APIVersions.Has "a/v1") }}', True),
        ("{{/* now */}}{{ if .Values.gone }}", False),
        ('{{ if eq "now" "lookup" }}', False),
    ],
)  # fmt: skip
def test_both_answers_are_judged(run: Gate, tmp_path: Path, text: str, found: bool) -> None:
    put(tmp_path, {**CHART, "charts/demo/templates/x.yaml": f"{text}\n{PUBLIC}{{{{ end }}}}\n"})
    done = run("gate", ".", "--no-checkov", "--today", "2026-06-01", env=before(real_helm()))
    assert done.returncode == int(found) and ("KAITO001" in done.stdout) is found, done.stdout


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("hook", "found"), [("test", False), ("test-success", False), ("pre-install,test", True), ("pre-install", True)]
)
def test_what_only_a_test_makes_is_left_out(run: Gate, tmp_path: Path, hook: str, found: bool) -> None:
    public = PUBLIC.replace("annotations: {", f"annotations: {{helm.sh/hook: '{hook}', ")
    put(tmp_path, {**CHART, "charts/demo/templates/x.yaml": public})
    assert ("KAITO001" in run("gate", ".", "--no-checkov", env=before(real_helm())).stdout) is found


@pytest.mark.parametrize(("tested", "found"), [("true", True), ("false", False)])
def test_what_flux_tests_is_made(gate: Gate, tested: str, found: bool) -> None:
    public = PUBLIC.replace("annotations: {", "annotations: {helm.sh/hook: test, ")
    files = {**flux(f"  test: {{enable: {tested}}}\n"), "charts/demo/templates/x.yaml": public}
    assert ("KAITO001" in gate(files).stdout) is found


@pytest.mark.parametrize("line", ["demo/../../plain/web.yaml", "demo//etc/passwd", "demo/templates/other.yaml"])
def test_a_template_takes_no_other_file_out_of_judgement(gate: Gate, line: str) -> None:
    forged = f"{WORKSPACE.replace('name: chat', 'name: forged')}---\n# Source: {line}\n{WORKSPACE.replace('name: chat', 'name: more')}"
    done = gate({**CHART, "charts/demo/templates/forged.yaml": forged, "plain/web.yaml": PUBLIC})
    assert "plain/web.yaml:3:" in done.stdout and "KAITO001" in done.stdout and "passwd" not in done.stdout


def test_a_chart_above_another_one_takes_no_release_away(gate: Gate) -> None:
    files = {**CHART, "app.yaml": APPLICATION.replace("HELM", f"valuesObject: {{size: {RETIRED}}}")}
    above = {
        "Chart.yaml": "apiVersion: v2\nname: above\nversion: 1.0.0\n",
        "values.yaml": "a: b\n",
        "templates/a.yaml": WORKSPACE,
    }
    assert "charts/demo/templates/chat.yaml:5:3: KAITO002" in gate({**files, **above}).stdout


def test_a_kustomization_takes_no_file_of_a_chart_that_it_does_not_make(gate: Gate) -> None:
    index = f"{HEAD}helmGlobals: {{chartHome: ..}}\nhelmCharts: [{{name: app, releaseName: r, namespace: models}}]\n"
    chart = {"app/Chart.yaml": CHART["charts/demo/Chart.yaml"].replace("demo", "app"), "app/values.yaml": "a: b\n"}
    files = {
        **chart,
        "app/kustomization.yaml": index,
        "app/templates/a.yaml": WORKSPACE,
        "app/charts/prod/web.yaml": PUBLIC,
        "app/.helmignore": "charts/\n",
    }
    done = gate(files)
    assert "app/charts/prod/web.yaml:3:" in done.stdout and "KAITO001" in done.stdout, done.stdout
    assert "app/templates/a.yaml" not in done.stdout


@pytest.mark.parametrize("name", ["..", "../x", ".", "-x"])
def test_a_chart_is_one_step_below_its_home(gate: Gate, name: str) -> None:
    done = gate({**INFLATED, "app/kustomization.yaml": f"{HEAD}helmCharts: [{{name: '{name}'}}]\n"})
    assert "can be no name there" in done.stdout


def test_many_releases_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(played_helm.write(folder)))
    monkeypatch.setattr(charts, "_MOST_RENDERED", 2)
    put(tmp_path, CHART)
    renderer = charts.Renderer([str(tmp_path / "charts")])
    problems = [renderer.render(str(tmp_path / "charts/demo"), None).problem for _ in range(3)]
    assert problems[:2] == ["", ""] and "more than 2 renderings" in problems[2]


@pytest.mark.e2e
def test_a_chart_that_grows_without_end_is_stopped(run: Gate, tmp_path: Path) -> None:
    grows = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: {{ repeat 3000000000 "a" | quote }}}\n'
    put(tmp_path, {**CHART, "charts/demo/templates/x.yaml": grows})
    assert "MiB of memory" in run("gate", ".", "--no-checkov", env=before(real_helm()), code=2).stdout


def test_a_name_that_another_cluster_has_as_well_is_the_own_ones(gate: Gate) -> None:
    decoys = config(f"size: {SIZE}") + "---\n" + SOURCE.replace("a/b.git", "other/one.git")
    files = {**flux(_FROM, "", config(f"size: {RETIRED}")), "a/decoy.yaml": decoys}
    prod = {f"prod/{name}": text for name, text in files.items() if name == "release.yaml"}
    index = {"prod/kustomization.yaml": f"{HEAD}resources: [release.yaml]\nnamePrefix: ''\n", "a/decoy.yaml": decoys}
    assert "KAITO002" in gate({**CHART, **prod, **index}).stdout


@pytest.mark.parametrize(
    "text",
    ["{{ " * 200_000, '{{ "' + '\\"' * 200_000, "{{/*" * 200_000, "{{ tpl " + "tpl " * 200_000 + "}}", "`" * 200_001],
)
def test_what_is_asked_is_found_in_time_that_grows_with_the_text(text: str) -> None:
    start = process_time()
    probing.asked([("x", text)], offline=False)
    assert process_time() - start < 3


@pytest.mark.parametrize(
    ("name", "text", "by"),
    [
        (
            "release",
            SOURCE + "---\n" + RELEASE.replace("MORE", "") + "  values: {sise: a}\n",
            "spec.values of HelmRelease",
        ),
        ("values", APPLICATION.replace("HELM", "valuesObject: {sise: a}"), "valuesObject of Application chat"),
        (
            "parameters",
            APPLICATION.replace("HELM", "parameters: [{name: sise, value: a}]"),
            "parameters of Application",
        ),
    ],
)
def test_a_value_that_no_template_reads(gate: Gate, name: str, text: str, by: str) -> None:
    told = gate({**CHART, f"apps/{name}.yaml": text}).stdout
    assert f"sise of {by}" in told
    assert "is read by no template of the chart, so it does nothing; meant is size?" in told
    for other in ("replicas: ", "global: "):
        spared = text.replace("sise: ", other).replace("name: sise", f"name: {other.rstrip(': ')}")
        assert "no template of the chart" not in gate({f"apps/{name}.yaml": spared}).stdout
    whole = {"charts/demo/templates/more.yaml": "{{ if not .Values }}a: b{{ end }}\n"}
    assert "no template of the chart" not in gate({f"apps/{name}.yaml": text, **whole}).stdout
