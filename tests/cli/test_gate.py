"""``kaitops gate`` on any YAML tree."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.conftest import KAITOPS, Run
from tests.gate.objects import WORKSPACE

CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: team
data:
  inference_config.yaml: |
    vllm:
      max-model-len: 4096
"""


def put(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_findings_in_rendered_files_name_what_to_change(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(
        "kaito: 0.12.0\nclusters: {dev: {region: westeurope, provisioner: karpenter}}\nmodels:\n  own:\n"
        "    gpu: Standard_NC24ads_A100_v4\n    custom: {huggingFace: {image: 'vllm/vllm-openai:v0.11.0', args: [--model, a/b, --port, '5000'], model: a/b}}\n"
    )
    run("render", code=0)
    told = run("gate", "manifests", "--no-checkov", code=1).stderr
    assert "change in fleet.yaml: models.own" in told
    assert "models.own" not in run("gate", "manifests", "--no-checkov", "-q", code=1).stderr


def test_a_good_object_passes(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE)
    assert run("gate", "a.yaml", code=0).stdout == "1 object: 1 judged as KAITO would; 0 findings\n"


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("Standard_NC24ads_A100_v4", "Standard_Nope", "a.yaml:7:3: KAITOPS-FIT CRITICAL", "KAITO admits it and then fails"),
        ("Standard_NC24ads_A100_v4", "Fancy_Nope", "a.yaml:7:3: KAITOPS-ADMISSION CRITICAL", "Unsupported instance type Fancy_Nope"),
        ("phi-4-mini-instruct", "phi-5", "KAITOPS-ADMISSION CRITICAL", "Unsupported inference preset name phi-5"),
        ("  instanceType: Standard_NC24ads_A100_v4\n", "", "KAITOPS-ADMISSION CRITICAL", "instanceType is required"),
        ("  labelSelector:\n    matchLabels:\n      apps: phi\n", "", "a.yaml:6:1: KAITOPS-ADMISSION CRITICAL", "resource.labelSelector: Required value"),
        ("name: phi\n", "name: Phi\n", "a.yaml:4:3: KAITOPS-ADMISSION CRITICAL", "lowercase RFC 1123"),
        ("    name: phi-4", "    nome: phi-4", "KAITOPS-ADMISSION CRITICAL", 'unknown field "inference.preset.nome"'),
        ("instanceType: Standard_NC24ads_A100_v4", "instanceType: 3", "a.yaml:7:3: KAITOPS-ADMISSION CRITICAL", "must be of type string"),
    ],
)  # fmt: skip
def test_a_bad_object_fails_at_its_place(
    run: Run, tmp_path: Path, old: str, new: str, place: str, message: str
) -> None:
    assert old in WORKSPACE
    put(tmp_path, a=WORKSPACE.replace(old, new, 1))
    done = run("gate", "a.yaml", code=1)
    assert place in done.stdout
    assert message in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("metadata:\n  name: phi\n  namespace: team\n", "metadata: {}\n", "a.yaml:3:1: KAITOPS-FORM CRITICAL", "metadata.name is missing"),
        ("name: phi\n", "name: 123\n", "a.yaml:4:3: KAITOPS-FORM CRITICAL", "metadata.name is not text"),
        ("  name: phi\n", "  generateName: phi-\n", "a.yaml:3:1: KAITOPS-FORM CRITICAL", "metadata.generateName without a name"),
        ("kind: Workspace", "kind: Workspaze", "a.yaml:2:1: KAITOPS-COVERAGE", "serves no Workspaze"),
        ("kind: Workspace", "kind: [Workspace]", "a.yaml:2:1: KAITOPS-FORM CRITICAL", "must both be there and be text"),
        ("kind: Workspace\n", "", "a.yaml:1:1: KAITOPS-FORM CRITICAL", "must both be there and be text"),
        ("kaito.sh/v1beta1", "apps/v1", "a.yaml:2:1: KAITOPS-COVERAGE", "apps has no kind Workspace"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_never_green(
    run: Run, tmp_path: Path, old: str, new: str, place: str, message: str
) -> None:
    assert old in WORKSPACE
    put(tmp_path, a=WORKSPACE.replace(old, new, 1), b=WORKSPACE.replace("name: phi\n", "name: other\n"))
    done = run("gate", ".", "--fail-on", "CRITICAL", code=2)
    assert place in done.stdout
    assert message in done.stdout
    assert "incomplete: something was not judged" in done.stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2\n", "a.yaml:2:1: KAITOPS-FORM CRITICAL: key 'a' is already on line 1"),
        ("a:\n\tb: 1\n", "a.yaml:2:1: KAITOPS-FORM CRITICAL: not YAML: a tab"),
        ("a: &x [*x]\n", "a.yaml:1:8: KAITOPS-FORM CRITICAL: an alias refers"),
    ],
)
def test_a_broken_file_is_a_finding(run: Run, tmp_path: Path, text: str, message: str) -> None:
    put(tmp_path, a=text, b=WORKSPACE)
    done = run("gate", ".", code=2)
    assert message in done.stdout
    assert "1 object: 1 judged" in done.stdout


