"""Names that a prefix or suffix of kustomize changes, and fields that name them and that it does not know."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess as Done

import pytest

from tests.gate.objects import ASKING_ENGINE, ENGINE, INFERENCE_SET, SERVING, WORKSPACE
from tests.gate.renderers import NEEDS_KUSTOMIZE

pytestmark = NEEDS_KUSTOMIZE

_HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
_SCALED = (
    INFERENCE_SET.replace("  replicas: 2\n  nodeCountLimit: 2\n", "")
    + """\
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: phi, namespace: team}
spec:
  scaleTargetRef: {apiVersion: kaito.sh/v1beta1, kind: InferenceSet, name: phi}
  minReplicaCount: 1
  maxReplicaCount: 2
  triggers: [{type: cron, metadata: {timezone: UTC, start: 0 7 * * *, end: 0 8 * * *, desiredReplicas: "2"}}]
"""
)
_CONFIGURED = (
    WORKSPACE
    + """\
  config: flags
---
apiVersion: v1
kind: ConfigMap
metadata: {name: flags, namespace: team}
data: {inference_config.yaml: "vllm: {max-model-len: 4096}"}
"""
)
_GATED = (
    WORKSPACE.replace(
        "    name: phi-4-mini-instruct\n",
        "    name: llama-3.1-8b-instruct\n    presetOptions: {modelAccessSecret: hf}\n",
    )
    + """\
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: hf, namespace: team}
spec:
  secretStoreRef: {name: vault, kind: ClusterSecretStore}
  data: [{secretKey: HF_TOKEN, remoteRef: {key: hf}}]
"""
)
_KEPT = (
    ENGINE
    + """\
  storage: {persistentVolume: {persistentVolumeClaim: index}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: index, namespace: team}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 9Gi}}}
"""
)
_ROUTED = (
    WORKSPACE
    + """\
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: phi, namespace: team}
spec:
  parentRefs: [{name: models, namespace: gateways}]
  rules: [{backendRefs: [{name: phi, port: 80}]}]
"""
)
_GUARDED = (
    WORKSPACE
    + """\
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: phi, namespace: team}
spec: {maxUnavailable: 1, selector: {matchLabels: {kaito.sh/workspace: phi}}}
"""
)
_CALLING = f"{WORKSPACE}---\n{SERVING}        env: [{{name: OPENAI_BASE_URL, value: http://phi.team.svc/v1}}]\n"
# What is written, the name that it holds, and the words of the finding.
_LEFT = {
    "a scaler": (_SCALED, "names InferenceSet team/phi", "phi"),
    "a configuration": (_CONFIGURED, "needs in the cluster: ConfigMap team/flags", "flags"),
    "a token": (_GATED, "refers to Secret team/hf", "hf"),
    "a claim": (_KEPT, "refers to PersistentVolumeClaim team/index", "index"),
    "a route": (_ROUTED, "leads to Service phi in namespace team", "phi"),
    "an engine": (f"{WORKSPACE}---\n{ASKING_ENGINE}", "leads to Service phi in namespace team", "phi"),
    "a client": (_CALLING, "leads to Service phi in namespace team", "phi"),
}
Gate = Callable[..., Done[str]]


@pytest.fixture
def gate(tmp_path: Path, run: Callable[..., Done[str]]) -> Gate:
    """Writes a kustomization with a file beside it, or with a base that has one, and gates them."""

    def call(text: str, fields: str, inner: str | None = None) -> Done[str]:
        base = tmp_path if inner is None else tmp_path / "base"
        base.mkdir(exist_ok=True)
        (base / "all.yaml").write_text(text)
        if inner is not None:
            (base / "kustomization.yaml").write_text(f"{_HEAD}resources: [all.yaml]\n{inner}")
        taken = "all.yaml" if inner is None else "base"
        (tmp_path / "kustomization.yaml").write_text(f"{_HEAD}resources: [{taken}]\n{fields}")
        return run("gate", ".", "--no-checkov", "--today", "2026-06-01")

    return call


@pytest.mark.parametrize("name", _LEFT)
def test_a_name_that_kustomize_leaves_as_it_is(gate: Gate, name: str) -> None:
    text, said, old = _LEFT[name]
    done = gate(text, "nameSuffix: -prod\n")
    assert done.returncode == 1, done.stdout
    assert said in done.stdout
    by = f"nameSuffix of kustomization.yaml makes {old}-prod of it, and kustomize does not know that the field names it"
    assert f"{by}; write {old}-prod" in done.stdout
    assert gate(text, "").returncode == 0


def test_a_name_of_two_prefixes(gate: Gate) -> None:
    told = gate(_SCALED, "namePrefix: prod-\n", "namePrefix: llm-\n").stdout
    assert "makes prod-llm-phi of it" in told
    assert (
        gate(
            _SCALED.replace("name: phi}", "name: prod-llm-phi}"), "namePrefix: prod-\n", "namePrefix: llm-\n"
        ).returncode
        == 0
    )


def test_a_label_that_a_controller_makes_of_a_name(gate: Gate) -> None:
    done = gate(_GUARDED, "namePrefix: prod-\n")
    assert done.returncode == 1
    assert "those of Workspace team/prod-phi have kaito.sh/workspace=prod-phi; write that" in done.stdout
    assert gate(_GUARDED.replace("workspace: phi}", "workspace: prod-phi}"), "namePrefix: prod-\n").returncode == 0


def test_a_name_that_kustomize_knows(gate: Gate) -> None:
    text = f"""\
{SERVING}---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web, namespace: team}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  maxReplicas: 4
  metrics: [{{type: Resource, resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 80}}}}}}]
"""
    assert gate(text, "namePrefix: prod-\n").returncode == 0


def test_a_name_of_what_is_elsewhere(gate: Gate) -> None:
    assert gate(_SCALED.replace("name: phi}", "name: mistral}"), "namePrefix: prod-\n").returncode == 0
