"""The verdict leaves the process, whatever becomes of the pipe, the terminal or the disk that its text goes to."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.commands import FORMS
from tests.conftest import FLEET, KAITOPS, ROOT, Run
from tests.gate.objects import PUBLIC, WORKSPACE, put
from tests.sampling import some


def shell(folder: Path, line: str, **given: str) -> "subprocess.CompletedProcess[str]":
    """A line of bash, where ``kaitops`` is ours."""
    text = f'kaitops() {{ "{KAITOPS}" "$@"; }}\n{line}'
    return subprocess.run(
        ["bash", "-c", text], cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, **given},
        errors="replace",
    )  # fmt: skip


def python(folder: Path, script: str) -> "subprocess.CompletedProcess[str]":
    """A program that calls the command with something of it replaced."""
    return subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Enough findings to fill any buffer."""
    put(tmp_path, many="---\n".join(PUBLIC.replace("name: phi\n", f"name: phi{one}\n") for one in range(400)))
    return tmp_path


@pytest.mark.parametrize("form", some(FORMS, ("table", "json")))
def test_a_red_gate_stays_red_when_its_reader_leaves(many: Path, form: str) -> None:
    done = shell(many, f"kaitops gate many.yaml --no-checkov -o {form} | head -n 1; echo ${{PIPESTATUS[0]}}")
    assert done.stdout.splitlines()[-1] == "1"
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_an_incomplete_gate_stays_incomplete_when_its_reader_leaves(many: Path) -> None:
    put(many, bad="a: [\n")
    assert shell(many, "kaitops gate . --no-checkov | head -c 1; echo :${PIPESTATUS[0]}").stdout.endswith(":2\n")


@pytest.mark.parametrize("line", some(("catalogue -o json", "render --out -", "--help", "schema"), ("render --out -",)))
def test_other_verbs_leave_as_a_filter_does(tmp_path: Path, line: str) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    done = shell(tmp_path, f"(sleep 1; kaitops {line}; echo code $? >&2) | true")
    assert done.stderr == "code 141\n"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(("text", "code"), [(PUBLIC, 1), (WORKSPACE, 3), ("a: [\n", 2)])
@pytest.mark.parametrize("form", some(FORMS, ("json", "name")))
def test_a_full_disk(tmp_path: Path, form: str, text: str, code: int) -> None:
    put(tmp_path, a=text)
    done = shell(tmp_path, f"kaitops gate a.yaml --no-checkov -o {form} >/dev/full; echo code $?")
    quiet = code == 3 and form in {"name", "github"}
    # Nothing had to be written where nothing was found.
    assert done.stdout == f"code {0 if quiet else code}\n"
    assert ("standard output: cannot be written: No space left on device" in done.stderr) is not quiet
    assert "Traceback" not in done.stderr


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "closed",
    some(
        ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">&- 2>/dev/full", "2>/dev/full"], (">&-", "<&- >&- 2>&-", "2>/dev/full")
    ),
)
@pytest.mark.parametrize(("text", "code"), [(PUBLIC, 1), (WORKSPACE, 0), ("a: [\n", 2)])
def test_closed_streams(tmp_path: Path, closed: str, text: str, code: int) -> None:
    put(tmp_path, a=text)
    done = shell(tmp_path, f"kaitops gate a.yaml --no-checkov --json report {closed}; echo code $?")
    expected = 3 if code == 0 and ">&-" in closed.replace("2>&-", "") else code
    assert done.stdout.splitlines()[-1] == f"code {expected}"
    assert (tmp_path / "report").read_text().startswith("{")
    assert "Traceback" not in done.stderr


def test_a_closed_standard_input_holds_nothing(tmp_path: Path) -> None:
    done = shell(tmp_path, "kaitops gate - --no-checkov <&-; echo code $?; kaitops render --fleet - <&-; echo code $?")
    assert done.stdout == "code 2\ncode 2\n"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("form", some(FORMS, ("table", "sarif")))
@pytest.mark.parametrize("coding", some(("ascii", "ascii:strict", "latin-1", "utf-8"), ("ascii", "utf-8")))
def test_what_an_encoding_lacks_is_shown(tmp_path: Path, form: str, coding: str) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9-\xf0\x9f\x92\xa5.yaml"
    Path(os.fsdecode(name)).write_text(PUBLIC.replace("name: phi\n", "name: phi\n  labels: {x: é→日本}\n"))
    done = shell(
        tmp_path, f"kaitops gate . --no-checkov -o {form} --json r.json --markdown r.md --sarif s --junit j; echo code $?",
        LC_ALL="C", PYTHONIOENCODING=coding,
    )  # fmt: skip
    assert done.stdout.endswith("code 1\n")
    assert "Traceback" not in done.stderr
    for file in ("r.json", "r.md", "s", "j"):
        (tmp_path / file).read_text("utf-8")
    if form in {"json", "sarif"}:
        import json

        assert json.loads(done.stdout.removesuffix("code 1\n"))


def test_an_internal_error_says_where_and_no_value(tmp_path: Path) -> None:
    script = (
        "import sys, kaitops.cli.render as verb; from kaitops.cli import main\n"
        "def boom(*a, **k): raise KeyError('hunter2-hunter2')\n"
        "verb.run = boom; sys.exit(main(['render']))"
    )
    done = python(tmp_path, script)
    assert done.returncode == 3
    assert "internal error: KeyError at <string>:2" in done.stderr
    assert "hunter2" not in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_while_the_command_is_loaded_is_no_traceback(tmp_path: Path) -> None:
    script = (
        "import sys, kaitops.cli.parser as parser; from kaitops.cli import main\n"
        "def stop(*a): raise KeyboardInterrupt\n"
        "parser._configure = stop; sys.exit(main(['render']))"
    )
    done = python(tmp_path, script)
    assert (done.returncode, done.stderr) == (130, "kaitops: interrupted; nothing was begun\n")


@pytest.mark.parametrize("module", ["kaitops.cli", "kaitops.cli.standard"])
def test_ctrl_c_before_the_command_has_started_is_no_traceback(tmp_path: Path, module: str) -> None:
    script = (
        "import sys; from kaitops.__main__ import main\n"
        "class Stop:\n"
        f"    def find_spec(self, name, *a):\n        if name == {module!r}: raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop()); sys.exit(main())"
    )
    done = python(tmp_path, script)
    assert (done.returncode, done.stderr) == (130, "kaitops: interrupted; nothing was begun\n")


def test_ctrl_c_while_the_command_ends_is_no_traceback(tmp_path: Path) -> None:
    script = (
        "import sys, kaitops.cli.standard as standard; from kaitops.__main__ import main\n"
        "def stop(*a, **k): raise KeyboardInterrupt\n"
        "standard.settle = stop; sys.argv[1:] = ['--version']; sys.exit(main())"
    )
    done = python(tmp_path, script)
    assert (done.returncode, done.stderr) == (130, "kaitops: interrupted\n")


def test_the_command_starts_where_an_interrupt_is_heard() -> None:
    starts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert starts == {"kaitops": "kaitops.__main__:main"}


def test_ctrl_c_claims_nothing_that_is_not_so(run: Run, tmp_path: Path) -> None:
    script = (
        "import sys, kaitops.cli.render as verb; from kaitops.cli import main\n"
        "def stop(*a, **k): raise KeyboardInterrupt('the tree in x is the new one')\n"
        "verb.run = stop; sys.exit(main(['render']))"
    )
    done = python(tmp_path, script)
    assert (done.returncode, done.stderr) == (130, "kaitops: interrupted; the tree in x is the new one\n")
