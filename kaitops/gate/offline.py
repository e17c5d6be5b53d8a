"""Programs of the machine, run on what is judged: never one of the tree's, and with nothing that they could fetch.

What runs gets no search path, no home of its user's and no way out, so that neither git nor a plugin nor a registry can
be reached by what a file of the tree says.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from kaitops.gate.walking import lies_in

SECONDS = 30
MOST_BYTES = 32 * 1024 * 1024
MOST_SAID = 400
_NOWHERE = "http://127.0.0.1:9"


def find(name: str, within: Sequence[str]) -> str | None:
    """A program of the search path; None where the machine has none of that name.

    Args:
        within: real folders that are under judgement: a program that lies there is part of what is judged.
    """
    for folder in os.get_exec_path():
        found = shutil.which(name, path=folder) if Path(folder).is_absolute() else None
        if found and not any(lies_in(os.path.realpath(found), one) for one in within):
            return found
    return None


def of_helm(home: str) -> dict[str, str]:
    """What helm takes its own files from: nothing of its user's, and no plugin."""
    folders = {f"HELM_{name}_HOME": home for name in ("CACHE", "CONFIG", "DATA")}
    return {"HELM_PLUGINS": f"{home}/none", **folders}


def run(words: Sequence[str], home: str, more: Mapping[str, str]) -> "subprocess.CompletedProcess[bytes]":
    """Run a command in a folder that is its home as well.

    Args:
        more: of its environment.

    Raises:
        OSError: it cannot be started.
        subprocess.TimeoutExpired: it did not end in time.
    """
    environment = {
        "PATH": "", "HOME": home, "KUBECONFIG": os.devnull, "GOMEMLIMIT": "1GiB", "NO_PROXY": "",
        "HTTP_PROXY": _NOWHERE, "HTTPS_PROXY": _NOWHERE, **more,
    }  # fmt: skip
    return subprocess.run(  # noqa: S603 - found by the invoker's search path, outside of what is judged
        words, cwd=home, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False
    )