def test_nothing_to_check_is_not_a_pass(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "holds no YAML file" in run("gate", "empty", code=2).stderr
    assert "no such file" in run("gate", "missing", code=2).stderr
    put(tmp_path, empty__values="a: 1\n")
    assert "no Kubernetes object found" in run("gate", "empty", code=2).stderr


def test_a_missing_configmap_is_never_a_silent_pass(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE + "  config: settings\n")
    done = run("gate", ".", code=1)
    assert "needs in the cluster: ConfigMap team/settings" in done.stdout
    assert "--assume-present ConfigMap/settings" in done.stdout
    run("gate", ".", "--assume-present", "ConfigMap/settings", code=0)
    run("gate", ".", "--assume-present", "configmap/team/settings", code=0)
    run("gate", ".", "--assume-present", "ConfigMap/other", code=1)
    put(tmp_path, b=CONFIG)
    run("gate", ".", code=0)
    put(tmp_path, b=CONFIG.replace("4096", "9999999"))
    assert "exceeds model's maximum supported context window" in run("gate", ".", code=1).stdout
    put(tmp_path, b=CONFIG.replace("inference_config", "other_config"))
    assert "has no key inference_config.yaml" in run("gate", ".", code=1).stdout


def test_flags_are_refused_at_their_lines(run: Run, tmp_path: Path) -> None:
    flags = {
        "gpu-memory-utilisation: 0.9": "nearest: gpu-memory-utilization",
        "gpu-memory-utilization: 1.2": "which is more than 1",
        "max-num-seqs: many": "which is not a whole number",
        "kv-cache-dtype: fp9": "nearest: fp8",
        "enable-chunked-prefill: false": "is turned on by this",
        "tensor-parallel-size: 2": "overrides what KAITO sets from the GPUs of a node",
        "port: 8000": "nobody reaches it",
    }
    put(tmp_path, a=CONFIG + "".join(f"      {line}\n" for line in flags))
    lines = run("gate", "a.yaml", code=1).stdout.splitlines()
    for number, (line, words) in enumerate(flags.items(), 10):
        told = next(each for each in lines if each.startswith(f"a.yaml:{number}:7: "))
        assert f"vllm.{line.partition(':')[0]}: " in told and words in told
    assert len(lines) == len(flags) + 1


def test_a_context_that_the_machines_do_not_hold(run: Run, tmp_path: Path) -> None:
    model = "mistralai/Mistral-Small-4-119B-2603"
    put(
        tmp_path,
        a=WORKSPACE.replace("phi-4-mini-instruct", f"{model}\n  config: settings").replace(
            "Standard_NC24ads_A100_v4", "Standard_NC80adis_H100_v5"
        ),
        b=CONFIG.replace("4096", "1048576"),
    )
    told = run("gate", ".", code=1).stdout
    assert (
        f"a.yaml:14:3: KAITO058 HIGH: Workspace team/phi: {model} with 1048576 tokens of context does not fit" in told
    )
    put(tmp_path, b=CONFIG.replace("4096", "770000"))
    assert "KAITO058" not in run("gate", ".").stdout


def test_nodes_are_needed_where_they_are_brought(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE.replace("  instanceType: Standard_NC24ads_A100_v4\n", ""))
    done = run("gate", ".", "--provisioner", "byo", code=1)
    assert "needs in the cluster: Node" in done.stdout


def test_a_secret_is_named_and_does_not_fail(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE + "    presetOptions:\n      modelAccessSecret: hf\n")
    done = run("gate", ".", code=0)
    assert "needs in the cluster: Secret team/hf with key HF_TOKEN" in done.stdout
    secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: hf\n  namespace: team\nstringData:\n  TOKEN: x\n"
    put(tmp_path, b=secret)
    assert "Secret hf has no key HF_TOKEN" in run("gate", ".", code=1).stdout


def test_what_an_account_pulls_with_is_needed(run: Run, tmp_path: Path) -> None:
    account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: sa, namespace: team}\n"
    put(tmp_path, a=account + "imagePullSecrets: [{name: pull}]\n")
    assert "needs in the cluster: Secret team/pull\n" in run("gate", ".", "--no-checkov", code=0).stdout
    refused = run("gate", ".", "--no-checkov", "--complete", code=1).stdout
    assert "a.yaml:4:21: KAITOPS-REFERENCE HIGH: ServiceAccount team/sa: refers to Secret team/pull" in refused
    put(tmp_path, a=account)
    assert "needs" not in run("gate", ".", "--no-checkov", "--complete", code=0).stdout


