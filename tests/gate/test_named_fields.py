"""A refusal of KAITO or the API server stands at the field that it names, also where its text has a colon or a second line."""

from pathlib import Path

import pytest

from kaitops.cli import main

SIZE = "Standard_NC24ads_A100_v4"
WORKSPACE = f"""\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata:
  name: phi
  namespace: models
resource:
  instanceType: {SIZE}
  labelSelector: {{matchLabels: {{apps: phi}}}}
"""
INFERENCE = "inference:\n  config: served\n  preset:\n    name: phi-4\n"
TUNING = """\
tuning:
  preset: {name: phi-4}
  method: lora
  config: tuned
  input: {urls: ["https://example.com/a.parquet"]}
  output: {volumeSource: {persistentVolumeClaim: {claimName: out}}}
"""
RAG = f"""\
apiVersion: kaito.sh/v1beta1
kind: RAGEngine
metadata:
  name: rag
  namespace: models
spec:
  compute: {{instanceType: {SIZE}, labelSelector: {{matchLabels: {{apps: rag}}}}}}
  embedding: {{local: {{modelID: BAAI/bge-small-en-v1.5}}}}
  inferenceService: {{url: "http://phi.models.svc.cluster.local/v1/completions", contextWindowSize: 4096}}
  guardrails:
    enabled: true
"""


def _config(name: str, key: str, text: str) -> str:
    return f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: models}}\ndata: {{{key}: {text!r}}}\n"


@pytest.mark.parametrize(
    ("manifest", "field", "said"),
    [
        (
            WORKSPACE + INFERENCE.replace("phi-4", "a/b/c").replace("  config: served\n", ""),
            "  preset:",
            "a/b/c is neither",
        ),
        (WORKSPACE + INFERENCE, "  config: served", "ConfigMap models/served"),
        (WORKSPACE + TUNING + _config("tuned", "other.yaml", "a"), "  config: tuned", "does not contain"),
        (
            WORKSPACE + TUNING + _config("tuned", "training_config.yaml", "training_config: 3"),
            "  config: tuned",
            "  line 1: cannot unmarshal",
        ),
        (RAG, "    enabled: true", "guardrails is enabled"),
        (WORKSPACE.replace("labelSelector:", "labelselector:") + INFERENCE, "  labelselector:", "unknown field"),
        (WORKSPACE + "  count: x\n" + INFERENCE, "  count: x", "must be of type integer"),
    ],
)
def test_a_refusal_stands_at_the_field_that_it_names(
    manifest: str,
    field: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(manifest)
    assert main(["gate", "--no-checkov", "--complete", "a.yaml"]) == 1
    lines = manifest.split("\n")
    number = next(number for number, line in enumerate(lines, 1) if line.startswith(field))
    out = capsys.readouterr().out
    found = [line for line in out.splitlines() if said in line]
    assert found and all(f"a.yaml:{number}:" in line for line in found), out
