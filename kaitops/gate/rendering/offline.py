"""Programs of the machine, run on what is judged: never one of the tree's, and with nothing that they could fetch.

What runs gets no search path, no home of its user's and no way out, so that neither git nor a plugin nor a registry can
be reached by what a file of the tree says.
"""

import os
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

from kaitops.gate.files.walking import lies_in_any

SECONDS = 30
MOST_BYTES = 32 * 1024 * 1024
MOST_SAID = 400
_MOST_MEMORY = 1024 * 1024 * 1024
_NAME = r"[a-z0-9]([a-z0-9.-]{0,51}[a-z0-9])?"
_NOWHERE = "http://127.0.0.1:9"


def find(name: str, within: Sequence[str]) -> str | None:
    """A program of the search path; None where the machine has none of that name.

    Args:
        within: real folders that are under judgement: a program that lies there is part of what is judged.
    """
    for folder in os.get_exec_path():
        found = shutil.which(name, path=folder) if Path(folder).is_absolute() else None
        if found and not lies_in_any(os.path.realpath(found), within):
            return found
    return None


def is_name(text: object) -> bool:
    """Whether helm takes a text for the name of a release; anything else may be an option of helm's to it."""
    return isinstance(text, str) and re.fullmatch(_NAME, text) is not None


def of_helm(home: str) -> dict[str, str]:
    """What helm takes its own files from: nothing of its user's, and no plugin."""
    folders = {f"HELM_{name}_HOME": home for name in ("CACHE", "CONFIG", "DATA")}
    return {"HELM_PLUGINS": f"{home}/none", **folders}


def run(words: Sequence[str], home: str, more: Mapping[str, str]) -> "subprocess.CompletedProcess[bytes]":
    """Run a command in a folder that is its home as well, with all that it starts, within bounds.

    Args:
        more: of its environment.

    Raises:
        OSError: it cannot be started.
        subprocess.TimeoutExpired: it did not end in time.
    """
    # Programs of Go look for memory to give back as often as for one that stays; these end before it is needed.
    environment = {
        "PATH": "", "HOME": home, "KUBECONFIG": os.devnull, "GOGC": "400", "GOMEMLIMIT": "768MiB", "NO_PROXY": "",
        "HTTP_PROXY": _NOWHERE, "HTTPS_PROXY": _NOWHERE, "TMPDIR": home, **more,
    }  # fmt: skip
    with TemporaryFile(dir=home) as out, TemporaryFile(dir=home) as said:
        process = subprocess.Popen(  # noqa: S603 - found by the invoker's search path, outside of what is judged
            words, cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=said, start_new_session=True
        )
        try:
            _bound(process.pid)
            _wait(process)
        finally:
            # What it started goes with it: a helm below kustomize, which may be what does not end.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        out.seek(0)
        said.seek(0)
        held = out.read(MOST_BYTES + 1), said.read(MOST_BYTES)
    return subprocess.CompletedProcess(list(words), process.returncode, *held)


def said(done: "subprocess.CompletedProcess[bytes]") -> str:
    """What a command said of its failure; of one that had no more memory nothing but that."""
    text = done.stderr.decode("utf-8", "replace").strip()
    return f"it takes more than {_MOST_MEMORY >> 20} MiB of memory" if "out of memory" in text else text


def _wait(process: "subprocess.Popen[bytes]") -> None:
    """Until it ends; what the library does itself is to look in ever longer steps, which takes as long as a build."""
    if sys.platform == "linux":
        with suppress(OSError), os.fdopen(os.pidfd_open(process.pid), closefd=True) as ended:
            waiting = select.poll()
            waiting.register(ended, select.POLLIN)
            if not waiting.poll(SECONDS * 1000):
                raise subprocess.TimeoutExpired(process.args, SECONDS)
    process.wait(SECONDS)


def _bound(pid: int) -> None:
    """Memory and files of a process that just started, on systems that can bound those of another one."""
    if sys.platform == "linux":
        with suppress(ProcessLookupError, ValueError, OSError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (MOST_BYTES + 1, MOST_BYTES + 1))
