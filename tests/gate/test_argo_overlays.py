"""What Argo CD makes of a folder with fields of kustomize's is built and judged, for Applications and sets of them."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess as Done

import pytest
import yaml

from tests.gate.renderers import NEEDS_KUSTOMIZE
from tests.gate.test_overlays import BASE, HEAD, RETIRED, put

pytestmark = NEEDS_KUSTOMIZE
URL = "https://git.example.com/team/models.git"
PATCH = f"- op: replace\n  path: /resource/instanceType\n  value: {RETIRED}\n"
Gate = Callable[..., Done[str]]


def application(kustomize: object, path: str = "base", url: str = URL, **more: object) -> str:
    spec = {
        "project": "default",
        "source": {"repoURL": url, "path": path, "targetRevision": "main", "kustomize": kustomize},
        "destination": {"server": "https://kubernetes.default.svc", "namespace": "models"},
        **more,
    }
    return yaml.safe_dump(
        {
            "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
            "metadata": {"name": "chat", "namespace": "argocd"}, "spec": spec,
        }
    )  # fmt: skip


def a_set(generators: list[object], path: str, kustomize: object) -> str:
    one = yaml.safe_load(application(kustomize, path))
    return yaml.safe_dump(
        {
            "apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet",
            "metadata": {"name": "chat", "namespace": "argocd"},
            "spec": {
                "generators": generators,
                "template": {"metadata": {"name": "chat"}, "spec": one["spec"]},
            },
        }
    )  # fmt: skip


@pytest.fixture
def gate(tmp_path: Path, run: Callable[..., Done[str]]) -> Gate:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text('[remote "origin"]\n\turl = git@git.example.com:team/models.git\n')

    def call(app: str, **files: str) -> Done[str]:
        put(tmp_path, {**BASE, "app.yaml": app, **files})
        return run("gate", ".", "--no-checkov", "--today", "2026-06-01")

    return call


def test_a_patch_of_an_application_is_judged_where_it_stands(gate: Gate) -> None:
    done = gate(application({"patches": [{"target": {"kind": "Workspace"}, "patch": PATCH}]}))
    assert done.returncode == 1, done.stdout
    (line,) = [one for one in done.stdout.splitlines() if "KAITO002" in one]
    assert line.startswith("app.yaml:")
    assert "COVERAGE" not in done.stdout


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"namePrefix": "a-"}, "Workspace models/a-chat"),
        ({"nameSuffix": "-b"}, "Workspace models/chat-b"),
        ({"namespace": "others"}, "Workspace others/chat"),
    ],
)
def test_names_are_those_that_the_cluster_gets(gate: Gate, fields: dict[str, str], said: str) -> None:
    patch = {"patches": [{"target": {"kind": "Workspace"}, "patch": PATCH}]}
    assert said in gate(application({**fields, **patch})).stdout


def test_a_green_application_is_green(gate: Gate) -> None:
    done = gate(application({"commonLabels": {"team": "a"}, "commonAnnotations": {"b": "c"}, "version": "v5.4.3"}))
    assert done.returncode == 0, done.stdout
    assert "1 judged as KAITO would" in done.stdout


@pytest.mark.parametrize(
    "app",
    [
        application({"namePrefix": "a-"}, path="elsewhere"),
        application({"namePrefix": "a-"}, path="../base"),
        application({"namePrefix": "a-"}, url="https://git.example.com/others/things.git"),
        application({"namePrefix": "a-", "unheard": "of"}),
        application({"namePrefix": "a-"}, sourceHydrator={"a": 1}),
    ],
)
def test_what_is_not_followed_is_unjudged(gate: Gate, app: str) -> None:
    done = gate(app)
    assert done.returncode == 2, done.stdout
    assert "KAITOPS-COVERAGE" in done.stdout


def test_what_both_say_is_unjudged(gate: Gate) -> None:
    index = BASE["base/kustomization.yaml"] + "namePrefix: own-\n"
    assert gate(application({"namePrefix": "a-"}), **{"base/kustomization.yaml": index}).returncode == 2


def test_a_folder_that_cannot_be_built_is_unjudged(gate: Gate) -> None:
    done = gate(application({"patches": [{"target": {"kind": "Workspace"}, "patch": "- op: remove\n  path: /gone\n"}]}))
    assert done.returncode == 2 and "kustomize does not build it" in done.stdout


def test_a_set_over_a_list_makes_one_of_each(gate: Gate) -> None:
    elements = [{"cluster": "dev"}, {"cluster": "prod"}]
    fields = {"namePrefix": "{{cluster}}-", "patches": [{"target": {"kind": "Workspace"}, "patch": PATCH}]}
    said = gate(a_set([{"list": {"elements": elements}}], "base", fields)).stdout
    assert "Workspace models/dev-chat" in said or "Workspace models/prod-chat" in said
    assert "COVERAGE" not in said


def test_a_set_over_folders_takes_each(gate: Gate) -> None:
    git = {
        "git": {
            "repoURL": URL,
            "revision": "main",
            "directories": [{"path": "apps/*"}, {"path": "apps/off", "exclude": True}],
        }
    }
    fields = {"patches": [{"target": {"kind": "Workspace"}, "patch": PATCH}]}
    files = {
        f"apps/{name}/{file.removeprefix('base/')}": text.replace("name: chat", f"name: {name}").replace("resources: [chat.yaml]", "resources: [chat.yaml]")
        for name in ("one", "two", "off") for file, text in BASE.items()
    }  # fmt: skip
    said = gate(a_set([git], "{{path}}", fields), **files).stdout
    retired = [line for line in said.splitlines() if "KAITO002" in line]
    assert [("models/one" in line, "models/two" in line) for line in retired] == [(True, False), (False, True)]
    assert "COVERAGE" not in said


def test_a_set_over_what_is_not_followed_is_unjudged(gate: Gate) -> None:
    assert gate(a_set([{"clusters": {}}], "base", {"namePrefix": "{{name}}-"})).returncode == 2


_SIZE = "/resource/instanceType"
_LIST = {"elements": [{"size": "Standard_NC24ads_A100_v4"}]}
_OWN = {
    "metadata": {},
    "spec": {"source": {"kustomize": {"patches": [{"target": {"kind": "Workspace"}, "patch": PATCH}]}}},
}


def test_a_set_deploys_a_folder_to_more_than_one_cluster(gate: Gate) -> None:
    each = {
        "patches": [
            {"target": {"kind": "Workspace"}, "patch": f"- {{op: replace, path: {_SIZE}, value: '{{{{size}}}}'}}"}
        ]
    }
    sizes = [{"size": one} for one in ("Standard_NC24ads_A100_v4", "Standard_NC48ads_A100_v4")]

    def named(sizes: list[dict[str, str]]) -> str:
        return a_set([{"list": {"elements": sizes}}], "base", each).replace(
            "      name: chat\n", "      name: chat-{{size}}\n"
        )

    done = gate(named(sizes))
    assert done.returncode == 0, done.stdout
    done = gate(named([*sizes, {"size": "Standard_NC6s_v3"}]))
    assert done.returncode == 1
    assert done.stdout.count("was retired") == 1


@pytest.mark.parametrize("kustomize", [{"namePrefix": "a-"}, {}])
@pytest.mark.parametrize(
    "generator",
    [
        {"list": {**_LIST, "template": _OWN}},
        {"matrix": {"generators": [{"list": _LIST}, {"list": _LIST}], "template": _OWN}},
        {"matrix": {"generators": [{"list": _LIST}, {"list": {**_LIST, "template": _OWN}}]}},
        {"git": {"repoURL": URL, "revision": "main", "directories": [{"path": "ba*"}], "template": _OWN}},
    ],
)
def test_a_template_that_a_generator_lays_over_the_sets_own_is_unjudged(
    gate: Gate, generator: object, kustomize: object
) -> None:
    done = gate(a_set([generator], "base", kustomize))
    assert (done.returncode, "template lets Argo CD change or choose" in done.stdout) == (2, True), done.stdout


def test_the_empty_template_of_a_generator_lays_over_nothing(gate: Gate) -> None:
    empty = {"metadata": {}, "spec": {"destination": {}, "project": ""}}
    done = gate(a_set([{"list": {**_LIST, "template": empty}}], "base", {"namePrefix": "a-"}))
    assert done.returncode == 0, done.stdout


def test_elements_in_a_text_are_not_followed(gate: Gate) -> None:
    held = {**_LIST, "elementsYaml": f"[{{size: {RETIRED}}}]"}
    patch = PATCH.replace(RETIRED, "'{{size}}'")
    done = gate(a_set([{"list": held}], "base", {"patches": [{"target": {"kind": "Workspace"}, "patch": patch}]}))
    assert done.returncode == 2, done.stdout


@pytest.mark.parametrize(
    ("written", "image"),
    [
        ("a/b:2", {"name": "a/b", "newTag": "2"}),
        ("a/b=c:5000/d", {"name": "a/b", "newName": "c:5000/d"}),
        ("a/b=c/d:3", {"name": "a/b", "newName": "c/d", "newTag": "3"}),
        ("a/b@sha256:0", {"name": "a/b", "digest": "sha256:0"}),
        ("a/b=c/d@sha256:0", {"name": "a/b", "newName": "c/d", "digest": "sha256:0"}),
    ],
)
def test_images_are_written_as_kustomize_has_them(written: str, image: dict[str, str]) -> None:
    from kaitops.gate.overlays import argo

    assert argo._image(written) == image


def test_no_component_comes_from_outside_of_the_repository(gate: Gate, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"outside-{tmp_path.name}"
    put(
        outside,
        {
            "kustomization.yaml": HEAD.replace("v1beta1", "v1alpha1").replace("kind: Kustomization", "kind: Component")
            + "namePrefix: stolen-\n"
        },
    )
    (tmp_path / ".git").mkdir(exist_ok=True)
    done = gate(application({"components": [f"../../{outside.name}"]}))
    assert done.returncode == 2 and "stolen-" not in done.stdout
