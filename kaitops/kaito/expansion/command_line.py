"""How a command of a container is written: its flags, and the shell that runs it."""

from collections.abc import Iterable, Mapping


def with_flags(command: str, flags: Mapping[str, str]) -> str:
    """A command followed by ``--flag=value``, or ``--flag`` where the value is empty."""
    return " ".join([command, *_words(sorted(flags.items()))])


def shell(line: str) -> list[str]:
    """A line run by the container's shell."""
    return ["/bin/sh", "-c", line]


def _words(flags: Iterable[tuple[str, str]]) -> list[str]:
    return [f"--{name}={value}" if value else f"--{name}" for name, value in flags]
