"""The plugin for every language as the engine starts it: its schema is the one that was agreed to."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.e2e.engine.azure import VERSION
from tests.e2e.engine.project import ROOT, Project, engine, project

__all__ = ["engine", "project"]


def test_the_engine_reads_the_schema_from_the_folder(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "provider"
    folder.mkdir()
    shutil.copy(ROOT / "provider/__main__.py", folder)
    # What requirements.txt would install is in the environment of the tests.
    options = {"virtualenv": str(Path(sys.executable).parent.parent)}
    (folder / "PulumiPlugin.yaml").write_text(json.dumps({"runtime": {"name": "python", "options": options}}))
    wanted = json.loads((ROOT / "provider/schema.json").read_text())
    # The engine wants each provider that the environment names in its folder; none is started for a schema.
    kubernetes = str(shutil.which("pulumi-resource-kubernetes"))
    for name, version in (("kubernetes", _installed("pulumi-kubernetes")), ("azure-native", VERSION)):
        plugin = Path(project.environment["PULUMI_HOME"]) / "plugins" / f"resource-{name}-v{version}"
        plugin.mkdir(parents=True)
        (plugin / f"pulumi-resource-{name}").symlink_to(kubernetes)
    told = json.loads(project.pulumi("package", "get-schema", str(folder)))
    assert _shape(told) == _shape(wanted)


def _shape(schema: Mapping[str, Any]) -> dict[str, Any]:
    """What programs are held to, without the forms that the engine fills in."""
    found: dict[str, Any] = {}
    for token, one in schema["resources"].items():
        inputs = {name: value.get("type", value.get("$ref")) for name, value in one["inputProperties"].items()}
        found[token] = (inputs, sorted(one.get("requiredInputs", [])), sorted(one.get("properties", {})))
    for token, one in schema.get("types", {}).items():
        found[token] = (sorted(one.get("properties", {})), sorted(one.get("required", [])))
    return found


def _installed(package: str) -> str:
    from importlib.metadata import version

    return version(package)
