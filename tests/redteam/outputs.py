"""What others wrote and a report repeats, and the places that a report is written to."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.commands import FORMS
from tests.gate.objects import PUBLIC, WORKSPACE
from tests.redteam.attack import GATE, RED, Attack, Held, called, put, started, verdict

_PIECES: Mapping[str, str] = {
    "github": "\n::stop-commands::t\n", "github-error": "::error file=a::b", "matcher": "##[add-matcher]x.json", "group": "##[group]x",
    "azure": "##vso[task.prependpath]x", "azure-set": "##vso[task.setvariable variable=a]b", "return": "\r::error::x",
    "escape": "\x1b[2J\x1b]0;x\x07", "gitlab": "section_start:1:x\r\x1b[0K", "bell": "\x07\x08\x08", "right-to-left": "\u202ex",
    "link": "[x](https://www.evil.example)", "table": "| a | b |\n|---|", "html": "<img src=x onerror=y>", "mention": "@octocat &#64;octocat",
}  # fmt: skip
_FIELDS: Mapping[str, str] = {
    "name": WORKSPACE.replace("name: phi\n", "name: {}\n"), "namespace": WORKSPACE.replace("namespace: team", "namespace: {}"),
    "kind": WORKSPACE.replace("kind: Workspace", "kind: {}"), "preset": WORKSPACE.replace("phi-4-mini-instruct", "{}"),
    "size": WORKSPACE.replace("Standard_NC24ads_A100_v4", "{}"), "key": WORKSPACE + "{}: 1\n",
}  # fmt: skip
# Commands count at the start of a line for GitHub's runner, and anywhere for Azure's and for a matcher.
_COMMAND = re.compile(r"(?m)^\s*::(?!error |warning |notice )|##vso\[|##\[|[\x00-\x08\x0b-\x1f\x7f\u202e]")
_FORMS = ("table", "github", "markdown", "sarif", "junit")


def injected() -> Iterator[Attack]:
    """Each piece in each field, read from each form of report in turn."""
    for number, (piece, text) in enumerate(_PIECES.items()):
        for place, (field, template) in enumerate(_FIELDS.items()):
            form = _FORMS[(number + place) % len(_FORMS)]
            yield Attack(f"{piece} in {field}, {form}", _told(template, text, form))
        if "\0" not in text:
            yield Attack(f"{piece} in a file's name", _told_of(text))


def _quoted(text: str) -> str:
    return '"' + "".join(sign if sign.isascii() and sign.isalnum() else f"\\U{ord(sign):08x}" for sign in text) + '"'


def _told(template: str, text: str, form: str) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        put(folder, {"m/x.yaml": template.replace("{}", _quoted(text))})
        return _clean(called(*GATE, "-o", form), form)

    return run


def _told_of(text: str) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        put(folder, {"m/" + text.replace("/", "_") + ".yaml": PUBLIC})
        return _clean(called(*GATE), "table")

    return run


def _clean(said: tuple[int, str, str], form: str) -> Held:
    code, out, err = said
    if code not in RED:
        return f"exit {code}"
    if found := _COMMAND.search(out + err):
        return f"{found[0]!r} is told"
    if form == "sarif" and any("](" in str(one["message"]) for one in json.loads(out)["runs"][0]["results"]):
        return "a link is told"  # its texts may hold such
    if form == "markdown":
        # Whatever others wrote stands in a code span.
        bare = re.sub(r"`+[^`]*`+", "", out)
        return next((f"{sign} outside of code" for sign in ("](http", "<img", "@octocat") if sign in bare), "")
    return ""


def written() -> Iterator[Attack]:
    """The verdict of a red gate, whatever becomes of what it prints and writes."""
    for form in FORMS:
        yield Attack(f"reader gone, {form}", _piped(form, "exec head -c 1 >/dev/null"))
        yield Attack(f"no reader, {form}", _piped(form, "true"))
        yield Attack(f"full, {form}", _to("/dev/full", form))
        yield Attack(f"closed, {form}", _closed(form))
    for form in ("json", "sarif", "junit", "markdown"):
        for target in ("/dev/full", "/dev/null", "absent/x", "folder", "/proc/x", "link", "loop", "pipe", "m/ws.yaml"):
            yield Attack(f"{form} to {target}", _file(form, target))


def _tree(folder: Path) -> None:
    put(folder, {f"m/{number}.yaml": PUBLIC.replace("phi\n", f"phi-{number}\n") for number in range(40)})
    put(folder, {"m/ws.yaml": PUBLIC})


def _command(form: str) -> list[str]:
    return [sys.executable, "-m", "kaitops", *GATE, "-o", form]


def _code(code: int, wanted: frozenset[int] | set[int] = RED) -> Held:
    return "" if code in wanted else f"exit {code}"


def _piped(form: str, reader: str) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        _tree(folder)
        with subprocess.Popen(["/bin/sh", "-c", reader], stdin=subprocess.PIPE) as taker:
            assert taker.stdin is not None
            done = subprocess.run(_command(form), stdout=taker.stdin, stderr=subprocess.DEVNULL, check=False)
            taker.stdin.close()
        return _code(done.returncode)

    return run


def _to(target: str, form: str) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        _tree(folder)
        with Path(target).open("w") as stream:
            done = subprocess.run(_command(form), stdout=stream, stderr=subprocess.DEVNULL, check=False)
        return _code(done.returncode, {1, 2, 3})

    return run


def _closed(form: str) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        _tree(folder)
        words = " ".join(f"'{word}'" for word in _command(form))
        return _code(subprocess.run(["/bin/sh", "-c", f"{words} >&- 2>&- <&-"], check=False).returncode, {1, 2, 3})

    return run


def _file(form: str, target: str) -> Callable[[Path], Held]:
    def run(folder: Path) -> Held:
        _tree(folder)
        (folder / "folder").mkdir()
        (folder / "real").write_text("old")
        (folder / "link").symlink_to("real")
        (folder / "loop").symlink_to("loop")
        os.mkfifo(folder / "pipe")
        # Opened for both, so that neither side waits for the other to come.
        kept = os.open(folder / "pipe", os.O_RDWR)
        with subprocess.Popen(["cat", "pipe"], stdout=subprocess.DEVNULL) as reader:
            said = started(*GATE, f"--{form}", target)
            reader.kill()
        os.close(kept)
        if (
            not (folder / "link").is_symlink()
            or not (folder / "pipe").is_fifo()
            or not Path("/dev/null").is_char_device()
        ):
            return "what was no file was replaced"
        return verdict(said, {1, 2, 3})

    return run
