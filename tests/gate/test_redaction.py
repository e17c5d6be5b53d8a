"""No report holds a secret value, whichever part of the gate came across it."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.gate.objects import WORKSPACE, put

TOKEN = "hf_" + "aB3dE6gH9" * 4
SAS = "sig=" + "q9W%2Be8R7t6Y5u4I3o2P1" * 2
PLAIN = "correct-horse-battery"
FORMS = ("table", "json", "yaml", "name", "sarif", "junit", "github", "markdown")


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
