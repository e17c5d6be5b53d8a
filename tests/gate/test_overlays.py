"""What kustomize and Flux make of a tree is what is judged, and findings stand where the value was brought in."""

import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess as Done

import pytest

from tests.gate.renderers import NEEDS_KUSTOMIZE
from tests.gate.test_base import commit
from tests.gate.test_changes import start
from tests.sampling import some

pytestmark = NEEDS_KUSTOMIZE

WORKSPACE = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: chat}
resource:
  instanceType: Standard_NC24ads_A100_v4
  labelSelector: {matchLabels: {apps: chat}}
inference: {preset: {name: phi-4-mini-instruct}}
"""
HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
BASE = {"base/kustomization.yaml": f"{HEAD}namespace: models\nresources: [chat.yaml]\n", "base/chat.yaml": WORKSPACE}
RETIRED = "Standard_NC6s_v3"
Gate = Callable[..., Done[str]]


def put(folder: Path, files: dict[str, str]) -> None:
    """Writes files."""
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


@pytest.fixture
def gate(tmp_path: Path, run: Callable[..., Done[str]]) -> Gate:
    """Writes files and gates them."""

    def call(files: dict[str, str], *arguments: str) -> Done[str]:
        put(tmp_path, files)
        return run("gate", *(arguments or (".",)), "--no-checkov", "--today", "2026-06-01")

    return call


def overlay(text: str, folder: str = "overlays/prod") -> dict[str, str]:
    up = "/".join([".."] * (folder.count("/") + 1))
    return {**BASE, f"{folder}/kustomization.yaml": f"{HEAD}resources: [{up}/base]\n{text}"}


def patched(action: str, path: str, value: object) -> str:
    """A kustomization's patch of the Workspace."""
    text = json.dumps([{"op": action, "path": path, "value": value}])
    return f"patches:\n- target: {{kind: Workspace}}\n  patch: '{text}'\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [("A=b\nHOME\n", "takes HOME from the environment"), ("\ufeff  A\n", "takes A from"), ("# a\n\nA=b\nC=\n", "")],
)
def test_a_value_of_the_machine_that_builds_is_unjudged(gate: Gate, text: str, said: str) -> None:
    done = gate(
        {**overlay("configMapGenerator: [{name: a, namespace: m, envs: [a.env]}]\n"), "overlays/prod/a.env": text}
    )
    assert (done.returncode, said in done.stdout) == (2 if said else 0, True), done.stdout


def test_the_base_alone_is_fine(gate: Gate) -> None:
    done = gate(BASE)
    assert (done.returncode, "1 object" in done.stdout) == (0, True), done.stdout


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("text", "more", "place"),
    [
        ("patches: [{path: size.yaml}]\n",
         {"overlays/prod/size.yaml": f"apiVersion: kaito.sh/v1beta1\nkind: Workspace\nmetadata: {{name: chat}}\nresource:\n  instanceType: {RETIRED}\n"},
         "overlays/prod/size.yaml:5:"),
        ("patchesStrategicMerge: [size.yaml]\n",
         {"overlays/prod/size.yaml": f"kind: Workspace\napiVersion: kaito.sh/v1beta1\nmetadata: {{name: chat}}\nresource: {{instanceType: {RETIRED}}}\n"},
         "overlays/prod/size.yaml:4:"),
        (f"patches:\n- target: {{kind: Workspace}}\n  patch: |-\n    - op: replace\n      path: /resource/instanceType\n      value: {RETIRED}\n", {},
         "overlays/prod/kustomization.yaml:9:"),
        ("patchesJson6902:\n- target: {version: v1beta1, group: kaito.sh, kind: Workspace, name: chat}\n  path: ops.yaml\n",
         {"overlays/prod/ops.yaml": f"- {{op: test, path: /kind, value: Workspace}}\n- {{op: replace, path: /resource/instanceType, value: {RETIRED}}}\n"},
         "overlays/prod/ops.yaml:2:"),
        ("components: [../../sized]\n",
         {"sized/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n" + patched("replace", "/resource/instanceType", RETIRED)},
         "sized/kustomization.yaml:"),
        ("patches: [{path: all.yaml}, {path: size.yaml}]\nnamePrefix: team-\nnamespace: other\n",
         {"overlays/prod/all.yaml": "apiVersion: kaito.sh/v1beta1\nkind: Workspace\nmetadata: {name: chat}\nresource: {instanceType: Standard_NC48ads_A100_v4}\n",
          "overlays/prod/size.yaml": f"apiVersion: kaito.sh/v1beta1\nkind: Workspace\nmetadata: {{name: chat}}\nresource: {{instanceType: {RETIRED}}}\n"},
         "overlays/prod/size.yaml:4:"),
    ],
    ids=["file", "strategic", "inline", "json6902", "component", "last-wins"],
)  # fmt: skip
def test_a_patched_size_is_judged_where_it_was_patched_in(
    gate: Gate, text: str, more: dict[str, str], place: str
) -> None:
    done = gate({**overlay(text), **more})
    lines = [line for line in done.stdout.splitlines() if "KAITO002" in line]
    assert done.returncode == 1, done.stdout + done.stderr
    assert [line.startswith(place) for line in lines] == [True], done.stdout
    assert "1 object" in done.stdout.replace("2 objects", ""), done.stdout


