"""A command at a terminal of its own, as a person has it: what it draws, what is typed, and the end of the terminal."""

import contextlib
import os
import select
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import KAITOPS


class Terminal:
    """The person's side."""

    def __init__(self, number: int, process: "subprocess.Popen[bytes]") -> None:
        self._number = number
        self.process = process
        self.seen = b""
        self._read = 0

    def until(self, text: bytes, seconds: float = 15.0) -> bytes:
        """All that was drawn until a text came, after what was waited for before; fails where it does not."""
        ends = time.monotonic() + seconds
        while text not in self.seen[self._read :]:
            assert time.monotonic() < ends, self.seen
            if not select.select([self._number], [], [], 0.05)[0]:
                continue
            try:
                self.seen += os.read(self._number, 65536)
            except OSError:
                break
        assert text in self.seen[self._read :], self.seen
        self._read = self.seen.index(text, self._read) + len(text)
        return self.seen

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._number, keys)

    def hang_up(self) -> None:
        """Take the terminal away."""
        os.close(self._number)
        self._number = -1

    def ended(self, seconds: float = 8.0) -> int:
        """The exit code."""
        ends = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < ends:
            # Whoever leaves waits until its last words are taken.
            if self._number >= 0 and select.select([self._number], [], [], 0.02)[0]:
                with contextlib.suppress(OSError):
                    self.seen += os.read(self._number, 65536)
            elif self._number < 0:
                time.sleep(0.02)
        code = self.process.poll()
        assert code is not None, self.seen
        return code

    def close(self) -> None:
        """End all."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._number >= 0:
            os.close(self._number)


@contextmanager
def at_terminal(folder: Path, environment: Mapping[str, str], *arguments: str) -> Generator[Terminal]:
    """Start the command as the foreground of a terminal."""
    mine, its = os.openpty()
    # The terminal has to be its own, so that Ctrl-C and the end of it reach the command.
    taking = "import os,fcntl,sys,termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
    process = subprocess.Popen(
        [KAITOPS.with_name("python"), "-c", taking, KAITOPS, *arguments], cwd=folder,
        env={**os.environ, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", **environment}, stdin=its, stdout=its, stderr=its, start_new_session=True,
    )  # fmt: skip
    os.close(its)
    terminal = Terminal(mine, process)
    try:
        yield terminal
    finally:
        terminal.close()
