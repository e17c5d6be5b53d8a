"""What each ``--help`` ends with can be typed as it stands."""

import shlex
import subprocess
from pathlib import Path

import pytest

from kaitops.cli.examples import EXAMPLES
from kaitops.cli.parser import VERBS, parse
from tests.conftest import Run
from tests.sampling import share

LINES = [line for lines in EXAMPLES.values() for line in lines]
# What needs a cluster, the network, a stack or files that nobody has yet.
ELSEWHERE = frozenset(
    {"arm", "prices", "quota", "status", "why", "smoke", "connect", "chat", "rag", "preset", "health"}
)
OTHERS = {"--base": "a remote", "--budget": "a budget", "VERSION": "a version that comes after"}


def words(line: str) -> list[str]:
    """The arguments of kaitops in a line of the shell."""
    line = line.removeprefix('eval "$(').removesuffix(')"').partition("| kaitops ")[2] or line
    line = line.removeprefix('eval "$(').removesuffix(')"').partition(" > ")[0]
    found = shlex.split(line)
    return found[1:] if found[0] == "kaitops" else found


def test_each_verb_has_some_and_shows_them(run: Run) -> None:
    assert list(EXAMPLES) == list(VERBS)
    for verb in ("render", "fit", "completion"):
        shown = run(verb, "--help", code=0).stdout
        assert shown.endswith("examples:\n" + "".join(f"  {line}\n" for line in EXAMPLES[verb]))


@pytest.mark.parametrize("line", LINES)
def test_each_is_understood(line: str) -> None:
    parse(words(line))


@pytest.mark.thorough
def test_those_that_need_nothing_else_work(run: Run, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    run("init", code=0)
    run("render", code=0)
    for verb, lines in EXAMPLES.items():
        for line in lines[: share(len(lines), of=2)]:
            if verb in ELSEWHERE or verb in ("init", "remove", "promote", "set") or any(one in line for one in OTHERS):
                continue
            done = run(*words(line))
            assert done.returncode in (0, 1), f"{line}\n{done.stderr}"
