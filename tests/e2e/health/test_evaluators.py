"""Flux's own evaluator and Argo CD's own Lua judge every recorded and named status as kaitops does."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kaitops.health import argocd, flux, judge
from tests.e2e.conftest import lacking
from tests.e2e.gobuild import AssetsMissing, GoBuild
from tests.health.cases import CASES, made
from tests.health.engines import ARGOCD, FLUX, VERSION
from tests.health.test_equality import DEFINITIONS, documents
from tests.recorded import load

pytestmark = pytest.mark.e2e

_BUILD = GoBuild(Path(__file__).parent, "github.com/fluxcd/pkg/runtime", {"judge": "."})
_PREFIX = "resource.customizations.health."


def asked(objects: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What the tools say of objects."""
    try:
        program = _BUILD.find() / "judge"
    except AssetsMissing as missing:
        lacking(str(missing))
    entries = argocd.customizations(VERSION)
    scripts = {key.rpartition("_")[2]: text for key, text in entries.items() if key.startswith(_PREFIX)}
    question = json.dumps({"flux": flux.expressions(VERSION), "argocd": scripts, "objects": objects})
    done = subprocess.run([str(program)], input=question, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_tools_judge_as_kaitops() -> None:
    objects = [*(one["object"] for one in load("status")), *(case[2] for case in CASES.values())]
    for document, found in zip(objects, asked(objects), strict=True):
        verdict = judge(document, VERSION)
        assert (found["argocd"], found["message"]) == (ARGOCD[verdict.phase], verdict.message)
        if "status" in document:
            assert (found["flux"], found["error"]) == (FLUX[verdict.phase], "")


def test_flux_waits_on_an_object_without_status() -> None:
    unseen = made("Workspace")
    del unseen["status"]
    first = {**unseen, "status": {"targetNodeCount": 1}}
    deleted = {**unseen, "metadata": {**unseen["metadata"], "deletionTimestamp": "2026-11-21T08:00:01Z"}}
    without, begun, leaving = asked([unseen, first, deleted])
    assert without["flux"] == ""
    assert "no such attribute(s): status" in without["error"]
    assert without["argocd"] == "Progressing"
    assert begun["flux"] == leaving["flux"] == "InProgress"


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(st.one_of([documents(one) for one in DEFINITIONS.values()]), min_size=20, max_size=60))
def test_the_tools_agree_on_any_status(objects: list[dict[str, Any]]) -> None:
    for document, found in zip(objects, asked(objects), strict=True):
        verdict = judge(document, VERSION)
        assert (found["argocd"], found["message"]) == (ARGOCD[verdict.phase], verdict.message)
        assert (found["flux"], found["error"]) == (FLUX[verdict.phase], "")
