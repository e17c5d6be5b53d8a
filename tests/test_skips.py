"""A skip that nobody agreed to fails a run that asks for it, and the list names tests that exist."""

import ast
from pathlib import Path

import pytest

from tests import skips, upstream
from tests.conftest import ROOT
from tests.sampling import some

SUITE = """\
import pytest

def test_here():
    assert True

def test_program():
    pytest.skip("no such program")

@pytest.mark.skipif(True, reason="no such machine")
def test_machine():
    assert False

@pytest.mark.xfail(reason="known", strict=True)
def test_known_fault():
    assert False
"""


def run(pytester: pytest.Pytester, agreed: str, *options: str, suite: str = SUITE) -> pytest.RunResult:
    """Runs a small suite with a list of agreed skips; in processes of its own with workers."""
    pytester.makefile(".json", agreed=agreed)
    pytester.makepyfile(test_small=suite)
    pytester.makeini("[pytest]\nmarkers = upstream: comparisons\n")
    pytester.makeconftest("pytest_plugins = ['tests.skips']\n")
    pytester.syspathinsert(ROOT)
    return (pytester.runpytest_subprocess if "-n2" in options else pytester.runpytest)("-rN", *options)


PROGRAM = '{"test": "test_small.py::test_program", "reason": "no such program", "why": "it is rare"}'
MACHINE = '{"test": "test_small.py::test_m*", "reason": "no such machine", "why": "it is dear"}'


def test_agreed_skips_are_printed_and_pass(pytester: pytest.Pytester) -> None:
    done = run(pytester, f"[{PROGRAM}, {MACHINE}]", "--known-skips=agreed.json")
    assert done.ret == 0, str(done.stdout)
    assert "skips: 2, 0 of them unknown" in str(done.stdout)
    assert "known    1 x test_small.py::test_program: no such program (it is rare)" in str(done.stdout)
    assert "known    1 x test_small.py::test_m*: no such machine (it is dear)" in str(done.stdout)


@pytest.mark.parametrize("workers", some(["-n0", "-n2"], ["-n0"]))
def test_any_other_skip_fails_and_so_does_one_of_a_whole_module(pytester: pytest.Pytester, workers: str) -> None:
    pytester.makepyfile(test_whole="import pytest\npytest.importorskip('no_module_of_that_name')\n")
    done = run(pytester, f"[{PROGRAM}]", "--known-skips=agreed.json", workers)
    assert done.ret == 1, str(done.stdout)
    assert "skips: 3, 2 of them unknown" in str(done.stdout)
    assert "UNKNOWN  test_small.py::test_machine: no such machine" in str(done.stdout)
    assert "UNKNOWN  test_whole.py: could not import 'no_module_of_that_name'" in str(done.stdout)


def test_another_reason_is_another_skip(pytester: pytest.Pytester) -> None:
    other = PROGRAM.replace("no such program", "too slow today")
    done = run(pytester, f"[{other}, {MACHINE}]", "--known-skips=agreed.json")
    assert done.ret == 1
    assert "UNKNOWN  test_small.py::test_program: no such program" in str(done.stdout)


def test_a_run_that_does_not_ask_passes(pytester: pytest.Pytester) -> None:
    done = run(pytester, "[]")
    assert done.ret == 0, str(done.stdout)
    assert "UNKNOWN" not in str(done.stdout)


def test_comparisons_with_upstream_are_skipped_where_its_files_are_not(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upstream, "FOLDER", Path("/nonexistent"))
    suite = "import pytest\n@pytest.mark.upstream\ndef test_a():\n    assert False\n"
    done = run(pytester, "[]", "--known-skips=agreed.json", suite=suite)
    assert done.ret == 1
    assert "UNKNOWN  test_small.py::test_a: upstream's files are not at" in str(done.stdout)


def test_the_list_names_tests_that_exist_and_says_why() -> None:
    agreed = skips.known()
    assert agreed
    for one in agreed:
        file, _, test = one.test.partition("::")
        assert one.reason
        assert one.why
        trees = [ast.parse(path.read_text("utf-8")) for path in ROOT.glob(file)]
        assert trees, one.test
        names = {each.name for tree in trees for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}
        assert test == "*" or test.rstrip("*") in names, one.test


def test_the_check_of_a_strangers_machine_holds_skips_to_the_list_and_needs_no_folder_beside_the_clone() -> None:
    text = (ROOT / ".ci/run").read_text("utf-8")
    assert "--known-skips=tests/known_skips.json" in text
    assert "export KAITOPS_SHARED=/nonexistent" in text
    for line in text.splitlines():
        # Each of these skips a test where it is not said; the run that promises everything says it.
        if " make test" in line:
            assert "KAITOPS_ACTION_INSTALL=1" in line
        if " make e2e" in line:
            assert "KAITOPS_E2E_REQUIRED=1" in line
