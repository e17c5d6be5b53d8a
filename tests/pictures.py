"""Pictures of a terminal for the pages, each of commands that really ran.

A command runs at a pseudo-terminal, so that it colours what it says; what came is drawn as one SVG, which asks for no
font and no file from anywhere.
"""

import fcntl
import io
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.commands import ROOT

FOLDER = ROOT / "docs/pictures"
COLUMNS = 120
# Each on the ground with a contrast of 7 and more.
_NORMAL = [
    (72, 79, 88),
    (255, 123, 114),
    (86, 211, 100),
    (227, 179, 65),
    (121, 192, 255),
    (210, 168, 255),
    (118, 227, 234),
    (230, 237, 243),
]
_THEME = TerminalTheme((13, 17, 23), (230, 237, 243), _NORMAL)
_FORMAT = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def seen(command: str, folder: Path, environment: Mapping[str, str]) -> str:
    """What a command shows at a terminal, whatever it ends with."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    with subprocess.Popen(["bash", "-c", command], cwd=folder, env=environment, stdin=its, stdout=its, stderr=its):
        os.close(its)
        parts: list[bytes] = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # what a terminal says once nobody is at its other end
                break
            if not part:
                break
            parts.append(part)
    os.close(ours)
    return b"".join(parts).decode().replace("\r\n", "\n")


def drawn(name: str, shown: Sequence[tuple[str, str]]) -> str:
    """The picture of commands and of what each showed."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, legacy_windows=False)
    for number, (command, said) in enumerate(shown):
        console.print(Text.assemble(("" if not number else "\n") + "$ ", (command, "bold")), soft_wrap=False)
        console.print(Text.from_ansi(said.rstrip("\n")), overflow="fold")
    text = console.export_svg(title="", theme=_THEME, code_format=_FORMAT, unique_id=name)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines() if line.strip())


def taken(commands: Sequence[str], folder: Path, environment: Mapping[str, str]) -> list[tuple[str, str]]:
    """Commands with what each shows, one after the other."""
    return [(command, seen(command, folder, environment)) for command in commands]
