"""What the rules find in KAITO's own examples, held in expected_findings.json; ``--update-docs`` writes it anew."""

import json
from pathlib import Path

import pytest

from policies import facts
from policies.registry import judge, load
from tests.golden_files import SHARED
from tests.policies.engine import TODAY

_SOURCE = SHARED / "reference/kaito-0.12.0/upstream-examples.jsonl"
_EXPECTED = Path(__file__).with_name("expected_findings.json")


def _cloud(source: str, document: dict) -> str:
    if "arc-examples" in source:
        return "arc"
    size = str((document.get("resource") or {}).get("instanceType", ""))
    return "aws" if "aws" in source or ("." in size and not size.startswith("Standard_")) else "azure"


def _found() -> list[list[str]]:
    rows: list[list[str]] = []
    rules = load()
    for line in _SOURCE.read_text().splitlines():
        example = json.loads(line)
        document, source = example["obj"], example["src"]
        maps = [
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}
            for name, data in example["cms"].items()
        ]
        context = facts.context("0.12.0", TODAY, settings={"cloud": _cloud(source, document)}, objects=maps)
        for one in judge(rules, document, context):
            rows.append([source, document["metadata"]["name"], one.rule.id, ".".join(map(str, one.path))])
    return rows


@pytest.mark.skipif(not _SOURCE.exists(), reason=f"no upstream examples at {_SOURCE}")
def test_findings_in_upstream_examples_are_the_expected_ones(request: pytest.FixtureRequest) -> None:
    found = _found()
    if request.config.getoption("--update-docs"):
        _EXPECTED.write_text("[\n" + ",\n".join(json.dumps(row) for row in found) + "\n]\n")
    assert found == json.loads(_EXPECTED.read_text())
