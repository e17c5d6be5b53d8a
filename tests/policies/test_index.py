"""The index of the built-in rules is what their modules say; ``--update-docs`` writes it anew."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kaitops.policies import index, registry

RULES = sorted(file.stem for file in index.FILE.parent.glob("kaito*.py"))


def test_is_what_the_modules_say(request: pytest.FixtureRequest) -> None:
    rows = {name: index.row(index.module_of(name).RULE) for name in RULES}
    text = json.dumps(rows, indent=1) + "\n"
    if request.config.getoption("--update-docs"):
        index.FILE.write_text(text)
    assert index.FILE.read_text() == text, "run: .venv/bin/pytest tests/policies/test_index.py --update-docs"


@pytest.mark.parametrize("name", RULES)
def test_an_indexed_rule_is_the_rule(name: str) -> None:
    rule = index.module_of(name).RULE
    indexed = index.IndexedRule(name, index.read()[name])
    assert index.row(indexed) == index.row(rule)
    assert (indexed.check, indexed.cel) == (rule.check, rule.cel)
    assert not hasattr(indexed, "nothing")


def test_a_rule_that_the_index_does_not_know_is_asked_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    known = dict(index.read())
    left_out = known.pop(RULES[3])
    monkeypatch.setattr(index, "read", lambda: known)
    assert left_out["id"] in {rule.id for rule in registry.built_in()}


def test_a_row_without_a_module_is_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {**index.read(), "kaito999_gone": {**index.read()[RULES[0]], "id": "KAITO999"}}
    monkeypatch.setattr(index, "read", lambda: known)
    assert [rule.id for rule in registry.built_in()] == [index.module_of(name).RULE.id for name in RULES]


def test_only_the_rules_that_are_asked_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "map.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: models}\ndata: {a: b}\n"
    )
    program = (
        "import sys; from kaitops.cli import main; code = main(['gate', '-q', '--no-checkov', sys.argv[1]]); "
        "print(sum(name.startswith('kaitops.policies.rules.') for name in sys.modules)); sys.exit(code)"
    )
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert 0 < int(run.stdout) < len(RULES) / 2
