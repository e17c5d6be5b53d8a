"""What runs in CI: the action's steps as GitHub would run them, the hooks, and the commands of the examples."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import KAITOPS, ROOT
from tests.gate.objects import PUBLIC, WORKSPACE, put

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
EXAMPLES = sorted((ROOT / "examples" / "ci").glob("*.yaml"))


class Runner:
    """Runs the steps of the composite action in order, with their conditions and expressions, as a runner does."""

    def __init__(self, work: Path, folder: Path, **inputs: str) -> None:
        self._inputs = {name: entry["default"] for name, entry in ACTION["inputs"].items()} | inputs
        self._temp, self._folder = work, folder
        work.mkdir()
        self.outputs: dict[str, str] = {}
        self.summary = ""
        self.log = ""

    def install(self) -> None:
        """Put this checkout where the first step would install it."""
        (self._temp / "kaitops" / "bin").mkdir(parents=True)
        (self._temp / "kaitops" / "bin" / "kaitops").symlink_to(KAITOPS)

    def run(self) -> int:
        for step in ACTION["runs"]["steps"]:
            assert set(step) <= {"name", "id", "if", "shell", "env", "run"}, "only scripts of this file"
            assert "${{" not in step["run"], "an expression in a script is a way in"
            if self._holds(step.get("if")):
                code = self._step(step)
                if code:
                    return code
        return 0

    def _holds(self, condition: str | None) -> bool:
        if condition is None:
            return True
        name, value = re.fullmatch(r"inputs\.([a-z-]+) == '(.*)'", condition).groups()
        return self._inputs[name] == value

    def _step(self, step: dict) -> int:
        output, summary = self._temp / "output", self._temp / "summary"
        environment = {
            **os.environ,
            "RUNNER_TEMP": str(self._temp),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            **{key: self._value(text) for key, text in step.get("env", {}).items()},
        }
        for file in (output, summary):
            file.touch()
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, cwd=self._folder, env=environment, capture_output=True, text=True, check=False)
        self.log += done.stdout + done.stderr
        self.outputs |= dict(line.split("=", 1) for line in output.read_text().splitlines())
        self.summary = summary.read_text()
        return done.returncode

    def _value(self, text: str) -> str:
        known = {"github.action_path": str(ROOT)} | {f"inputs.{name}": value for name, value in self._inputs.items()}
        return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda match: known[match.group(1)], text)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    put(folder, manifests__phi=WORKSPACE)
    return folder


def runner(tmp_path: Path, tree: Path, **inputs: str) -> Runner:
    made = Runner(tmp_path / "temp", tree, **{"checkov": "false", **inputs})
    made.install()
    return made


def test_the_action_is_green(tmp_path: Path, tree: Path) -> None:
    action = runner(tmp_path, tree)
    assert action.run() == 0, action.log
    assert action.outputs["verdict"] == "passed"
    for name in ("sarif", "junit", "markdown"):
        assert Path(action.outputs[name]).is_file()
        assert ACTION["outputs"][name]["value"] == f"${{{{ steps.gate.outputs.{name} }}}}"
    assert action.summary.startswith("## :white_check_mark:")


def test_the_action_is_red_and_still_reports(tmp_path: Path, tree: Path) -> None:
    put(tree, manifests__bad=PUBLIC.replace("name: phi\n", "name: bad\n"))
    action = runner(tmp_path, tree)
    assert action.run() == 1
    assert action.outputs["verdict"] == "failed"
    assert "::error file=manifests/bad.yaml,line=7,col=5,title=KAITO001 CRITICAL::" in action.log
    assert "KAITO001" in Path(action.outputs["sarif"]).read_text()
    assert action.summary.startswith("## :x:")


def test_the_action_tells_incomplete_from_error(tmp_path: Path, tree: Path) -> None:
    put(tree, manifests__bad="a: [\n")
    action = runner(tmp_path, tree)
    assert action.run() == 2
    assert action.outputs["verdict"] == "incomplete"


def test_an_error_leaves_no_verdict_of_an_earlier_run(tmp_path: Path, tree: Path) -> None:
    action = runner(tmp_path, tree)
    assert action.run() == 0
    (tree / "kaitops-policy.yaml").write_text("nonsense: 1\n")
    assert action.run() == 2
    assert action.outputs["verdict"] == "error"
    assert "no verdict (exit code 2)" in action.summary


def test_inputs_are_words_and_never_commands(tmp_path: Path, tree: Path) -> None:
    evil = "$(touch pwned);`touch pwned`"
    action = runner(
        tmp_path, tree, base=evil, arguments=f"--assume-present\nSecret/a\n--today\n{evil}\n", paths="manifests"
    )
    assert action.run() == 2
    assert not list(tmp_path.rglob("pwned"))
    action = Runner(tmp_path / "again", tree, checkov="false", arguments="--assume-present\nSecret/a b\n")
    action.install()
    assert action.run() == 0, action.log


def test_a_required_checkov_that_is_missing_is_not_green(tmp_path: Path, tree: Path) -> None:
    action = runner(tmp_path, tree, checkov="true")
    fake = tmp_path / "temp" / "kaitops-checkov" / "bin" / "python"
    fake.parent.mkdir(parents=True)
    fake.write_text("#!/bin/sh\necho no module named checkov >&2\nexit 1\n")
    fake.chmod(0o755)
    assert action.run() == 3
    assert action.outputs["verdict"] == "error"


@pytest.mark.skipif(
    not os.environ.get("KAITOPS_ACTION_INSTALL"), reason="installs from the package index; set KAITOPS_ACTION_INSTALL=1"
)
def test_the_action_installs_itself(tmp_path: Path, tree: Path) -> None:
    action = Runner(tmp_path / "temp", tree, python=sys.executable)
    assert action.run() == 0, action.log


def test_the_repository_gates_itself(tmp_path: Path) -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yaml").read_text("utf-8"))["jobs"]
    (asked,) = [step["with"] for step in jobs["gate"]["steps"] if step.get("uses") == "./"]
    assert asked["base"] == "origin/${{ github.base_ref }}"
    action = Runner(tmp_path / "temp", ROOT, checkov="false", paths=asked["paths"], base="HEAD")
    action.install()
    assert action.run() == 0, action.log
    assert action.outputs["verdict"] == "passed"


def test_hooks_run(tmp_path: Path, tree: Path) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    gate = next(hook for hook in hooks if hook["id"] == "kaitops-gate")
    command = [*gate["entry"].split(), *gate["args"]]
    environment = {**os.environ, "PATH": f"{KAITOPS.parent}{os.pathsep}{os.environ['PATH']}"}
    assert subprocess.run(command, cwd=tree, env=environment, check=False).returncode == 0
    put(tree, manifests__phi=PUBLIC)
    assert subprocess.run(command, cwd=tree, env=environment, check=False, capture_output=True).returncode == 1
    for hook in hooks:
        assert hook["language"] == "python"
        assert re.search(hook["files"], "manifests/a.yaml")


def commands(node: object) -> list[str]:
    """Every ``kaitops`` command line of a pipeline."""
    if isinstance(node, dict):
        return [line for value in node.values() for line in commands(value)]
    if isinstance(node, list):
        return [line for value in node for line in commands(value)]
    return [line for line in str(node).splitlines() if line.startswith("kaitops gate ")]


@pytest.mark.parametrize("path", [path for path in EXAMPLES if path.stem != "github"], ids=lambda path: path.stem)
def test_commands_of_the_examples_run(path: Path, tmp_path: Path, tree: Path) -> None:
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"],
                    ["update-ref", "refs/remotes/origin/main", "HEAD"]):  # fmt: skip
        subprocess.run(["git", *command], cwd=tree, check=True)
    (line,) = commands(yaml.safe_load(path.read_text("utf-8")))
    assert "--require-checkov" in line
    environment = {
        **os.environ,
        "PATH": f"{KAITOPS.parent}{os.pathsep}{os.environ['PATH']}",
        "KAITOPS_CHECKOV_PYTHON": "",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": "HEAD",
        "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
    }
    done = subprocess.run(["bash", "-ec", line], cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2, "checkov is required and not there" + done.stderr
    done = subprocess.run(
        ["bash", "-ec", line.replace("--require-checkov", "--no-checkov")], cwd=tree, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"kaitops.xml", "kaitops.sarif", "kaitops.md"} <= {each.name for each in tree.iterdir()}


def test_the_repositorys_own_workflow_is_pinned_and_reads_only() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yaml").read_text("utf-8"))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}
        for step in job["steps"]:
            assert "${{" not in step.get("run", "")
            assert step.get("uses", "./") == "./" or re.search(r"@[0-9a-f]{40}$", step["uses"])
    assert [step.get("run") for step in workflow["jobs"]["check"]["steps"]][-1] == ".ci/run"


def test_the_github_example_asks_for_no_more_than_it_uses() -> None:
    text = (ROOT / "examples" / "ci" / "github.yaml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    (job,) = workflow["jobs"].values()
    assert job["permissions"] == {"contents": "read", "security-events": "write", "pull-requests": "write"}
    for step in job["steps"]:
        if "uses" in step:
            assert re.search(r"@([0-9a-f]{40}|COMMIT)$", step["uses"]), "pinned by commit"
        assert "${{" not in step.get("run", "")
    used = {name for step in job["steps"] for name in step.get("with", {}) if "kaitops" in step["uses"]}
    assert used <= set(ACTION["inputs"])
