"""The records: what a release registered for each program, one file a provisioner.

Owns their form: the configuration that was given, and one line for each resource.
"""

import json
import runpy
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.components import recorder
from tests.components.recorder import Recording
from tests.components.states.comparing import urns
from tests.components.states.programs import programs
from tests.conftest import ROOT

FOLDER = Path(__file__).with_name("recorded")


def releases() -> list[tuple[str, str]]:
    """Release and provisioner of each record."""
    return sorted((path.parent.name, path.stem) for path in FOLDER.glob("*/*.json"))


def read(release: str, provisioner: str) -> dict[str, Any]:
    """A record: ``program`` and ``resources``."""
    return json.loads((FOLDER / release / f"{provisioner}.json").read_text())


def replay(program: Mapping[str, Any], *parts: str, cluster: str = "prod", **more: str) -> Recording:
    """What the program of today registers for a configuration, in all parts where none is named.

    Args:
        more: further keys of the stack's configuration.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fleet.yaml"
        path.write_text(json.dumps(program["fleet"]))
        # Releases before asked nobody who is let into the cluster.
        infra = {"accessElsewhere": True, **program["infra"]}
        config = {"kaitops:cluster": cluster, "kaitops:fleet": str(path), "kaitops:infra": json.dumps(infra)}
        config |= {f"kaitops:{key}": value for key, value in more.items()}
        if parts:
            config["kaitops:parts"] = json.dumps(parts)
        return recorder.run(lambda: runpy.run_path(str(ROOT / "__main__.py")), config=config)


def rows(found: Recording) -> Iterator[dict[str, Any]]:
    """What is kept of each resource."""
    known = urns(found)
    for one in found:
        yield {
            "urn": known[one.urn],
            "type": one.type,
            "name": one.name,
            "custom": one.custom,
            "protect": one.protect,
            "trigger": one.replacement_trigger,
            "inputs": dict(one.inputs),
        }


def record(release: str) -> None:
    """Write the records of a release.

    Raises:
        SystemExit: they are there already.
    """
    folder = FOLDER / release
    if folder.exists():
        raise SystemExit(f"{folder} is there: what a release registered does not change; name a new release")
    folder.mkdir(parents=True)
    for provisioner, program in programs().items():
        lines = ",\n".join(json.dumps(row, sort_keys=True) for row in rows(replay(program)))
        text = f'{{"program": {json.dumps(program, sort_keys=True)},\n"resources": [\n{lines}\n]}}\n'
        (folder / f"{provisioner}.json").write_text(text)
