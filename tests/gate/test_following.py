"""What Argo CD and Flux are told to deploy from: a change brings in no place that nobody judged."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import FLEET, Run
from tests.gate.objects import WORKSPACE, put
from tests.gate.test_base import commit

_SPEC = "project: default, destination: {server: 'https://kubernetes.default.svc', namespace: team}"
APPLICATION = (
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a, namespace: argocd}\n"
    "spec: {SPEC, source: {repoURL: 'https://git.example.com/own.git', targetRevision: main, path: m/a}}\n"
).replace("SPEC", _SPEC)
SOURCE = (
    "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: g, namespace: flux-system}\n"
    "spec: {interval: 1m, url: 'https://git.example.com/own.git', ref: {branch: main}}\n"
)
FOLDER = (
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: g, namespace: flux-system}\n"
    "spec: {interval: 1m, prune: true, path: ./m/a, sourceRef: {kind: GitRepository, name: g}}\n"
)
SET = (
    "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: a, namespace: argocd}\n"
    "spec: {generators: [{git: {repoURL: 'https://git.example.com/own.git', revision: main, files: [{path: x.json}]}}], "
    "template: {metadata: {name: a}, spec: {SPEC, source: {repoURL: 'https://git.example.com/own.git', targetRevision: main, path: m/a}}}}\n"
).replace("SPEC", _SPEC)
RELEASE = (
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r, namespace: flux-system}\n"
    "spec: {interval: 1m, chartRef: {kind: GitRepository, name: g}}\n"
)
BUCKET = (
    "apiVersion: source.toolkit.fluxcd.io/v1\nkind: Bucket\nmetadata: {name: b, namespace: flux-system}\n"
    "spec: {interval: 1m, endpoint: s3.example.com, bucketName: own}\n"
)
FILLED = (
    "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: filled, namespace: argocd}\n"
    "spec: {generators: [{list: {elements: [{folder: m/a}]}}], template: {metadata: {name: 'a-{{folder}}'}, spec: {SPEC, "
    "source: {repoURL: 'https://git.example.com/own.git', targetRevision: main, path: '{{folder}}'}}}}\n"
).replace("SPEC", _SPEC)


def gate(run: Run, *more: str, code: int):
    return run("gate", "m", "--no-checkov", "--base", "HEAD", *more, code=code)


@pytest.fixture
def known(tmp_path: Path) -> Path:
    put(tmp_path, m__ws=WORKSPACE, m__app=APPLICATION, m__source=SOURCE, m__folder=FOLDER, m__set=SET)
    put(tmp_path, m__bucket=BUCKET, m__filled=FILLED, m__release=RELEASE)
    commit(tmp_path)
    return tmp_path


def test_what_the_base_names_was_looked_at(run: Run, known: Path) -> None:
    # Of another Argo CD: two Applications of one may not deploy the same.
    put(known, m__other__app=APPLICATION.replace("name: a,", "name: b,"))
    gate(run, code=0)


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("app", APPLICATION.replace("own.git", "evil.git")),
        ("app", APPLICATION.replace("targetRevision: main", "targetRevision: evil")),
        ("app", APPLICATION.replace("targetRevision: main, ", "")),
        ("app", APPLICATION.replace("path: m/a", "path: evil")),
        ("app", APPLICATION.replace("path: m/a", "path: m/../evil")),
        ("app", APPLICATION.replace("source: {", "sources: [{").replace("}}\n", "}]}\n").replace("own.git", "evil.git")),
        ("source", SOURCE.replace("own.git", "evil.git")),
        ("source", SOURCE.replace("branch: main", "branch: evil")),
        ("source", SOURCE.replace("branch: main", "commit: abc")),
        ("source", SOURCE.replace("GitRepository", "OCIRepository").replace("https://git.example.com/own.git", "oci://r.example.com/x")),
        ("folder", FOLDER.replace("./m/a", "./evil")),
        ("set", SET.replace("revision: main", "revision: evil")),
        ("set", SET.replace("path: m/a", "path: '{{path}}'")),
        ("app", APPLICATION.replace("https://kubernetes.default.svc", "https://prod.example.com")),
        ("app", APPLICATION.replace("server: 'https://kubernetes.default.svc'", "name: prod")),
        ("folder", FOLDER.replace("name: g}}", "name: h}}")),
        ("folder", FOLDER.replace("name: g}}", "name: g, namespace: evil}}")),
        ("folder", FOLDER.replace("sourceRef: {kind: GitRepository", "sourceRef: {kind: Bucket")),
        ("folder", FOLDER.replace("prune: true", "prune: true, kubeConfig: {secretRef: {name: prod}}")),
        ("release", RELEASE.replace("kind: GitRepository", "kind: OCIRepository")),
        ("release", RELEASE.replace("name: g}", "name: g, namespace: evil}")),
        ("release", RELEASE.replace("chartRef: {kind: GitRepository, name: g}", "chart: {spec: {chart: ./x, sourceRef: {kind: GitRepository, name: h}}}")),
        ("bucket", BUCKET.replace("bucketName: own", "bucketName: evil")),
        ("bucket", BUCKET.replace("bucketName: own", "bucketName: own, prefix: evil")),
        ("filled", FILLED.replace("folder: m/a", "folder: evil")),
        ("set", SET.replace("{git: {repoURL: 'https://git.example.com/own.git'", "{matrix: {generators: [{git: {repoURL: 'https://git.example.com/evil.git'").replace("[{path: x.json}]}}]", "[{path: x.json}]}}]}}]")),
        ("filled", FILLED.replace("list: {elements: [{folder: m/a}]}", "plugin: {configMapRef: {name: evil}}")),
    ],
)  # fmt: skip
def test_a_place_that_nobody_judged(run: Run, known: Path, name: str, text: str) -> None:
    put(known, **{f"m__{name}": text})
    done = gate(run, code=2)
    assert "KAITOPS-COVERAGE CRITICAL" in done.stdout
    assert "which neither the base nor gitops in the fleet names, so what " in done.stdout


_NAMES = FILLED.replace("[{folder: m/a}]", "ELEMENTS").replace("'{{folder}}'", "PATH")


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("path", "elements"),
    [
        ("m/{{folder}}", "[{folder: ../evil}]"),
        ("m/{{a}}{{b}}/evil", "[{a: '.', b: '.'}]"),
        ("m/{{a}}{{b}}", "[{a: x/., b: ./../evil}]"),
        ("m/{{a}}../evil", "[{a: ''}]"),
        ("m/.{{a}}./evil", "[{a: ''}]"),
        ("m/{{ printf `%s` `../../evil` }}", "[{a: b}]"),
        ("m/{{ b64dec `Li4vZXZpbA==` }}", "[{a: b}]"),
        ("m/{{ if true }}../evil{{ end }}", "[{a: b}]"),
        ("m/{{a}}", "[{a: '{{ printf `%c%c` 46 46 }}'}]"),
    ],
)
def test_what_is_filled_in_leads_nowhere_else(run: Run, known: Path, path: str, elements: str) -> None:
    put(
        known,
        m__more=_NAMES.replace("ELEMENTS", elements).replace("PATH", f"'{path}'").replace("name: filled", "name: z"),
    )
    assert "as its generators fill it in" in gate(run, code=2).stdout


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("path", "generator"),
    [
        ("m/{{folder}}", "list: {elements: [{folder: a}, {folder: b.c}]}"),
        ("m/{{.folder}}", "list: {elements: [{folder: a}]}"),
        ("m/{{ name }}", "clusters: {}"),
        ("m/{{path.basename}}", "git: {repoURL: 'https://git.example.com/own.git', revision: main, directories: [{path: m/*}]}"),
    ],
)  # fmt: skip
def test_what_is_filled_in_below_what_is_judged_is_known(run: Run, known: Path, path: str, generator: str) -> None:
    text = _NAMES.replace("list: {elements: ELEMENTS}", generator).replace("PATH", f"'{path}'")
    put(known, m__more=text.replace("name: filled", "name: z"))
    gate(run, code=0)


def test_a_source_that_is_judged_is_a_place_that_is_known(run: Run, known: Path) -> None:
    put(known, m__new=SOURCE.replace("name: g,", "name: h,"), m__folder=FOLDER.replace("name: g}}", "name: h}}"))
    gate(run, code=0)


_SHUT = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: shut}\nspec: {podSelector: {}}\n"


def test_what_names_no_namespace_stays_where_argo_cd_put_it(run: Run, known: Path) -> None:
    (known / "m/a").mkdir()
    put(known, m__a__shut=_SHUT)
    commit(known)
    put(known, m__app=APPLICATION.replace("namespace: team}", "namespace: other}"))
    said = gate(run, code=2).stdout
    assert "has it put NetworkPolicy shut, which names no namespace, into other where it was team" in said
    put(known, m__a__shut=_SHUT.replace("{name: shut}", "{name: shut, namespace: team}"))
    commit(known)
    put(known, m__app=APPLICATION.replace("namespace: team}", "namespace: third}"))
    gate(run, code=0)
    put(
        known,
        m__app=APPLICATION,
        m__new=APPLICATION.replace("name: a,", "name: n1,").replace("namespace: team}", "namespace: b}"),
    )
    gate(run, code=0)


def test_a_chart_says_what_it_is(run: Run, known: Path) -> None:
    chart = APPLICATION.replace("path: m/a", "chart: x").replace("own.git", "charts")
    put(known, m__app=chart)
    gate(run, code=0)


def test_a_release_goes_to_no_other_cluster(run: Run, known: Path) -> None:
    release = (
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r, namespace: flux-system}\n"
        "spec: {interval: 1m, chart: {spec: {chart: x, sourceRef: {kind: HelmRepository, name: r}}}}\n"
    )
    put(known, m__release=release)
    gate(run, code=0)
    put(known, m__release=release.replace("1m,", "1m, kubeConfig: {secretRef: {name: prod}},"))
    assert "has it deploy to" in gate(run, code=2).stdout


def test_a_kind_may_be_accepted(run: Run, known: Path) -> None:
    put(known, m__app=APPLICATION.replace("own.git", "other.git"))
    gate(run, "--accept-kind", "argoproj.io/Application", code=0)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("engine", ["argocd", "flux"])
@pytest.mark.parametrize(
    "place", ["repository: 'https://git.example.com/x.git'", "artifact: 'oci://r.example.com/x', revision: '1.0'"]
)
def test_what_a_fleet_declares_is_what_reviewers_read(run: Run, tmp_path: Path, engine: str, place: str) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    run("render", "-q", code=0)
    commit(tmp_path)
    declared = FLEET.replace("gitops: none", f"gitops: {engine}") + f"gitops: {{{place}}}\n"
    (tmp_path / "fleet.yaml").write_text(declared)
    run("render", "-q", code=0)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    run("gate", "manifests", "--no-checkov", "--base", "HEAD", code=0)
    (tmp_path / "fleet.yaml").write_text(declared.replace("/x", "/y"))
    assert "was not judged" in run("gate", "manifests", "--no-checkov", "--base", "HEAD", code=2).stdout


def test_clusters_that_a_fleet_declares(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    run("render", "-q", code=0)
    commit(tmp_path)
    declared = FLEET.replace("gitops: none", "gitops: argocd\n    server: https://dev.example.com")
    (tmp_path / "fleet.yaml").write_text(f"{declared}gitops: {{repository: 'https://git.example.com/x.git'}}\n")
    run("render", "-q", code=0)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    assert any("dev.example.com" in path.read_text() for path in (tmp_path / "manifests").rglob("*.yaml"))
    run("gate", "manifests", "--no-checkov", "--base", "HEAD", code=0)


def test_the_folder_of_another_cluster_is_judged_as_of_that_one(run: Run, tmp_path: Path) -> None:
    own = APPLICATION.replace("path: m/a", "path: m/prod/o")
    put(tmp_path, m__dev__o__ws=WORKSPACE, m__prod__o__ws=WORKSPACE, m__prod__app=own)
    for name in ("dev", "prod"):
        put(tmp_path, **{f"m__{name}__kaitops-context": f"kaito: 0.12.0\ncluster: {name}\n"})
    commit(tmp_path)
    put(tmp_path, m__prod__app=own.replace("path: m/prod/o", "path: m/prod"))
    gate(run, code=0)
    put(tmp_path, m__prod__app=own.replace("path: m/prod/o", "path: m/dev/o"))
    assert "deploy from m/dev/o" in gate(run, code=2).stdout


_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: team}\n"
_FED = SET.replace("path: m/a", "path: '{{folder}}'").replace("x.json", "'gen/*/x.json'")
_LISTED = FILLED.replace("{{folder}}", "{{path}}").replace(
    "list: {elements: [{folder: m/a}]}", "git: {repoURL: 'https://git.example.com/own.git', revision: main, directories: [{path: 'apps/*'}]}"
)  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "file", "code"),
    [
        (_FED, "gen/a/x.json", 2),
        (_FED, "gen/b/x.json", 2),
        (_FED, "gen/a/y.json", 0),
        (_FED, "other/a/x.json", 0),
        (_FED.replace("{{folder}}", "m/a"), "gen/a/x.json", 0),
        (_FED.replace("'gen/*/x.json'", "gen/a/x.json"), "gen/a/x.json", 2),
        (_FED.replace("'gen/*/x.json'", "gen/a/x.json"), "gen/b/x.json", 0),
        (_FED.replace("git: {", "exclude: {a: b}, git: {"), "gen/a/x.json", 2),
        (_LISTED, "apps/two/ws.yaml", 2),
        (_LISTED, "apps/one/ws.yaml", 0),
        (_LISTED, "m/apps/two/ws.yaml", 0),
    ],
)
def test_what_a_generator_takes_from_the_repository_is_the_changes(
    run: Run, tmp_path: Path, text: str, file: str, code: int
) -> None:
    put(tmp_path, m__ws=WORKSPACE, m__app=APPLICATION, m__set=text, apps__one__ws=WORKSPACE)
    for place in ("gen/a/x.json", "gen/a/y.json", "other/a/x.json"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text('{"folder": "m/a"}')
    commit(tmp_path)
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text('{"folder": "evil"}\n' if file.endswith("json") else _MAP)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    assert ("as its generators fill it in" in gate(run, code=code).stdout) is (code == 2)


NOWHERE = "names folder {}, which this repository does not have, so {} deploys nothing; meant is models?"
FLUX_APPS = """\
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: own, namespace: flux-system}
spec: {interval: 1m, url: 'ssh://git@git.example.com/contoso/models.git', ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: models, namespace: flux-system}
spec: {interval: 10m, prune: true, path: PATH, sourceRef: {kind: GitRepository, name: own}}
"""
ARGO_APPS = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: models, namespace: argocd}
spec:
  project: default
  destination: {server: 'https://kubernetes.default.svc', namespace: team}
  source: {repoURL: 'https://git.example.com/contoso/models', path: PATH}
"""


