"""checkov's own checks in the gate, by the real checkov where its environment is there."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run
from tests.gate.objects import DEPLOYMENT, WORKSPACE, put

_PYTHON = next(
    (
        name
        for name in (os.environ.get("KAITOPS_CHECKOV_PYTHON"), str(ROOT / ".venv-checkov" / "bin" / "python"))
        if name and Path(name).is_file()
    ),
    None,
)
pytestmark = pytest.mark.e2e
real = pytest.mark.skipif(
    _PYTHON is None, reason="checkov's environment is not there; set KAITOPS_CHECKOV_PYTHON or make .venv-checkov"
)
TEMPLATE = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: own, namespace: team}
resource:
  instanceType: Standard_NC24ads_A100_v4
  labelSelector: {matchLabels: {apps: own}}
inference:
  template:
    spec:
      containers:
      - name: own
        image: contoso.azurecr.io/own:1.0.0
        securityContext: {privileged: true}
"""


@pytest.fixture
def gate(run: Run):
    def call(*arguments: str, code: int | None = None):
        return run("gate", *arguments, "--checkov-python", str(_PYTHON), code=code)

    return call


@real
def test_own_workloads_and_pod_templates_are_judged(gate, tmp_path: Path) -> None:
    put(tmp_path, web=DEPLOYMENT, own=TEMPLATE)
    done = gate(".", code=1)
    assert "web.yaml:2:1: CKV_K8S_16 HIGH: Deployment team/web: Container should not be privileged" in done.stdout
    assert "own.yaml:8:3: CKV_K8S_16 HIGH: Workspace team/own: Container should not be privileged" in done.stdout
    assert done.stderr == ""


@real
def test_secrets_are_found_and_not_shown(gate, tmp_path: Path) -> None:
    value = "Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A1" * 2
    key = value[:86] + "=="
    put(
        tmp_path,
        a=f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: team}}\ndata:\n  c: AccountKey={key}\n",
    )
    done = gate("a.yaml", code=1)
    assert "a.yaml:5:1: CKV_SECRET_" in done.stdout
    assert value[:20] not in done.stdout + done.stderr


_STORED = "  c: AccountKey=" + ("Zm9vYmFyMTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A1" * 2)[:86] + "==\n"


@real
@pytest.mark.parametrize(
    "text",
    [
        _STORED,
        _STORED.replace("\n", " # pragma: allowlist secret\n"),
        _STORED.replace("\n", " # PRAGMA : whitelist-secret\n"),
        "  # pragma: allowlist nextline secret\n" + _STORED,
        _STORED.replace("\n", " # checkov:skip=CKV_SECRET_3:a reason\n"),
        _STORED.replace("\n", " # bridgecrew:skip=CKV_SECRET_3:a reason\n"),
        _STORED.replace("\n", " # cortex:skip=CKV_SECRET_3:a reason\n"),
        "  # checkov:skip=CKV_SECRET_3:a reason\n" + _STORED,
        _STORED + "  # checkov:skip=CKV_SECRET_3:a reason\n",
        "  # checkov:skip=CKV_SECRET_3:a reason, pragma: allowlist nextline secret\n" + _STORED,
    ],
)
def test_no_comment_takes_a_line_out_of_the_search(gate, tmp_path: Path, text: str) -> None:
    put(tmp_path, a=f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a, namespace: team}}\ndata:\n{text}")
    done = gate("a.yaml", code=1)
    assert "CKV_SECRET_3 CRITICAL" in done.stdout
    assert "Zm9vYmFy" not in done.stdout + done.stderr


@real
@pytest.mark.parametrize("key", ["checkov.io/skip1", "bridgecrew.io/skip1", "x.cortex.io/skip-1"])
@pytest.mark.parametrize("place", ["team}", "{app: web}}\n    spec"])
def test_no_annotation_of_object_or_template_skips_a_check(gate, tmp_path: Path, key: str, place: str) -> None:
    note = f"annotations: {{{key}: CKV_K8S_16=a reason}}"
    own, template = f"team, {note}}}", f"{{app: web}}, {note}}}\n    spec"
    put(tmp_path, web=DEPLOYMENT.replace(place, own if place == "team}" else template))
    assert "CKV_K8S_16 HIGH" in gate("web.yaml", code=1).stdout


@real
@pytest.mark.parametrize(
    "text",
    [
        DEPLOYMENT.replace("name: web, namespace", "name: 'web#{}', namespace"),
        DEPLOYMENT.replace("name: web, namespace", f"name: {'a' * 254}, namespace"),
        "# {{ .Values.x }}\n" + DEPLOYMENT,
        "a: &x [*x]\n",
        DEPLOYMENT.replace("team}", "team, annotations: {t: '{{ .Values.x }} {{ .Release.Name }}'}}"),
        DEPLOYMENT.replace("team}", 'team, annotations: {t: "\\U0001F600 \\x85 \\u2028"}}'),
        DEPLOYMENT.replace("team}", "team, annotations: {checkov.io/skip1: CKV_K8S_16=a=b}}"),
        DEPLOYMENT.replace("team}", "team, annotations: {checkov.io/skip1: 7}}"),
    ],
)
def test_nothing_makes_checkov_look_away(gate, tmp_path: Path, text: str) -> None:
    put(tmp_path, web=text)
    done = gate(".")
    assert done.returncode in (1, 2), done.stderr
    judged = "CKV_K8S_16 HIGH" in done.stdout
    assert judged or (done.returncode == 2 and "incomplete" in done.stdout)


