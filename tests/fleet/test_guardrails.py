"""An engine with KAITO's default guardrails policy, which the chart of RAGEngines brings."""

from pathlib import Path

import pytest
import yaml

from tests.conftest import Run

NAME = "ragengine-guardrails-policy-template"
FLEET = """\
kaito: "0.12.0"
defaults: {namespace: models}
clusters: {dev: {region: westeurope, provisioner: karpenter, gitops: none}}
rag: {book: {embedding: {model: BAAI/bge-small-en-v1.5}, guardrails: {}}}
"""
TEMPLATE = f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{name: {NAME}, namespace: NAMESPACE}}
data: {{guardrails.yaml: "scanners: []"}}
"""


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    return tmp_path


def test_the_operator_reads_it_where_its_chart_is(run: Run, fleet: Path) -> None:
    done = run("render", code=0)
    assert f"needs in cluster dev: ConfigMap kaito-ragengine/{NAME}\n" in done.stdout
    (engine,) = (fleet / "manifests").rglob("ragengine-book.yaml")
    context = next((fleet / "manifests").rglob("kaitops-context.yaml"))
    assert run("gate", "manifests", "--no-checkov", code=0), "the context promises it"
    alone = fleet / "alone"
    alone.mkdir()
    engine.rename(alone / "engine.yaml")
    context.unlink()
    refused = run("gate", "alone", "--no-checkov", code=1)
    assert f"needs in the cluster: ConfigMap kaito-ragengine/{NAME}" in refused.stdout
    run("gate", "alone", "--no-checkov", "--assume-present", f"ConfigMap/{NAME}", code=0)
    for namespace in ("kaito-ragengine", "kaito-workspace"):
        (alone / "chart.yaml").write_text(TEMPLATE.replace("NAMESPACE", namespace))
        run("gate", "alone", "--no-checkov", code=0)
    (alone / "chart.yaml").write_text(TEMPLATE.replace("NAMESPACE", "kaito-ragengine").replace("guardrails.yaml", "x"))
    assert "guardrails.yaml in ConfigMap" in run("gate", "alone", "--no-checkov", code=1).stdout


def test_without_the_operator_it_has_to_be_beside_the_engine(run: Run, fleet: Path) -> None:
    done = run("render", "--mode", "plain", code=0)
    assert f"needs in cluster dev: ConfigMap models/{NAME}" in done.stdout
    assert "kaito-ragengine" not in done.stdout, "nobody would read it there"
    (path,) = (fleet / "manifests").rglob("deployment-book.yaml")
    spec = yaml.safe_load(path.read_text())["spec"]["template"]["spec"]
    assert spec["volumes"][-1]["configMap"]["name"] == NAME
    assert spec["containers"][0]["volumeMounts"][-1]["mountPath"] == "/etc/ragengine/guardrails"
    assert {"name": "OUTPUT_GUARDRAILS_ENABLED", "value": "true"} in spec["containers"][0]["env"]
    assert not list((fleet / "manifests").rglob("configmap-*")), "KAITO's policy is its authors' and not ours to hold"
    run("gate", "manifests", "--no-checkov", code=0)


def test_a_policy_without_scanners_is_told(run: Run, tmp_path: Path) -> None:
    policy = "{policy: {scanners: []}}"
    (tmp_path / "fleet.yaml").write_text(FLEET.replace("guardrails: {}", f"guardrails: {policy}"), "utf-8")
    done = run("render", code=0)
    assert "rag.book.guardrails.policy: names no scanner, so every answer passes" in done.stdout + done.stderr
    (tmp_path / "fleet.yaml").write_text(FLEET, "utf-8")
    assert "names no scanner" not in run("render", code=0).stderr
