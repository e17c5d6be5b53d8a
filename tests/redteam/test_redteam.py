"""The attacks: a few of each class that starts no process, and all of them in the slow tests."""

import pytest

from tests.redteam import running

# Of the others each variant takes a process, a commit or a server.
_QUICK = (
    "bundle", "charts", "checkov", "clock", "context-forgery", "fail-open", "injection", "kinds without a rule", "overlays",
    "secrets found by the gate", "secrets in reports", "secrets rendered from fleet.yaml", "secrets without checkov",
    "takeover", "tracebacks (context file)",
)  # fmt: skip


def test_every_class_has_its_variants() -> None:
    few = {name: len(running.attacks(name)) for name, (least, _) in running.CLASSES.items()}
    assert [name for name, (least, _) in running.CLASSES.items() if few[name] < least] == []
    assert sum(least for least, _ in running.CLASSES.values()) >= 1400


@pytest.mark.parametrize("name", _QUICK)
def test_a_few_of_a_class_are_held(name: str) -> None:
    (result,) = running.all_classes([name], sample=True)
    assert result.open == {}


@pytest.mark.parametrize(
    ("name", "attack"),
    [
        ("hostile-hub", "tree null"), ("hostile-hub", "tree of text-size"), ("hostile-hub", "config list"),
        ("hostile-registry", "nested"), ("hostile-registry", "no realm"), ("hostile-registry", "token list"),
        ("hostile-registry", "token nested"), ("secrets found by the gate", "under clientSecret"),
    ],
)  # fmt: skip
def test_what_was_open_once_is_held(name: str, attack: str) -> None:
    (one,) = [one for one in running.attacks(name) if one.name == attack]
    assert running.run(one) == ""


@pytest.mark.e2e
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", running.CLASSES)
def test_a_class_is_held(name: str) -> None:
    (result,) = running.all_classes([name])
    assert result.open == {}


def test_what_is_open_is_told() -> None:
    result = running.Result("base", 2, count=2, ran=2, green={"a": "so"}, open={"b": "exit 0"})
    told = "\n".join(running.table([result]))
    assert "OPEN base: b: exit 0" in told
    assert "green base: a: so" in told
