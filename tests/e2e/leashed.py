"""One program on the leash: started, looked after, ended with the test run.

Owns the standard way to run a server of these tests; `leash.py` is the process in between. Knows no program.
"""

import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

LEASH = Path(__file__).with_name("leash.py")
STOP_SECONDS = 15.0


class ProgramEnded(Exception):
    """A program ended that should run; the text holds the end of its log."""


class Started(ABC):
    """Something that runs between `start` and `stop` or inside `with`."""

    @abstractmethod
    def start(self) -> Self:
        """Starts all parts."""

    @abstractmethod
    def stop(self) -> None:
        """Stops whatever runs."""

    def __enter__(self) -> Self:
        """Starts it; of a start that fails nothing is left."""
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        """Stops it."""
        self.stop()


class Leashed:
    """A running program; its output goes to a log in the directory that it works in.

    Attributes:
        name: of the log, without its ending.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        directory: Path,
        environment: Mapping[str, str] | None = None,
        *,
        sweep: bool = False,
    ) -> None:
        """Starts the program.

        Args:
            name: of the log, without its ending.
            command: program and arguments.
            directory: to work in.
            environment: of the program; None for that of the test run.
            sweep: remove the directory when the program has ended, however the test run ended.
        """
        self.name = name
        self._log = directory / f"{name}.log"
        leash = [sys.executable, "-S", str(LEASH), *(["--sweep", str(directory)] if sweep else [])]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*leash, "--", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=directory,
                env=None if environment is None else dict(environment),
                # Ctrl-C in a terminal goes to the whole group of the test run; the leash decides for itself.
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """Of the leash; the program is its child."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """What it ended with; None while it runs."""
        return self._process.poll()

    def log(self, characters: int = 3000) -> str:
        """The end of what it has written."""
        return self._log.read_text(errors="replace")[-characters:] if self._log.is_file() else ""

    def check(self) -> None:
        """Makes sure that it runs.

        Raises:
            ProgramEnded: it does not.
        """
        if self.code is not None:
            raise ProgramEnded(f"{self.name} ended with {self.code}\n{self.log()}")

    def stop(self) -> None:
        """Ends it. May be called twice."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # The kernel ends what is on the leash along with it.
            self._process.kill()
            self._process.wait()
