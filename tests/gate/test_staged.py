"""Argo CD and Flux write into the kustomization of a folder: what they add comes where it does there, not at the end."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess as Done
from typing import Any

import pytest
import yaml

from tests.gate.renderers import NEEDS_KUSTOMIZE
from tests.gate.test_argo_overlays import URL, application
from tests.gate.test_base import commit
from tests.gate.test_overlays import FLUX, HEAD, RETIRED, WORKSPACE, put

pytestmark = NEEDS_KUSTOMIZE
Gate = Callable[..., Done[str]]
GOOD = "Standard_NC24ads_A100_v4"
CHAT = WORKSPACE.replace("{name: chat}", "{name: chat, namespace: models}", 1)
BAD = CHAT.replace(GOOD, RETIRED)
SIZES = f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: sizes, namespace: models}}\ndata: {{size: {GOOD}}}\n"
REPLACED = (
    "replacements: [{source: {kind: ConfigMap, name: sizes, fieldPath: data.size}, "
    "targets: [{select: {kind: Workspace}, fieldPaths: [resource.instanceType]}]}]\n"
)
COMPONENT = HEAD.replace("v1beta1", "v1alpha1").replace("kind: Kustomization", "kind: Component")


def setting(value: str, path: str = "/resource/instanceType", **target: str) -> dict[str, Any]:
    return {
        "target": target or {"kind": "Workspace"},
        "patch": json.dumps([{"op": "replace", "path": path, "value": value}]),
    }


def flux(fields: dict[str, Any]) -> str:
    held = yaml.safe_load(FLUX)
    return yaml.safe_dump({**held, "spec": {**held["spec"], **fields}})


def argo(fields: dict[str, Any]) -> str:
    return application(fields, "models")


BOTH = pytest.mark.parametrize("by", [argo, flux])


@pytest.fixture
def gate(tmp_path: Path, run: Callable[..., Done[str]]) -> Gate:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "config", "remote.origin.url", URL], check=True)

    def call(files: dict[str, str], *more: str) -> Done[str]:
        put(tmp_path, files)
        return run("gate", ".", "--no-checkov", "--today", "2026-06-01", *more)

    return call


@BOTH
@pytest.mark.parametrize(
    ("own", "chat", "fields"),
    [
        ("labels: [{pairs: {tier: gpu}}]\n", BAD, {"patches": [setting(GOOD, labelSelector="tier=gpu")]}),
        ("commonAnnotations: {tier: gpu}\n", BAD, {"patches": [setting(GOOD, annotationSelector="tier=gpu")]}),
        (REPLACED, CHAT + SIZES, {"patches": [setting(RETIRED, "/data/size", kind="ConfigMap")]}),
        (f"patches: [{json.dumps(setting(RETIRED))}]\n", CHAT, {"components": ["../sized"]}),
    ],
    ids=["label", "annotation", "replacement", "component"],
)
def test_what_they_add_stands_among_what_is_there(
    gate: Gate, by: Callable[[dict[str, Any]], str], own: str, chat: str, fields: dict[str, Any]
) -> None:
    """Judged as if it came last, each of these hides a machine that cannot be had."""
    sized = {"sized/kustomization.yaml": f"{COMPONENT}patches: [{json.dumps(setting(GOOD))}]\n"}
    done = gate(
        {
            "models/kustomization.yaml": f"{HEAD}resources: [chat.yaml]\n{own}",
            "models/chat.yaml": chat,
            "by.yaml": by(fields),
            **(sized if "components" in fields else {}),
        }
    )
    assert (done.returncode, "KAITO002" in done.stdout) == (1, True), done.stdout


WHOLE = {
    "models/kustomization.yaml": HEAD
    + "resources: [./sub/../chat.yaml, sub, ../other]\n"
    + "configMapGenerator: [{name: c, namespace: models, files: [conf/a.txt, k=conf/a.txt], envs: [e.env]}]\n"
    + "patches: [{path: p/size.yaml, target: {kind: Workspace, name: chat}}]\n"
    + "replacements: [{path: r.yaml}]\nconfigurations: [c.yaml]\nopenapi: {path: s.json}\ncomponents: [../comp]\n",
    "models/chat.yaml": CHAT,
    "models/sub/kustomization.yaml": f"{HEAD}resources: [w.yaml]\n",
    "models/sub/w.yaml": CHAT.replace("name: chat", "name: w", 1),
    "other/kustomization.yaml": f"{HEAD}resources: [o.yaml]\n",
    "other/o.yaml": CHAT.replace("name: chat", "name: o", 1),
    "models/conf/a.txt": "x",
    "models/e.env": "A=b\n",
    "models/p/size.yaml": "- {op: replace, path: /resource/instanceType, value: SIZE}\n",
    "models/r.yaml": "source: {kind: ConfigMap, name: c, fieldPath: data.A}\ntargets: [{select: {kind: Workspace, name: w}, fieldPaths: [metadata.labels.x], options: {create: true}}]\n",
    "models/c.yaml": "nameReference: []\n",
    "models/s.json": '{"definitions": {}}',
    "comp/kustomization.yaml": f"{COMPONENT}labels: [{{pairs: {{q: r}}}}]\n",
}


@BOTH
@pytest.mark.parametrize("size", ["Standard_NC48ads_A100_v4", RETIRED])
def test_all_that_a_folder_reads_is_there(gate: Gate, by: Callable[[dict[str, Any]], str], size: str) -> None:
    """And what brought a value is named where it was written."""
    files = {name: text.replace("SIZE", size) for name, text in WHOLE.items()}
    done = gate({**files, "by.yaml": by({"namePrefix": "x-"})})
    found = [line.split(" ")[0] for line in done.stdout.splitlines() if "KAITO002" in line]
    wanted: tuple[int, list[str]] = (1, ["models/p/size.yaml:1:47:"]) if size == RETIRED else (0, [])
    assert (done.returncode, found) == wanted, done.stdout


DEPLOYED = {"models/kustomization.yaml": f"{HEAD}resources: [chat.yaml]\n", "models/chat.yaml": CHAT}
DELETED = {"target": {"kind": "Workspace"}, "patch": "$patch: delete\nkind: Workspace\nmetadata: {name: a}\n"}


@BOTH
@pytest.mark.parametrize(
    ("fields", "code", "said"),
    [
        ({"patches": [setting("Standard_NC48ads_A100_v4")]}, 1, "KAITOPS-CHANGE-REFUSED"),
        ({"namePrefix": "b-"}, 0, "KAITOPS-CHANGE-DELETE"),
        ({"patches": [DELETED]}, 0, "KAITOPS-CHANGE-DELETE"),
    ],
)
def test_what_deploys_a_folder_changes_what_the_base_has_of_it(
    gate: Gate, tmp_path: Path, by: Callable[[dict[str, Any]], str], fields: dict[str, Any], code: int, said: str
) -> None:
    """A folder that the base deploys as it is stays judged as it is only where something else takes it."""
    other = {"other.yaml": CHAT.replace("name: chat", "name: other", 1)}
    put(tmp_path, {**DEPLOYED, **other, "by.yaml": by({})})
    commit(tmp_path)
    done = gate({"by.yaml": by(fields)}, "--base", "HEAD")
    assert (done.returncode, said in done.stdout) == (code, True), done.stdout
    assert "created                 Workspace models/chat" not in done.stdout


def test_another_one_takes_no_fault_away_from_what_the_base_deploys(gate: Gate, tmp_path: Path) -> None:
    put(tmp_path, {**DEPLOYED, "by.yaml": flux({})})
    commit(tmp_path)
    more = flux({"patches": [setting(GOOD)]}).replace("name: models", "name: more")
    done = gate({"models/chat.yaml": BAD, "by.yaml": more}, "--base", "HEAD")
    assert (done.returncode, "KAITO002" in done.stdout) == (1, True), done.stdout


def test_a_name_that_both_set_is_that_of_flux(gate: Gate) -> None:
    own = {"models/kustomization.yaml": f"{HEAD}resources: [chat.yaml]\nnamePrefix: a-\n", "models/chat.yaml": BAD}
    assert "Workspace models/b-chat" in gate({**own, "by.yaml": flux({"namePrefix": "b-"})}).stdout


@pytest.mark.parametrize("own", ["labels: x", "patches: {a: b}", "commonAnnotations: []", "images: 5"])
def test_what_kustomize_refuses_stays_refused(gate: Gate, own: str) -> None:
    fields = {
        "patches": [setting(GOOD)], "images": [{"name": "a", "newTag": "b"}],
        "commonMetadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}},
    }  # fmt: skip
    index = f"{HEAD}resources: [chat.yaml]\n{own}\n"
    done = gate({"models/kustomization.yaml": index, "models/chat.yaml": CHAT, "by.yaml": flux(fields)})
    assert (done.returncode, "does not build it" in done.stdout) == (2, True), done.stdout


def test_a_folder_with_two_kustomizations_is_unjudged(gate: Gate) -> None:
    index = f"{HEAD}resources: [chat.yaml]\n"
    own = {"models/kustomization.yaml": index, "models/kustomization.yml": index, "models/chat.yaml": CHAT}
    done = gate({**own, "by.yaml": flux({"namePrefix": "b-"})})
    assert (done.returncode, "has more than one kustomization" in done.stdout) == (2, True), done.stdout


@pytest.mark.parametrize(
    "files",
    [
        {"kustomization.yaml": "configMapGenerator: [{name: a, namespace: m, files: [x=FILE]}]\n"},
        {
            "kustomization.yaml": "generators: [g.yaml]\n",
            "g.yaml": "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a, namespace: m}\nfiles: [x=FILE]\n",
        },
    ],
)
def test_files_of_the_machine_stay_closed_below_a_folder_without_a_kustomization(
    gate: Gate, tmp_path: Path, files: dict[str, str]
) -> None:
    outside = tmp_path.parent / "outside.txt"
    outside.write_text("of the machine")
    below = {f"models/sub/{name}": text.replace("FILE", str(outside)) for name, text in files.items()}
    below["models/sub/kustomization.yaml"] = HEAD + below["models/sub/kustomization.yaml"]
    done = gate({**below, "models/chat.yaml": CHAT, "by.yaml": flux({"namePrefix": "b-"})})
    assert (done.returncode, "does not build" in done.stdout) == (2, True), done.stdout


@pytest.mark.parametrize("inline", [False, True])
def test_variables_of_the_machine_by_a_configuration_of_a_generator_are_unjudged(gate: Gate, *, inline: bool) -> None:
    text = "apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a, namespace: m}\nenvs: [e.env]\n"
    entry = json.dumps(text) if inline else "g.yaml"
    index = f"{HEAD}resources: [chat.yaml]\ngenerators: [{entry}]\n"
    more = {} if inline else {"k/g.yaml": text}
    done = gate({"k/kustomization.yaml": index, "k/chat.yaml": CHAT, "k/e.env": "HOME\n", **more})
    assert (done.returncode, "generators takes envs" in done.stdout) == (2, True), done.stdout


@pytest.mark.parametrize(
    "files",
    [
        {"a": "resources: [., chat.yaml]\n"},
        {"a": "resources: [../b, chat.yaml]\n", "b": "resources: [../a]\n"},
        {"a": "resources: [../b, chat.yaml]\nnamePrefix: x-\n", "b": "resources: [../a]\n"},
    ],
)
def test_a_ring_is_said_to_build_nothing(gate: Gate, files: dict[str, str]) -> None:
    indexes = {f"{name}/kustomization.yaml": HEAD + text for name, text in files.items()}
    done = gate({**indexes, "a/chat.yaml": CHAT})
    assert done.stdout.count("takes itself, by way of what it lists") == len(files), done.stdout
    assert done.returncode in (1, 2)


def test_a_folder_that_two_take_is_no_ring(gate: Gate) -> None:
    above = {name: f"{HEAD}resources: [../c]\nnamePrefix: {name}-\n" for name in ("a", "b")}
    done = gate(
        {
            "r/kustomization.yaml": f"{HEAD}resources: [../a, ../b]\n",
            **{f"{name}/kustomization.yaml": text for name, text in above.items()},
            "c/kustomization.yaml": f"{HEAD}resources: [chat.yaml]\n",
            "c/chat.yaml": CHAT,
        }
    )
    assert done.returncode == 0, done.stdout


def test_a_folder_that_is_called_like_a_file_is_part_of_what_takes_it(gate: Gate) -> None:
    index = f"{HEAD}resources: [../base.yaml]\npatches: [{json.dumps(setting(GOOD))}]\n"
    below = {"base.yaml/kustomization.yaml": f"{HEAD}resources: [chat.yaml]\n", "base.yaml/chat.yaml": BAD}
    assert gate({"k/kustomization.yaml": index, **below}).returncode == 0
