"""A report goes to where it was asked to go: through devices, pipes, descriptors and links, whole into files."""

import os
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from kaitops.errors import ToolMissing
from kaitops.tree import single
from tests.conftest import KAITOPS
from tests.gate.objects import PUBLIC, put


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    single.write_whole(path, "one")
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    path.chmod(0o600)
    before = path.stat().st_ino
    single.write_whole(path, "two")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("two", 0o600)
    assert path.stat().st_ino != before
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_and_leads_to_the_new_content(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    target, link = tmp_path / "a" / "target", tmp_path / "link"
    link.symlink_to("a/target")
    for text in ("one", "two"):
        single.write_whole(link, text)
        assert link.is_symlink()
        assert target.read_text() == text


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    single.write_whole(pipe, "through")
    reader.join(10)
    assert read == ["through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_stays_a_device() -> None:
    single.write_whole(Path("/dev/null"), "x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)
    with pytest.raises(ToolMissing, match="No space left"):
        single.write_whole(Path("/dev/full"), "x" * 10)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
@pytest.mark.parametrize("kind", ["pipe", "file"])
def test_a_descriptor_is_written_into(tmp_path: Path, name: str, kind: str) -> None:
    put(tmp_path, a=PUBLIC)
    (tmp_path / "link").symlink_to("/dev/stdout")
    command = [str(KAITOPS), "gate", "a.yaml", "--no-checkov", "--json", name]
    if kind == "pipe":
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        out = done.stdout
    else:
        # What was there before is kept, as with any other program that prints.
        (tmp_path / "out").write_text("before\n")
        with (tmp_path / "out").open("a") as stream:
            done = subprocess.run(command, cwd=tmp_path, stdout=stream, stderr=subprocess.PIPE, text=True, check=False)
        out = (tmp_path / "out").read_text()
        assert out.startswith("before\n")
    assert done.returncode == 1
    assert '"verdict": "failed"' in out
    assert "1 object: 1 judged" in out
    assert Path("/dev/stdout").is_symlink()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("option", ["--json", "--sarif", "--junit", "--markdown"])
def test_a_report_that_cannot_be_written_leaves_the_verdict(tmp_path: Path, option: str) -> None:
    put(tmp_path, bad=PUBLIC, good=PUBLIC.replace('"True"', '"False"'))
    for name, code in (("bad.yaml", 1), ("good.yaml", 3)):
        command = [str(KAITOPS), "gate", name, "--no-checkov", option, "/dev/full"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == code
        assert "/dev/full: cannot be written: No space left on device" in done.stderr
        assert "1 object" in done.stdout
