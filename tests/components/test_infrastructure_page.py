"""The page on infrastructure is true: every key is there, every example is taken as it stands."""

import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from kaitops.components.settings.checks import check_infra
from kaitops.components.settings.configuration import WorkloadSettings
from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.platform import PlatformSettings
from kaitops.components.settings.values import Section
from kaitops.kaito.release import Release
from tests.components.conftest import Record
from tests.components.stacks import CLUSTER
from tests.conftest import ROOT
from tests.version import KAITO

PAGE = ROOT / "docs" / "infrastructure.md"
MARK = "<!-- made from the models by tests/components/test_infrastructure_page.py -->\n"
_EXAMPLE = re.compile(r"```yaml\n# provisioner: (\S+)\n(.*?)```", re.DOTALL)


def keys() -> str:
    return "".join(map(_section, (InfraSettings, PlatformSettings, WorkloadSettings)))


def _section(model: type[Section]) -> str:
    schema = model.model_json_schema(by_alias=True)
    parts = [(model.__name__, schema), *schema.get("$defs", {}).items()]
    text = ""
    for name, part in parts:
        about = re.sub(r"\s+", " ", part.get("description", ""))
        text += f"\n### {name}\n\n{about}\n\n| key | type | default | meaning |\n|---|---|---|---|\n"
        for key, entry in part["properties"].items():
            needed = "**required**" if key in part.get("required", ()) else _default(entry)
            # A section that is described like its key is described once only.
            other = schema.get("$defs", {}).get(str(entry.get("$ref", "")).rsplit("/", 1)[-1], {})
            meaning = re.sub(r"\s+", " ", entry.get("description") or other.get("description", ""))
            text += f"| `{key}` | {_type(entry)} | {needed} | {meaning} |\n"
    return text


def _default(entry: dict[str, Any]) -> str:
    default = entry.get("default")
    if default in (None, {}, []) or isinstance(default, dict):
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _type(entry: dict[str, Any]) -> str:
    if "$ref" in entry:
        name = entry["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in entry:
        return " or ".join(dict.fromkeys(_type(one) for one in entry["anyOf"] if one.get("type") != "null"))
    if "enum" in entry or "const" in entry:
        return ", ".join(f"`{one}`" for one in entry.get("enum", [entry.get("const")]))
    match entry.get("type"):
        case "array":
            return f"list of {_type(entry['items'])}"
        case "object":
            # Keys of a form of their own make a pattern of it.
            (value,) = entry.get("patternProperties", {"": entry.get("additionalProperties")}).values()
            return f"mapping to {_type(value)}"
        case kind:
            names = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
            return names[kind]


def test_every_key_is_on_the_page(request: pytest.FixtureRequest) -> None:
    head, mark, _ = PAGE.read_text("utf-8").partition(MARK)
    assert mark
    wanted = head + MARK + keys()
    if request.config.getoption("--update-docs"):
        PAGE.write_text(wanted, "utf-8")
    assert PAGE.read_text("utf-8") == wanted, (
        "run: .venv/bin/pytest tests/components/test_infrastructure_page.py --update-docs"
    )


def test_every_key_has_a_meaning() -> None:
    rows = [line.split("|") for line in keys().splitlines() if line.startswith("| `")]
    assert len(rows) > 90
    assert [row[1] for row in rows if not row[4].strip()] == []


EXAMPLES = _EXAMPLE.findall(PAGE.read_text("utf-8"))


@pytest.mark.parametrize(("provisioner", "text"), EXAMPLES)
def test_every_example_is_taken(provisioner: str, text: str) -> None:
    settings = InfraSettings.read(yaml.safe_load(text)["config"]["kaitops:infra"])
    cluster = {**CLUSTER, "provisioner": provisioner}
    assert check_infra(settings, cluster, Release.load(KAITO), "prod-weu") == []


PROGRAM, TEST = re.findall(r"```python\n(# \w+\.py\n.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
FLEET = """\
kaito: 0.12.0
clusters:
  prod: {region: westeurope, provisioner: karpenter}
models:
  phi-4-mini: {preset: phi-4-mini-instruct, gpu: Standard_NC24ads_A100_v4}
"""


def test_the_program_makes_the_cluster(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "infra.py").write_text(PROGRAM)
    (tmp_path / "fleet.yaml").write_text(FLEET)
    monkeypatch.chdir(tmp_path)
    made = record(lambda: runpy.run_path("infra.py")["make"]() and None)
    (cluster,) = made.of(":ManagedCluster")
    assert cluster.inputs["tags"] == {"cost-centre": "ml"}
    assert "kubeconfig" in made.exports


@pytest.mark.e2e
def test_the_programs_test_passes(tmp_path: Path) -> None:
    for name, text in (("infra.py", PROGRAM), ("test_infra.py", TEST), ("fleet.yaml", FLEET)):
        (tmp_path / name).write_text(text)
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", "."]
    done = subprocess.run([*words, "test_infra.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


def test_there_are_examples() -> None:
    assert {provisioner for provisioner, _ in EXAMPLES} == {"karpenter", "byo"}