def test_what_a_patch_takes_along_is_still_found(gate: Gate) -> None:
    """A patch of all annotations removes what kustomize notes of the object's origin."""
    ops = "    - op: add\n      path: /metadata/annotations\n      value: {kaito.sh/enablelb: 'True'}\n"
    done = gate(overlay(f"patches:\n- target: {{kind: Workspace}}\n  patch: |-\n{ops}"))
    assert [line.split(" ")[0] for line in done.stdout.splitlines() if "KAITO001" in line] == [
        "overlays/prod/kustomization.yaml:9:11:"
    ]


def test_each_overlay_is_a_tree_of_its_own(gate: Gate) -> None:
    files = overlay(patched("add", "/metadata/labels", {"a": "b"}))
    files |= overlay(
        patched("replace", "/resource/instanceType", RETIRED),
        "overlays/dev",
    )
    done = gate(files)
    found = [line for line in done.stdout.splitlines() if "KAITO002" in line]
    assert len(found) == 1
    assert found[0].startswith("overlays/dev/")
    assert "2 objects" in done.stdout
    assert "is declared in" not in done.stdout


@pytest.mark.parametrize(("options", "code"), [("generatorOptions: {disableNameSuffixHash: true}\n", 0), ("", 1)])
def test_generated_objects_are_there_under_the_names_that_they_get(gate: Gate, options: str, code: int) -> None:
    """kustomize does not know that the field names a ConfigMap, so it leaves the name there without the hash."""
    text = (
        "configMapGenerator:\n- name: serving\n  namespace: models\n  files: [inference_config.yaml=vllm.yaml]\n"
        + options
        + patched("add", "/inference/config", "serving")
    )
    done = gate({**overlay(text), "overlays/prod/vllm.yaml": "vllm: {max-model-len: 2048}\n"})
    by = "names ConfigMap serving, and configMapGenerator serving of overlays/prod/kustomization.yaml makes serving-"
    assert (done.returncode, by in done.stdout) == (code, bool(code)), done.stdout
    assert done.stdout.count("KAITOPS-REFERENCE") == code
    assert "needs in the cluster" not in done.stdout
    assert not code or "write generatorOptions: {disableNameSuffixHash: true} there" in done.stdout


