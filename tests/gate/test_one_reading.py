"""What the gate reads is what a cluster gets: every object that some reader finds is judged, or said not to be."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.gate.objects import PUBLIC, WORKSPACE, put

SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: evil, namespace: team}\nstringData: {k: v}\n"
_SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "evil", "namespace": "team"},
    "stringData": {"k": "v"},
}
_KUSTOMIZATION = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- good.yaml\n"


def judged(run: Run, folder: Path, *arguments: str) -> str:
    """What a gate says that must not be green."""
    put(folder, good=WORKSPACE)
    done = run("gate", ".", "--no-checkov", *arguments)
    assert done.returncode in {1, 2}, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "holder",
    [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "team"}, "items": [_SECRET]},
        {"apiVersion": "v1", "kind": "FooList", "metadata": {"name": "a"}, "items": [_SECRET]},
        {"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "List", "metadata": {"name": "x"}, "items": [_SECRET]}]},
        {"apiVersion": "v1", "kind": "SecretList", "items": [{key: _SECRET[key] for key in ("metadata", "stringData")}]},
        {"$schema": "https://x/deploymentTemplate.json", **_SECRET},
    ],
    ids=["config-map", "unknown-list", "list-in-list", "typed-list", "template"],
)  # fmt: skip
@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_held_in_something_else(run: Run, tmp_path: Path, holder: dict[str, object], suffix: str) -> None:
    (tmp_path / f"x.{suffix}").write_text(json.dumps(holder))
    assert "KAITO028" in judged(run, tmp_path)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("x.json", json.dumps(_SECRET).replace("apiVersion", "api\\u0056ersion").encode()),
        ("x.json", b" " * (1 << 20) + json.dumps(_SECRET).encode()),
        ("x.json", SECRET.encode()),
        ("x.json", b"{apiVersion: v1, kind: Secret, metadata: {name: evil, namespace: team}, stringData: {k: v}}"),
        ("x.json", str(_SECRET).encode()),
        ("x.yaml", json.dumps(_SECRET).replace("kind", "k\\u0069nd").encode()),
    ],
    ids=["escaped", "blanks", "block", "flow", "single-quotes", "escaped-in-yaml"],
)
def test_written_otherwise(run: Run, tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    assert "KAITO028" in judged(run, tmp_path)


@pytest.mark.parametrize(
    ("text", "code"),
    [(json.dumps([_SECRET]), 2), ('[{"op": "add", "path": "/a", "value": 1}]', 0), ('[{"kind": "panel"}]', 0)],
    ids=["objects", "patch", "data"],
)
def test_a_list_of_objects_is_no_manifest(run: Run, tmp_path: Path, text: str, code: int) -> None:
    (tmp_path / "x.json").write_text(text)
    put(tmp_path, good=WORKSPACE)
    assert ("is a list of objects" in run("gate", ".", "--no-checkov", code=code).stdout) is (code == 2)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("name", ["x.json", "x.yaml"])
def test_another_encoding_is_said(run: Run, tmp_path: Path, name: str, encoding: str) -> None:
    (tmp_path / name).write_bytes(json.dumps(_SECRET).encode(encoding))
    assert f"{name}:1:1: KAITOPS-FORM CRITICAL:" in judged(run, tmp_path)


def test_a_folder_of_tools_is_looked_at_to_the_end_of_its_files(run: Run, tmp_path: Path) -> None:
    put(tmp_path, good=WORKSPACE)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/x.yaml").write_text("# nothing\n" * 150_000 + json.dumps(_SECRET))
    assert "is passed over, and x.yaml in it may be an object" in run("gate", ".", "--no-checkov", code=2).stdout


_ENCODED = "!!binary YXBpVmVyc2lvbg==: v1\n!!binary a2luZA==: Secret\nmetadata: {name: a, namespace: team}\nstringData: {a: b}\n"


@pytest.mark.parametrize("name", ["node_modules/x.yaml", "x.json", "docker-compose.yml"])
@pytest.mark.parametrize("tag", ["!!binary", "!<tag:yaml.org,2002:binary>", "!!bin%61ry"])
def test_names_in_base64_are_names(run: Run, tmp_path: Path, name: str, tag: str) -> None:
    put(tmp_path, ws=WORKSPACE)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / name).write_text("a: 1\na: 2\n---\n" + _ENCODED.replace("!!binary", tag))
    run("gate", ".", "--no-checkov", code=2)


@pytest.mark.parametrize("text", ['{"a": "really!! wow"}', "a: not so !important\n", "a: 1 != 2\n"])
def test_a_sign_of_astonishment_is_no_tag(run: Run, tmp_path: Path, text: str) -> None:
    put(tmp_path, ws=WORKSPACE)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/x.json").write_text(text)
    run("gate", ".", "--no-checkov", code=0)


@pytest.mark.parametrize("folder", ["node_modules", ".venv", "__pycache__", ".venv-checkov", "a/b/node_modules/c"])
@pytest.mark.parametrize("name", ["x.yaml", "x.yml", "x.json"])
def test_folders_that_are_passed_over(run: Run, tmp_path: Path, folder: str, name: str) -> None:
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / name).write_text(json.dumps(_SECRET).replace("kind", "k\\u0069nd"))
    assert "is passed over" in judged(run, tmp_path)


def test_a_folder_of_tools_without_objects_is_no_matter(run: Run, tmp_path: Path) -> None:
    put(tmp_path, good=WORKSPACE)
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "package.json").write_text('{"name": "x", "kind": "y"}')
    (tmp_path / "tsconfig.json").write_text('// what the compiler reads\n{"a": 1,}')
    (tmp_path / "data.json").write_text("[1, 2]")
    run("gate", ".", "--no-checkov", code=0)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "text",
    [
        "patches: [{patch: x}]\n",
        "patchesJson6902: [{path: x.json}]\n",
        "patchesStrategicMerge: [x.patch]\n",
        "replacements: [{path: x}]\n",
        "generators: [x.yaml]\n",
        "transformers: [x.yaml]\n",
        "components: [../x]\n",
        "bases: [../x]\n",
        "helmCharts: [{name: x}]\n",
        "replicas: [{name: x, count: 2}]\n",
        "openapi: {path: x}\n",
        "crds: [x.yaml]\n",
        "aKeyOfTomorrow: 1\n",
        "---\n" + SECRET,
        "---\n" + _KUSTOMIZATION,
    ],
)
def test_what_kustomize_fails_on_or_would_fetch(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "kustomization.yaml").write_text(_KUSTOMIZATION + text)
    found = judged(run, tmp_path)
    assert "KAITOPS-COVERAGE" in found
    assert "incomplete" in found


@pytest.mark.parametrize(
    "text",
    [
        "commonAnnotations: {a: b}\n",
        "namePrefix: a-\n",
        "nameSuffix: -a\n",
        "labels: [{pairs: {a: b}}]\n",
        "configMapGenerator: [{name: a, literals: [a=b]}]\n",
        "images: [{name: x, newName: other}]\n",
        "vars: []\n",
    ],
)
def test_what_kustomize_changes_is_unjudged_where_nothing_can_build_it(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    (tmp_path / "kustomization.yaml").write_text(_KUSTOMIZATION + text)
    found = judged(run, tmp_path)
    assert "neither kustomize nor kubectl is on the search path" in found
    assert "incomplete" in found


@pytest.mark.parametrize(
    "entry",
    [
        "https://example.com/x.yaml",
        "github.com/owner/repository//folder",
        "git@example.com:owner/repository.git",
        "example.com/owner/repository?ref=main",
        "git::https://example.com/x",
        "../outside.yaml",
        "3",
        "{a: b}",
    ],
)
def test_what_a_kustomization_lists_and_nobody_reads(run: Run, tmp_path: Path, entry: str) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "outside.yaml").write_text(SECRET)
    (tmp_path / "tree" / "kustomization.yaml").write_text(_KUSTOMIZATION + f"- {entry}\n")
    put(tmp_path / "tree", good=WORKSPACE)
    done = run("gate", "tree", "--no-checkov", code=2)
    assert "KAITOPS-COVERAGE" in done.stdout


@pytest.mark.parametrize(
    "name", ["evil.txt", "evil.md", "evil.lock", "evil.toml", "evil.sh", "evil.conf", "evil", "node_modules/x.yaml"]
)
def test_what_a_kustomization_lists_is_read_whatever_its_name(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(SECRET)
    (tmp_path / "kustomization.yaml").write_text(_KUSTOMIZATION + f"- {name}\n")
    found = judged(run, tmp_path).splitlines()
    assert any(line.startswith(f"{name}:") and "KAITO028" in line for line in found)


@pytest.mark.parametrize("name", ["kustomization.yaml", "kustomization.yml", "Kustomization"])
def test_an_object_in_the_place_of_a_kustomization(run: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SECRET)
    found = judged(run, tmp_path)
    assert "KAITO028" in found
    assert "KAITOPS-COVERAGE" in found


def test_a_namespace_of_a_kustomization_takes_the_place_of_the_objects_own(run: Run, tmp_path: Path) -> None:
    put(tmp_path, good=WORKSPACE)
    (tmp_path / "kustomization.yaml").write_text(_KUSTOMIZATION + "namespace: kube-system\n")
    done = run("gate", ".", "--no-checkov", "-o", "json", "--fail-on", "LOW")
    assert "Workspace kube-system/phi" in done.stdout
    assert "Workspace team/phi" not in done.stdout


@pytest.mark.parametrize(
    "text",
    [
        "kaito: 0.12.0\ncluster: a\n---\n" + SECRET,
        SECRET,
        "kaito: 0.12.0\nextra: 1\n",
        "kaito: /etc\n",
        "kaito: ../../evil\n",
        "kaito: 0.12.0\nnodes: 5\n",
        "kaito: 0.12.0\nnodes: [{kind: Node, metadata: {name: 1}}]\n",
        "kaito: 0.12.0\nneeds: 5\n",
        "kaito: 0.12.0\nneeds: [5]\n",
        "kaito: 0.12.0\nsettings: x\n",
        "kaito: 0.12.0\nsettings: {nodeProvisioner: nonsense}\n",
        "kaito: 0.12.0\nsettings: {cloud: ../x}\n",
        "kaito: 0.12.0\nregion: [a]\n",
        "kaito: 0.12.0\ncluster: {a: b}\n",
        "[]\n",
        "a: [\n",
    ],
)
def test_a_context_file_is_exactly_one(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "kaitops-context.yaml").write_text(text)
    assert "kaitops-context.yaml:" in judged(run, tmp_path)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "text",
    [
        "spec:\n  type: ClusterIP\n  <<: {type: LoadBalancer}\n",
        "spec:\n  <<: {type: LoadBalancer}\n  type: ClusterIP\n",
        "spec:\n  <<: {type: LoadBalancer}\n  <<: {type: ClusterIP}\n",
        "spec:\n  <<: [{type: LoadBalancer}, {type: ClusterIP}]\n",
        'spec:\n  "<<": {type: LoadBalancer}\n',
        "spec:\n  sessionAffinity: yes\n",
        "spec:\n  a: 2024-01-01\n",
        "spec:\n  a: 1_000\n",
        "spec:\n  a: .inf\n",
        "spec:\n  a: 1e400\n",
        "spec:\n  a: 0o\n  b: 0X1F\n",
        'spec:\n  a: "\\/"\n',
        "spec: {a}\n",
        "spec:\n  a: 1\n...\nspec: {}\n",
        "spec:\n  a: 1\r---\rb: 1\n",
        "--- {a: 1}\n",
        "%YAML 1.1\n---\na: 1\n",
        "spec:\n  a: >+\n    x\n\n",
        "spec:\n  a: |\n    x",
        f"spec:\n  a: {'9' * 5000}\n",
        "spec:\n  a: 9223372036854775808\n",
    ],
)
def test_what_readers_differ_on_is_refused(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "x.yaml").write_bytes(
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: a, namespace: team}}\n{text}".encode()
    )
    assert "x.yaml:" in judged(run, tmp_path)


@pytest.mark.parametrize(
    "spec",
    [
        "source: {path: a, kustomize: {patches: [{patch: x}]}}",
        "source: {path: a, plugin: {name: x}}",
        "source: {path: a, directory: {jsonnet: {tlas: [{name: a}]}}}",
        "sources: [{path: a}, {path: b, kustomize: {namePrefix: x-}}]",
    ],
)
@pytest.mark.parametrize("kind", ["Application", "ApplicationSet"])
def test_objects_that_change_what_they_deploy(run: Run, tmp_path: Path, kind: str, spec: str) -> None:
    inner = f"{{{spec}}}" if kind == "Application" else f"{{template: {{spec: {{{spec}}}}}}}"
    put(
        tmp_path,
        a=f"apiVersion: argoproj.io/v1alpha1\nkind: {kind}\nmetadata: {{name: a, namespace: argocd}}\nspec: {inner}\n",
    )
    assert "lets Argo CD change" in judged(run, tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("patches", "[{patch: x}]"), ("images", "[{name: x}]"), ("components", "[x]"),
        ("postBuild", "{substitute: {a: x}}"), ("namePrefix", "x"), ("commonMetadata", "{labels: {a: x}}"),
        ("targetNamespace", "x"),
    ],
)  # fmt: skip
def test_flux_that_changes_what_it_deploys(run: Run, tmp_path: Path, key: str, value: str) -> None:
    put(
        tmp_path,
        a="apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: flux-system}\n"
        f"spec: {{path: ./a, {key}: {value}}}\n",
    )
    assert "lets Flux change" in judged(run, tmp_path)


def test_what_argo_cd_evaluates_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.jsonnet").write_text(json.dumps(_SECRET))
    assert "is evaluated by Argo CD" in judged(run, tmp_path)


def test_each_file_is_read_once_whatever_leads_to_it(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a__bad=PUBLIC)
    (tmp_path / "link.yaml").symlink_to("a/bad.yaml")
    (tmp_path / "b").symlink_to("a")
    found = run("gate", ".", "b", "link.yaml", "a/bad.yaml", "--no-checkov", code=1).stdout
    assert found.count("KAITO001") == 1
    assert found.startswith("a/bad.yaml:")


def test_a_link_out_of_the_repository_is_said(run: Run, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / ".git").mkdir(parents=True)
    put(tmp_path, outside=PUBLIC)
    (tmp_path / "folder").mkdir()
    put(tree, good=WORKSPACE)
    (tree / "x.yaml").symlink_to("../outside.yaml")
    (tree / "y").symlink_to("../folder")
    found = run("gate", "tree", "--no-checkov", code=2).stdout
    assert found.count("leads out of the repository") == 2


def test_pairs_of_escapes_in_json_are_text(run: Run, tmp_path: Path) -> None:
    put(tmp_path, good=WORKSPACE)
    (tmp_path / "x.json").write_text(
        '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "team"}, "data": {"a": "\\ud83d\\udca5\\/"}}'
    )
    run("gate", ".", "--no-checkov", code=0)


_LISTED = {"m/ws/kustomization.yaml": "resources: [ws.yaml]\n"}


@pytest.mark.parametrize(
    ("kustomizations", "where"),
    [
        ({"m/kustomization.yaml": "namespace: other\nresources: [ws]\n"}, "other"),
        ({"m/kustomization.yaml": "namespace: other\nresources: []\n"}, "team"),
        ({"m/ws/kustomization.yaml": "namespace: other\nresources: []\n"}, "team"),
        ({"m/ws/kustomization.yaml": "namespace: other\nresources: [./ws.yaml]\n"}, "other"),
        ({"m/z/kustomization.yaml": "resources: [../ws]\n"}, "team"),
        ({"m/z/kustomization.yaml": "namespace: team\nresources: [../ws]\n"}, "team"),
        ({"m/z/kustomization.yaml": "namespace: other\nresources: [../ws]\n"}, "other"),
        ({"m/z/kustomization.yaml": "namespace: other\nresources: [../ws/ws.yaml]\n"}, None),
        (
            {
                "m/kustomization.yaml": "namespace: other\nresources: [ws]\n",
                "m/z/kustomization.yaml": "resources: [../ws]\n",
            },
            None,
        ),
    ],
)
def test_where_kustomizations_place_an_object(
    run: Run, tmp_path: Path, kustomizations: dict[str, str], where: str | None
) -> None:
    """By the row of those that list it; two that place it differently are not judged as one of both."""
    put(tmp_path, m__ws__ws=PUBLIC)
    for name, text in {**_LISTED, **kustomizations}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = run("gate", "m", "--no-checkov", code=2 if where is None else 1)
    assert (f"KAITO001 CRITICAL: Workspace {where}/phi" in done.stdout) is (where is not None)
    assert ("whose objects it puts into" in done.stdout) is (where is None)


@pytest.mark.parametrize(
    "name", ["github.com/own/x", "GitHub.com:own/x", "gh:own/x", "git@host/own/x", "user@host:own/x"]
)
def test_a_folder_with_the_name_of_a_repository_is_not_what_kustomize_takes(
    run: Run, tmp_path: Path, name: str
) -> None:
    put(tmp_path, good=WORKSPACE)
    (tmp_path / name).mkdir(parents=True)
    (tmp_path / name / "kustomization.yaml").write_text("resources: []\n")
    (tmp_path / "kustomization.yaml").write_text(f"resources: ['{name}']\n")
    assert "which is fetched when the folder is built" in run("gate", ".", "--no-checkov", code=2).stdout


@pytest.mark.parametrize(
    "spec",
    [
        "kind: Application\noperation: {sync: {manifests: ['{}']}}\n",
        "kind: Application\nspec: {sourceHydrator: {drySource: {repoURL: 'https://x', path: p, targetRevision: z}}}\n",
        "kind: ApplicationSet\nspec: {template: {spec: {sourceHydrator: {drySource: {repoURL: 'https://x'}}}}}\n",
        "kind: GitRepository\nspec: {url: 'https://x', include: [{repository: {name: x}}]}\n",
        "kind: GitRepository\nspec: {url: 'https://x', ignore: '/*'}\n",
    ],
)
def test_what_is_deployed_instead_of_what_the_object_says(run: Run, tmp_path: Path, spec: str) -> None:
    group = "source.toolkit.fluxcd.io/v1" if "GitRepository" in spec else "argoproj.io/v1alpha1"
    put(tmp_path, app=f"apiVersion: {group}\nmetadata: {{name: a, namespace: argocd}}\n{spec}")
    assert "change or choose objects after they are judged" in run("gate", ".", "--no-checkov", code=2).stdout


_KEPT = {
    "config.kubernetes.io/local-config": ("true", "false"),
    "argocd.argoproj.io/hook": ("PreSync,Skip", "PreSync"),
    "kustomize.toolkit.fluxcd.io/reconcile": ("disabled", "enabled"),
    "kustomize.toolkit.fluxcd.io/ssa": ("Ignore", "IfNotPresent"),
}


@pytest.mark.parametrize("key", _KEPT)
def test_an_object_that_a_tool_leaves_out_is_not_there(run: Run, tmp_path: Path, key: str) -> None:
    for value, code in zip(_KEPT[key], (2, 0), strict=True):
        put(
            tmp_path,
            ws=WORKSPACE.replace("  namespace: team\n", f"  namespace: team\n  annotations: {{{key}: '{value}'}}\n"),
        )
        done = run("gate", ".", "--no-checkov", code=code)
        assert ("leave the object out" in done.stdout) is (code == 2)


_OWNERS = "[{apiVersion: v1, kind: ConfigMap, name: gone, uid: 6d1d1a3c-0000-4000-8000-000000000000}]"


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        (f"ownerReferences: {_OWNERS}", "the cluster deletes the object as soon as it finds no such owner"),
        ("annotations: {kubernetes-fleet.io/envelope-configmap: 'true'}", "has KubeFleet apply the objects"),
        ("ownerReferences: []", ""),
        ("annotations: {kubernetes-fleet.io/envelope-configmap: 'false'}", ""),
    ],
)
def test_what_does_not_stay_what_it_is(run: Run, tmp_path: Path, metadata: str, said: str) -> None:
    put(tmp_path, ws=WORKSPACE.replace("  namespace: team\n", f"  namespace: team\n  {metadata}\n"))
    done = run("gate", ".", "--no-checkov", code=2 if said else 0)
    assert said in done.stdout


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "{}\n", "null\n", "resources:\n", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"]
)  # fmt: skip
def test_a_kustomization_that_says_nothing_fails_and_takes_all_that_lists_it_along(
    run: Run, tmp_path: Path, text: str
) -> None:
    put(tmp_path, ws=WORKSPACE, kustomization="resources: [ws.yaml, more]\n")
    put(tmp_path, more__kustomization=text)
    assert "more/kustomization.yaml:1:1: KAITOPS-FORM CRITICAL" in run("gate", ".", "--no-checkov", code=1).stdout
    put(tmp_path, more__kustomization="resources: []\n")
    run("gate", ".", "--no-checkov", code=0)


@pytest.fixture
def clusters(tmp_path: Path) -> Path:
    """Two clusters of which one is judged less hard, and an object that only that one may have."""
    spot = WORKSPACE.replace("apps: phi\n", "apps: phi\n      karpenter.sh/capacity-type: spot\n")
    put(tmp_path, m__dev__o__ws=spot, m__prod__o__ws=WORKSPACE.replace("name: phi\n", "name: ok\n"))
    for name in ("dev", "prod"):
        put(tmp_path, **{f"m__{name}__kaitops-context": f"kaito: 0.12.0\ncluster: {name}\n"})
        put(tmp_path, **{f"m__{name}__o__kustomization": "resources: [ws.yaml]\n"})
        put(tmp_path, **{f"m__{name}__kustomization": "resources: [o]\n"})
    put(tmp_path, **{"kaitops-policy": "clusters: {dev: dev, prod: prod}\n"})
    return tmp_path


def _gate(run: Run, code: int) -> str:
    return run("gate", "m", "--no-checkov", "--trust-context", code=code).stdout


def test_what_a_cluster_lists_is_judged_as_of_it(run: Run, clusters: Path) -> None:
    _gate(run, 0)
    for entry in ("../dev/o", "../dev/o/ws.yaml", "../../x"):
        (clusters / "x").mkdir(exist_ok=True)
        put(clusters, x__kustomization="resources: []\n", m__prod__kustomization=f"resources: [o, {entry}]\n")
        run("gate", "m", "x", "--no-checkov", "--trust-context", code=2)
    put(clusters, m__prod__kustomization="resources: [o, ../dev/o]\n")
    assert "which is judged as of another cluster, or of none" in _gate(run, 2)
    put(clusters, m__prod__kustomization="resources: [o]\n", m__kustomization="resources: [dev, prod]\n")
    _gate(run, 0)


@pytest.mark.parametrize(("link", "target"), [("prod/o/x.yaml", "../../dev/o/ws.yaml"), ("prod/x", "../dev/o")])
def test_a_link_into_another_cluster_is_not_judged_as_of_that_one(
    run: Run, clusters: Path, link: str, target: str
) -> None:
    (clusters / "m" / link).symlink_to(target)
    assert "is a link to what is judged as of another cluster" in _gate(run, 2)
    (clusters / "m" / link).unlink()
    (clusters / "m/prod/o/x.yaml").symlink_to("ws.yaml")
    _gate(run, 0)


@pytest.mark.parametrize("name", [".argocd-source.yaml", ".argocd-source-app.yaml", ".sourceignore"])
def test_what_steers_a_tool_beside_the_objects(run: Run, tmp_path: Path, name: str) -> None:
    put(tmp_path, good=WORKSPACE)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / name).write_text("kustomize: {namePrefix: a}\n")
    assert "change objects or leave them out after they are judged" in run("gate", ".", "--no-checkov", code=2).stdout


TWO = ("staging", "prod")


@pytest.mark.parametrize(("names", "code"), [(TWO, 0), (("staging",), 1), ((), 1)])
def test_folders_that_are_deployed_each_by_itself(run: Run, tmp_path: Path, names: Sequence[str], code: int) -> None:
    """What two of them declare alike is no one cluster's; where nothing says so, one may overwrite the other."""
    quota = "---\napiVersion: v1\nkind: ResourceQuota\nmetadata: {name: few, namespace: team}\n"
    quota += 'spec: {hard: {requests.nvidia.com/gpu: "1"}}\n'
    for folder in TWO:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "model.yaml").write_text(WORKSPACE + quota)
    for folder in names:
        (tmp_path / folder / "kustomization.yaml").write_text("resources: [model.yaml]\n")
    done = run("gate", str(tmp_path), "--no-checkov", code=code)
    told = [line for line in done.stdout.splitlines() if " CRITICAL: " in line or " HIGH: " in line]
    assert len(told) == (0 if code == 0 else 2), told
    assert all("give each cluster's folder a kustomization" in line for line in told)
