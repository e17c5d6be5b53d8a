"""Running kustomize on a folder: the real tool, of the machine and never of the tree, and nothing that it could fetch.

Files outside of a kustomization's folder stay refused, which is the tool's own rule.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kaitops.gate.overlays.kustomizing import WRITTEN
from kaitops.gate.overlays.staging import Laid
from kaitops.gate.rendering import offline
from kaitops.tree import scratch

_NOTED = ["originAnnotations", "transformerAnnotations"]


class Built(NamedTuple):
    """What came of a build.

    Attributes:
        raw: the objects, or nothing.
        error: why there are none, in the tool's words.
        where: the folder that the tool's paths start from.
        copies: by the path of a copy, the file that it was made of.
    """

    raw: bytes
    error: str
    where: str
    copies: Mapping[str, str] = {}


def find(within: Sequence[str]) -> list[str] | None:
    """The command of kustomize, or of kubectl, which has it; None where the machine has neither.

    Args:
        within: real folders that are under judgement: a program that lies there is part of what is judged.
    """
    for name, more in (("kustomize", ["build"]), ("kubectl", ["kustomize"])):
        if found := offline.find(name, within):
            return [os.path.realpath(found), *more] if name == "kustomize" else [found, *more]
    return None


def build(command: Sequence[str], folder: str, lay: Callable[[str], Laid], helm: str | None = None) -> Built:
    """Build a kustomization in a folder of the tool's own.

    Args:
        folder: that it is made of.
        lay: lays it out there.
        helm: the program for the charts that it takes, all of which lie in the repository; none without charts.

    Raises:
        ToolMissing: there is no room for a file.
    """
    with scratch.folder("kaitops-kustomize-") as room:
        top = Path(os.path.realpath(room)) / "build"
        top.mkdir()
        relative = os.path.relpath(os.path.realpath(folder or "."), top)
        try:
            laid = lay(str(top))
        except OSError as error:
            return Built(b"", f"a file of it cannot be read: {error.strerror}", str(top))
        if laid.error:
            return Built(b"", laid.error, str(top))
        # JSON is YAML, whatever stands in a name.
        (top / WRITTEN).write_text(json.dumps({**laid.held, "buildMetadata": _NOTED}), "utf-8")
        copies = {os.path.join(top, name): file for name, file in laid.copies.items()}
        more: list[str] = []
        own = {"KUBERC": "off"}
        if helm is not None:
            more += ["--enable-helm", "--helm-command", helm]
            own |= offline.of_helm(str(top))
        try:
            done = offline.run([*command, *more, str(top)], str(top), own)
        except subprocess.TimeoutExpired:
            return Built(b"", f"did not end within {offline.SECONDS} s", str(top))
        except OSError as error:
            return Built(b"", f"{command[0]} cannot be started: {error.strerror}", str(top))
        if done.returncode != 0:
            return Built(b"", _said(offline.said(done), str(top), relative), str(top))
        if len(done.stdout) > offline.MOST_BYTES:
            return Built(b"", f"makes more than {offline.MOST_BYTES} bytes", str(top))
        return Built(done.stdout, "", str(top), copies)


def _said(raw: str, top: str, relative: str) -> str:
    lines = [line.strip() for line in raw.splitlines() if line.strip()]
    wanted = [line for line in lines if not line.lower().startswith(("# warning", "warning"))]
    text = (wanted or lines or ["it said nothing"])[0].removeprefix("Error: ").removeprefix("error: ")
    # kubectl logs what kustomize says, within a line or, where that has more than one, below it.
    if text.endswith("err=<"):
        below = [line for line in lines[lines.index(text) + 1 :] if line != ">"]
        text = " ".join(below).removeprefix("Error: ") or text
    logged = re.search(r'err=(".*)$', text)
    if logged:
        try:
            text = str(json.loads(logged[1]))
        except ValueError:
            text = logged[1].strip('"')
    for place in (f"{top}/{relative}", f"'{relative}'", top, relative):
        text = text.replace(place, "the folder")
    text = text.replace(os.path.split(top)[0], "the folder above")
    # The cause stands last.
    return text if len(text) <= offline.MOST_SAID else f"...{text[-offline.MOST_SAID :]}"
