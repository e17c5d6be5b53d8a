"""Settings of tuning jobs are judged as the parser of the trainer did."""

from typing import Any

from kaitops.kaito import facts, trainer
from tests.recorded import load
from tests.version import KAITO


def _texts(record: dict[str, Any]) -> list[str]:
    return [text for _, text in trainer.problems({record["section"]: record["settings"]}, KAITO)]


def test_what_the_parser_refuses_is_told() -> None:
    refused = [record for record in load("trainer") if not record["accepted"]]
    assert len(refused) > 800
    assert [record for record in refused if not _texts(record)] == []


def test_what_the_parser_takes_is_told_only_where_the_trainer_ends_on_the_value() -> None:
    taken = [record for record in load("trainer") if record["accepted"]]
    assert len(taken) > 800
    held = facts.load(KAITO, "training.json")["held"]
    told = [record for record in taken if _texts(record)]
    assert [
        record
        for record in told
        if not any(
            key.startswith(name.replace("-", "_")) for key in held[record["section"]] for name in record["settings"]
        )
    ] == []
    assert 0 < len(told) < 100


def test_of_a_version_whose_trainer_is_not_known_nothing_is_said() -> None:
    assert list(trainer.problems({"LoraConfig": {"rank": 8}}, "0.11.0")) == []
