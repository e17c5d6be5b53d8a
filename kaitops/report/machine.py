"""The outcome as JSON, for programs."""

from kaitops.report import printable
from kaitops.report.findings import Report, order


def text(report: Report) -> str:
    """The whole outcome as one JSON document."""
    result = {
        "verdict": report.verdict,
        "failOn": report.threshold,
        "objects": len(report.seen),
        "judged": report.judged,
        "bySchema": report.by_schema,
        "byRules": report.by_rules,
        "accepted": report.accepted,
        "counts": report.counts(),
        "byRule": report.by_rule(),
        "findings": [one.as_row() for one in sorted(report.findings, key=order)],
        "exempted": [one.as_row() for one in report.exempted],
        "needs": report.needs,
        "skipped": report.skipped,
        "notes": report.notes,
        "plan": report.plan,
        "cost": report.cost,
    }
    return printable.as_json(result, indent=2) + "\n"
