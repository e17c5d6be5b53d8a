"""A user's program: pyright accepts what is right, finds what is wrong, and the program runs."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.components.conftest import Record
from tests.components.user_program.program import fleet, program
from tests.conftest import ROOT

FOLDER = Path(__file__).parent / "user_program"
MARK = re.compile(r"# (report\w+)")


def _diagnostics() -> list[tuple[str, int, str]]:
    """File, line and rule of all that pyright finds, in strict mode."""
    command = [str(Path(sys.executable).with_name("pyright")), "--outputjson", str(FOLDER)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] >= 2
    return [
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1, each.get("rule", ""))
        for each in found["generalDiagnostics"]
    ]


@pytest.mark.e2e
def test_pyright_finds_every_mistake_and_no_other() -> None:
    lines = (FOLDER / "mistakes.py").read_text("utf-8").splitlines()
    marked = [("mistakes.py", number, rule[1]) for number, line in enumerate(lines, 1) if (rule := MARK.search(line))]
    assert len(marked) == 11
    assert sorted(_diagnostics()) == sorted(marked)


def test_every_kind_is_registered(record: Record) -> None:
    run = record(program)
    kinds = sorted({each.type.rpartition(":")[2] for each in run if not each.read})
    assert kinds == ["InferenceSet", "ModelMirror", "MultiRoleInference", "RAGEngine", "Workspace"]
    assert len(run.of(":Workspace")) == 4
    assert run.exports == {"ready": False, "state": None}
    assert record(program, preview=True).of(":RAGEngine")


def test_a_fleet_is_registered(record: Record) -> None:
    run = record(lambda: fleet(str(ROOT / "fleet.yaml")))
    assert run.exports["models"]["models.phi-4-mini"]["kind"] == "Workspace"
    assert run.one("kaitops:model:ModelDeployment", "phi-4-mini")
