"""What users read: every command that a text names exists, and no word of how the tests were recorded gets out."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kaitops.cli.parser import VERBS
from tests.conftest import ROOT, Run
from tests.version import KAITO

NAMED = re.compile(r"(?:[`']|\(|\brun )(make|kaitops) ([a-z][a-z0-9-]*)(?=[`')\s:,;.]|$)", re.MULTILINE)
LINES = re.compile(r"^\$? ?(make|kaitops) ([a-z][a-z0-9-]*)", re.MULTILINE)
"""Lines of a page or a script that are commands."""
PARTS = ("kaitops", "components", "policies", "docs", "examples", ".github", ".ci")
WHOLE = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "Makefile",
    "action.yml",
    "__main__.py",
    ".pre-commit-config.yaml",
    ".pre-commit-hooks.yaml",
)


def texts() -> Iterator[Path]:
    """The files whose text users and contributors read, or that hold messages."""
    for name in WHOLE:
        yield ROOT / name
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*")):
            if path.is_file() and path.suffix in {"", ".py", ".md", ".yaml", ".yml", ".json", ".sh"}:
                yield path
    yield from sorted((ROOT / "tests").rglob("README.md"))
    yield from sorted((ROOT / "tests" / "bench").glob("*.py"))


def strings(path: Path) -> Iterator[str]:
    """The texts within a program: messages, and descriptions, which tools show."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def named(path: Path, program: str) -> set[str]:
    """The commands of a program that a file names."""
    text = path.read_text("utf-8")
    if path.suffix == ".md":
        blocks = "\n".join(re.findall(r"^```(?:console|sh)\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
        return in_text(text, program) | in_lines(blocks, program)
    return in_text(text, program) | (in_lines(text, program) if path.suffix in {"", ".sh"} else set())


def in_text(text: str, program: str) -> set[str]:
    """The commands of a program that a sentence quotes."""
    return {name for tool, name in NAMED.findall(text) if tool == program}


def in_lines(text: str, program: str) -> set[str]:
    """The commands of a program that lines begin with."""
    return {name for tool, name in LINES.findall(text) if tool == program}


def test_the_pattern_finds_what_texts_name() -> None:
    text = "install it (make checkov) or run make setup-x; `kaitops fit` and 'kaitops frobnicate x'; we make some more"
    assert in_text(text, "make") == {"checkov", "setup-x"}
    assert in_text(text, "kaitops") == {"fit", "frobnicate"}
    assert in_lines("$ kaitops fit\nmake it-so # now\nwe make more", "make") == {"it-so"}


def test_every_target_that_a_text_names_exists() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    found = {(path, name) for path in texts() for name in named(path, "make")}
    assert {name for _, name in found} >= {"setup", "render", "test", "checkov", "e2e", "bench"}
    assert {(str(path.relative_to(ROOT)), name) for path, name in found if name not in targets} == set()


def test_every_verb_that_a_text_names_exists() -> None:
    found = {(path, name) for path in texts() for name in named(path, "kaitops")}
    assert {name for _, name in found} >= {"render", "gate", "fit"}
    assert {(str(path.relative_to(ROOT)), name) for path, name in found if name not in VERBS} == set()


@pytest.mark.e2e
def test_no_message_speaks_of_how_the_tests_were_recorded() -> None:
    said = [
        f"{path.relative_to(ROOT)}: {text}"
        for part in ("kaitops", "components", "policies")
        for path in sorted((ROOT / part).rglob("*.py"))
        for text in strings(path)
        if re.search(r"oracle|harness|\bgolden\b", text, re.IGNORECASE)
    ]
    # The answer of the engine that recordings are compared with; huggingface.for_people says it to people.
    assert said == ["kaitops/kaito/huggingface.py: network is off in kaito-oracle"]


UNRECORDED = """\
apiVersion: kaito.sh/v1beta1
kind: Workspace
metadata: {name: house, namespace: models}
resource: {instanceType: Standard_NC24ads_A100_v4, labelSelector: {matchLabels: {apps: house}}}
inference: {preset: {name: contoso/house-7b}}
---
apiVersion: kaito.sh/v1beta1
kind: InferenceSet
metadata: {name: houses, namespace: models}
spec:
  labelSelector: {matchLabels: {apps: houses}}
  template:
    resource: {instanceType: Standard_NC24ads_A100_v4}
    inference: {preset: {name: contoso/house-8b}}
---
apiVersion: kaito.sh/v1alpha1
kind: MultiRoleInference
metadata: {name: pair, namespace: models}
spec:
  labelSelector: {matchLabels: {apps: pair}}
  model: {name: contoso/house-9b}
  roles: [{type: prefill, instanceType: Standard_NC24ads_A100_v4}, {type: decode, instanceType: Standard_NC24ads_A100_v4}]
"""
FORMS = ("table", "json", "sarif", "junit", "markdown", "github")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree of models that nobody recorded, which is changed since its commit."""
    path = tmp_path / "house.yaml"
    path.write_text(UNRECORDED.replace("house-", "old-"))
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "base"]):
        subprocess.run([*git, *arguments], cwd=tmp_path, check=True, capture_output=True)
    path.write_text(UNRECORDED)
    return path


def test_a_model_that_is_not_recorded_is_said_in_our_words_everywhere(run: Run, tree: Path) -> None:
    gate = ("gate", tree.name, "--no-checkov", "--today", "2026-06-01", "--region", "westeurope")
    gates = ("--feature-gate", "enableMultiRoleInferenceController=true", "--provisioner", "karpenter")
    commands = [
        *((*gate, *gates, "--base", "HEAD", "--cost", "-o", form) for form in FORMS),
        (*gate, "--cost"),
        (*gate, "--complete", "--base", "HEAD"),
        ("upgrade", tree.name, "--to", KAITO, "--from", "0.11.0"),
        ("upgrade", tree.name, "--to", "0.11.0", "-o", "json"),
        ("fit", "contoso/house-7b"),
        ("catalogue", "contoso/house-7b"),
    ]
    said = ""
    for command in commands:
        done = run(*command)
        assert done.returncode in {0, 1, 2}, done
        assert "oracle" not in done.stdout + done.stderr, command
        said += done.stdout + done.stderr
    assert "kaitops preset record contoso/house-7b" in said


def test_nothing_imports_our_folders_by_names_that_are_not_ours() -> None:
    bare = re.compile(r"^\s*(?:from|import) (?:components|policies)\b", re.MULTILINE)
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = [ROOT / name for name in listed.split() if name != "tests/e2e/test_wheel_pulumi.py"]
    assert len(files) > 500
    assert [path for path in files if path.is_file() and bare.search(path.read_text("utf-8"))] == []
