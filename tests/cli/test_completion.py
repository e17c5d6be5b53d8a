"""Completion of shells that no library writes: each verb, option and choice, with quotes that hold."""

import shutil
import subprocess

import pytest

from kaitops.cli import completing
from kaitops.cli.parser import VERBS, verb_parser
from tests.conftest import Run


@pytest.mark.parametrize("shell", ["fish", "powershell"])
def test_every_verb_and_option_is_there(run: Run, shell: str) -> None:
    text = run("completion", shell, code=0).stdout
    for verb in VERBS:
        assert f" -a {verb} -d '" in text if shell == "fish" else f"        '{verb}' = '" in text
        for option in verb_parser(verb)._option_string_actions:
            assert (
                (f"-l {option[2:]}" if option.startswith("--") else f"-s {option[1:]}") in text
                if shell == "fish"
                else f"'{option}'" in text
            )
    assert (
        "table json yaml name" in text
        if shell == "fish"
        else "'catalogue -o' = @('table', 'json', 'yaml', 'name')" in text
    )


def test_quotes_in_help_stay_text() -> None:
    parser = verb_parser("completion")
    parser.add_argument("--odd", help="it's 100%% \\ '$(x)'", choices=["it's"])
    assert "-d 'it\\'s 100% \\\\ \\'$(x)\\''" in completing.fish({"completion": parser}, {"completion": "it's"})
    assert "'completion --odd' = @('it''s')" in completing.powershell({"completion": parser}, {"completion": "it's"})


def test_fish_completes(run: Run) -> None:
    fish = shutil.which("fish")
    if fish is None:
        pytest.skip("fish is missing")
    script = run("completion", "fish", code=0).stdout
    for line, expected in (
        ("kaitops ren", "render"),
        ("kaitops render --upd", "--update-lock"),
        ("kaitops sizes -o ", "yaml"),
    ):
        done = subprocess.run(
            [fish, "--no-config", "-c", f"{script}\ncomplete -C '{line}'"], capture_output=True, text=True, check=True
        )
        assert expected in done.stdout, line
