"""A checkout that tries to run code and to turn the verdict, under the action, the hooks and the pipelines."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests import conftest
from tests.conftest import KAITOPS, ROOT, Run
from tests.gate.objects import PUBLIC, WORKSPACE, put
from tests.gate.test_base import git
from tests.gate.test_ci import PIPELINES, Runner, committed, piped

SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: team}\nstringData: {password: hunter22}\n"
MODULES = (
    "venv", "pip", "kaitops", "policies", "yaml", "pydantic", "argparse", "json", "sitecustomize", "usercustomize",
    "ensurepip", "encodings", "checkov", "runpy", "tempfile", "evil",
)  # fmt: skip
PROGRAMS = (
    "python",
    "python3",
    "pip",
    "git",
    "bash",
    "sh",
    "cat",
    "mkdir",
    "rm",
    "env",
    "kaitops",
    "checkov",
    "kubectl",
)


def hostile(folder: Path, marker: Path) -> None:
    """Everything in it leaves the marker when it runs."""
    shell = f"#!/bin/sh\necho \"$0 $*\" >> '{marker}'\nexit 0\n"
    python = f"open({str(marker)!r}, 'a').write(__name__ + '\\n')\nimport os\nos._exit(0)\n"
    put(folder, manifests__phi=WORKSPACE, manifests__secret=SECRET)
    for name in MODULES:
        (folder / f"{name}.py").write_text(python)
    for package in ("kaitops", "policies", "venv", "src"):
        (folder / package).mkdir(exist_ok=True)
        for module in ("__init__", "__main__", "sitecustomize"):
            (folder / package / f"{module}.py").write_text(python)
    for place in ("", "bin", ".venv/bin", ".venv-checkov/bin", "node_modules/.bin"):
        (folder / place).mkdir(parents=True, exist_ok=True)
        for name in PROGRAMS:
            if not (folder / place / name).exists():
                path = folder / place / name
                path.write_text(shell)
                path.chmod(0o755)
    for place in (".venv-checkov", ".venv"):
        site = folder / place / "lib" / "python3.11" / "site-packages"
        site.mkdir(parents=True)
        (site / "evil.pth").write_text(f"import os; open({str(marker)!r}, 'a').write('pth')\n")
        (folder / place / "pyvenv.cfg").write_text("home = .\n")
    (folder / "evil.pth").write_text(f"import os; open({str(marker)!r}, 'a').write('pth')\n")
    rules = folder / "rules"
    rules.mkdir()
    (rules / "r.py").write_text(python)
    (folder / "kaitops-policy.yaml").write_text(
        "rules: [rules]\nenvironment: dev\nseverity:\n  KAITO028: {level: 'off', reason: because}\n"
    )
    for name in ("pip.conf", "pip.ini", ".pip/pip.conf", ".config/pip/pip.conf"):
        path = folder / name
        if not (folder / name.split("/")[0]).is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("[global]\nindex-url = file:///nowhere\n[install]\ntarget = .\n")
    (folder / ".checkov.yaml").write_text("skip-check: [CKV_SECRET_6]\nexternal-checks-dir: [rules]\n")
    (folder / "setup.py").write_text(python)
    (folder / ".pth").write_text("import evil\n")
    (folder / ".gitattributes").write_text("*.yaml filter=evil diff=evil\n")


def booby_trapped(folder: Path, marker: Path) -> None:
    """The change is committed; configuration and hooks of the clone, as far as somebody could bring them there."""
    for command in (
        ["switch", "-qc", "change"],
        ["add", "-A", "-f"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "change"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
    for name in ("post-checkout", "pre-commit", "post-index-change", "fsmonitor-watchman", "reference-transaction"):
        hook = folder / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\necho {name} >> '{marker}'\n")
        hook.chmod(0o755)
    for key, value in (
        ("core.fsmonitor", f"echo fsmonitor >> '{marker}'; :"),
        ("core.pager", f"echo pager >> '{marker}'"),
        ("filter.evil.smudge", f"echo smudge >> '{marker}'; cat"),
        ("diff.evil.textconv", f"echo textconv >> '{marker}'; cat"),
        ("alias.ls-tree", f"!echo alias >> '{marker}'"),
    ):
        subprocess.run(["git", "config", key, value], cwd=folder, check=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    put(folder, manifests__phi=WORKSPACE)
    committed(folder)
    hostile(folder, tmp_path / "marker")
    booby_trapped(folder, tmp_path / "marker")
    return folder


def tricks(folder: Path) -> dict[str, str]:
    """What a pipeline may have in its environment that leads into its checkout."""
    path = os.pathsep.join([".", "", "bin", "node_modules/.bin", str(folder), f"{folder}/bin", os.environ["PATH"]])
    return {"PATH": path, "PYTHONPATH": f".:{folder}:src", "PIP_CONFIG_FILE": "pip.conf", "VIRTUAL_ENV": ".venv"}


@pytest.mark.parametrize("base", ["", "origin/main"])
def test_the_action_stays_red(tmp_path: Path, checkout: Path, base: str) -> None:
    action = Runner(tmp_path / "temp", checkout, checkov="false", base=base)
    action.install()
    action.environment = tricks(checkout)
    assert action.run() != 0, action.log
    assert action.outputs["verdict"] == "incomplete", action.log
    # Beside the red, its attributes have git check out otherwise than is committed, so not all could be judged.
    assert base == "" or all(one in action.log for one in ("KAITO028", "filter=evil"))
    assert not (tmp_path / "marker").exists(), (tmp_path / "marker").read_text()


@pytest.mark.e2e
def test_the_first_step_makes_an_environment_of_its_own(tmp_path: Path, checkout: Path) -> None:
    action = Runner(tmp_path / "temp", checkout)
    action.environment = {**tricks(checkout), "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/nowhere"}
    assert action.run() != 0, "there is nothing to install from"
    assert (tmp_path / "temp" / "kaitops" / "pyvenv.cfg").is_file()
    assert "verdict" not in action.outputs
    assert not (tmp_path / "marker").exists(), (tmp_path / "marker").read_text()


@pytest.mark.e2e
@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.stem)
def test_the_pipelines_stay_red(path: Path, tmp_path: Path, checkout: Path) -> None:
    # The PATH of a pipeline is its own; what of it is relative leads nowhere when it installs.
    done = piped(path, tmp_path / "temp", checkout, PYTHONPATH=f".:{checkout}:src", PIP_CONFIG_FILE="pip.conf")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "KAITO028 CRITICAL" in done.stdout
    assert not (tmp_path / "marker").exists(), (tmp_path / "marker").read_text()


@pytest.mark.e2e
@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.stem)
def test_no_pipeline_lets_the_change_choose_how_old_its_base_is(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    put(folder, manifests__phi=WORKSPACE)
    (folder / "kaitops-exemptions.yaml").write_text(
        "exemptions:\n- {id: KAITO001, resource: Workspace team/phi, reason: for a demonstration of that day, owner: team-a, "
        f"until: '{conftest.TODAY[:4]}-12-31'}}\n"
    )
    committed(folder)
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    (folder / "kaitops-exemptions.yaml").unlink()
    git(folder, *who, "commit", "-qam", "no more exemptions")
    git(folder, "fetch", "-q", "origin", "+refs/heads/main:refs/remotes/origin/main")
    git(folder, "switch", "-qc", "change", "HEAD~1")
    put(folder, manifests__phi=PUBLIC)
    git(folder, *who, "commit", "-qam", "change")
    # What GitLab calls the base of the difference is where the change parted from the branch.
    done = piped(path, tmp_path / "temp", folder, CI_MERGE_REQUEST_DIFF_BASE_SHA="HEAD~1")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "KAITO001 CRITICAL" in done.stdout


def test_the_hooks_stay_red(tmp_path: Path, checkout: Path) -> None:
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")):
        # As pre-commit does: its environment comes first.
        environment = {
            **os.environ,
            "PATH": f"{KAITOPS.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(checkout),
        }
        done = subprocess.run(
            [*hook["entry"].split(), *hook.get("args", [])], cwd=checkout, env=environment, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 2, done.stdout + done.stderr
        assert not (tmp_path / "marker").exists(), (tmp_path / "marker").read_text()


def test_the_command_stays_red(tmp_path: Path, checkout: Path, run: Run) -> None:
    done = subprocess.run(
        [str(KAITOPS), "gate", "manifests", "--require-checkov"], cwd=checkout, capture_output=True, text=True,
        env={**os.environ, "KAITOPS_CHECKOV_PYTHON": ""}, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "names folders of rules, which are programs" in done.stdout
    assert "no Python with checkov is named" in done.stdout
    assert not (tmp_path / "marker").exists()
