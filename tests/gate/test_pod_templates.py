"""3,000 pods with faults put in: the gate refuses every one that a real API server refuses, at the same field.

The answers are recorded (``tests/e2e/pod_templates.py``). What the server judges by what else the cluster holds is
``BEYOND``; what it fills in for a create and refuses in an apply may be refused.
"""

import re
from typing import Any

import pytest

from kaitops.gate import native
from kaitops.gate.forms import wellformed
from tests.recorded import load
from tests.sampling import some

BLOCK = 100
BEYOND = ("error looking up service account",)
STRICTER = ("must be text; write ''", "is missing, and")
"""The server makes an empty text or a zero of what is not there, which nobody means."""
_UNKNOWN = re.compile(r'(?:unknown|duplicate) field "([^"]+)"')
_MISTYPED = re.compile(r"Go struct field \w+\.(\S+) of type")
# Names of Go's types that are embedded in one another, and what the server's paths leave out.
_LEFT_OUT = re.compile(r"\[[^\]]*\]|\.\{.*\}")
_WITHIN = re.compile(
    r"\.(?:[A-Z]\w+|items|sources|namespaces?|nodeSelectorTerms|volumeClaimTemplate\.spec|serviceAccountToken)(?=\.|$)"
)


def ours(pod: dict[str, Any]) -> list[tuple[str, str]]:
    """Field and text of each thing that the gate has against a pod."""
    wrong = wellformed.problems(pod) or list(native.problems(pod))
    return [(".".join(str(step) for step in path if not isinstance(step, int)), text) for path, text in wrong]


def theirs(row: dict[str, Any]) -> list[str]:
    """The fields that the server names, by cause, or in its words where it could not read the pod at all."""
    message = row["message"]
    return row["fields"] or _UNKNOWN.findall(message) or _MISTYPED.findall(message)


def plain(field: str) -> str:
    return _WITHIN.sub("", _LEFT_OUT.sub("", field)).lower()


def is_same(one: str, other: str) -> bool:
    """One names the other, or something within it."""
    a, b = plain(one), plain(other)
    return a == b or a.startswith(f"{b}.") or b.startswith(f"{a}.")


ROWS = load("pods")


def test_the_recording_has_both_verdicts() -> None:
    assert len(ROWS) == 3000
    assert sum(row["accepted"] for row in ROWS) > 500
    assert sum(bool(theirs(row)) for row in ROWS if not row["accepted"]) > 2000


@pytest.mark.parametrize("start", some(range(0, len(ROWS), BLOCK), range(0, len(ROWS), 4 * BLOCK)))
def test_pods_get_the_servers_verdict_at_its_field(start: int) -> None:
    wrong: list[str] = []
    for row in ROWS[start : start + BLOCK]:
        said = ours(row["pod"])
        if row["accepted"]:
            if said and row["applied"] and not any(text in said[0][1] for text in STRICTER):
                wrong.append(f"{row['id']} refused: {row['changed']}: {said[0]}")
        elif not said and not any(text in row["message"] for text in BEYOND):
            wrong.append(f"{row['id']} taken: {row['changed']}: {row['message'][:200]}")
        elif said and (fields := theirs(row)) and not any(is_same(a, b) for a, _ in said for b in fields):
            wrong.append(f"{row['id']} elsewhere: {row['changed']}: {fields} and not {said[:3]}")
    assert wrong == []