def test_a_token_in_a_generator_is_found_and_not_shown(gate: Gate) -> None:
    token = "hf_" + "Abcdefghij" * 3 + "klmn"
    done = gate(overlay(f"secretGenerator:\n- name: hub\n  namespace: models\n  literals: [HF_TOKEN={token}]\n"))
    assert done.returncode == 1
    assert "overlays/prod/kustomization.yaml:" in done.stdout
    assert "KAITO028" in done.stdout
    assert token not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("resources: [https://example.com/a.yaml, ../../base]\nnamePrefix: a-\n", "fetched"),
        ("helmCharts: [{name: x, repo: https://example.com}]\n", "helmCharts"),
        ("patches: [{path: gone.yaml}]\n", "kustomize does not build it"),
        ("patches: [{path: https://example.com/patch.yaml}]\n", "fetched"),
        ("patches: [{path: ../../../outside.yaml}]\n", "kustomize does not build it"),
        ("transformers: [run.yaml]\n", "kustomize does not build it"),
    ],
)
def test_what_cannot_be_built_is_unjudged(gate: Gate, tmp_path: Path, text: str, said: str) -> None:
    files = overlay(text)
    if "resources" in text:
        files["overlays/prod/kustomization.yaml"] = HEAD + text
    mark = tmp_path / "ran"
    files["overlays/prod/run.yaml"] = (
        "apiVersion: a/v1\nkind: Run\nmetadata:\n  name: run\n  annotations:\n"
        "    config.kubernetes.io/function: 'exec: {path: ./run.sh}'\n"
    )
    files["overlays/prod/run.sh"] = f"#!/bin/sh\ntouch {mark}\n"
    done = gate(files)
    assert done.returncode in {1, 2}, done.stdout
    assert "incomplete" in done.stdout
    assert said in done.stdout
    assert not mark.exists()


def test_a_tool_that_lies_in_the_tree_is_not_run(gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("kustomize", "kubectl"):
        fake = tmp_path / "bin" / name
        fake.parent.mkdir(exist_ok=True)
        fake.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    done = gate(overlay(patched("replace", "/resource/instanceType", RETIRED)))
    assert "KAITO002" in done.stdout
    assert not (tmp_path / "ran").exists()


def test_an_immutable_edit_by_a_patch_is_refused_against_the_base(gate: Gate, tmp_path: Path) -> None:
    before = overlay("commonAnnotations: {team: a}\n")
    put(tmp_path, before)
    commit(tmp_path)
    size = "Standard_NC48ads_A100_v4"
    after = overlay(
        f"commonAnnotations: {{team: a}}\npatches:\n- target: {{kind: Workspace}}\n  patch: |-\n    - op: replace\n      path: /resource/instanceType\n      value: {size}\n"
    )
    done = gate(after, ".", "--base", "HEAD")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "overlays/prod/kustomization.yaml:10:" in done.stdout, done.stdout
    assert "instanceType" in done.stdout


DECOY = f"{HEAD}resources: [../live]\n" + patched("replace", "/resource/instanceType", "Standard_NC24ads_A100_v4")
LIVE = {"live/kustomization.yaml": f"{HEAD}namespace: models\nresources: [chat.yaml]\n"}
BAD = WORKSPACE.replace("Standard_NC24ads_A100_v4", RETIRED)
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: live, namespace: argocd}
spec:
  project: default
  source: {repoURL: "https://example.com/fleet.git", path: live, targetRevision: main}
  destination: {server: "https://kubernetes.default.svc", namespace: models}
"""


@pytest.mark.parametrize("by", ["base", "application", "flux"])
def test_a_neighbour_that_lists_a_folder_takes_it_out_of_nothing(gate: Gate, tmp_path: Path, by: str) -> None:
    """What is deployed by itself stays judged by itself, though another kustomization patches its faults away."""
    before = {**LIVE, "live/chat.yaml": WORKSPACE}
    if by == "application":
        before["app.yaml"] = APPLICATION
    elif by == "flux":
        before["app.yaml"] = FLUX.replace("./models", "./live")
    put(tmp_path, before)
    commit(tmp_path)
    more = ["--base", "HEAD"] if by == "base" else []
    done = gate({"live/chat.yaml": BAD, "decoy/kustomization.yaml": DECOY}, ".", *more)
    assert done.returncode == 1, done.stdout
    assert "live/chat.yaml:5:3: KAITO002" in done.stdout


FLUX = """\
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: models, namespace: flux-system}
spec:
  interval: 10m
  path: ./models
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
"""
VARIABLE = (
    WORKSPACE.replace("{name: chat}", "{name: chat, namespace: models}", 1)
    .replace("Standard_NC24ads_A100_v4", "${GPU_SKU}")
    .replace("name: phi-4-mini-instruct", 'name: "${MODEL:=phi-4-mini-instruct}"')
)


@pytest.mark.parametrize("field", ["patchesStrategicMerge", "patchesJson6902"])
def test_flux_with_patches_of_its_old_form_is_unjudged_as_a_whole(gate: Gate, tmp_path: Path, field: str) -> None:
    """They are not followed, and what is followed beside them does not make them good."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    after = f"  postBuild: {{substitute: {{GPU_SKU: Standard_NC24ads_A100_v4}}}}\n  {field}: [{{kind: Workspace}}]\n"
    done = gate({"flux.yaml": FLUX + after, "models/chat.yaml": VARIABLE})
    assert (done.returncode, f"{field} lets Flux change" in done.stdout) == (2, True), done.stdout