def test_several_documents_lists_and_stdin(run: Run, tmp_path: Path) -> None:
    text = CONFIG + "---\n" + WORKSPACE + "  config: settings\n"
    assert "2 objects: 1 judged" in run("gate", "-", stdin=text, code=0).stdout
    items = "".join("- " + part.replace("\n", "\n  ").rstrip(" ") for part in (CONFIG, WORKSPACE))
    put(tmp_path, a=f"apiVersion: v1\nkind: List\nitems:\n{items}".replace("Standard_NC24ads_A100_v4", "Nope"))
    done = run("gate", ".", code=1)
    assert (
        "a.yaml:19:5: KAITOPS-ADMISSION CRITICAL: Workspace team/phi: invalid value: Unsupported instance type Nope"
        in done.stdout
    )


def test_two_declarations_of_one_object(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE, b=WORKSPACE)
    assert (
        "b.yaml:4:3: KAITOPS-FORM CRITICAL: Workspace team/phi: is declared in a.yaml as well"
        in run("gate", ".", code=1).stdout
    )


def test_kustomize_folders(run: Run, tmp_path: Path) -> None:
    put(
        tmp_path,
        app__kustomization="resources: [a.yaml, gone.yaml]\nnamespace: team\n",
        app__a=WORKSPACE + "  config: settings\n",
    )
    done = run("gate", "app", code=1)
    assert "lists gone.yaml, which is not there" in done.stdout
    assert "needs in the cluster: ConfigMap team/settings" in done.stdout


def test_each_cluster_is_judged_by_its_own_settings(run: Run, tmp_path: Path) -> None:
    def context(provisioner: str) -> str:
        return f"kaito: 0.12.0\ncluster: {provisioner}\nsettings: {{cloud: azure, nodeProvisioner: {provisioner}, featureGates: {{}}}}\n"

    put(
        tmp_path,
        **{
            "x__kaitops-context": context("karpenter"),
            "x__a": WORKSPACE,
            "y__kaitops-context": context("byo"),
            "y__a": WORKSPACE,
        },
    )
    done = run("gate", ".", "--trust-context", code=1)
    assert done.stdout.count("instanceType must be empty") == 1
    assert "y/a.yaml:7:3: KAITOPS-ADMISSION CRITICAL" in done.stdout


def test_what_is_admitted_and_never_runs_is_found(run: Run, tmp_path: Path) -> None:
    text = WORKSPACE.replace("phi-4-mini-instruct", "google/gemma-4-31B-it").replace(
        "NC24ads_A100_v4", "NV36ads_A10_v5"
    )
    put(tmp_path, a=text + "  config: settings\n", b=CONFIG.replace("4096", "131072"))
    done = run("gate", ".", code=1)
    assert "a.yaml:7:3: KAITOPS-FIT CRITICAL: Workspace team/phi: KAITO admits it and then fails" in done.stdout
    assert "is too small, needs at least" in done.stdout


