"""``kaitops render`` as users call it."""

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kaitops.tree.layout import HEADER
from tests.conftest import FLEET, KAITOPS, ROOT, Run, snapshot

TREE = [
    "configs/kustomization.yaml",
    "configs/models/configmap-phi-4-mini-inference-ad69c02e40.yaml",
    "configs/models/kustomization.yaml",
    "kaitops-context.yaml",
    "kustomization.yaml",
    "namespaces/_cluster/kustomization.yaml",
    "namespaces/_cluster/namespace-models.yaml",
    "namespaces/kustomization.yaml",
    "workloads/kustomization.yaml",
    "workloads/models/kustomization.yaml",
    "workloads/models/workspace-phi-4-mini.yaml",
]


def cluster(fleet: Path, name: str = "prod-weu") -> Path:
    return fleet.parent / "manifests" / "clusters" / name


def test_one_object_a_file_listed_by_kustomizations(run: Run, fleet: Path) -> None:
    done = run("render", code=0)
    assert "1 cluster, 3 objects; 11 added, 0 changed, 0 removed" in done.stdout
    root = cluster(fleet)
    files = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    assert files == TREE
    for path in root.rglob("*.yaml"):
        text = path.read_text()
        assert text.startswith(HEADER)
        assert len(list(yaml.safe_load_all(text))) == 1
        if path.name == "kustomization.yaml":
            listed = yaml.safe_load(text)["resources"]
            beside = {each.name for each in path.parent.iterdir()} - {"kustomization.yaml", "kaitops-context.yaml"}
            assert set(listed) == beside
            assert len(listed) == len(set(listed))
    workspace = yaml.safe_load((root / "workloads" / "models" / "workspace-phi-4-mini.yaml").read_text())
    assert workspace["resource"]["instanceType"] == "Standard_NC24ads_A100_v4"
    config = yaml.safe_load(
        (root / "configs" / "models" / f"configmap-{workspace['inference']['config']}.yaml").read_text()
    )
    assert config["data"]["inference_config.yaml"] == "vllm:\n  max-model-len: 16384\n"


def test_same_bytes_for_any_hash_seed_locale_and_order(run: Run, fleet: Path) -> None:
    sample = yaml.safe_load((ROOT / "fleet.yaml").read_text())
    (fleet.parent / "fleet.yaml").write_text(yaml.safe_dump(sample))
    run("render", "--out", "first", code=0, env={"PYTHONHASHSEED": "1", "LC_ALL": "C"})
    rng = random.Random(7)

    def shuffled(data: object) -> object:
        if isinstance(data, dict):
            items = list(data.items())
            rng.shuffle(items)
            return {key: shuffled(value) for key, value in items}
        return data

    (fleet.parent / "fleet.yaml").write_text(yaml.safe_dump(shuffled(sample), sort_keys=False))
    run("render", "--out", "second", code=0, env={"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"})
    first = {path: content for path, (content, _) in snapshot(fleet.parent / "first").items()}
    assert first == {path: content for path, (content, _) in snapshot(fleet.parent / "second").items()}


def test_a_change_of_one_model_touches_only_its_files(run: Run, fleet: Path) -> None:
    fleet.write_text(FLEET + "  other: {preset: phi-4, gpu: Standard_NC24ads_A100_v4}\n")
    run("render", code=0)
    before = snapshot(cluster(fleet))
    fleet.write_text(fleet.read_text().replace("gpu: Standard_NC24ads_A100_v4}", "gpu: Standard_NC40ads_H100_v5}"))
    run("render", code=0)
    after = snapshot(cluster(fleet))
    assert {path for path in before if before[path] != after.get(path)} == {"workloads/models/workspace-other.yaml"}


def test_the_second_render_writes_nothing(run: Run, fleet: Path) -> None:
    run("render", code=0)
    before = snapshot(fleet.parent / "manifests")
    assert "nothing changed" in run("render", code=0).stdout
    assert snapshot(fleet.parent / "manifests") == before


def test_check_and_diff_report_drift_and_write_nothing(run: Run, fleet: Path) -> None:
    assert run("render", "--check", code=1).stdout.count("\n") == 11
    run("render", code=0)
    assert run("render", "--check", code=0).stdout == ""
    path = cluster(fleet) / "workloads" / "models" / "workspace-phi-4-mini.yaml"
    path.write_text(path.read_text().replace("NC24ads", "NC48ads"))
    done = run("render", "--check", code=1)
    assert "~ manifests/clusters/prod-weu/workloads/models/workspace-phi-4-mini.yaml" in done.stdout
    diff = run("render", "--diff", code=1).stdout
    assert "-  instanceType: Standard_NC48ads_A100_v4\n+  instanceType: Standard_NC24ads_A100_v4\n" in diff
    assert "NC48ads" in path.read_text()


def test_a_model_that_leaves_is_pruned(run: Run, fleet: Path) -> None:
    fleet.write_text(FLEET + "  other: {preset: phi-4, gpu: Standard_NC24ads_A100_v4}\n")
    run("render", code=0)
    fleet.write_text(FLEET)
    assert "1 removed" in run("render", code=0).stdout
    assert not (cluster(fleet) / "workloads" / "models" / "workspace-other.yaml").exists()


