"""Charts that lie in a tree are rendered by helm and judged in place of their templates, or named as unjudged."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess as Done

import pytest

from tests.gate.renderers import HELMS, before, real_helm
from tests.gate.test_overlays import RETIRED, WORKSPACE, put

SIZE = "Standard_NC24ads_A100_v4"
CHART = {
    "demo/Chart.yaml": "apiVersion: v2\nname: demo\nversion: 0.1.0\n",
    "demo/values.yaml": f"size: {SIZE}\nextra: false\n",
    "demo/templates/chat.yaml": WORKSPACE.replace(SIZE, "{{ .Values.size }}").replace(
        "metadata: {name: chat}", "metadata: {name: chat, namespace: {{ .Release.Namespace }}}"
    ),
    "demo/templates/extra.yaml": "{{- if .Values.extra }}\napiVersion: v1\nkind: Nothing\nmetadata: {name: x}\n{{- end }}\n",
}
APP = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: chat, namespace: argocd}}
spec:
  project: default
  source:
    repoURL: https://git.example.com/a/b.git
    path: demo
    helm: {{valuesObject: {{size: {RETIRED}}}}}
  destination: {{server: https://kubernetes.default.svc, namespace: models}}
"""
# As helm writes what it renders: a document for each template, with where it comes from.
FAKE = """\
#!/bin/sh
test -z "$PATH" || exit 3
size=STANDARD
for one in "$@"; do case "$one" in */values-0.json) size=RETIRED;; esac; done
echo "---
# Source: demo/templates/chat.yaml"
exec /bin/sed -e "s/{{ .Values.size }}/$size/" -e 's/{{ .Release.Namespace }}/models/' "$3/templates/chat.yaml"
""".replace("STANDARD", SIZE).replace("RETIRED", RETIRED)
Gate = Callable[..., Done[str]]


@pytest.fixture(params=HELMS)
def gate(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    run: Callable[..., Done[str]],
    request: pytest.FixtureRequest,
) -> Gate:
    """Gates files with a helm on the search path: one that is played, and a real one."""
    if request.param == "real":
        folder = real_helm()
    else:
        folder = tmp_path_factory.mktemp("bin")
        (folder / "helm").write_text(FAKE)
        (folder / "helm").chmod(0o755)

    def call(files: dict[str, str]) -> Done[str]:
        put(tmp_path, files)
        return run("gate", ".", "--no-checkov", "--today", "2026-06-01", env=before(folder))

    return call


def test_a_chart_is_judged_as_rendered(gate: Gate) -> None:
    done = gate(CHART)
    assert done.returncode == 0, done.stdout
    assert "1 object: 1 judged as KAITO would" in done.stdout


def test_values_of_an_application_are_taken_and_findings_stand_in_the_template(gate: Gate) -> None:
    done = gate({**CHART, "app.yaml": APP})
    assert done.returncode == 1, done.stdout
    assert "demo/templates/chat.yaml:5:3: KAITO002" in done.stdout


def test_without_helm_a_chart_is_one_finding(
    run: Callable[..., Done[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, CHART)
    done = run("gate", ".", "--no-checkov", env={"PATH": "/nowhere"}, code=2)
    assert "demo/Chart.yaml:1:1: KAITOPS-COVERAGE CRITICAL" in done.stdout and "install helm" in done.stdout
    assert "1 finding" in done.stdout


def test_a_helm_that_lies_in_the_tree_is_not_run(run: Callable[..., Done[str]], tmp_path: Path) -> None:
    put(tmp_path, {**CHART, "bin/helm": "#!/bin/sh\ntouch ran\n"})
    (tmp_path / "bin/helm").chmod(0o755)
    assert "install helm" in run("gate", ".", "--no-checkov", env={"PATH": str(tmp_path / "bin")}, code=2).stdout
    assert not list(tmp_path.rglob("ran"))


def test_a_chart_file_takes_nothing_else_out_of_judgement(gate: Gate) -> None:
    public = WORKSPACE.replace(
        "metadata: {name: chat}", 'metadata: {name: web, namespace: team, annotations: {kaito.sh/enablelb: "True"}}'
    )
    done = gate(
        {
            **CHART,
            "demo/beside.yaml": public,
            "demo/templates/sub/.keep.txt": "",
            "demo/other/x.yaml": public.replace("web", "webb"),
        }
    )
    assert done.stdout.count("KAITO001") == 2


def test_what_helm_does_not_render_is_unjudged(gate: Gate) -> None:
    done = gate({**CHART, "demo/templates/chat.yaml": '{{ fail "no" }}\nkind: [\n'})
    assert done.returncode == 2 and "demo/Chart.yaml:1:1: KAITOPS-COVERAGE" in done.stdout