@pytest.mark.parametrize(("text", "tool"), [(FLUX_APPS, "Flux"), (ARGO_APPS, "Argo CD")])
@pytest.mark.parametrize(
    ("path", "remote", "revision", "code"),
    [
        ("./modelz", "https://git.example.com/contoso/models.git", "main", 1),
        ("./models", "https://git.example.com/contoso/models.git", "main", 0),
        ("./modelz", "https://git.example.com/contoso/other.git", "main", 0),
        ("./modelz", "https://git.example.com/contoso/models.git", "v1", 0),
    ],
    ids=["misspelt", "there", "elsewhere", "another state"],
)
def test_a_folder_that_is_not_there(
    run: Run, tmp_path: Path, text: str, tool: str, path: str, remote: str, revision: str, code: int
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", remote], check=True)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "model.yaml").write_text(WORKSPACE)
    told = text.replace("PATH", path).replace("branch: main", f"branch: {revision}")
    (tmp_path / "deploy.yaml").write_text(told.replace("models', path", f"models', targetRevision: {revision}, path"))
    done = run("gate", str(tmp_path), "--no-checkov", code=code)
    assert (NOWHERE.format(path, tool) in done.stdout) == bool(code), done.stdout


SET_OF_APPS = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: models, namespace: argocd}
spec:
  generators: [{list: {elements: [{folder: models}, {folder: FOLDER}]}}]
  template:
    metadata: {name: '{{folder}}'}
    spec:
      project: default
      destination: {server: 'https://kubernetes.default.svc', namespace: team}
      source: {repoURL: 'https://git.example.com/contoso/models', path: '{{folder}}'}
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ARGO_APPS.replace("PATH", "modles"), NOWHERE.format("modles", "Argo CD")),
        (FLUX_APPS.replace("PATH", "./Models"), NOWHERE.format("./Models", "Flux")),
        (ARGO_APPS.replace("PATH", "modles/prod"), NOWHERE.format("modles/prod", "Argo CD")),
        (ARGO_APPS.replace("PATH", "elsewhere"), ""),
        (ARGO_APPS.replace("PATH", "elsewhere/models"), ""),
        (SET_OF_APPS.replace("FOLDER", "others"), ""),
        (SET_OF_APPS.replace("FOLDER", "nowhere"), "names folder nowhere, which this repository does not have"),
        (SET_OF_APPS.replace("FOLDER", "others").replace("'{{folder}}'", "'{{foldre}}'", 1),
         "asks for foldre, which no element of the list has (folder), so Argo CD makes no Application; meant is folder?"),
    ],
)  # fmt: skip
def test_a_folder_that_is_not_there_in_a_tree_without_a_clone(run: Run, tmp_path: Path, text: str, words: str) -> None:
    put(tmp_path, models__ws=WORKSPACE, others__ws=WORKSPACE.replace("name: phi\n", "name: other\n"), deploy=text)
    done = run("gate", str(tmp_path), "--no-checkov", code=1 if words else 0)
    assert words in done.stdout


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (FLUX_APPS, "branch: main", "branch: [main]"),
        (FLUX_APPS, "GitRepository, name: own}}", "GitRepository, name: [own]}}"),
        (FLUX_APPS, "sourceRef: {", "sourceRef: {namespace: {a: b}, "),
        (FLUX_APPS, "path: PATH", f"path: {'a' * 5000}"),
        (ARGO_APPS, "path: PATH", "path: PATH, targetRevision: {main: 1}"),
        (ARGO_APPS, "path: PATH", f"path: {'a' * 5000}"),
    ],
)
def test_what_is_no_name_of_a_folder_breaks_nothing(run: Run, tmp_path: Path, text: str, old: str, new: str) -> None:
    assert old in text
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    remote = "https://git.example.com/contoso/models.git"
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", remote], check=True)
    (tmp_path / "deploy.yaml").write_text(text.replace(old, new))
    done = run("gate", str(tmp_path), "--no-checkov")
    assert done.returncode in (0, 1, 2)
    assert "internal error" not in done.stderr
    assert "not finished" not in done.stderr


def test_what_flux_makes_of_a_folder_is_judged_with_what_lies_beside_its_object(run: Run, tmp_path: Path) -> None:
    """Both go to one cluster: the namespace that it puts the model into refuses its pod."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "model.yaml").write_text(WORKSPACE)
    level = "metadata: {name: held, labels: {pod-security.kubernetes.io/enforce: restricted}}"
    deploy = FLUX_APPS.replace("path: PATH", "path: ./models, targetNamespace: held")
    (tmp_path / "deploy.yaml").write_text(f"{deploy}---\napiVersion: v1\nkind: Namespace\n{level}\n")
    assert "namespace held enforces level restricted" in run("gate", str(tmp_path), "--no-checkov", code=1).stdout
    away = deploy.replace("prune: true", "prune: true, kubeConfig: {secretRef: {name: prod}}")
    (tmp_path / "deploy.yaml").write_text(f"{away}---\napiVersion: v1\nkind: Namespace\n{level}\n")
    run("gate", str(tmp_path), "--no-checkov", code=0)
