"""States of stacks that the engine made with a release of ours, to hold the program of today against.

``python -m tests.e2e.engine.states 0.2.0`` records a release, with the engine on the `PATH`; a record that is there is
never written again. Holds infrastructure only: what is inside of a cluster is recorded in ``tests.components.states``.
"""

import gzip
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.components.states.programs import programs
from tests.e2e.engine.project import Project

FOLDER = Path(__file__).with_name("states")
_PLACES = ("sourcePosition", "stackTrace")


def releases() -> list[tuple[str, str]]:
    """Release and provisioner of each record."""
    return sorted((path.parent.name, path.name.partition(".")[0]) for path in FOLDER.glob("*/*.json.gz"))


def read(release: str, provisioner: str) -> dict[str, Any]:
    """A record: ``program`` and ``state``."""
    return json.loads(gzip.decompress((FOLDER / release / f"{provisioner}.json.gz").read_bytes()))


def adopted(folder: Path, program: Mapping[str, Any]) -> Project:
    """The program of today as a stack for a recorded configuration."""
    project = Project(folder, azure=True)
    fleet = folder / "fleet.yaml"
    fleet.write_text(json.dumps(program["fleet"]))
    # Releases before asked nobody who is let into the cluster.
    project.adopt(
        fleet=str(fleet), cluster="prod", parts=["infra"], infra={"accessElsewhere": True, **program["infra"]}
    )
    return project


def record(release: str) -> None:
    """Write the states of a release.

    Raises:
        SystemExit: they are there already.
    """
    folder = FOLDER / release
    if folder.exists():
        raise SystemExit(f"{folder} is there: what a release made does not change; name a new release")
    folder.mkdir(parents=True)
    for provisioner, program in programs().items():
        with tempfile.TemporaryDirectory() as scratch:
            project = adopted(Path(scratch), program)
            project.run("up")
            state = project.state()
        for one in state["deployment"]["resources"]:
            # Where in the source it was declared, on this machine.
            for key in _PLACES:
                one.pop(key, None)
        text = json.dumps({"program": program, "state": state}, sort_keys=True)
        (folder / f"{provisioner}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    record(sys.argv[1])
