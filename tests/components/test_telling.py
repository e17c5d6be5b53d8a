"""What is told of models that are waited for: KAITO's own reason, once each, and that nobody answers."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kaitops import health
from kaitops.components.telling import Awaited, Teller
from tests.conftest import ROOT
from tests.recorded import load

STATUSES = [one for one in load("status") if one["object"]["kind"] == "Workspace"]


def _answer(*objects: dict[str, Any]) -> str:
    return json.dumps({"items": list(objects)})


def _named(status: dict[str, Any], name: str = "phi") -> dict[str, Any]:
    found = json.loads(json.dumps(status["object"]))
    found["metadata"] |= {"name": name, "namespace": "models"}
    return found


class Heard:
    def __init__(self) -> None:
        self.told: list[str] = []
        self.warned: list[str] = []
        self.teller = Teller(
            [Awaited("Workspace", "models", "phi")], "0.12.0", 30, self.told.append, self.warned.append
        )


@pytest.mark.parametrize("status", STATUSES, ids=lambda one: one["scenario"])
def test_each_recorded_status_is_told_once_and_warned_of_where_a_person_is_needed(status: dict[str, Any]) -> None:
    heard, seen = Heard(), _named(status)
    verdict = health.judge(seen, "0.12.0")
    for _ in range(3):
        assert not heard.teller.heard(_answer(seen), 0)
    line = f"Workspace models/phi: {verdict.phase}: {verdict.message}"
    assert (heard.told, heard.warned) == (([], [line]) if verdict.phase == "degraded" else ([line], []))


def test_a_change_is_told_and_others_objects_are_not() -> None:
    first, second = STATUSES[0], next(one for one in STATUSES if one["phase"] != STATUSES[0]["phase"])
    heard = Heard()
    heard.teller.heard(_answer(_named(first), _named(second, "other"), {**_named(second), "kind": "Pod"}), 0)
    heard.teller.heard(_answer(_named(second)), 1)
    # A successor has another name, which goes on with a dash.
    heard.teller.heard(_answer(_named(first, "phi-1a2b3c")), 2)
    assert len(heard.told + heard.warned) == 3
    assert sum("phi-1a2b3c" in one for one in heard.told + heard.warned) == 1


def test_a_server_is_gone_after_its_silence_and_not_for_one_question_that_failed() -> None:
    heard = Heard()
    assert not heard.teller.heard(_answer(), 0)
    assert not heard.teller.heard(None, 40)
    assert not heard.teller.heard(_answer(), 43)
    assert [heard.teller.heard(None, 43 + seconds) for seconds in (15, 18, 29, 31)] == [False, False, False, True]
    assert not heard.warned
    # One that never answered is waited for as long, from the first question.
    never = Heard()
    assert [never.teller.heard(None, seconds) for seconds in (15, 18, 40, 45)] == [False, False, False, True]


@pytest.mark.parametrize(("ended", "said"), [(True, "is ended as by Ctrl-C"), (False, "with Ctrl-C")])
def test_who_ends_the_waiting_is_said(ended: bool, said: str) -> None:
    heard = Heard()
    heard.teller.gone(ended)
    [line] = heard.warned
    assert said in line and "30 seconds (workloads.silenceSeconds)" in line and "stays in the state" in line


PARENT = """
import subprocess, sys, time
try:
    child = subprocess.run([sys.argv[1], "-c", sys.argv[2]], capture_output=True, text=True)
    print(child.stdout, child.stderr)
    time.sleep(20)
except KeyboardInterrupt:
    print("interrupted")
"""
CHILD = """
import subprocess, sys
between = "from kaitops.components import interrupting as i; e = i.engine(); print(e); e and i.interrupt(e)"
subprocess.run([sys.executable, "-c", between])
"""


@pytest.mark.parametrize(("name", "said"), [("pulumi", "interrupted"), ("another", "None")])
def test_the_engine_is_found_above_the_program_and_interrupted_and_nobody_else_is(
    tmp_path: Path, name: str, said: str
) -> None:
    program = tmp_path / name
    program.symlink_to(sys.executable)
    patient = PARENT.replace("time.sleep(20)", "time.sleep(20 if sys.argv[3] == 'pulumi' else 0)")
    done = subprocess.run(
        [str(program), "-c", patient, sys.executable, CHILD, name],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        start_new_session=True,
    )
    assert said in done.stdout, done
