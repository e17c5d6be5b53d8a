"""What is told of models that are waited for: KAITO's own reason, once each, and that nobody answers."""

import json
from typing import Any

import pytest

from kaitops import health
from kaitops.components.telling import Awaited, Teller
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
        self.teller = Teller([Awaited("Workspace", "models", "phi")], "0.12.0", self.told.append, self.warned.append)


@pytest.mark.parametrize("status", STATUSES, ids=lambda one: one["scenario"])
def test_each_recorded_status_is_told_once_and_warned_of_where_a_person_is_needed(status: dict[str, Any]) -> None:
    heard, seen = Heard(), _named(status)
    verdict = health.judge(seen, "0.12.0")
    for _ in range(3):
        heard.teller.heard(_answer(seen))
    line = f"Workspace models/phi: {verdict.phase}: {verdict.message}"
    assert (heard.told, heard.warned) == (([], [line]) if verdict.phase == "degraded" else ([line], []))


def test_a_change_is_told_and_others_objects_are_not() -> None:
    first, second = STATUSES[0], next(one for one in STATUSES if one["phase"] != STATUSES[0]["phase"])
    heard = Heard()
    heard.teller.heard(_answer(_named(first), _named(second, "other"), {**_named(second), "kind": "Pod"}))
    heard.teller.heard(_answer(_named(second)))
    # A successor has another name, which goes on with a dash.
    heard.teller.heard(_answer(_named(first, "phi-1a2b3c")))
    assert len(heard.told + heard.warned) == 3
    assert sum("phi-1a2b3c" in one for one in heard.told + heard.warned) == 1


def test_a_server_that_is_gone_is_told_of_once_and_again_after_it_was_there() -> None:
    heard = Heard()
    for _ in range(20):
        heard.teller.heard(None)
    assert [("has not answered" in one, "Ctrl-C" in one) for one in heard.warned] == [(True, True)]
    heard.teller.heard(_answer())
    for _ in range(20):
        heard.teller.heard(None)
    assert len(heard.warned) == 2
