"""Exemptions: in one file, whole, in force, needed; by annotation only where the file allows it."""

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.gate.objects import PUBLIC, WORKSPACE, put

ENTRY = """\
exemptions:
- id: KAITO001
  resource: Workspace team/*
  reason: demo, torn down daily
  owner: team-a
  until: 2026-12-31
"""


def gate(run: Run, *arguments: str, today: str = "2026-06-01", code: int):
    return run("gate", "a.yaml", "--no-checkov", "--today", today, *arguments, code=code)


def test_an_exemption_covers_until_its_day(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=PUBLIC, x=ENTRY)
    gate(run, code=1)
    done = gate(run, "--exemptions", "x.yaml", code=0)
    assert "0 findings, 1 exempted" in done.stdout
    gate(run, "--exemptions", "x.yaml", today="2026-12-31", code=0)
    done = gate(run, "--exemptions", "x.yaml", today="2027-01-01", code=1)
    assert "KAITO001 CRITICAL" in done.stdout
    assert "x.yaml:2:3: KAITOPS-EXEMPTION HIGH" in done.stdout
    assert "expired on 2026-12-31; team-a" in done.stdout


def test_an_exemption_that_covers_nothing_is_a_finding(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE, x=ENTRY)
    assert "covers no finding" in gate(run, "--exemptions", "x.yaml", code=1).stdout


def test_an_exemption_of_what_is_not_judged_here_makes_no_part_of_a_tree_red(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=WORKSPACE, x=ENTRY.replace("team/*", "other/*"))
    done = gate(run, "--exemptions", "x.yaml", code=0)
    assert "note: x.yaml:2: exemption of KAITO001 for Workspace other/*: nothing that was judged" in done.stderr
    assert "covers no finding" in gate(run, "--exemptions", "x.yaml", "--complete", code=1).stdout
    put(tmp_path, a=PUBLIC)
    assert "KAITO001 CRITICAL" in gate(run, "--exemptions", "x.yaml", code=1).stdout


def test_the_file_beside_the_command_is_used(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=PUBLIC, **{"kaitops-exemptions": ENTRY})
    gate(run, code=0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  owner: team-a\n", "", "needs owner"),
        ("  until: 2026-12-31\n", "", "needs until"),
        ("demo, torn down daily", '""', "needs reason"),
        ("2026-12-31", "2026-02-30", "is not a day"),
        ("2026-12-31", "soon", "is not a day"),
        ("KAITO001", "KAITO999", "there is no rule KAITO999"),
        ("KAITO001", "KAITOPS-ADMISSION", "cannot be exempted"),
        ("KAITO001", "KAITOPS-COVERAGE", "cannot be exempted"),
        ("  owner", "  ovner: x\n  owner", "ovner means nothing"),
        ("exemptions:", "exemption:", "must be one document with 'exemptions'"),
    ],
)
def test_an_exemption_that_is_not_whole_is_refused(run: Run, tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in ENTRY
    put(tmp_path, a=PUBLIC, x=ENTRY.replace(old, new))
    assert message in gate(run, "--exemptions", "x.yaml", code=2).stderr


def test_what_was_not_judged_cannot_be_excused_by_another_id(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=PUBLIC.replace("kind: Workspace", "kind: Workspaze"), x=ENTRY)
    gate(run, "--exemptions", "x.yaml", code=2)


ANNOTATION = '    kaitops.io/exempt.KAITO001: "demo; team-a; 2026-12-31"\n'


def test_annotations_need_the_files_consent(run: Run, tmp_path: Path) -> None:
    marked = PUBLIC.replace("  annotations:\n", f"  annotations:\n{ANNOTATION}")
    put(tmp_path, a=marked)
    done = gate(run, code=1)
    assert "a.yaml:7:5: KAITOPS-EXEMPTION HIGH" in done.stdout
    assert "KAITO001 CRITICAL" in done.stdout
    put(tmp_path, x="annotations: true\nexemptions: []\n")
    assert "0 findings, 1 exempted" in gate(run, "--exemptions", "x.yaml", code=0).stdout
    assert "expired" in gate(run, "--exemptions", "x.yaml", today="2027-01-01", code=1).stdout
    put(tmp_path, a=marked.replace("; team-a", ""))
    assert "must name a rule" in gate(run, "--exemptions", "x.yaml", code=1).stdout


def test_a_skip_of_checkov_is_an_exemption_as_well(run: Run, tmp_path: Path) -> None:
    put(tmp_path, a=PUBLIC.replace("  annotations:\n", "  annotations:\n    checkov.io/skip1: CKV_K8S_16=no\n"))
    assert "KAITOPS-EXEMPTION HIGH" in gate(run, code=1).stdout


def test_a_policy_that_switches_a_rule_off_says_so(run: Run, tmp_path: Path) -> None:
    policy = "severity:\n  KAITO001: {level: off, reason: a lab without visitors}\n"
    put(tmp_path, a=PUBLIC, **{"kaitops-policy": policy})
    assert "note: policy: KAITO001 is switched off: a lab without visitors" in gate(run, code=0).stderr
    put(tmp_path, **{"kaitops-policy": "sevérity: {}\n"})
    gate(run, code=2)


@pytest.mark.parametrize("key", ["checkov.io/skip1", "bridgecrew.io/skip", "cortex.io/skip_2"])
def test_an_annotation_that_checkov_takes_for_an_exemption_is_one(run: Run, tmp_path: Path, key: str) -> None:
    put(tmp_path, a=PUBLIC.replace("  annotations:\n", f"  annotations:\n    {key}: CKV_K8S_16=no\n"))
    done = run("gate", "a.yaml", "--no-checkov", code=1)
    assert "KAITOPS-EXEMPTION HIGH" in done.stdout
