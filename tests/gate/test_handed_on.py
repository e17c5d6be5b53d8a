"""What controllers hand on is judged where it is written: an annotation of a template becomes one of a Workspace."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.gate.objects import put

_FLEET = """\
kaito: "0.12.0"
defaults: {{namespace: models}}
clusters:
  dev: {{region: westeurope, provisioner: karpenter, gitops: none}}
models:
  phi:
    preset: phi-4-mini-instruct
    gpu: Standard_NC24ads_A100_v4
    context: 16384
    loadBalancer: true
    bypassResourceChecks: true
{more}"""
_SPLIT = """\
apiVersion: kaito.sh/v1alpha1
kind: MultiRoleInference
metadata: {name: split, namespace: team, annotations: {kaito.sh/enablelb: "True"}}
spec:
  labelSelector: {matchLabels: {apps: split}}
  model: {name: phi-4-mini-instruct}
  roles:
  - {type: prefill, replicas: 1, instanceType: Standard_NC40ads_H100_v5}
  - {type: decode, replicas: 1, instanceType: Standard_NC24ads_A100_v4}
"""


@pytest.mark.parametrize("more", ["", "    replicas: 2\n"])
def test_what_render_publishes_makes_the_gate_red(run: Run, tmp_path: Path, more: str) -> None:
    (tmp_path / "fleet.yaml").write_text(_FLEET.format(more=more))
    run("render", code=0)
    said = run("gate", "manifests", "--no-checkov", code=1).stdout
    assert "KAITO001 CRITICAL: " in said and "KAITO007 HIGH: " in said


def test_a_split_model_hands_all_its_annotations_on(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=_SPLIT)
    assert "KAITO001 CRITICAL: MultiRoleInference team/split" in run("gate", "a.yaml", "--no-checkov", code=1).stdout
