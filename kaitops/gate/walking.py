"""Which files a gate reads, and which it refuses to pass over.

Hidden folders are read. Files that look like manifests and would not be read, and files that switch other tools off,
are findings: a green gate must mean that everything was looked at.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from kaitops.errors import BadInput
from kaitops.gate.checks import COVERAGE, finding
from kaitops.report.findings import Report

KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_SUFFIXES = (".yaml", ".yml")
_SKIPPED_FOLDERS = {".git", ".venv", ".venv-checkov", "node_modules", "__pycache__"}
# Prose and programs show manifests without being any.
_PROSE = (".md", ".rst", ".adoc", ".txt", ".html", ".py", ".go", ".sh", ".ts", ".js", ".lock", ".toml")
_SWITCHES = {".checkov.yaml", ".checkov.yml", ".checkov.baseline"}
_MANIFEST = re.compile(rb"^\s*[\"']?apiVersion[\"']?\s*:", re.MULTILINE)
_KIND = re.compile(rb"^\s*[\"']?kind[\"']?\s*:", re.MULTILINE)
_JSON = re.compile(rb"\"apiVersion\"\s*:.*\"kind\"\s*:|\"kind\"\s*:.*\"apiVersion\"\s*:", re.DOTALL)
_TEMPLATE = re.compile(rb"\"\$schema\"\s*:\s*\"[^\"]*eploymentTemplate\.json", re.IGNORECASE)
_SNIFFED_BYTES = 1024 * 1024


def files(paths: Sequence[str], report: Report) -> Iterator[str]:
    """Every file to read, once; ``-`` stands for itself.

    Raises:
        BadInput: a path does not exist, or a folder holds nothing to read.
    """
    seen: set[str] = set()
    for name in paths:
        for file in _named(name, report):
            if file not in seen:
                seen.add(file)
                yield file


def _named(name: str, report: Report) -> list[str]:
    if name == "-":
        return ["-"]
    if Path(name).is_dir():
        before = len(report.findings)
        found = sorted(_below(name, report, set()), key=_parts)
        if not found and len(report.findings) == before:
            raise BadInput(f"{name}: holds no YAML file, so nothing would be checked; name the folder of the manifests")
        return found
    if not Path(name).exists():
        raise BadInput(f"{name}: no such file or folder")
    return [] if _is_switch(name, os.path.basename(name), report) else [name]


def _parts(file: str) -> list[str]:
    return file.replace(os.sep, "/").split("/")


def _below(folder: str, report: Report, above: set[str]) -> Iterator[str]:
    real = os.path.realpath(folder)
    if real in above:
        return  # a link back to a folder that is being read
    try:
        with os.scandir(folder) as listing:
            entries = list(listing)
    except OSError as error:
        text = f"the folder cannot be read: {error.strerror}, so what is in it was not judged; correct its permissions"
        report.findings.append(finding(COVERAGE, folder, (1, 1), "", text, unjudged=True))
        return
    for entry in entries:
        path = entry.name if folder == "." else os.path.join(folder, entry.name)
        if entry.is_dir():
            if entry.name not in _SKIPPED_FOLDERS:
                yield from _below(path, report, above | {real})
        elif not _is_switch(path, entry.name, report) and _is_read(path, entry.name, report):
            yield path


def _is_switch(path: str, name: str, report: Report) -> bool:
    if name not in _SWITCHES:
        return False
    text = "is a configuration that can switch checkov off for this tree, so it is refused; remove it, and exempt by id"
    report.findings.append(finding(COVERAGE, path, (1, 1), "", text, unjudged=True))
    return True


def _is_read(path: str, name: str, report: Report) -> bool:
    if name.endswith(_SUFFIXES) or name in KUSTOMIZATIONS:
        return True
    if name.endswith(_PROSE):
        return False
    try:
        with open(path, "rb") as stream:
            head = stream.read(_SNIFFED_BYTES)
    except OSError:
        return False  # neither ours nor readable: a socket, a broken link
    if name.endswith(".json"):
        return bool(_JSON.search(head) or _TEMPLATE.search(head))
    if b"\0" not in head and _MANIFEST.search(head) and _KIND.search(head):
        text = (
            "holds what looks like a manifest, but a file of this name is not read by kubectl, Argo CD or this gate; "
            "name it .yaml, or render it first if it is a template"
        )
        report.findings.append(finding(COVERAGE, path, (1, 1), "", text, unjudged=True))
    return False
