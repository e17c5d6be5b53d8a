"""The wheel with its extra in an empty environment runs a user's program, from a folder of the user's."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.e2e.wheels import UV, installed, run

pytestmark = pytest.mark.e2e

PROGRAM = ROOT / "tests" / "components" / "user_program" / "program.py"
_MAIN = """\
import asyncio
import sys
from pulumi.runtime import mocks
from pulumi.runtime.stack import run_pulumi_func
import program

class Mocks(mocks.Mocks):
    types = []
    def call(self, args):
        return {}
    def new_resource(self, args):
        self.types.append(args.typ)
        return args.resource_id or args.name, args.inputs

async def inside():
    program.program()
    program.fleet(sys.argv[1])

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
mocks.set_mocks(Mocks(), preview=False)
loop.run_until_complete(run_pulumi_func(inside))
import kaitops.components
import kaitops.policies.registry
import components.mine
import policies.mine
print(kaitops.components.__file__, kaitops.policies.__file__, components.mine.WHOSE, policies.mine.WHOSE, sep="\\n")
print(*sorted(Mocks.types), sep="\\n")
"""

_TYPED = """\
from kaitops.components.resources import Workspace
from kaitops.policies.rule import Severity

HIGH: Severity = Severity.HIGH
Workspace(
    "right", resource={"labelSelector": {"matchLabels": {"apps": "a"}}}, inference={"preset": {"name": "phi-4"}}
)
Workspace(
    "wrong",
    resource={"labelSelectr": {"matchLabels": {"apps": "a"}}},
    inference={"preset": {"name": "phi-4"}},
)
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel and its Pulumi extra."""
    return installed(tmp_path_factory.mktemp("wheel"), "[pulumi]")[1]


@pytest.mark.timeout(900)
def test_a_users_program_runs_from_the_wheel(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_bytes(PROGRAM.read_bytes())
    (tmp_path / "run.py").write_text(_MAIN)
    for name in ("fleet.yaml", "fleet.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for folder in ("components", "policies"):
        # A project may have folders of these names, and they stay the project's.
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.py").write_text('WHOSE = "the project\'s"\n')
    found = run(environment / "bin" / "python", "run.py", "fleet.yaml", cwd=tmp_path).splitlines()
    places, whose, types = found[:2], found[2:4], found[4:]
    for name, place in zip(("components", "policies"), places, strict=True):
        assert place.endswith(f"site-packages/kaitops/{name}/__init__.py")
    assert whose == ["the project's"] * 2
    for kind in ("Workspace", "InferenceSet", "RAGEngine"):
        assert f"kubernetes:kaito.sh/v1beta1:{kind}" in types
    for kind in ("ModelMirror", "MultiRoleInference"):
        assert f"kubernetes:kaito.sh/v1alpha1:{kind}" in types
    assert "kubernetes:apps/v1:StatefulSet" in types
    assert "kaitops:model:ClusterWorkloads" in types


@pytest.mark.timeout(900)
@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_type_checkers_find_a_wrong_key(environment: Path, tmp_path: Path, checker: str) -> None:
    """In a project with folders of the same names, from what the wheel alone says of its types."""
    for folder in ("components", "policies"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").write_text("")
    (tmp_path / "program.py").write_text(_TYPED)
    run(UV, "pip", "install", "--python", environment, checker, cwd=tmp_path)
    options = ["--strict"] if checker == "mypy" else ["--pythonpath", environment / "bin" / "python"]
    command = [environment / "bin" / checker, *options, "program.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    wrong = [line for line in done.stdout.splitlines() if re.search(r"program\.py:\d+(:\d+)?( -|:) error", line)]
    assert [re.search(r"program\.py:(\d+)", line)[1] for line in wrong] == ["10"], done.stdout + done.stderr  # type: ignore[index]


def test_the_wheel_brings_no_other_names(environment: Path) -> None:
    code = (
        "from importlib.metadata import files; "
        "print(*sorted({file.parts[0] for file in files('kaitops') if file.suffix == '.py'}))"
    )
    assert run(environment / "bin" / "python", "-I", "-c", code, cwd=environment).split() == ["kaitops"]
