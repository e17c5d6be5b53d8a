"""Creates: the verdict of the real webhook, to the letter."""

from typing import Any

import pytest

from kaitops.kaito import Release
from kaitops.kaito.admission import inferenceset
from kaitops.kaito.admission.review import Review
from kaitops.kaito.cluster import Cluster
from kaitops.kaito.settings import Settings
from tests.golden_files import cases, sorted_skus

RELEASE = Release.load("0.12.0")


def _same(case: dict[str, Any]) -> None:
    verdict = RELEASE.admit(case["documents"], case["settings"])
    assert [sorted_skus(text) for text in verdict.errors] == [sorted_skus(text) for text in case["admissionErrors"]]
    assert verdict.admitted == case["admitted"]


@pytest.mark.parametrize("case", cases("admission"))
def test_mutated_workspace(case: dict[str, Any]) -> None:
    _same(case)


@pytest.mark.parametrize("case", cases("workspaces"))
def test_workspace(case: dict[str, Any]) -> None:
    _same(case)


@pytest.mark.parametrize("case", cases("other-kinds"))
def test_other_kind(case: dict[str, Any]) -> None:
    """The recording left one check of KAITO's out: an InferenceSet's child must pass as a Workspace.

    ``updates`` was recorded with it. So what the recording says is compared with the rules on the set itself, and a
    refusal beyond them must be exactly the child's.
    """
    document = case["documents"][-1]
    if document["kind"] != "InferenceSet":
        _same(case)
        return
    review = Review(RELEASE, Settings.from_dict(case["settings"]), Cluster(case["documents"][:-1]), document)
    assert inferenceset.check_own(review, document, None) == []
    assert case["admitted"]
    verdict = RELEASE.admit(case["documents"], case["settings"])
    child = {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", **inferenceset.child(review, document)}
    child["metadata"]["name"] = "child"
    alone = RELEASE.admit([*case["documents"][:-1], child], case["settings"])
    assert verdict.admitted == alone.admitted
