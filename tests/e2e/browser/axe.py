"""axe-core, which finds what keeps people from reading a page; taken from its package at test time, never kept here."""

import shutil
import subprocess
import tarfile
from pathlib import Path

VERSION = "4.14.1"


class AxeMissing(Exception):
    """It cannot be had here."""


def source(folder: Path) -> str:
    """Its script."""
    npm = shutil.which("npm")
    if npm is None:
        raise AxeMissing("no npm on the search path, which brings axe-core: install it")
    done = subprocess.run(
        [npm, "pack", f"axe-core@{VERSION}", "--silent"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise AxeMissing(f"npm cannot fetch axe-core {VERSION}: {done.stderr.strip()[-200:]}")
    with tarfile.open(next(folder.glob("axe-core-*.tgz"))) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()