def test_auto_is_pinned_until_it_is_updated(run: Run, fleet: Path) -> None:
    fleet.write_text(FLEET.replace("Standard_NC24ads_A100_v4", "auto"))
    run("render", code=0)
    lock = fleet.parent / "fleet.lock"
    pins = json.loads(lock.read_text())["pins"]["prod-weu"]
    assert pins == {
        "models/phi-4-mini": {"gpu": "Standard_NV36ads_A10_v5", "usdPerHour": 4.16, "priceDate": "2025-10-08"}
    }
    # A pin holds although it is not the cheapest.
    lock.write_text(lock.read_text().replace("Standard_NV36ads_A10_v5", "Standard_NC40ads_H100_v5"))
    run("render", code=0)
    assert (
        "Standard_NC40ads_H100_v5"
        in (cluster(fleet) / "workloads" / "models" / "workspace-phi-4-mini.yaml").read_text()
    )
    run("render", "--update-lock", code=0)
    assert (
        "Standard_NV36ads_A10_v5" in (cluster(fleet) / "workloads" / "models" / "workspace-phi-4-mini.yaml").read_text()
    )
    fleet.write_text(FLEET)
    assert run("render", "--check", code=1).stderr.startswith("fleet.lock does not hold")
    run("render", code=0)
    assert not lock.exists()


def test_differences_of_a_cluster(run: Run, fleet: Path) -> None:
    text = FLEET.replace(
        "    gitops: none\n", "    gitops: none\n    models: {phi-4-mini: {context: 4096, namespace: small}}\n"
    )
    fleet.write_text(
        text.replace("models:\n  phi", "  other: {region: eastus, provisioner: karpenter}\nmodels:\n  phi")
    )
    run("render", code=0)
    small = next((cluster(fleet) / "configs" / "small").glob("configmap-*")).read_text()
    assert "max-model-len: 4096" in small
    assert (
        "max-model-len: 16384" in next((cluster(fleet, "other") / "configs" / "models").glob("configmap-*")).read_text()
    )
    fleet.write_text(text.replace("context: 4096", "context: nope"))
    assert "clusters.prod-weu.models.phi-4-mini.context" in run("render", code=2).stderr
    fleet.write_text(text.replace("context: 4096", "context: 999999"))
    assert "holds 131072 tokens at most" in run("render", code=2).stderr


def test_plain_mode_makes_the_controllers_objects(run: Run, fleet: Path) -> None:
    run("render", "--mode", "plain", code=0)
    names = {path.name for path in cluster(fleet).rglob("*.yaml")}
    assert {"statefulset-phi-4-mini.yaml", "service-phi-4-mini.yaml", "service-phi-4-mini-headless.yaml"} <= names
    assert "nodepool-models-phi-4-mini.yaml" in names
    assert "workspace-phi-4-mini.yaml" not in names
    text = (cluster(fleet) / "workloads" / "models" / "statefulset-phi-4-mini.yaml").read_text()
    assert "benchmark_entrypoint" not in text
    assert "ownerReferences" not in text
    run("render", "--mode", "plain", "--parity", code=0)
    assert (
        "benchmark_entrypoint" in (cluster(fleet) / "workloads" / "models" / "statefulset-phi-4-mini.yaml").read_text()
    )


def test_streams(run: Run, fleet: Path) -> None:
    done = run("render", "--fleet", "-", "--out", "-", stdin=FLEET, code=0)
    kinds = [document["kind"] for document in yaml.safe_load_all(done.stdout)]
    assert kinds == ["Namespace", "ConfigMap", "Workspace"]
    assert not (fleet.parent / "manifests").exists()
    two = FLEET.replace("models:\n  phi", "  other: {region: eastus, provisioner: karpenter}\nmodels:\n  phi")
    assert "one stream cannot tell them apart" in run("render", "--fleet", "-", "--out", "-", stdin=two, code=2).stderr


def test_a_closed_pipe_is_no_error(fleet: Path) -> None:
    text = FLEET + "".join(f"  m{n}: {{preset: phi-4, gpu: Standard_NC24ads_A100_v4}}\n" for n in range(300))
    fleet.write_text(text)
    command = f"{KAITOPS} render --out - | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=fleet.parent, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr


def test_needs_are_named(run: Run, fleet: Path) -> None:
    fleet.write_text(FLEET + "  llama: {preset: llama-3.1-8b-instruct, gpu: auto, secret: hf-token}\n")
    done = run("render", code=0)
    assert "needs in cluster prod-weu: Secret models/hf-token with key HF_TOKEN" in done.stdout


_PULLING = """\
kaito: 0.12.0
defaults: {namespace: models}
gitops: {repository: "https://github.com/contoso/fleet"}
clusters:
  dev:
    region: westeurope
    provisioner: karpenter
    gitops: flux
    operator:
      values: {imagePullSecrets: [{name: pull}]}
      ragengine: {imagePullSecrets: [{name: rag-pull}]}
      keda: {version: 2.17.0, values: {imagePullSecrets: [{name: keda-pull}]}}
models:
  phi: {preset: phi-4, gpu: auto}
"""


