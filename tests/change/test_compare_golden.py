"""Every recorded update, classified as the real webhooks answered and the controllers would act."""

from collections import Counter
from typing import Any

import pytest

from kaitops.change import Change, Outcome, compare
from kaitops.kaito import Release
from tests.recorded import load
from tests.version import KAITO

RELEASE = Release.load(KAITO)
# Admitted edits by kind and edit of the recordings, and what must become of them.
IGNORED = {
    ("Workspace", "preferredNodes"), ("Workspace", "bypass"), ("Workspace", "runtime"), ("Workspace", "annotation"),
    ("Workspace", "template"), ("Workspace", "adapters removed"), ("InferenceSet", "nodeCountLimit"),
    ("InferenceSet", "updateStrategy"), ("InferenceSet", "instanceType"), ("InferenceSet", "adapters"),
    ("InferenceSet", "preset"), ("InferenceSet", "secret"), ("InferenceSet", "selector"),
    ("InferenceSet", "template annotation"), ("MultiRoleInference", "role sku"), ("MultiRoleInference", "selector"),
    ("RAGEngine", "storage"), ("RAGEngine", "storage removed"),
}  # fmt: skip
UPDATED = {
    ("Workspace", "label"), ("InferenceSet", "label"), ("RAGEngine", "label"), ("MultiRoleInference", "label"),
    ("InferenceSet", "replicas"), ("MultiRoleInference", "role replicas"),
}  # fmt: skip
RESTARTED = {
    ("Workspace", "tuning config"), ("Workspace", "input image"), ("Workspace", "input urls"),
    ("Workspace", "output image"), ("Workspace", "output secret"), ("RAGEngine", "context"), ("RAGEngine", "url removed"),
}  # fmt: skip
IMMUTABLE_FIELDS = {
    ("Workspace", "preset"): "inference.preset.name",
    ("Workspace", "count"): "resource.count",
    ("Workspace", "instanceType"): "resource.instanceType",
    ("Workspace", "selector value"): "resource.labelSelector.matchLabels.apps",
    ("Workspace", "inference removed"): "inference",
    ("Workspace", "tuning added"): "tuning",
    ("Workspace", "method"): "tuning.method",
    ("MultiRoleInference", "model"): "spec.model.name",
}


def judged(row: dict[str, Any]) -> Change:
    base, head = [*row["documents"], row["old"]], [*row["documents"], row["new"]]
    return next(one for one in compare(base, head, RELEASE, row["settings"], whole=True) if one.head is row["new"])


def test_every_update_is_refused_exactly_where_the_webhooks_refused_it() -> None:
    rows = load("updates")
    wrong = [row["id"] for row in rows if (judged(row).outcome is Outcome.REFUSED) == row["admitted"]]
    assert len(rows) == 558
    assert wrong == []


@pytest.mark.parametrize(
    ("wanted", "outcome"), [(IGNORED, Outcome.IGNORED), (UPDATED, Outcome.UPDATED), (RESTARTED, Outcome.RESTARTED)]
)
def test_admitted_edits_come_to_what_the_controllers_do(wanted: set[tuple[str, str]], outcome: Outcome) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for row in load("updates"):
        key = (row["new"]["kind"], row["edit"])
        if row["admitted"] and key in wanted:
            seen[key] += 1
            change = judged(row)
            assert outcome in {edit.outcome for edit in change.edits}, (row["id"], change)
            assert all(edit.reason and edit.consequence for edit in change.edits)
    assert set(seen) == wanted


def test_an_immutable_field_is_named() -> None:
    seen: set[tuple[str, str]] = set()
    for row in load("updates"):
        key = (row["new"]["kind"], row["edit"])
        if key in IMMUTABLE_FIELDS and not row["admitted"]:
            change = judged(row)
            if change.immutable:
                seen.add(key)
                assert IMMUTABLE_FIELDS[key] in {edit.field for edit in change.edits if edit.immutable}, row["id"]
    assert seen == set(IMMUTABLE_FIELDS)


def test_an_edit_that_only_writes_a_default_out_changes_nothing() -> None:
    rows = [row for row in load("updates") if row["edit"] == "count" and row["admitted"]]
    assert rows
    assert {judged(row).outcome for row in rows} == {Outcome.UNCHANGED}


def test_an_object_against_itself_is_unchanged() -> None:
    for row in load("updates")[::10]:
        (change,) = compare([row["old"]], [dict(row["old"])], RELEASE, row["settings"])
        assert change.outcome is Outcome.UNCHANGED
        assert not change.edits
