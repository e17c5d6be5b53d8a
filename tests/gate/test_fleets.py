"""A fleet is read once a run, whoever asks what it says."""

from datetime import date
from pathlib import Path

import pytest

from kaitops.errors import BadInput
from kaitops.fleet import reading
from kaitops.gate.fleets import Fleets
from kaitops.gate.options import Options
from kaitops.gate.run import run as gate
from tests.conftest import Run
from tests.gate.test_base import commit

FLEET = """\
kaito: "0.12.0"
gitops: {repository: https://git.example.com/own.git, path: manifests/clusters}
clusters: {dev: {region: westeurope, provisioner: karpenter, gitops: argocd}}
models: {phi: {preset: phi-4-mini-instruct, gpu: auto}}
"""


def test_one_reading_serves_what_believes_follows_and_looks_for_drift(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    commit(tmp_path)
    run("render", code=0)
    monkeypatch.chdir(tmp_path)
    asked: list[str] = []
    read = reading.read
    monkeypatch.setattr(reading, "read", lambda raw, name: asked.append(name) or read(raw, name))
    options = Options(["manifests"], date(2026, 6, 1), {}, base="HEAD", check_render=True, without_checkov=True)
    outcome = gate(options, lambda _: lambda: None)
    assert [one.message for one in outcome.report.findings if one.unjudged] == []
    assert asked == ["fleet.yaml"]


def test_what_cannot_be_read_is_said_to_everybody_alike(tmp_path: Path) -> None:
    (tmp_path / "fleet.yaml").write_text("kaito: [\n")
    fleets, said = Fleets(), set[str]()
    for _ in range(2):
        with pytest.raises(BadInput) as caught:
            fleets.read(str(tmp_path / "fleet.yaml"))
        said.add(str(caught.value))
    assert len(said) == 1
