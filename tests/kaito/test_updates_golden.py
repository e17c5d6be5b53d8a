"""Updates: the answer of a real API server with KAITO's definitions and webhooks, status and message."""

from typing import Any

import pytest

from kaitops.kaito import Release
from tests.recorded import cases, sorted_skus
from tests.version import KAITO


@pytest.mark.parametrize("case", cases("updates"))
def test_update(case: dict[str, Any]) -> None:
    documents = [*case["documents"], case["new"]]
    verdict = Release.load(KAITO).admit(documents, case["settings"], case["old"])
    assert (verdict.admitted, verdict.code) == (case["admitted"], case["code"]), case["edit"]
    assert sorted_skus(verdict.message) == sorted_skus(case["message"]), case["edit"]
