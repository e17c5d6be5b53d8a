"""A git repository on this machine that holds a rendered tree.

Owns commits of whole trees, as a render makes them: what is not in the folder any more is gone from the next commit.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

IDENTITY = {
    "GIT_AUTHOR_NAME": "kaitops",
    "GIT_AUTHOR_EMAIL": "kaitops@example.com",
    "GIT_COMMITTER_NAME": "kaitops",
    "GIT_COMMITTER_EMAIL": "kaitops@example.com",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}


class Repository:
    """One repository with one branch.

    Attributes:
        folder: the work tree.
        revision: of the last commit.
    """

    def __init__(self, folder: Path) -> None:
        """Makes an empty repository.

        Args:
            folder: to make.
        """
        self.folder = folder
        self.revision = ""
        folder.mkdir(parents=True)
        self._git("init", "--quiet", "--initial-branch=main")

    @property
    def url(self) -> str:
        """Where programs on this machine find it."""
        return f"file://{self.folder}"

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=os.environ | IDENTITY,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def clear(self) -> None:
        """Removes all files but git's own; they are gone from the next commit."""
        for path in self.folder.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def commit(self, write: Callable[[Path], object], *, anew: bool = False) -> str:
        """Lets somebody write into the work tree and commits what is there.

        Args:
            write: called with the folder.
            anew: begin with an empty folder.

        Returns:
            The revision.
        """
        if anew:
            self.clear()
        write(self.folder)
        self._git("add", "--all")
        self._git("commit", "--quiet", "--allow-empty", "--message", "Render")
        self.revision = self._git("rev-parse", "HEAD")
        return self.revision
