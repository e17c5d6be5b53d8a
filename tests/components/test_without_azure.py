"""Who declares models alone needs no SDK of Azure: it is half a gigabyte, and slow to import."""

import subprocess
import sys
import tomllib

from tests.conftest import ROOT

PROGRAM = """
import sys

# What is None there cannot be imported.
sys.modules["pulumi_azure_native"] = sys.modules["pulumi_policy"] = None

from pathlib import Path

import kaitops.components.program
from kaitops.components.deployment import declare_cluster
from kaitops.components.platform_stack import Platform
from kaitops.components.resources import Workspace
from tests.bench.pulumi_harness import _Mocks, run

made = []
real = _Mocks.new_resource
_Mocks.new_resource = lambda self, args: (made.append(args.typ), real(self, args))[1]
try:
    run(lambda: declare_cluster("all", fleet=Path("fleet.yaml"), cluster="edge-lab"), -1)
except SystemExit:
    pass
assert any(one.startswith("kubernetes:kaito.sh") for one in made), made
print(len(made))
"""


def test_a_clusters_models_are_declared_without_it() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 3


def test_the_extra_for_them_is_the_other_without_azure_and_the_policies() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    lacks = [one for one in extras["pulumi"] if one not in extras["workloads"]]
    assert set(extras["workloads"]) < set(extras["pulumi"])
    assert [one.partition(">")[0] for one in lacks] == ["pulumi-azure-native", "pulumi-policy"]
