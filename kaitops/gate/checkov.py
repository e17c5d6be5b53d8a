"""Asking checkov: its checks of Kubernetes objects, ARM resources and secrets, in its own environment and one process.

checkov cannot live beside what kaitops needs, so its interpreter runs ``checkov_driver.py``. It gets the objects that
the gate has read, never the tree: no file is parsed twice, and nothing in the tree can switch a check off. An object
that it did not look at is a finding.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from kaitops.documents.plain import MutableObject, Object, Steps, at, items, mapping
from kaitops.errors import BadInput, ToolMissing
from kaitops.gate.checks import CHECKOV, COVERAGE, SKIPS, finding
from kaitops.gate.forms import templates
from kaitops.gate.objects import Item
from kaitops.gate.tree import Tree
from kaitops.kaito.anatomy import GROUP
from kaitops.report.findings import CRITICAL, HIGH, LOW, MEDIUM, Exempted, Finding, Report, RuleNote

_DRIVER = Path(__file__).with_name("checkov_driver.py")
_PARTS = ("checks", "findings", "judged", "secrets")
_TIMEOUT_SECONDS = 600
_HIGH = frozenset({
    "CKV_K8S_1", "CKV_K8S_2", "CKV_K8S_3", "CKV_K8S_4", "CKV_K8S_16", "CKV_K8S_17", "CKV_K8S_18", "CKV_K8S_19",
    "CKV_K8S_27", "CKV_K8S_49", "CKV_K8S_155", "CKV_K8S_157", "CKV_K8S_158",
})  # fmt: skip
# What serving a model on a GPU node wants otherwise: no limit that throttles, no pull of ten gigabytes anew, a token in
# the environment because KAITO puts it there, caches on the root file system.
_LOW = frozenset({"CKV_K8S_11", "CKV_K8S_15", "CKV_K8S_22", "CKV_K8S_35", "CKV_K8S_38", "CKV_K8S_40", "CKV_K8S_43"})
_POD_TEMPLATES: tuple[tuple[str, ...], ...] = (
    ("inference", "template"),
    ("spec", "template", "inference", "template"),
)


def interpreter(given: str | None, variable: str | None) -> Path | None:
    """The Python of checkov's environment; None where none is named.

    It is looked for nowhere: a program that lies beside the tree may be part of the change that is judged.

    Args:
        given: of the command line.
        variable: of the environment.

    Raises:
        BadInput: one was named and is not there.
    """
    for name, what in ((given, "--checkov-python"), (variable, "KAITOPS_CHECKOV_PYTHON")):
        if name:
            if not os.access(name, os.X_OK) or os.path.isdir(name):
                raise BadInput(f"{what}: {name} is not a Python that can be run; name the one that has checkov")
            return Path(name).absolute()
    return None


def check(python: Path, tree: Tree, report: Report, *, honour_skips: bool) -> None:
    """Run checkov on everything that was read and add what it finds.

    Args:
        honour_skips: a ``checkov.io/skip`` annotation takes a finding out of the verdict.

    Raises:
        ToolMissing: checkov could not be run, or gave no answer.
    """
    objects = [item for group in tree.groups for item in group.items]
    documents, owners = _documents([item for item in objects if not templates.is_resource(item.data)])
    resources = [item for item in objects if templates.is_resource(item.data)]
    answer = _ask(python, documents, [templates.alone(item.data) for item in resources], tree)
    owners += resources
    documents += [item.data for item in resources]
    judged = set(answer["judged"])
    for lost in {id(owner): owner for number, owner in enumerate(owners) if number not in judged}.values():
        text = "checkov passed over the object without a word, so its checks say nothing about it; simplify its name"
        report.findings.append(lost.finding(COVERAGE, ["metadata", "name"], text, unjudged=True))
    seen: set[tuple[str, int]] = set()
    one: MutableObject
    for one in answer["findings"]:
        number = int(one["document"])
        item = owners[number]
        if (one["id"], id(item)) in seen:
            continue
        seen.add((one["id"], id(item)))
        note = report.rules.setdefault(one["id"], _note(one))
        found = item.violation(CHECKOV, note, _path(item, number, documents), one["title"])
        if one["skipped"] is None or not honour_skips:
            report.findings.append(found)
        else:
            report.exempted.append(Exempted(found, one["skipped"], "", "", "annotation checkov.io/skip"))
    for one in answer["secrets"]:
        report.findings.append(_secret(one, report))


def _note(one: Object) -> RuleNote:
    key: str = one["id"]
    severity = HIGH if key in _HIGH else LOW if key in _LOW else MEDIUM
    return RuleNote(key, severity, one["title"], source=one.get("guide") or "")


def _secret(one: Object, report: Report) -> Finding:
    key: str = one["id"]
    note = report.rules.setdefault(
        key, RuleNote(key, CRITICAL, one["title"], remedy="Take it out, revoke it, and refer to a Secret instead.")
    )
    message = f"{one['title']}: the line holds what looks like a secret value"
    return Finding(CHECKOV, key, CRITICAL, one["file"], one["line"], 1, "", message, note.remedy)


def _path(item: Item, number: int, documents: Sequence[Object]) -> Steps:
    """Where a finding about the whole object points to: its kind, or the pod template within it."""
    if documents[number]["kind"] == item.data["kind"]:
        return ("kind",)
    return next(path for path in _POD_TEMPLATES if at(item.data, *path))


def _documents(objects: Sequence[Item]) -> tuple[list[MutableObject], list[Item]]:
    """What checkov is to look at, and which object each document stands for."""
    documents: list[MutableObject] = []
    owners: list[Item] = []
    for item in objects:
        documents.append(item.data)
        owners.append(item)
        for path in _POD_TEMPLATES:
            template = at(item.data, *path)
            if item.data["apiVersion"].startswith(GROUP) and isinstance(template, dict):
                documents.append(_stateful_set(item, mapping(template)))
                owners.append(item)
    return documents, owners


def _stateful_set(item: Item, template: Object) -> MutableObject:
    """The workload that KAITO makes of a pod template: checkov knows pods in those only."""
    labels = mapping(at(template, "metadata", "labels")) or {"app": item.data["metadata"]["name"]}
    pod = {**template, "metadata": {**mapping(template.get("metadata")), "labels": dict(labels)}}
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": item.data["metadata"],
        "spec": {"selector": {"matchLabels": dict(labels)}, "template": pod},
    }


def _ask(python: Path, documents: Sequence[Object], arm: Sequence[Object], tree: Tree) -> MutableObject:
    files = [{"name": name, "path": str(Path(name).absolute())} for name in tree.sources if name != "-"]
    stdin = None if tree.stdin is None else tree.stdin.decode("utf-8", "replace")
    question = json.dumps({"documents": documents, "templates": arm, "files": files, "stdin": stdin, "skips": SKIPS})
    # Its own settings in the environment could narrow what it checks, and a proxy has no business here.
    kept = {"PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LANG", "LC_ALL"}
    environment = {key: value for key, value in os.environ.items() if key.upper() in kept}
    try:
        done = subprocess.run(  # noqa: S603 - the interpreter is the one that the user named or made
            [str(python), "-I", "-B", str(_DRIVER)], input=question, capture_output=True, encoding="utf-8",
            errors="replace", env=environment, cwd=python.parent, timeout=_TIMEOUT_SECONDS, check=False,
        )  # fmt: skip
    except OSError as error:
        raise ToolMissing(f"{python}: cannot be run: {error.strerror}; make checkov's environment anew") from None
    except subprocess.TimeoutExpired:
        raise ToolMissing(f"checkov gave no answer in {_TIMEOUT_SECONDS} seconds, so nothing is known of it") from None
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"]
        raise ToolMissing(f"checkov failed, so its checks were not run: {last[0][:300]}")
    try:
        answer: MutableObject = json.loads(done.stdout.rpartition("\0")[2])
    except (ValueError, RecursionError):
        answer = {}
    if not isinstance(answer, dict) or not all(isinstance(answer.get(part), list) for part in _PARTS):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ToolMissing(f"{python}: gave no answer that can be read, so nothing is known")
    if not items(answer.get("checks")):
        raise ToolMissing("checkov loaded no check, so it would be green for nothing; install it anew")
    return answer


def not_run(required: bool, report: Report) -> None:
    """Say that checkov did not run; where it is required that is a finding that nothing outweighs."""
    text = (
        "no Python with checkov is named, so its CKV_K8S and secrets checks did NOT run; install checkov into an "
        "environment of its own and name its Python by --checkov-python or KAITOPS_CHECKOV_PYTHON"
    )
    report.skipped.append(text)
    if required:
        report.findings.append(finding(COVERAGE, ".", (1, 1), "", f"--require-checkov: {text}", unjudged=True))