def test_flux_reads_no_patch_from_a_file(gate: Gate, tmp_path: Path) -> None:
    """Flux itself takes a patch as text alone, and kustomize would read the file wherever it lies."""
    stolen = tmp_path.parent / "stolen.yaml"
    stolen.write_text(WORKSPACE.replace("phi-4-mini-instruct", "stolen"))
    after = f"  patches: [{{path: {stolen}, target: {{kind: Workspace}}}}]\n"
    done = gate({"flux.yaml": FLUX + after, "models/chat.yaml": WORKSPACE})
    assert done.returncode == 2 and "patches lets Flux change" in done.stdout
    assert "stolen" not in done.stdout + done.stderr


def test_flux_takes_nothing_from_a_folder_beside_the_repository(gate: Gate, tmp_path: Path) -> None:
    """Though its name begins with that of the repository."""
    (tmp_path / "fleet").mkdir()
    subprocess.run(["git", "init", "-q", str(tmp_path / "fleet")], check=True)
    put(tmp_path / "fleet-of-others", {"chat.yaml": VARIABLE})
    after = "  postBuild: {substitute: {GPU_SKU: Standard_NC24ads_A100_v4}}\n"
    done = gate({"fleet/flux.yaml": FLUX.replace("./models", "../fleet-of-others") + after}, "fleet")
    assert (done.returncode, "lets Flux change" in done.stdout) == (2, True), done.stdout


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("after", "code", "said"),
    [
        ("", 2, "${GPU_SKU} has no value in the tree"),
        ("  postBuild: {substitute: {GPU_SKU: Standard_NC24ads_A100_v4}}\n", 0, "0 findings"),
        (f"  postBuild: {{substitute: {{GPU_SKU: {RETIRED}}}}}\n", 1, "flux.yaml:9:28: KAITO002"),
        ("  postBuild: {substitute: {OTHER: a}}\n", 2, "${GPU_SKU} has no value in the tree"),
        ("  postBuild: {substituteFrom: [{kind: ConfigMap, name: sizes}]}\n", 0, "0 findings"),
        (
            "  postBuild: {substituteFrom: [{kind: Secret, name: sizes}]}\n",
            2,
            "has no value in the tree, unless Secret",
        ),
        (
            f"  postBuild: {{substitute: {{GPU_SKU: Standard_NC24ads_A100_v4}}}}\n  patches:\n  - target: {{kind: Workspace}}\n    patch: |-\n      - op: replace\n        path: /resource/instanceType\n        value: {RETIRED}\n",
            1,
            "flux.yaml:15:",
        ),
        ("  postBuild: {substitute: {GPU_SKU: Standard_NC24ads_A100_v4, MODEL: phi-9}}\n", 1, "phi-9"),
    ],
)
@pytest.mark.parametrize("listed", some((True, False), (True,)))
def test_flux_puts_variables_in(gate: Gate, tmp_path: Path, after: str, code: int, said: str, *, listed: bool) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    files = {
        "flux.yaml": FLUX + after,
        "models/chat.yaml": VARIABLE,
        "sizes.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sizes, namespace: flux-system}\ndata: {GPU_SKU: Standard_NC24ads_A100_v4}\n",
    }
    if listed:
        files["models/kustomization.yaml"] = f"{HEAD}resources: [chat.yaml]\n"
    done = gate(files)
    assert said in done.stdout, done.stdout
    assert done.returncode == code, done.stdout


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"k/kustomization.yaml": f"{HEAD}namespace: m\nresources: ['https://git.example.com/a.yaml']\n"},
            "lists https://git",
        ),
        (
            {"k/kustomization.yaml": f"{HEAD}crds: ['https://git.example.com/a.json']\n"},
            "takes https://git.example.com/a.json,",
        ),
        (
            {
                "k/kustomization.yaml": f"{HEAD}namePrefix: a-\nresources: [below]\n",
                "k/below/kustomization.yaml": f"{HEAD}bases: ['https://git.example.com/b']\n",
            },
            "lists https://git",
        ),
    ],
)
def test_what_is_fetched_is_told_once_as_it_was_written(gate: Gate, files: dict[str, str], said: str) -> None:
    done = gate(files)
    assert (done.returncode, done.stdout.count("git.example.com"), said in done.stdout) == (2, 1, True), done.stdout


