"""The recordings are what was recorded, every suite asks all of them, and what is damaged is named."""

import gzip
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.recorded import FOLDER, MANIFEST, Damaged, manifest, read

RECORDS = {
    "admission.jsonl.gz": 500,
    "estimates.csv.gz": 4000,
    "flux-variables.jsonl.gz": 3000,
    "huggingface.jsonl.gz": 80,
    "image-references.jsonl.gz": 600,
    "other-kinds.jsonl.gz": 120,
    "pods.jsonl.gz": 3000,
    "status.jsonl.gz": 127,
    "trainer.jsonl.gz": 2000,
    "updates.jsonl.gz": 558,
    "vllm-flags-0.10.0.jsonl.gz": 2000,
    "vllm-flags-0.11.0.jsonl.gz": 2000,
    "vllm-flags-0.12.0.jsonl.gz": 2000,
    "vllm-flags-0.9.4.jsonl.gz": 2000,
    "workspaces.jsonl.gz": 300,
}
# One test a record: the suites that say "equal in every case", and what they are equal to.
PARITY = {
    "tests/kaito/test_admission_golden.py::test_workspace": 300,
    "tests/kaito/test_admission_golden.py::test_other_kind": 120,
    "tests/kaito/test_admission_golden.py::test_mutated_workspace": 500,
    "tests/kaito/test_updates_golden.py::test_update": 558,
    "tests/kaito/test_expansion_golden.py::test_objects_and_errors": 300 + 120,
    "tests/kaito/test_expansion_golden.py::test_errors_of_mutated_workspaces": 500,
    "tests/kaito/test_estimates_golden.py::test_estimate_equals_kaitos": 4000,
    "tests/kaito/test_huggingface_golden.py::test_derived_presets_equal_kaitos": 80,
    "tests/kaito/test_image_reference.py::test_each_is_read_as_it_was": 600,
    "tests/kaito/test_plain.py::test_recorded_rows": 300 + 120,
    "tests/health/test_verdicts.py::test_a_recording_is_judged_right_or_its_ambiguity_is_written_down": 127,
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the recordings."""
    return Path(shutil.copytree(FOLDER, tmp_path / "recordings"))


def test_every_recording_is_there_with_all_its_records() -> None:
    assert {file: told["records"] for file, told in manifest().items()} == RECORDS
    assert {path.name for path in FOLDER.glob("*.gz")} == set(RECORDS)
    assert {file: len(read(file)) for file in RECORDS} == RECORDS


def test_packing_leaves_no_trace_of_when_and_where() -> None:
    """The same records make the same bytes: no name and no time in the header of gzip."""
    for file in RECORDS:
        content = (FOLDER / file).read_bytes()
        assert content[3:8] == bytes(5), file


@pytest.mark.parametrize("file", RECORDS)
def test_one_changed_byte_is_found(copy: Path, file: str) -> None:
    content = (copy / file).read_bytes()
    for place in (0, 9, len(content) // 2, len(content) - 1):
        (copy / file).write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(Damaged, match=rf"{re.escape(file)}: the recording is changed"):
            read(file, copy)


@pytest.mark.parametrize("file", RECORDS)
def test_a_missing_and_an_empty_file_are_found(copy: Path, file: str) -> None:
    (copy / file).write_bytes(b"")
    with pytest.raises(Damaged, match=rf"{re.escape(file)}: the recording is empty"):
        read(file, copy)
    (copy / file).unlink()
    with pytest.raises(Damaged, match=rf"{re.escape(file)}: the recording is missing"):
        read(file, copy)


def test_fewer_records_than_the_manifest_says_are_found(copy: Path) -> None:
    told = manifest(copy)
    told["status.jsonl.gz"]["records"] += 1
    (copy / MANIFEST).write_text(json.dumps(told))
    with pytest.raises(Damaged, match=r"status\.jsonl\.gz: holds 127 records, not 128"):
        read("status.jsonl.gz", copy)
    with pytest.raises(Damaged, match=r"other\.jsonl\.gz: manifest\.json does not name it"):
        read("other.jsonl.gz", copy)
    (copy / MANIFEST).unlink()
    with pytest.raises(Damaged, match=r"manifest\.json: cannot be read"):
        read("status.jsonl.gz", copy)


@pytest.mark.e2e
def test_a_run_with_a_damaged_recording_is_red_and_names_it(copy: Path, tmp_path: Path) -> None:
    """A suite's own parameters come of the recording, so it must not end up with none and green."""
    (copy / "huggingface.jsonl.gz").write_bytes(gzip.compress(b"", mtime=0))
    suite = tmp_path / "test_suite.py"
    suite.write_text(
        "from pathlib import Path\nimport pytest\nfrom tests import recorded\n"
        f"ROWS = recorded.read('huggingface.jsonl.gz', Path({str(copy)!r}))\n"
        "@pytest.mark.parametrize('row', ROWS)\ndef test_row(row):\n    assert row\n"
    )
    done = _pytest(str(suite), "-n0", "-q", "--rootdir", str(tmp_path), "-c", str(ROOT / "pyproject.toml"))
    assert done.returncode == 2
    assert "huggingface.jsonl.gz: the recording is changed" in done.stdout


@pytest.mark.e2e
def test_a_parametrised_test_without_cases_is_red(tmp_path: Path) -> None:
    suite = tmp_path / "test_suite.py"
    suite.write_text("import pytest\n@pytest.mark.parametrize('row', [])\ndef test_row(row):\n    assert row\n")
    done = _pytest(str(suite), "-n0", "-q", "--rootdir", str(tmp_path), "-c", str(ROOT / "pyproject.toml"))
    assert done.returncode == 2
    assert "Empty parameter set in 'test_row'" in done.stdout


@pytest.mark.e2e
def test_each_parity_suite_has_a_test_for_each_record() -> None:
    files = sorted({test.partition("::")[0] for test in PARITY})
    done = _pytest("--collect-only", "-q", "-n0", *files)
    collected = [line for line in done.stdout.splitlines() if "::" in line]
    assert {test: sum(line.startswith(f"{test}[") for line in collected) for test in PARITY} == PARITY


def _pytest(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
