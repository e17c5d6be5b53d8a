"""Runs checkov on objects handed in; a script for the interpreter of checkov's own environment.

Reads one JSON document from standard input and writes one to standard output after a NUL, because libraries print.
Imports nothing of kaitops. Each object gets a file of its own with a name of ours, so that a finding leads back to it
whatever its name; no configuration of checkov is looked for, and no network is used.
"""

import gc
import json
import os
import re
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

# Freed with the process; what is collected before costs a third of the start.
gc.disable()
os.environ["CHECKOV_PARALLELIZATION_TYPE"] = "none"
os.environ["BC_SKIP_MAPPING"] = "TRUE"
os.environ["LOG_LEVEL"] = "ERROR"
_EXCUSE = re.compile(rb"pragma(?=\W{0,8}(?:allow|white)list)", re.IGNORECASE)
# What YAML does not take as it is, and JSON does.
_UNPRINTABLE = re.compile("[\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def main() -> None:
    """Answer one question."""
    question = json.load(sys.stdin)
    with tempfile.TemporaryDirectory(prefix="kaitops-checkov-") as name:
        root = Path(name).resolve()
        answer = _kubernetes(root / "objects", question["documents"], question["skips"])
        _arm(root / "templates", question["templates"], len(question["documents"]), answer)
        answer["secrets"] = _secrets(root / "text", question["files"], question["stdin"])
    sys.stdout.write("\0" + json.dumps(answer))
    sys.stdout.flush()
    # Tearing checkov's modules down takes as long as most scans.
    os._exit(0)


def _kubernetes(folder: Path, documents: list[dict[str, Any]], skips: list[str]) -> dict[str, Any]:
    registry: Any = import_module("checkov.kubernetes.checks.resource.registry").registry
    parser: Any = import_module("checkov.kubernetes.parser.k8_yaml")
    runner: Any = import_module("checkov.kubernetes.runner").Runner()
    # The loader in C reads the same twice as fast.
    parser.SafeLineLoader = type("Loader", (yaml.CSafeLoader,), {"construct_mapping": _with_lines})
    folder.mkdir()
    for number, document in enumerate(documents):
        # JSON is YAML. Braces within a text are escaped: two of them make checkov take the file for a Helm template.
        text = json.dumps(_without_skips(document, skips), ensure_ascii=False).replace("{{", "{\\u007b")
        text = _UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
        (folder / f"{number}.yaml").write_text(text, "utf-8")
    report = runner.run(root_folder=str(folder), runner_filter=_filter("kubernetes"))
    # Of what still skips a check by any other means nobody gave a reason, so it counts as failed.
    found = [_record(one, documents, skips) for one in [*report.failed_checks, *report.skipped_checks]]
    judged = {int(Path(name.split(":", 1)[0]).stem) for name in report.resources}
    known = sorted({check.id for group in registry.checks.values() for check in group})
    return {"findings": found, "judged": sorted(judged), "checks": known}


def _arm(folder: Path, templates: list[dict[str, Any]], first: int, answer: dict[str, Any]) -> None:
    """Add what its checks of ARM say of templates of one resource each; they are numbered after the documents."""
    if not templates:
        return
    runner: Any = import_module("checkov.arm.runner").Runner()
    folder.mkdir()
    for number, template in enumerate(templates):
        (folder / f"{number}.json").write_text(json.dumps(template, indent=1), "utf-8")
    report = runner.run(root_folder=str(folder), runner_filter=_filter("arm"))
    # A comment may skip a check, and a value that is an expression is passed over; neither is a verdict.
    for one in [*report.failed_checks, *report.skipped_checks]:
        number = first + int(Path(one.file_path).stem)
        guide = one.guideline if isinstance(one.guideline, str) else None
        answer["findings"].append(
            {"document": number, "id": one.check_id, "title": one.check_name, "guide": guide, "skipped": None}
        )
    answer["judged"] += [first + int(Path(name.rsplit(":", 1)[0]).stem) for name in report.resources]


def _filter(framework: str) -> Any:
    make: Any = import_module("checkov.runner_filter").RunnerFilter
    return make(framework=[framework], show_progress_bar=False)


def _with_lines(self: Any, node: Any, deep: bool = False) -> dict[Any, Any]:
    mapping: dict[Any, Any] = yaml.constructor.SafeConstructor.construct_mapping(self, node, deep=deep)
    mapping["__startline__"] = node.start_mark.line + 1
    mapping["__endline__"] = node.end_mark.line + 1
    return mapping


def _without_skips(document: dict[str, Any], skips: list[str]) -> dict[str, Any]:
    """The object without annotations that skip checks: what they mean is decided by who asked, not by checkov."""
    notes = _annotations(document)
    if not notes:
        return document
    kept = {key: value for key, value in notes.items() if not any(name in key for name in skips)}
    return {**document, "metadata": {**document["metadata"], "annotations": kept}}


def _annotations(document: dict[str, Any]) -> dict[str, Any]:
    notes: Any = document["metadata"].get("annotations")
    return notes if isinstance(notes, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def _record(one: Any, documents: list[dict[str, Any]], skips: list[str]) -> dict[str, Any]:
    number = int(Path(one.file_path).stem)
    return {
        "document": number,
        "id": one.check_id,
        "title": one.check_name,
        "guide": one.guideline if isinstance(one.guideline, str) else None,
        "skipped": _skips(documents[number], skips).get(one.check_id),
    }


def _skips(document: dict[str, Any], skips: list[str]) -> dict[str, str]:
    """Reasons by id of the check, for skips that give one."""
    found: dict[str, str] = {}
    for key, value in _annotations(document).items():
        if isinstance(value, str) and any(name in key for name in skips):
            check, _, reason = value.partition("=")
            if reason.strip():
                found[check.strip()] = reason.strip()
    return found


def _secrets(folder: Path, files: list[dict[str, str]], stdin: str | None) -> list[dict[str, Any]]:
    runner: Any = import_module("checkov.secrets.runner").Runner()
    folder.mkdir()
    names: dict[str, str] = {}
    for number, file in enumerate(files):
        try:
            content = Path(file["path"]).read_bytes()
        except OSError:
            continue  # the gate has said so already
        copy = folder / f"{number}.yaml"
        copy.write_bytes(_unexcused(content))
        names[copy.name] = file["name"]
    if stdin is not None:
        (folder / "stdin.yaml").write_bytes(_unexcused(stdin.encode("utf-8")))
        names["stdin.yaml"] = "-"
    if not names:
        return []
    report = runner.run(root_folder=str(folder), runner_filter=_filter("secrets"))
    return [
        {
            "id": one.check_id,
            "title": one.check_name,
            "file": names[Path(one.file_path).name],
            "line": one.file_line_range[0],
        }
        # A comment in the file may skip a check; here exemptions do, with an owner and an end.
        for one in [*report.failed_checks, *report.skipped_checks]
    ]


def _unexcused(content: bytes) -> bytes:
    """The text without the comments by which a line takes itself out of the search for secrets."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16", "replace").encode("utf-8")
    return _EXCUSE.sub(b"pragme", content)


if __name__ == "__main__":
    main()