def test_what_a_generator_takes_may_have_any_form(gate: Gate) -> None:
    text = "configMapGenerator: [{name: c, files: [settings.yaml]}]\n"
    files = {**overlay(text), "overlays/prod/settings.yaml": "a: !vault path\n"}
    done = gate(files)
    assert done.returncode == 0, done.stdout
    done = gate({**files, "overlays/prod/beside.yaml": "a: !vault path\n"})
    assert done.returncode == 2 and "overlays/prod/beside.yaml:1:4: KAITOPS-FORM" in done.stdout


def test_a_patch_is_no_object_where_its_build_fails(gate: Gate) -> None:
    """What is said then is that it was not built, and nothing of half an object."""
    patch = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: gone}\n$patch: delete\n"
    done = gate({**overlay("patches: [{path: off.yaml}]\n"), "overlays/prod/off.yaml": patch})
    assert done.returncode == 2
    assert "kustomize does not build it" in done.stdout
    assert "off.yaml" not in "\n".join(line for line in done.stdout.splitlines() if "does not build" not in line)


def test_what_kubectl_logs_over_lines_is_said(gate: Gate) -> None:
    from kaitops.gate.overlays import tool

    raw = 'E0101 00:00:00.000000 1 run.go:72] "command failed" err=<\n\taccumulating resources: gone\n\tfor real\n >\n'
    assert tool._said(raw, "/top", "x") == "accumulating resources: gone for real"


def _aimed(target: str, more: str = "") -> dict[str, str]:
    return overlay(
        f"{more}{patched('replace', '/inference/preset/name', 'phi-4')}".replace("{kind: Workspace}", target)
    )


_MISSED = "KAITOPS-REFERENCE HIGH: Kustomization: is a target that nothing which is built here matches, so the patch "
_COPIED = """\
replacements:
- source: {kind: Workspace, name: chat, fieldPath: metadata.name}
  targets: [{select: {kind: Workspace, name: %s}, fieldPaths: [metadata.labels.of], options: {create: true}}]
"""


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (_aimed("{kind: Workspace, name: caht}"), f"{_MISSED}changes nothing; meant is chat?"),
        (_aimed("{kind: workspace}"), f"{_MISSED}changes nothing; meant is kind Workspace?"),
        (_aimed("{kind: Workspace, version: v1alpha1}"), "chat is of kaito.sh/v1beta1, so correct group and version"),
        (_aimed("{kind: Workspace, name: chat, group: kaito.io}"), "so correct group and version"),
        (_aimed("{kind: Workspace, name: embed}"), "changes nothing; name one of chat, or drop it"),
        # A patch is made before its own kustomization gives names and labels.
        (_aimed("{kind: Workspace, name: prod-chat}", "namePrefix: prod-\n"), "changes nothing; name one of chat,"),
        (_aimed("{name: chat, labelSelector: tier=gpu}"), "other labels or annotations, so correct the selector"),
        (overlay(_COPIED % "chta"), "so its value is put nowhere; meant is chat?"),
    ],
)  # fmt: skip
def test_a_target_that_nothing_matches(gate: Gate, files: dict[str, str], said: str) -> None:
    done = gate(files)
    assert (done.returncode, said in done.stdout) == (1, True), done.stdout


