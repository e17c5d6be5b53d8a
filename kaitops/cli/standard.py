"""Standard output and standard error, guarded: what is printed gives no orders, and a verdict survives its printing.

A pipe that its reader closed, a full disk, an encoding that lacks a sign and a stream that was closed before we started
are remembered and never raised: what a verb found is its exit code, whatever becomes of the text.
"""

import codecs
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

from kaitops.report import printable

READER_GONE = 141
"""What a shell reports of a filter whose reader had seen enough."""
UNDELIVERED = 3
_HANDLER = "kaitops-visible"


class Stream:
    """A text stream that never raises.

    Attributes:
        problem: why something could not be written; empty where all was.
        reader_gone: whoever read a pipe has closed it.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._errors = getattr(stream, "errors", None)
        # The line so far is blank, so that what comes next may be the start of a command.
        self._blank = True
        self.problem = "" if stream is not None else "it is closed"
        self.reader_gone = False
        self.used = False
        self._tolerant(_HANDLER)

    def write(self, text: str) -> int:
        """Write what others may have written a part of."""
        if text:
            self._put(printable.lines(text) if self._blank or "\n" in text else printable.lines(f".{text}")[1:])
        return len(text)

    def writelines(self, texts: Any) -> None:
        """Write several texts."""
        for text in texts:
            self.write(text)

    def plain(self, text: str) -> None:
        """Write as it is: our own commands and colours."""
        if text:
            self._put(text)

    def _put(self, text: str) -> None:
        self.used = True
        last = text.rpartition("\n")[2]
        self._blank = not last.strip() and (self._blank or "\n" in text)
        if self._stream is not None and not self.problem and not self.reader_gone:
            self._try(text)

    def flush(self) -> None:
        """Hand on what is held back."""
        if self._stream is not None and not self.problem and not self.reader_gone:
            self._try(None)

    def _try(self, text: str | None) -> None:
        stream = cast("TextIO", self._stream)
        try:
            stream.flush() if text is None else stream.write(text)
        except BrokenPipeError:
            self.reader_gone = True
            self._discard()
        except (OSError, ValueError) as error:
            self.problem = getattr(error, "strerror", None) or str(error)
            self._discard()

    def _discard(self) -> None:
        """Let nothing of what is held back fail once more when the interpreter ends."""
        with suppress(OSError, ValueError, AttributeError):
            number = cast("TextIO", self._stream).fileno()
            if number in (1, 2):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, number)
                os.close(nowhere)
        with suppress(OSError, ValueError):
            cast("TextIO", self._stream).flush()

    def isatty(self) -> bool:
        """A person reads it."""
        with suppress(OSError, ValueError):
            return self._stream is not None and self._stream.isatty()
        return False

    def fileno(self) -> int:
        """The descriptor below."""
        if self._stream is None:
            raise OSError("closed")
        return self._stream.fileno()

    @property
    def encoding(self) -> str:
        """How signs become bytes."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def _tolerant(self, errors: str | None) -> None:
        reconfigure = getattr(self._stream, "reconfigure", None)
        if reconfigure is not None and errors is not None:
            with suppress(OSError, ValueError):
                reconfigure(errors=errors)

    def release(self) -> None:
        """Leave the stream below as it was."""
        self._tolerant(self._errors)


def _visible(error: UnicodeError) -> tuple[str, int]:
    r"""What an encoding lacks as ``\u00e9``, which JSON and YAML read as the same sign."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2)), error.end


@contextmanager
def guarded() -> Generator[tuple[Stream, Stream]]:
    """Put guards in place of ``sys.stdout`` and ``sys.stderr`` for the time of one command."""
    codecs.register_error(_HANDLER, _visible)
    before = sys.stdin, sys.stdout, sys.stderr
    _fill()
    out, err = Stream(before[1]), Stream(before[2])
    sys.stdout, sys.stderr = cast("TextIO", out), cast("TextIO", err)
    try:
        yield out, err
    finally:
        out.flush()
        err.flush()
        out.release()
        err.release()
        sys.stdin, sys.stdout, sys.stderr = before


def _fill() -> None:
    """Occupy the descriptors of closed streams, so that no file of ours is taken for one of them."""
    # Typed as never None, and None where the stream was closed before we started.
    given: list[Any] = [sys.stdin, sys.stdout, sys.stderr]
    if all(one is not None for one in given):
        return
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if given[0] is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - stands for as long as the process


def settle(code: int, out: Stream, err: Stream, *, is_verdict: bool) -> int:
    """The exit code of a command once everything was printed, or could not be.

    Args:
        is_verdict: the code says what was found, so a reader that saw enough of the text changes nothing.
    """
    out.flush()
    if out.problem and out.used:
        err.write(f"kaitops: standard output: cannot be written: {out.problem}; the result was not delivered\n")
        code = code or UNDELIVERED
    elif out.reader_gone and not is_verdict:
        code = code or READER_GONE
    err.flush()
    return code
