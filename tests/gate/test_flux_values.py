"""Where Flux takes the values of variables from: what the cluster holds, and what nobody can know is not judged."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess as Done

import pytest

from tests.gate.renderers import NEEDS_KUSTOMIZE
from tests.gate.test_overlays import FLUX, HEAD, RETIRED, VARIABLE, put

pytestmark = NEEDS_KUSTOMIZE
Gate = Callable[[dict[str, str]], Done[str]]
GOOD = "Standard_NC24ads_A100_v4"
FROM = FLUX + "  postBuild: {substituteFrom: [{kind: ConfigMap, name: sizes}]}\n"
MODELS = {"models/chat.yaml": VARIABLE, "models/kustomization.yaml": f"{HEAD}resources: [chat.yaml]\n"}


def sizes(value: str) -> str:
    return (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: sizes, namespace: flux-system}\n"
        f"data: {{GPU_SKU: {value}}}\n"
    )


PATCH = json.dumps([{"op": "replace", "path": "/data/GPU_SKU", "value": RETIRED}])
PATCHED = f"{HEAD}resources: [sizes.yaml]\npatches: [{{target: {{kind: ConfigMap}}, patch: '{PATCH}'}}]\n"
GENERATED = f"{HEAD}namespace: flux-system\ngeneratorOptions: {{disableNameSuffixHash: true}}\nconfigMapGenerator: [{{name: sizes, literals: [GPU_SKU={RETIRED}]}}]\n"
DEPLOYED = FLUX.replace("name: models", "name: sizes").replace("./models", "./vars")
CLUSTER = f"{HEAD}resources: [flux.yaml, sizes.yaml]\n"


@pytest.fixture
def gate(tmp_path: Path, run: Callable[..., Done[str]]) -> Gate:
    (tmp_path / ".git").mkdir()

    def call(files: dict[str, str]) -> Done[str]:
        put(tmp_path, {**MODELS, **files})
        return run("gate", ".", "--no-checkov", "--today", "2026-06-01")

    return call


@pytest.mark.parametrize(
    "files",
    [
        {"flux.yaml": FROM, "vars/sizes.yaml": sizes(GOOD), "vars/kustomization.yaml": PATCHED},
        {"flux.yaml": FROM, "vars/kustomization.yaml": GENERATED},
        {
            "flux.yaml": FROM,
            "deployed.yaml": f"{DEPLOYED}  patches: [{{target: {{kind: ConfigMap}}, patch: '{PATCH}'}}]\n",
            "vars/sizes.yaml": sizes(GOOD),
            "vars/kustomization.yaml": f"{HEAD}resources: [sizes.yaml]\n",
        },
        {
            "flux.yaml": FROM,
            "deployed.yaml": f"{DEPLOYED}  postBuild: {{substitute: {{SIZE: {RETIRED}}}}}\n",
            "vars/sizes.yaml": sizes(f"'${{SIZE:={GOOD}}}'"),
            "vars/kustomization.yaml": f"{HEAD}resources: [sizes.yaml]\n",
        },
    ],
    ids=["patched", "generated", "patched by Flux", "filled in by Flux"],
)
def test_values_are_those_that_the_cluster_gets(gate: Gate, files: dict[str, str]) -> None:
    done = gate(files)
    assert (done.returncode, "KAITO002" in done.stdout) == (1, True), done.stdout


@pytest.mark.parametrize("bad", ["dev", "prod"])
def test_each_cluster_takes_its_own_values(gate: Gate, bad: str) -> None:
    """The one that comes last in the tree decides for no other."""
    other = {"dev": "Standard_NC48ads_A100_v4", "prod": GOOD}
    files = {
        f"clusters/{name}/{file}": text
        for name in ("dev", "prod")
        for file, text in (
            ("kustomization.yaml", CLUSTER), ("flux.yaml", FROM), ("sizes.yaml", sizes(RETIRED if name == bad else other[name])),
        )
    }  # fmt: skip
    done = gate(files)
    found = [line.split(" ")[0] for line in done.stdout.splitlines() if "KAITO002" in line]
    assert (done.returncode, found) == (1, [f"clusters/{bad}/sizes.yaml:4:8:"]), done.stdout
    assert gate({f"clusters/{bad}/sizes.yaml": sizes(other[bad])}).returncode == 0


@pytest.mark.parametrize(("place", "code"), [("flux-system", 0), ("other", 2)])
def test_a_kustomization_says_in_which_namespace_a_value_is(gate: Gate, place: str, code: int) -> None:
    index = f"{HEAD}namespace: {place}\nresources: [sizes.yaml]\n"
    text = sizes(GOOD).replace("namespace: flux-system", "namespace: a")
    done = gate({"flux.yaml": FROM, "vars/kustomization.yaml": index, "vars/sizes.yaml": text})
    assert done.returncode == code, done.stdout


def test_an_object_of_flux_may_get_its_namespace_by_a_kustomization(gate: Gate) -> None:
    index = f"{HEAD}namespace: flux-system\nresources: [flux.yaml]\n"
    files = {"a/kustomization.yaml": index, "a/flux.yaml": FROM.replace(", namespace: flux-system", "")}
    done = gate({**files, "sizes.yaml": sizes(GOOD)})
    assert done.returncode == 0, done.stdout


def test_a_file_that_its_kustomization_leaves_out_gives_no_value(gate: Gate) -> None:
    files = {
        "a/kustomization.yaml": f"{HEAD}resources: [flux.yaml]\n",
        "a/flux.yaml": FROM,
        "a/sizes.yaml": sizes(GOOD),
    }
    done = gate(files)
    assert (done.returncode, "${GPU_SKU} has no value in the tree" in done.stdout) == (2, True), done.stdout
    assert gate({"a/kustomization.yaml": f"{HEAD}resources: [flux.yaml, sizes.yaml]\n"}).returncode == 0


def test_two_of_a_name_that_nothing_tells_apart_give_no_value(gate: Gate) -> None:
    done = gate({"flux.yaml": FROM, "a/sizes.yaml": sizes(GOOD), "b/sizes.yaml": sizes("Standard_NC48ads_A100_v4")})
    assert (done.returncode, "is there more than once with other values" in done.stdout) == (2, True), done.stdout


def test_values_that_come_of_themselves_are_unjudged(gate: Gate) -> None:
    files = {
        "flux.yaml": FROM.replace("./models", "./vars"),
        "vars/sizes.yaml": sizes("'a${GPU_SKU}'"),
        "vars/kustomization.yaml": f"{HEAD}resources: [sizes.yaml]\n",
    }
    done = gate(files)
    assert (done.returncode, "is made with values that it gives" in done.stdout) == (2, True), done.stdout


def test_a_default_counts_where_no_secret_may_say_otherwise(gate: Gate) -> None:
    text = VARIABLE.replace("${GPU_SKU}", f"${{GPU_SKU:={GOOD}}}")
    secret = FLUX + "  postBuild: {substituteFrom: [{kind: Secret, name: sizes, optional: true}]}\n"
    done = gate({"flux.yaml": secret, "models/chat.yaml": text})
    assert done.returncode == 2, done.stdout
    assert "has a default and no value in the tree, unless Secret sizes has it" in done.stdout
    given = secret.replace(
        "substituteFrom", f"substitute: {{GPU_SKU: {GOOD}, MODEL: phi-4-mini-instruct}}, substituteFrom"
    )
    assert gate({"flux.yaml": given}).returncode == 0