_OPTIONAL = {
    "open/kustomization.yaml": f"{HEAD.replace('v1beta1', 'v1alpha1').replace('kind: Kustomization', 'kind: Component')}"
    'patches:\n- target: {kind: Deployment, name: web}\n  patch: \'[{"op": "remove", "path": "/spec/replicas"}]\'\n'
}
_TAKEN_AWAY = "{apiVersion: kaito.sh/v1beta1, kind: Workspace, metadata: {name: chat}, $patch: delete}"


@pytest.mark.parametrize(
    "files",
    [
        _aimed("{kind: Workspace, name: chat}"),
        _aimed("{kind: Workspace, name: 'ch.*'}"),
        _aimed("{kind: Workspace, name: chat}", "namePrefix: prod-\nnamespace: other\n"),
        _aimed("{kind: Workspace, version: v1beta1, group: kaito.sh, namespace: models}"),
        _aimed("{kind: Workspace, labelSelector: 'tier notin (cpu)'}"),
        _aimed("{kind: Deployment}"),
        overlay(_COPIED % "chat"),
        {**overlay("components: [../../open]\n"), **_OPTIONAL},
        {**overlay(f"patches: [{{patch: '{_TAKEN_AWAY}'}}, {{target: {{kind: Workspace, name: chat}}, patch: '[]'}}]\n"),
         "overlays/prod/other.yaml": WORKSPACE.replace("chat", "other")},
    ],
)  # fmt: skip
def test_a_target_that_may_be_matched(gate: Gate, files: dict[str, str]) -> None:
    assert "is a target that nothing" not in gate(files).stdout


def test_a_target_of_a_part_that_is_matched_where_another_folder_takes_it(gate: Gate) -> None:
    part = _OPTIONAL["open/kustomization.yaml"].replace("name: web", "name: chta").replace("Deployment", "Workspace")
    part = part.replace('"remove", "path": "/spec/replicas"', '"add", "path": "/metadata/labels", "value": {"a": "b"}')
    files = {**overlay("components: [../../open]\n"), **overlay("components: [../../open]\n", "overlays/dev")}
    assert "meant is chat?" in gate({**files, "open/kustomization.yaml": part}).stdout
    other = {**files, "overlays/dev/kustomization.yaml": f"{HEAD}resources: [chta.yaml]\ncomponents: [../../open]\n"}
    other["overlays/dev/chta.yaml"] = WORKSPACE.replace("chat", "chta")
    assert "is a target that nothing" not in gate({**other, "open/kustomization.yaml": part}).stdout


def test_a_folder_with_two_kustomizations(gate: Gate) -> None:
    files = {"kustomization.yaml": f"{HEAD}resources: [chat.yaml]\n", "chat.yaml": WORKSPACE}
    told = gate({**files, "kustomization.yml": f"{HEAD}resources: [chat.yaml]\n"})
    assert told.returncode == 1
    assert "kustomization.yml" in told.stdout
    assert "stands beside kustomization.yaml, and kustomize fails on a folder that has both" in told.stdout


def test_overlays_of_one_base_are_compared_each_with_its_own(gate: Gate, tmp_path: Path) -> None:
    """And what both bring of one place of the base is told once."""
    labels = {name: patched("add", "/metadata/labels", {"env": name}) for name in ("dev", "prod")}
    files = {name: text for each, patch in labels.items() for name, text in overlay(patch, f"overlays/{each}").items()}
    done = gate(files)
    assert done.returncode == 0, done.stdout
    start(tmp_path)
    arguments = (".", "--base", "HEAD", "--region", "westeurope")
    assert "no object changes" in gate({}, *arguments).stdout
    changed = {"base/chat.yaml": WORKSPACE.replace("Standard_NC24ads_A100_v4", RETIRED)}
    done = gate(changed, ".")
    assert sum("KAITO002" in line for line in done.stdout.splitlines()) == 1
    rows = [line.split() for line in gate(changed, *arguments).stdout.splitlines() if "refused   " in line]
    assert [row[2:4] for row in rows] == [["cluster", "overlays/dev:"], ["cluster", "overlays/prod:"]]