def test_json_has_everything(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE.replace("phi-4-mini-instruct", "phi-5"))
    result = json.loads(run("gate", ".", "-o", "json", code=1).stdout)
    assert (result["objects"], result["judged"]) == (1, 1)
    found = next(one for one in result["findings"] if one["rule"] == "KAITOPS-ADMISSION")
    assert (result["verdict"], result["failOn"], found["severity"]) == ("failed", "HIGH", "CRITICAL")
    assert (found["check"], found["file"], found["object"]) == ("admission", "a.yaml", "Workspace team/phi")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--feature-gate", "nope=true"], "KAITO has no gate 'nope'"),
        (["--feature-gate", "vLLM=maybe"], "neither vLLM=true nor vLLM=false"),
        (["--assume-present", "Secret"], "is not KIND/NAME"),
        (["--kaito", "9.9.9"], "version '9.9.9' is not known"),
    ],
)
def test_bad_arguments(run: Run, tmp_path: Path, arguments: list[str], message: str) -> None:
    put(tmp_path, a=WORKSPACE)
    assert message in run("gate", ".", *arguments, code=2).stderr


def test_feature_gates_and_clouds_count(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE.replace("Standard_NC24ads_A100_v4", "g5.4xlarge"))
    assert "Unsupported instance type g5.4xlarge" in run("gate", ".", code=1).stdout
    run("gate", ".", "--cloud", "aws", code=0)
    put(tmp_path, a=WORKSPACE)
    assert "Transformers runtime" in run("gate", ".", "--feature-gate", "vLLM=false", code=1).stdout


def test_a_model_that_is_not_recorded_is_said_in_our_words(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE.replace("phi-4-mini-instruct", "contoso/house-7b"))
    done = run("gate", ".", code=1)
    assert "contoso/house-7b is neither in the catalogue nor recorded" in done.stdout
    assert "'kaitops preset record contoso/house-7b'" in done.stdout
    assert "oracle" not in done.stdout


def test_reports_are_written_beside_what_is_printed(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE.replace("phi-4-mini-instruct", "phi-5"))
    names = {"--json": "x.json", "--sarif": "x.sarif", "--junit": "x.xml", "--markdown": "deep/x.md"}
    done = run("gate", "a.yaml", "--no-checkov", *[word for pair in names.items() for word in pair], code=1)
    assert "a.yaml:13:5: KAITOPS-ADMISSION CRITICAL" in done.stdout
    for option, name in names.items():
        form = option.removeprefix("--")
        assert (tmp_path / name).read_text() == run("gate", "a.yaml", "--no-checkov", "-o", form, code=1).stdout


def test_an_interrupted_gate_writes_no_report(tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE)
    slow = tmp_path / "python"
    slow.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\nexec sleep 60\n")
    slow.chmod(0o755)
    (tmp_path / "x.sarif").write_text("old")
    command = [str(KAITOPS), "gate", "a.yaml", "--checkov-python", str(slow), "--sarif", "x.sarif", "--junit", "x.xml"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    while not (tmp_path / "started").exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=20)
    assert (process.returncode, stdout) == (130, "")
    assert "interrupted" in stderr
    assert {path.name for path in tmp_path.iterdir()} == {"a.yaml", "python", "started", "x.sarif"}
    assert (tmp_path / "x.sarif").read_text() == "old"


def test_a_report_that_cannot_be_written_is_said(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE)
    assert "cannot be written" in run("gate", "a.yaml", "--no-checkov", "--sarif", "a.yaml/x", code=3).stderr


@pytest.mark.parametrize(("level", "code"), [("low", 1), ("LOW", 1), ("MEDIUM", 0), ("CRITICAL", 0)])
def test_the_threshold_decides(run: Run, tmp_path: Path, level: str, code: int) -> None:
    put(tmp_path, a=WORKSPACE.replace("namespace: team", "namespace: default"))
    done = run("gate", "a.yaml", "--no-checkov", "--fail-on", level, code=code)
    assert "a.yaml:5:3: KAITO039 LOW: Workspace default/phi" in done.stdout


def test_a_retired_size_is_red_and_the_rendered_one_green(run: Run, fleet: Path, tmp_path: Path) -> None:
    run("render", code=0)
    run("gate", "manifests", "--no-checkov", code=0)
    (path,) = (tmp_path / "manifests").rglob("workspace-*.yaml")
    path.write_text(path.read_text().replace("Standard_NC24ads_A100_v4", "Standard_NC6s_v3"))
    assert "KAITO002 CRITICAL" in run("gate", "manifests", "--no-checkov", code=1).stdout
    run("render", code=0)
    run("gate", "manifests", "--no-checkov", code=0)