@real
def test_settings_around_it_do_not_reach_it(run: Run, tmp_path: Path) -> None:
    put(tmp_path, web=DEPLOYMENT)
    (tmp_path / ".checkov.yaml").write_text("soft-fail: true\nskip-check: [CKV_K8S_16]\n")
    environment = {"CKV_SKIP_CHECK": "CKV_K8S_16", "CKV_CHECK": "CKV_K8S_1", "HOME": str(tmp_path)}
    done = run("gate", "web.yaml", "--checkov-python", str(_PYTHON), env=environment, code=1)
    assert "CKV_K8S_16 HIGH" in done.stdout


@real
def test_a_skip_counts_where_annotations_are_allowed(gate, tmp_path: Path) -> None:
    put(
        tmp_path,
        web=DEPLOYMENT.replace("team}", "team, annotations: {checkov.io/skip1: CKV_K8S_16=needs the device}}"),
        x="annotations: true\nexemptions: []\n",
    )
    done = gate("web.yaml", "--exemptions", "x.yaml")
    assert "CKV_K8S_16" not in done.stdout
    assert "1 exempted" in done.stdout
    put(
        tmp_path,
        x="exemptions:\n- {id: CKV_K8S_16, resource: Deployment team/web, reason: device, owner: a, until: '2027-05-01'}\n",
    )
    done = gate("web.yaml", "--exemptions", "x.yaml", code=1)
    assert "CKV_K8S_16" not in done.stdout
    assert "KAITOPS-EXEMPTION HIGH" in done.stdout, "the annotation is not allowed any more"


def test_where_it_is_missing_that_is_said_and_may_be_an_error(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE)
    nowhere = {"KAITOPS_CHECKOV_PYTHON": ""}
    assert "checks did NOT run" in run("gate", "a.yaml", "-q", env=nowhere, code=0).stderr
    done = run("gate", "a.yaml", "--require-checkov", env=nowhere, code=2)
    assert "KAITOPS-COVERAGE" in done.stdout
    assert "did NOT run" not in run("gate", "a.yaml", "--no-checkov", env=nowhere, code=0).stderr
    run("gate", "a.yaml", "--no-checkov", "--require-checkov", code=2)
    assert "is not a Python" in run("gate", "a.yaml", "--checkov-python", "nowhere", code=2).stderr


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("#!/bin/sh\nexit 1\n", "checkov failed"),
        ("#!/bin/sh\necho no module named checkov >&2; exit 1\n", "no module named checkov"),
        ("#!/bin/sh\ncat >/dev/null; printf '\\0{\"checks\": [], \"findings\": [], \"judged\": [], \"secrets\": []}'\n", "loaded no check"),
        ("#!/bin/sh\ncat >/dev/null; echo hello\n", "no answer"),
        ("#!/bin/sh\ncat >/dev/null; printf '\\0[]'\n", "no answer"),
        ("#!/bin/sh\ncat >/dev/null; printf '\\0{\"checks\": [1], \"findings\": 5}'\n", "no answer"),
        ("#!/bin/sh\ncat >/dev/null; printf '\\0\\377'\n", "no answer"),
    ],
)  # fmt: skip
def test_a_checkov_that_fails_is_never_green(run: Run, tmp_path: Path, script: str, message: str) -> None:
    put(tmp_path, a=WORKSPACE)
    fake = tmp_path / "python"
    fake.write_text(script)
    fake.chmod(0o755)
    done = run("gate", "a.yaml", "--checkov-python", str(fake), "--sarif", "x.sarif", code=3)
    assert message in done.stderr
    assert not (tmp_path / "x.sarif").exists()


def test_an_object_that_it_passed_over_is_a_finding(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE)
    fake = tmp_path / "python"
    answer = '{"checks": ["X"], "findings": [], "judged": [], "secrets": []}'
    fake.write_text(f"#!/bin/sh\ncat >/dev/null; printf '\\0{answer}'\n")
    fake.chmod(0o755)
    done = run("gate", "a.yaml", "--checkov-python", str(fake), code=2)
    assert "a.yaml:4:3: KAITOPS-COVERAGE CRITICAL: Workspace team/phi: checkov passed over" in done.stdout


@real
def test_the_findings_are_those_of_checkovs_own_command(gate, tmp_path: Path) -> None:
    import json

    put(tmp_path, web=DEPLOYMENT)
    command = [
        str(Path(str(_PYTHON)).with_name("checkov")),
        "-d",
        str(tmp_path),
        "--framework",
        "kubernetes",
        "--skip-download",
        "-o",
        "json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    expected = {one["check_id"] for one in json.loads(done.stdout)["results"]["failed_checks"]}
    found = {one["rule"] for one in json.loads(gate("web.yaml", "-o", "json").stdout)["findings"]}
    assert expected == {rule for rule in found if rule.startswith("CKV")}