def test_what_charts_are_pulled_with_is_needed_where_the_tree_holds_them(run: Run, fleet: Path) -> None:
    fleet.write_text(_PULLING)
    done = run("render", code=0)
    named = [line for line in done.stdout.splitlines() if "Secret" in line]
    assert named == [
        f"needs in cluster dev: Secret {one}"
        for one in ("kaito-ragengine/rag-pull", "kaito-workspace/pull", "keda/keda-pull")
    ]
    # The gate takes the word of the tree for it where the fleet says the same.
    run("gate", "manifests", "--no-checkov", code=0)
    fleet.write_text(_PULLING.replace("gitops: flux", "gitops: none"))
    assert "Secret" not in run("render", code=0).stdout
    fleet.write_text(re.sub(r"imagePullSecrets: \[[^]]*\]", "podAnnotations: {a: b}", _PULLING))
    assert "Secret" not in run("render", code=0).stdout


def test_warnings_of_what_has_no_effect(run: Run, fleet: Path) -> None:
    fleet.write_text(
        FLEET.replace("karpenter", "aks-addon") + "    replicas: 2\n    autoscale: {max: 3}\n    mode: plain\n"
    )
    done = run("render", code=0)
    assert "the AKS add-on runs KAITO 0.6.0" in done.stderr
    assert "autoscale: has no effect in plain mode" in done.stderr


def test_charts_that_nobody_applies_are_told(run: Run, fleet: Path) -> None:
    declared = FLEET.replace("    gitops: none\n", "").replace(
        "karpenter", "karpenter\n    operator: {keda: {version: 2.18.0}}", 1
    )
    fleet.write_text(declared)
    assert (
        ".operator: charts are rendered for Argo CD and Flux, and gitops is none here" in run("render", code=0).stderr
    )
    fleet.write_text(declared.replace("    operator:", "    gitops: flux\n    operator:"))
    assert "charts are rendered" not in run("render", code=0).stderr


def test_the_committed_tree_is_the_rendered_sample_fleet() -> None:
    done = subprocess.run([str(KAITOPS), "render", "--check"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert subprocess.run([str(KAITOPS), "gate", "-q", "manifests"], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("argument", ["--nope", "--mode=fast"])
def test_usage_errors(run: Run, argument: str) -> None:
    assert "usage: kaitops render" in run("render", argument, code=2).stderr


def test_an_internal_error_never_reads_as_a_verdict(tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    script = (
        "import sys, kaitops.render, kaitops.cli.render as verb; from kaitops.cli import main\n"
        "def boom(*a, **k): raise RuntimeError('boom')\n"
        "verb.render = boom; sys.exit(main(['render']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert done.returncode == 3
    assert "internal error" in done.stderr


def test_what_auto_chose_is_said_with_its_cost(run: Run, fleet: Path) -> None:
    fleet.write_text(
        FLEET.replace("gpu: Standard_NC24ads_A100_v4", "gpu: auto\n    replicas: 2")
        + "  other:\n    preset: phi-4\n    gpu: Standard_NC24ads_A100_v4\n"
    )
    for _ in range(2):
        said = [line for line in run("render", code=0).stderr.splitlines() if line.startswith("auto: ")]
        assert said == [
            "auto: models.phi-4-mini on prod-weu: 2 x Standard_NV36ads_A10_v5 (1 x NVIDIA A10), 8.32 USD an hour, "
            "6073.60 a month, price of 2025-10-08"
        ]
    assert "auto" not in run("render", "--quiet", code=0).stderr
    more = "".join(f"  m{number}: {{preset: phi-4, gpu: auto}}\n" for number in range(5))
    fleet.write_text(fleet.read_text() + more)
    first, again = (
        [line for line in run("render", code=0).stderr.splitlines() if line.startswith("auto: ")] for _ in range(2)
    )
    assert len(first) == 6, "what is new, and the one of before"
    assert again == ["auto: 6 sizes as fleet.lock has them; 'kaitops cost' lists them"]


def test_a_model_that_takes_several_machines_is_said(run: Run, fleet: Path) -> None:
    several = "gpu: Standard_NV36ads_A10_v5"
    for entry, told in ((several, True), ("gpu: Standard_NC24ads_A100_v4", False)):
        text = re.sub(r"context: \d+", "context: 131072", FLEET.replace("gpu: Standard_NC24ads_A100_v4", entry))
        fleet.write_text(text)
        said = [line for line in run("render", code=0).stderr.splitlines() if line.startswith("machines: ")]
        assert bool(said) is told
        assert not told or re.fullmatch(
            r"machines: models.phi-4-mini on prod-weu: 5 x Standard_NV36ads_A10_v5 \(1 x NVIDIA A10\), 20.80 USD an hour, .*",
            said[0],
        ), said
    assert "machines" not in run("render", "--quiet", code=0).stderr
