"""The real engine's preview of the two programs that are compared under mocks as well.

Owns two projects whose provider writes files, so that no cluster is asked and the programs are what is measured.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.e2e.engine.project import Project, missing

_PROGRAM = "from tests.bench.{module} import program\n\nprogram()\n"
_COUNT = 100


def previews(root: Path) -> tuple[Callable[[], float], Callable[[], float]] | None:
    """Runs of the preview of 100 Workspaces and of 100 ConfigMaps in seconds; None where the engine is not here."""
    if missing():
        return None
    return _preview(root, "pulumi_workspaces"), _preview(root, "pulumi_configmaps")


def _preview(root: Path, module: str) -> Callable[[], float]:
    folder = root / module
    folder.mkdir()
    project = Project(folder)
    project.write(_PROGRAM.format(module=module))
    project.pulumi("config", "set", "kubernetes:renderYamlToDirectory", "rendered")
    return partial(_seconds, project)


def _seconds(project: Project) -> float:
    done = project.run("preview")
    made = sum(1 for step in done.steps if step.op == "create" and step.type.startswith("kubernetes:"))
    if made != _COUNT:
        raise SystemExit(f"{made} resources were planned, {_COUNT} expected")
    return done.seconds
