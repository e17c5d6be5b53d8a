"""The outcome as SARIF 2.1.0, in the form that GitHub code scanning takes.

Fingerprints rest on the file, the rule, the object and the path in it: a finding stays the same finding when lines
move. Exempted findings are left out, because code scanning shows suppressed results as open alerts.
"""

import json
from collections.abc import Callable
from hashlib import sha256

from kaitops.documents import visible
from kaitops.documents.plain import MutableObject, Object
from kaitops.report.findings import (
    CRITICAL,
    HIGH,
    INCOMPLETE,
    LOW,
    MEDIUM,
    NEW,
    UNCHANGED,
    Finding,
    Report,
    RuleNote,
    order,
    rank,
)
from kaitops.report.places import uri

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {CRITICAL: "error", HIGH: "error", MEDIUM: "warning", LOW: "note"}
# The bands by which code scanning names a severity: above 9.0 critical, above 7.0 high, above 4.0 medium.
_SECURITY = {CRITICAL: "9.5", HIGH: "8.0", MEDIUM: "5.5", LOW: "2.0"}
# Code scanning refuses a run with more.
_MAX_RESULTS = 25_000
_HOME = "https://github.com/kaito-project/kaito"


def text(report: Report, version: str, place: Callable[[str], str]) -> str:
    """The log as text, one result a line.

    Args:
        version: of kaitops.
        place: from a file's name to its path within the repository.
    """
    findings = sorted(report.findings, key=order)
    dropped = len(findings) - _MAX_RESULTS
    if dropped > 0:
        findings = sorted(sorted(findings, key=lambda one: -rank(one.severity))[:_MAX_RESULTS], key=order)
    rules = _rules(report, findings)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    seen: dict[str, int] = {}
    uris: dict[str, str] = {}
    results: list[str] = []
    for one in findings:
        if one.file not in uris:
            uris[one.file] = uri(place(one.file))
        results.append(_dump(_result(one, index[one.rule], uris[one.file], seen)))
    driver = {"name": "kaitops", "version": version, "semanticVersion": version, "informationUri": _HOME}
    head = _dump({"driver": {**driver, "rules": rules}})
    invocation = _dump(_invocation(report, max(dropped, 0)))
    body = ",\n".join(results)
    return (
        f'{{"$schema":{_dump(_SCHEMA)},"version":"2.1.0","runs":[{{"tool":{head},\n'
        f'"columnKind":"unicodeCodePoints","automationDetails":{{"id":"kaitops-gate/"}},\n'
        f'"invocations":[{invocation}],\n"properties":{_dump(_properties(report))},\n'
        f'"results":[\n{body}\n]}}]}}\n'
    )


def _dump(value: object) -> str:
    # Half of a surrogate pair cannot be written as UTF-8, so everything beyond ASCII is escaped.
    return visible.broken(json.dumps(value, separators=(",", ":")), "\\u00{}")


def _rules(report: Report, findings: list[Finding]) -> list[MutableObject]:
    known = dict(report.rules)
    for one in findings:
        if one.rule not in known:
            known[one.rule] = RuleNote(one.rule, one.severity, one.rule)
    return [_rule(known[key]) for key in sorted(known)]


def _rule(note: RuleNote) -> MutableObject:
    advice = "\n\n".join(part for part in (note.why, note.remedy, note.source) if part) or note.title
    rule: MutableObject = {
        "id": note.id,
        "name": note.id,
        "shortDescription": {"text": note.title},
        "fullDescription": {"text": note.why or note.title},
        "help": {"text": advice, "markdown": advice},
        "defaultConfiguration": {"level": _LEVELS[note.severity]},
        "properties": {"security-severity": _SECURITY[note.severity], "precision": "high", "tags": ["security"]},
    }
    if note.source.startswith("https://"):
        rule["helpUri"] = note.source.split()[0]
    return rule


def _result(one: Finding, index: int, where: str, seen: dict[str, int]) -> MutableObject:
    identity = "\0".join((where, one.rule, one.subject, *map(str, one.path)))
    digest = sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    seen[digest] = number = seen.get(digest, 0) + 1
    fingerprint = f"{digest}:{number}"
    properties: MutableObject = {
        "check": one.check, "severity": one.severity, "object": one.subject, "path": list(one.path),
    }  # fmt: skip
    if one.also:
        properties["also"] = list(one.also)
    result: MutableObject = {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": _LEVELS[one.severity],
        "message": _message(f"{one.subject}: {one.text}" if one.subject else one.text),
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(where),
                    "region": {"startLine": one.line, "startColumn": one.column},
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint, "kaitops/v1": fingerprint},
        "properties": properties,
    }
    if one.state:
        # SARIF has two words where a report has three; that a baseline knows it is said beside.
        result["baselineState"] = NEW if one.state == NEW else UNCHANGED
        properties["state"] = one.state
    return result


def _message(text: str) -> dict[str, str]:
    """A text of a message; whatever repeats what others wrote holds no link, which a plain text of SARIF may."""
    return {"text": text.replace("](", "] (")}


def _artifact(where: str) -> dict[str, str]:
    return {"uri": where} if where.startswith("file:") else {"uri": where, "uriBaseId": "%SRCROOT%"}


def _invocation(report: Report, dropped: int) -> MutableObject:
    notices = [_notice(text, "error") for text in report.skipped]
    if dropped:
        notices.append(_notice(f"{dropped} more findings of the lowest severities are left out", "warning"))
    complete = report.verdict != INCOMPLETE
    return {"executionSuccessful": complete, "toolExecutionNotifications": notices}


def _notice(message: str, level: str) -> MutableObject:
    return {"level": level, "message": _message(message)}


def _properties(report: Report) -> Object:
    return {"verdict": report.verdict, "failOn": report.threshold, "exempted": len(report.exempted)}
