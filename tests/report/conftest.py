"""A report with one of everything."""

from copy import copy

import pytest

from kaitops.report.findings import Exempted, Finding, Report, RuleNote, Seen


def finding(**given) -> Finding:
    plain = {
        "check": "rule", "rule": "KAITO001", "severity": "CRITICAL", "file": "a/b c.yaml", "line": 3, "column": 5,
        "subject": "Workspace team/phi", "message": "is public", "remedy": "make it internal", "path": ("metadata", "x"),
    }  # fmt: skip
    return Finding(**{**plain, **given})


def changed(report: Report, **fields) -> Report:
    """The same report with other fields."""
    made = copy(report)
    for name, value in fields.items():
        assert hasattr(report, name)
        setattr(made, name, value)
    return made


@pytest.fixture
def report() -> Report:
    return Report(
        findings=[
            finding(),
            finding(rule="KAITO020", severity="LOW", message="no owner", line=9),
            finding(rule="KAITO024", severity="MEDIUM", message="no limit", line=7),
        ],
        exempted=[Exempted(finding(rule="KAITO002"), "known", "team-a", "2026-12-31", "x.yaml:2")],
        judged=1,
        seen=[Seen("a/b c.yaml", "Workspace team/phi"), Seen("ok.yaml", "Service team/ok")],
        rules={"KAITO001": RuleNote("KAITO001", "CRITICAL", "not public", "why", "remedy", "https://example.com/x y")},
    )
