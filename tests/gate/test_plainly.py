"""What Argo CD and Flux read file by file is told where it was judged as what a kustomization or a chart makes of it."""

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess as Done

import pytest

from tests.gate import played_helm
from tests.gate.renderers import NEEDS_KUSTOMIZE
from tests.gate.test_overlays import put

pytestmark = NEEDS_KUSTOMIZE
_REST = (
    "apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, subjects: [{kind: ServiceAccount, name: a, namespace: b}],"
    " roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ROLE}}"
)
_CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: models}\ndata: {a: b}\n"
BUILT = {
    "live/raw/a.yaml": _CONFIG,
    "live/kustomization.yaml": "resources: [raw/a.yaml]\npatches:\n- target: {kind: ConfigMap}\n  patch: |-\n    - {op: add, path: /data/c, value: d}\n",
}  # fmt: skip
CHART = {
    "chart/Chart.yaml": "apiVersion: v2\nname: demo\nversion: 0.1.0\n",
    # Of the template as it stands the values make a comment.
    "chart/values.yaml": "a: '\"}}, " + _REST.replace("ROLE", "view") + " #'\n",
    "chart/templates/a.yaml": _CONFIG,
    "chart/templates/hidden.yaml": '{metadata: {name: all, annotations: {a: "{{ .Values.a }}"}}, '
    + _REST.replace("ROLE", "cluster-admin") + "\n",
}  # fmt: skip
_ARGO = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: live, namespace: argocd}
spec:
  project: default
  source: {repoURL: 'https://git.example.com/a/b.git', targetRevision: main, path: PATH}
  destination: {server: 'https://kubernetes.default.svc', namespace: models}
