"""What runs in CI: the action's steps as GitHub would run them, the hooks, and the commands of the examples."""

import os
import re
import shutil
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
        self.environment: dict[str, str] = {}
        self.summary = ""
        self.log = ""

    def install(self) -> None:
        """Put this checkout where the first step would install it."""
        (self._temp / "kaitops" / "bin").mkdir(parents=True)
        for program in (KAITOPS, KAITOPS.with_name("python")):
            # No link: a Python finds its environment beside the name that it is called by.
            path = self._temp / "kaitops" / "bin" / program.name
            path.write_text(f'#!/bin/sh\nexec "{program}" "$@"\n')
            path.chmod(0o755)

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
            "GITHUB_WORKSPACE": str(self._folder),
            **self.environment,
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            **{key: self._value(text) for key, text in step.get("env", {}).items()},
        }
        for file in (output, summary):
            file.touch()
        command = [shutil.which("bash") or "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
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
@pytest.mark.timeout(600)  # a hundred packages, on a machine that may be busy
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
        assert hook["always_run"] and "files" not in hook  # a kustomization takes files of any name


def scripts(path: Path) -> list[str]:
    """What a pipeline runs, in order, up to the gate."""
    held = yaml.safe_load(path.read_text("utf-8"))
    lines = held.get("kaitops-gate", {})
    found = [*lines.get("before_script", []), *lines.get("script", [])]
    found += [
        step["script"] for step in held.get("steps", []) if "script" in step and "uploadsummary" not in step["script"]
    ]
    return found


PIP = re.compile(r"^(.*\s)?(\S+/bin/python) -I -m pip install [^&\n]*$", re.MULTILINE)


def runnable(text: str, temp: Path) -> str:
    """A script that installs this checkout instead of asking an index, and else does what it says."""
    site = Path(pytest.__file__).parents[1]
    link = f"printf '%s\\n' '{ROOT}' '{site}' > \"$(\\2 -I -c 'import sysconfig; print(sysconfig.get_path(\"purelib\"))')/dev.pth\""
    text = PIP.sub(rf"\1\2 -I -m pip --version && {link}", text)
    text = text.replace("$(Agent.TempDirectory)", str(temp)).replace("--require-checkov", "--no-checkov")
    assert "pip install" not in text, "every way of installing is isolated"
    return re.sub(r"^apt-get .*$", ":", text, flags=re.MULTILINE)


def piped(path: Path, temp: Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the scripts of a pipeline in a folder, as its runner does."""
    temp.mkdir(exist_ok=True)
    known = {
        "PATH": f"{KAITOPS.parent}{os.pathsep}{os.environ['PATH']}",
        "TOOLS": str(temp),
        "CI_PROJECT_DIR": str(folder),
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
        "BASE": "refs/remotes/origin/main",
        "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
    }
    whole = "\n".join(f"cd {str(folder)!r}\n{text}" if path.stem != "gitlab" else text for text in scripts(path))
    return subprocess.run(
        ["bash", "-ec", runnable(whole, temp)], cwd=folder, env={**os.environ, **known, **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def committed(folder: Path) -> None:
    """Commit all of a folder, and call it the main branch of its origin."""
    for command in (["init", "-q", "-b", "main"], ["add", "-A", "-f"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"],
                    ["update-ref", "refs/remotes/origin/main", "HEAD"], ["remote", "add", "origin", "."]):  # fmt: skip
        subprocess.run(["git", *command], cwd=folder, check=True)


PIPELINES = [path for path in EXAMPLES if path.stem != "github"]


@pytest.mark.e2e
@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.stem)
def test_the_pipelines_of_the_examples_run(path: Path, tmp_path: Path, tree: Path) -> None:
    committed(tree)
    (line,) = [line for text in scripts(path) for line in text.splitlines() if " kaitops gate " in line]
    assert "--require-checkov" in line and "--checkov-python" in line
    done = piped(path, tmp_path / "temp", tree)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"kaitops.xml", "kaitops.sarif", "kaitops.md"} <= {each.name for each in tree.iterdir()}
    # The same with a checkov that is asked for and is none.
    line = line.replace("$(Agent.TempDirectory)", str(tmp_path / "temp"))
    known = {
        "TOOLS": str(tmp_path / "temp"),
        "BASE": "refs/remotes/origin/main",
        "SYSTEM_PULLREQUEST_TARGETBRANCH": "main",
    }
    again = subprocess.run(
        ["bash", "-ec", line], cwd=tree, env={**os.environ, **known}, capture_output=True, check=False
    )
    assert again.returncode == 3


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
