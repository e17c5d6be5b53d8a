"""The wheel with its extra in an empty environment runs a user's program, from a folder of the user's."""

import subprocess
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.e2e.test_wheel import UV

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
import components, kaitops
print(components.__file__, kaitops.__file__)
print(*sorted(Mocks.types), sep="\\n")
"""


def _run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel and its Pulumi extra."""
    if not UV.exists():
        pytest.skip("uv is not there: run 'make setup' first")
    folder = tmp_path_factory.mktemp("wheel")
    _run(UV, "build", "--wheel", "--out-dir", folder / "dist", ROOT, cwd=folder)
    wheel = next((folder / "dist").glob("*.whl"))
    venv.create(folder / "env", with_pip=False)
    _run(UV, "pip", "install", "--python", folder / "env", f"{wheel}[pulumi]", cwd=folder)
    return folder / "env"


@pytest.mark.timeout(900)
def test_a_users_program_runs_from_the_wheel(environment: Path, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_bytes(PROGRAM.read_bytes())
    (tmp_path / "run.py").write_text(_MAIN)
    for name in ("fleet.yaml", "fleet.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    where, *types = _run(environment / "bin" / "python", "run.py", "fleet.yaml", cwd=tmp_path).splitlines()
    assert str(ROOT / "components") not in where
    assert "site-packages" in where
    for kind in ("Workspace", "InferenceSet", "RAGEngine"):
        assert f"kubernetes:kaito.sh/v1beta1:{kind}" in types
    for kind in ("ModelMirror", "MultiRoleInference"):
        assert f"kubernetes:kaito.sh/v1alpha1:{kind}" in types
    assert "kubernetes:apps/v1:StatefulSet" in types
    assert "kaitops:model:ClusterWorkloads" in types
