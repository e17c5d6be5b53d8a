"""Whatever is declared or found in a tree, the answer is a verdict or an error for people, never a crash."""

import copy
import random
from typing import Any

import pytest
from hypothesis import given

from kaitops.documents import reader, writer
from kaitops.errors import KaitopsError
from kaitops.fleet import reading
from kaitops.fleet.files import Fleet
from kaitops.fleet.lock import Lock
from kaitops.gate import objects
from kaitops.gate.judging.admission import Judge
from kaitops.kaito import Release
from kaitops.render import render
from kaitops.report.findings import Report
from tests.conftest import ROOT
from tests.fleet.test_shape import mutated
from tests.generated import inputs
from tests.sampling import share, some
from tests.version import KAITO

RELEASE = Release.load(KAITO)
ODD = [None, 0, -1, True, "", "x", [], {}, ["a"], {"a": 1}, 1.5, "../x", [None], {"a": None}]


@pytest.mark.thorough
@inputs(share(120, of=10))
@given(mutated())
def test_any_fleet_renders_or_is_refused(data: Any) -> None:
    for mode in ("operator", "plain"):
        try:
            source = reading.read(writer.dump(data).encode(), "fleet.yaml")
            files = render(Fleet(source, RELEASE, Lock()), mode=mode).files
        except KaitopsError as error:
            assert "fleet.yaml" in str(error) or "version" in str(error)
        else:
            assert files


def sample() -> list[dict[str, Any]]:
    source = reading.read((ROOT / "fleet.yaml").read_bytes(), "fleet.yaml")
    rendering = render(Fleet(source, RELEASE, Lock()))
    return [document for documents in rendering.objects.values() for document in documents]


SAMPLE = sample()


@pytest.mark.parametrize("seed", some(range(16), range(4)))
def test_any_object_gets_a_verdict(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(25):
        documents = copy.deepcopy(SAMPLE)
        for _ in range(rng.randint(1, 3)):
            _spoil(rng, rng.choice(documents))
        text = "---\n".join(writer.dump(document) for document in documents)
        report, group = Report(), objects.Group()
        for document in reader.read_bytes(text.encode(), "f.yaml"):
            objects.take(document, group, None, report)
        Judge(RELEASE, group, {"childAdmission": True}, frozenset()).judge(report)
        assert len(report.seen) + len(report.findings) + len(report.notes) >= len(documents)


def _spoil(rng: random.Random, node: Any) -> None:
    while isinstance(node, dict | list) and node:
        key = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
        if rng.random() < 0.35 or not isinstance(node[key], dict | list):
            if isinstance(node, dict) and rng.random() < 0.3:
                del node[key]
            else:
                node[key] = copy.deepcopy(rng.choice(ODD))
            return
        node = node[key]
