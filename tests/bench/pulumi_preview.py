"""The real engine's preview and ``up`` of the two programs that are compared under mocks as well.

Owns two projects whose provider writes files, so that no cluster is asked and the programs are what is measured.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.e2e.engine.project import Project, missing

_PROGRAM = "from tests.bench.{module} import program\n\nprogram()\n"
_COUNT = 100


def runs(root: Path, command: str) -> tuple[Callable[[], float], Callable[[], float]] | None:
    """Runs of a command over 100 Workspaces and 100 ConfigMaps in seconds; None where the engine is not here."""
    if missing():
        return None
    return _run(root, command, "pulumi_workspaces"), _run(root, command, "pulumi_configmaps")


def _run(root: Path, command: str, module: str) -> Callable[[], float]:
    folder = root / command / module
    folder.mkdir(parents=True)
    project = Project(folder)
    project.write(_PROGRAM.format(module=module))
    project.pulumi("config", "set", "kubernetes:renderYamlToDirectory", "rendered")
    return partial(_seconds, project, command)


def _seconds(project: Project, command: str) -> float:
    done = project.run(command)
    if command == "up":
        project.run("destroy")
    made = sum(1 for step in done.steps if step.op == "create" and step.type.startswith("kubernetes:"))
    if made != _COUNT:
        raise SystemExit(f"{made} resources were made by {command}, {_COUNT} expected")
    return done.seconds
