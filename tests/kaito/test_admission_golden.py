"""Creates: the verdict of the real webhook, to the letter."""

from typing import Any

import pytest

from kaitops.kaito import Release
from kaitops.kaito.admission import inferenceset
from kaitops.kaito.admission.review import Review
from kaitops.kaito.kubernetes.cluster import Cluster
from kaitops.kaito.settings import Settings
from tests.recorded import cases, load, sorted_skus
from tests.version import KAITO

RELEASE = Release.load(KAITO)


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
    _same(case)


@pytest.mark.parametrize("case", [case for case in load("other-kinds") if case["id"].startswith("inferenceset")])
def test_a_child_is_judged_like_a_workspace(case: dict[str, Any]) -> None:
    """The recording of creates left this check out; ``updates`` was recorded with it, and users get it."""
    settings = {**case["settings"], "childAdmission": True}
    document = case["documents"][-1]
    review = Review(RELEASE, Settings.from_dict(settings, RELEASE.version), Cluster(case["documents"][:-1]), document)
    verdict = RELEASE.admit(case["documents"], settings)
    child = {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", **inferenceset.child(review, document)}
    child["metadata"]["name"] = "child"
    alone = RELEASE.admit([*case["documents"][:-1], child], settings)
    assert verdict.admitted == alone.admitted
