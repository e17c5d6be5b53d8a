"""The tree is replaced as a whole; what is not ours and what does not change stays."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from kaitops.errors import BadInput, ToolMissing
from kaitops.tree import staging, writing
from kaitops.tree.layout import HEADER
from tests.conftest import snapshot

MARK = HEADER.encode()


def ours(text: str) -> bytes:
    return MARK + text.encode()


def test_a_new_tree_is_written(tmp_path: Path) -> None:
    changed = writing.write(tmp_path / "a" / "tree", {"x/y.yaml": ours("1"), "z.yaml": ours("2")})
    assert changed.added == ["x/y.yaml", "z.yaml"]
    assert (tmp_path / "a" / "tree" / "x" / "y.yaml").read_bytes() == ours("1")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["tree"]


def test_only_changed_files_are_touched_and_only_ours_are_pruned(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    writing.write(root, {"a.yaml": ours("a"), "b/b.yaml": ours("b"), "c/c.yaml": ours("c")})
    (root / "b" / "README.md").write_text("mine")
    (root / "c" / "link").symlink_to("../a.yaml")
    before = snapshot(root)
    changed = writing.write(root, {"a.yaml": ours("a"), "b/b.yaml": ours("new")})
    assert (changed.added, changed.changed, changed.removed) == ([], ["b/b.yaml"], ["c/c.yaml"])
    after = snapshot(root)
    assert after["a.yaml"] == before["a.yaml"]
    assert after["b/README.md"] == before["b/README.md"]
    assert (root / "c" / "link").is_symlink()
    assert "c/c.yaml" not in after


def test_nothing_to_change_writes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    files = {"a.yaml": ours("a")}
    writing.write(root, files)
    inode, before = root.stat().st_ino, snapshot(root)
    assert not writing.write(root, files)
    assert (root.stat().st_ino, snapshot(root)) == (inode, before)


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "", "a\\b", "a\0b"])
def test_paths_that_leave_the_tree(tmp_path: Path, path: str) -> None:
    with pytest.raises(BadInput, match="leaves the output folder"):
        writing.write(tmp_path / "tree", {path: ours("x")})
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_file_where_a_folder_must_go(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    root.mkdir()
    (root / "a").write_text("mine")
    with pytest.raises(BadInput, match="was not written by kaitops"):
        writing.write(root, {"a/b.yaml": ours("x")})
    assert (root / "a").read_text() == "mine"


def test_a_link_in_place_of_the_tree(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "tree").symlink_to("elsewhere")
    with pytest.raises(BadInput, match="is not a folder"):
        writing.write(tmp_path / "tree", {"a.yaml": ours("x")})


def test_without_atomic_exchange_the_swap_still_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_exchange", lambda first, second: False)
    root = tmp_path / "tree"
    writing.write(root, {"a.yaml": ours("1")})
    writing.write(root, {"a.yaml": ours("2")})
    assert (root / "a.yaml").read_bytes() == ours("2")
    assert [path.name for path in tmp_path.iterdir()] == ["tree"]


def test_a_failed_swap_leaves_the_old_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "tree"
    writing.write(root, {"a.yaml": ours("1")})
    before = snapshot(root)
    monkeypatch.setattr(writing, "_exchange", lambda first, second: False)
    real = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.name == "tree" and self.parent.name.startswith(".kaitops-"):
            raise OSError(28, "No space left on device", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(ToolMissing, match=r"the tree in .* is as it was"):
        writing.write(root, {"a.yaml": ours("2")})
    assert snapshot(root) == before


def killed(place: Path, name: str) -> Path:
    """What a render leaves that is killed: a folder that bears the mark and that nobody holds the lock of."""
    with staging.folder(place) as made:
        shutil.copytree(made, place / name)
    return place / name


def test_a_tree_left_aside_by_a_killed_swap_comes_back(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    writing.write(root, {"a.yaml": ours("1"), "b.yaml": ours("b")})
    inode = (root / "b.yaml").stat().st_ino
    left = killed(tmp_path, ".kaitops-abc")
    (left / "root").write_text(str(root))
    root.rename(left / "old")
    writing.write(root, {"a.yaml": ours("2"), "b.yaml": ours("b")})
    assert (root / "b.yaml").stat().st_ino == inode
    assert not list(tmp_path.glob(".kaitops-*"))


def test_staging_folders_of_killed_runs_are_cleared_at_once_and_no_others(tmp_path: Path) -> None:
    left = killed(tmp_path, ".kaitops-left")
    mine = tmp_path / ".kaitops-mine"
    (mine / "lock").mkdir(parents=True)
    (mine / "work.yaml").write_text("mine")
    (tmp_path / ".kaitops-link").symlink_to(mine)
    os.utime(mine, (0, 0))
    with staging.folder(tmp_path) as live:
        writing.write(tmp_path / "tree", {"a.yaml": ours("1")})
        assert (live / "lock").is_file()
    assert not left.exists()
    assert (mine / "work.yaml").read_text() == "mine"
    assert not live.exists()


def test_what_was_killed_before_it_bore_the_mark_is_cleared(tmp_path: Path) -> None:
    """An empty folder, or one with its first file; a minute lies between it and one that is being made now."""
    for name in (".kaitops-0a", ".kaitops-0b", ".kaitops-0c", ".kaitops-now"):
        (tmp_path / name).mkdir()
    (tmp_path / ".kaitops-0b" / ".gitignore").write_text("*\n")
    (tmp_path / ".kaitops-0c" / "mine.yaml").write_text("mine")
    for name in (".kaitops-0a", ".kaitops-0b", ".kaitops-0c"):
        os.utime(tmp_path / name, (0, 0))
    os.utime(tmp_path / ".kaitops-now", (time.time(), time.time()))
    writing.write(tmp_path / "tree", {"a.yaml": ours("1")})
    assert sorted(path.name for path in tmp_path.glob(".kaitops-*")) == [".kaitops-0c", ".kaitops-now"]


def test_in_a_repository_the_tree_is_made_where_git_keeps_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    seen: list[Path] = []
    real = writing._swap

    def swap(root: Path, fresh: Path, folder: Path) -> None:
        seen.append(fresh)
        real(root, fresh, folder)

    monkeypatch.setattr(writing, "_swap", swap)
    for number in (1, 2):
        writing.write(tmp_path / "out" / "clusters", {"a.yaml": ours(str(number))})
    assert [path.parent.parent for path in seen] == [tmp_path / ".git"] * 2
    assert not list(tmp_path.rglob(".kaitops-*"))


def test_a_killed_render_leaves_nothing_that_git_takes(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (killed(tmp_path, ".kaitops-x") / "tree").mkdir()
    (tmp_path / ".kaitops-x" / "tree" / "a.yaml").write_text("half")
    told = subprocess.run(["git", "status", "--porcelain"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert told.stdout == ""


def test_ctrl_c_during_the_swap_says_what_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = writing._swap

    def swap(root: Path, fresh: Path, folder: Path) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        real(root, fresh, folder)

    monkeypatch.setattr(writing, "_swap", swap)
    with pytest.raises(KeyboardInterrupt, match=r"the tree in .* is the new one"):
        writing.write(tmp_path / "tree", {"a.yaml": ours("1")})
    assert (tmp_path / "tree" / "a.yaml").read_bytes() == ours("1")