"""
_SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: live, namespace: argocd}
spec:
  generators: [GENERATOR]
  template:
    metadata: {name: 'live-{{name}}'}
    spec:
      project: default
      source: {repoURL: 'https://git.example.com/a/b.git', targetRevision: main, path: '{{name}}', directory: {recurse: true}}
      destination: {server: 'https://kubernetes.default.svc', namespace: models}
"""
_FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: live, namespace: flux-system}
spec: {interval: 1m, prune: true, path: PATH, sourceRef: {kind: GitRepository, name: own}}
"""
_RECURSE = "live, directory: {recurse: true}"
Gate = Callable[[dict[str, str]], Done[str]]


@pytest.fixture
def gate(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, run: Callable[..., Done[str]]) -> Gate:
    helm = played_helm.write(tmp_path_factory.mktemp("bin"))

    def call(files: dict[str, str]) -> Done[str]:
        put(tmp_path, {".git/config": "", **files})
        return run("gate", ".", "--no-checkov", env={"PATH": f"{helm}{os.pathsep}{os.environ['PATH']}"})

    return call


@pytest.mark.parametrize(
    "text",
    [
        _ARGO.replace("PATH", _RECURSE),
        _ARGO.replace("PATH", "., directory: {recurse: true}"),
        _ARGO.replace("PATH", "live/raw"),
        _ARGO.replace("source: {", "sources: [{").replace("PATH}", "live/raw}]"),
        _SET.replace("GENERATOR", "{list: {elements: [{name: live}]}}"),
        _SET.replace("GENERATOR", "{clusters: {}}"),
        _FLUX.replace("PATH", "./live/raw"),
    ],
)
def test_a_file_that_a_kustomization_changes(gate: Gate, text: str) -> None:
    done = gate({**BUILT, "app.yaml": text})
    assert done.returncode == 2, done.stdout
    (said,) = [line for line in done.stdout.splitlines() if "read as it stands" in line]
    assert said.startswith("app.yaml:") and "has live/raw/a.yaml" in said


@pytest.mark.parametrize(
    "text",
    [
        _ARGO.replace("PATH", "live"),
        _ARGO.replace("PATH", "live, directory: {recurse: false}"),
        _ARGO.replace("PATH", _RECURSE).replace("a/b.git", "a/other.git"),
        _SET.replace(", directory: {recurse: true}", "").replace("GENERATOR", "{list: {elements: [{name: live}]}}"),
        _FLUX.replace("PATH", "./live"),
        _FLUX.replace("PATH", "./"),
    ],
)
def test_a_folder_that_is_built(gate: Gate, text: str) -> None:
    own = {".git/config": '[remote "origin"]\n\turl = https://git.example.com/a/b.git\n'}
    done = gate({**BUILT, "app.yaml": text} | own)
    assert "as it stands" not in done.stdout


@pytest.mark.parametrize(
    "text",
    [
        _ARGO.replace("PATH", "chart/templates"),
        _ARGO.replace("PATH", "., directory: {recurse: true}"),
        _FLUX.replace("PATH", "./chart"),
        _FLUX.replace("PATH", "./chart/templates"),
    ],
)
def test_a_file_of_a_chart(gate: Gate, text: str) -> None:
    done = gate({**CHART, "app.yaml": text})
    assert done.returncode == 2 and "has chart/templates/a.yaml read as it stands" in done.stdout, done.stdout


def test_a_chart_that_is_rendered(gate: Gate) -> None:
    done = gate({**CHART, "app.yaml": _ARGO.replace("PATH", "chart")})
    assert done.returncode == 0, done.stdout


def test_a_template_that_a_kustomization_lists_is_judged_as_it_stands(gate: Gate) -> None:
    lists = {"app/kustomization.yaml": "resources: [../chart/templates/hidden.yaml]\n"}
    done = gate({**CHART, **lists})
    assert done.returncode == 1 and "chart/templates/hidden.yaml:1:" in done.stdout, done.stdout
    assert "KAITO049" in done.stdout
    same = {"app/kustomization.yaml": "resources: [../chart/templates/a.yaml]\n"}
    assert gate({**CHART, **same}).returncode == 0


def test_what_a_kustomization_puts_into_a_namespace(gate: Gate) -> None:
    placed = {"live/a.yaml": _CONFIG, "live/kustomization.yaml": "namespace: team\nresources: [a.yaml]\n"}
    assert gate({**placed, "app.yaml": _ARGO.replace("PATH", "live")}).returncode == 0
    assert gate({**placed, "app.yaml": _ARGO.replace("PATH", _RECURSE)}).returncode == 2


_BELOW = {"models/phi/a.yaml": _CONFIG}
_NOTHING = "so it deploys nothing, phi/a.yaml neither; add directory: {recurse: true} to the source"
_KUSTOMIZED = {**_BELOW, "models/phi/kustomization.yaml": "resources: [a.yaml]\n"}
_BESIDE = {**_BELOW, "models/b.yaml": _CONFIG.replace("name: a", "name: b")}


def _applications(*sources: str) -> str:
    return "---\n".join(_ARGO.replace("PATH", one).replace("name: live", f"name: live-{n}") for n, one in enumerate(sources))  # fmt: skip


@pytest.mark.parametrize("files", [_BELOW, _KUSTOMIZED])
def test_an_application_that_reads_no_folders_below_its_own(gate: Gate, files: dict[str, str]) -> None:
    done = gate({**files, "app.yaml": _applications("models")})
    assert (done.returncode, _NOTHING in done.stdout) == (1, True), done.stdout
    for source in ("models, directory: {recurse: true}", "models/phi"):
        done = gate({**files, "app.yaml": _applications(source)})
        assert "reads the files" not in done.stdout


def test_an_application_of_a_folder_of_overlays(gate: Gate) -> None:
    """What they are built of lies elsewhere, and no recursion builds them."""
    base = {"base/a.yaml": _CONFIG, "base/kustomization.yaml": "resources: [a.yaml]\n"}
    over = {
        f"over/{name}/kustomization.yaml": f"namePrefix: {name}-\nresources: [../../base]\n" for name in ("dev", "prod")
    }
    done = gate({**base, **over, "app.yaml": _applications("over")})
    told = "so it deploys nothing, dev/kustomization.yaml neither; name dev below it"
    assert (done.returncode, told in done.stdout) == (1, True), done.stdout
    done = gate({**base, **over, "app.yaml": _applications("over/dev", "over/prod")})
    assert "reads the files" not in done.stdout


@pytest.mark.parametrize(
    ("files", "text", "told"),
    [
        (_BESIDE, _applications("models"), True),
        (_BESIDE, _applications("models, directory: {recurse: false}"), True),
        (_BESIDE, _applications("models", "models/phi"), False),
        (_BESIDE, _applications("models") + "---\n" + _FLUX.replace("PATH", "./models/phi"), False),
        ({**_BESIDE, **_KUSTOMIZED}, _applications("models"), False),
        (_BESIDE, _applications("models") + "---\n" + _SET.replace("GENERATOR", "{clusters: {}}"), False),
        (_BESIDE, _applications("models").replace("targetRevision: main", "targetRevision: v1.0.0"), False),
        (_BELOW, _applications("models", "models/phi"), False),
    ],
)
def test_files_below_those_that_are_deployed(gate: Gate, files: dict[str, str], text: str, *, told: bool) -> None:
    stdout = gate({**files, "app.yaml": text}).stdout
    assert ("KAITOPS-REFERENCE MEDIUM: Application argocd/live-0: names a folder" in stdout) is told, stdout
    assert "it deploys nothing" not in stdout


def test_a_folder_that_helm_is_to_render_and_that_holds_no_chart(gate: Gate) -> None:
    source = "models, helm: {parameters: [{name: a, value: b}]}"
    done = gate({**_BESIDE, "app.yaml": _applications(source)})
    said = "has helm render folder models, which holds no Chart.yaml, so Argo CD deploys nothing; drop helm"
    assert (done.returncode, said in done.stdout) == (1, True), done.stdout
    assert "has helm render" not in gate({**CHART, "app.yaml": _applications(source.replace("models", "chart"))}).stdout
