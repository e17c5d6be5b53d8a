"""The default infrastructure passes the cluster rules and checkov, with dated exemptions and no finding beside them."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import KAITOPS, ROOT

_PYTHON = Path(os.environ.get("KAITOPS_CHECKOV_PYTHON", ROOT / ".venv-checkov/bin/python"))

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not _PYTHON.exists(), reason=f"no checkov: {_PYTHON} is not there (KAITOPS_CHECKOV_PYTHON)"),
]


def test_nothing_is_found_that_is_not_exempted(tmp_path: Path) -> None:
    infra = json.dumps({"entraAdmins": ["11111111-1111-1111-1111-111111111111"]})
    template = tmp_path / "template.json"
    config = ("cluster=prod-weu", f"infra={infra}", 'parts=["infra"]')
    given = [part for one in config for part in ("--config", f"kaitops:{one}")]
    subprocess.run([str(KAITOPS), "arm", "--stack", "dev", *given, "--out", str(template)], cwd=ROOT, check=True)
    command = [
        str(KAITOPS),
        "gate",
        str(template),
        "--require-checkov",
        "--checkov-python",
        str(_PYTHON),
        "--fail-on",
        "LOW",
    ]
    accepted = ["--exemptions", str(ROOT / "infra-exemptions.yaml")]
    done = subprocess.run([*command, *accepted], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    bare = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert bare.returncode == 1
    assert sorted({word for word in bare.stdout.split() if word.startswith("CKV_AZURE")}) == [
        "CKV_AZURE_166", "CKV_AZURE_172", "CKV_AZURE_6", "CKV_AZURE_8",
    ]  # fmt: skip
