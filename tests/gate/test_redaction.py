"""No report holds a secret value, whichever part of the gate came across it."""

from pathlib import Path

import pytest

from tests.commands import FORMS
from tests.conftest import Run
from tests.gate.objects import WORKSPACE, put

TOKEN = "hf_" + "aB3dE6gH9" * 4
SAS = "sig=" + "q9W%2Be8R7t6Y5u4I3o2P1" * 2
PLAIN = "correct-horse-battery"


@pytest.mark.sampled(4)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "text",
    [
        WORKSPACE.replace("phi-4-mini-instruct", TOKEN),
        WORKSPACE.replace("name: phi\n", f"name: {TOKEN}\n"),
        WORKSPACE.replace("Standard_NC24ads_A100_v4", TOKEN),
        WORKSPACE + f"  {TOKEN}: 1\n",
        WORKSPACE + f"  config: {TOKEN}\n",
        WORKSPACE + f"x: !!int {TOKEN}\n",
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: team}}\ndata:\n  u: https://x/?{SAS}\n",
        f"apiVersion: v1\nkind: Secret\nmetadata: {{name: {PLAIN}, namespace: team}}\nstringData: {{p: {PLAIN}}}\n",
    ],
)
def test_no_value_is_printed(run: Run, tmp_path: Path, form: str, text: str) -> None:
    put(tmp_path, a=text)
    done = run("gate", "a.yaml", "--no-checkov", "-o", form)
    assert done.returncode in (1, 2)
    for value in (TOKEN, SAS, PLAIN):
        if value in text:
            assert value not in done.stdout + done.stderr


def test_kind_and_length_stand_in_its_place(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE.replace("Standard_NC24ads_A100_v4", TOKEN))
    assert f"<a Hugging Face token, {len(TOKEN)} characters>" in run("gate", "a.yaml", "--no-checkov").stdout


def test_names_in_the_file_of_an_unreadable_secret_are_told(run: Run, tmp_path: Path) -> None:
    """A template of a chart that nothing can read holds a Secret among others: its values go, names stay."""
    (tmp_path / "chart.yaml").write_text("""\
{{- if .Values.on }}
apiVersion: v1
kind: Secret
metadata:
  name: order-service-secrets
data:
  ORDER_PASSWORD: correct-horse-battery
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: order-service
{{- end }}
""")
    (tmp_path / "a.yaml").write_text("""\
apiVersion: v1
kind: Service
metadata: {name: order-service, namespace: team}
spec: {ports: [{port: 0}], selector: {ORDER_PASSWORD: x, pass: correct-horse-battery}}
---
apiVersion: v1
kind: Pod
metadata: {name: order-service-secrets, namespace: team}
spec: {containers: [{name: a, image: "mcr.microsoft.com/a:1", env: [{name: ORDER_PASSWORD, value: battery-staple}]}]}
""")
    out = run("gate", "--no-checkov", str(tmp_path)).stdout
    assert "Service team/order-service:" in out
    assert "Pod team/order-service-secrets:" in out
    assert "(ORDER_PASSWORD)" in out
    assert "battery" not in out


def test_where_a_secret_has_to_be_is_no_value(run: Run, tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text(
        'kaito: "0.12.0"\nclusters: {dev: {region: westeurope, provisioner: karpenter}}\n'
        "rag: {book: {gpu: Standard_NC24ads_A100_v4, namespace: models, embedding: {model: BAAI/bge-small-en-v1.5}, "
        'storage: {vectorDB: {url: "http://qdrant.models.svc:6333", secret: qd}}}}\n',
        "utf-8",
    )
    run("render", code=0)
    told = run("gate", "manifests", "--no-checkov", code=0).stdout
    assert "needs in cluster dev: Service models/qdrant" in told
