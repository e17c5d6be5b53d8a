"""The documentation is true: every command runs and prints what is shown, every generated page is up to date."""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from kaitops.documents import reader
from kaitops.fleet import json_schema
from kaitops.gate.reading import contexts
from kaitops.kaito import facts
from kaitops.kaito.plain import DEVIATIONS
from kaitops.live.kinds import KINDS
from kaitops.policies import config
from tests import guides
from tests.conftest import KAITOPS, ROOT
from tests.live.docs_world import world as live
from tests.sampling import some

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
_GATE = (ROOT / "docs" / "gate.md").read_text("utf-8")
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


@contextmanager
def _none(folder: Path) -> Iterator[Mapping[str, str]]:
    yield {}


WORLDS = {"live.md": live}
"""What the commands of a page find beside themselves: the page's own clusters and servers."""


def transcript(page: Path) -> list[tuple[str, str]]:
    """Commands (``$ ...``) and their output, in the order of the page."""
    steps: list[tuple[str, str]] = []
    for block in _BLOCK.findall(page.read_text("utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            steps.append((command, output))
    return steps


SHOWING = [page for page in PAGES if page not in guides.PAGES and transcript(page)]
SLOW = ("live.md",)
"""Pages whose commands ask servers, which takes as long as all other pages together."""


@pytest.mark.parametrize(
    "page", some(SHOWING, [page for page in SHOWING if page.name not in SLOW]), ids=lambda page: page.name
)
def test_every_command_prints_what_the_page_shows(
    page: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with WORLDS.get(page.name, _none)(tmp_path_factory.mktemp("world")) as given:
        here = os.pathsep.join(one for one in (given.get("PATH"), str(KAITOPS.parent), os.environ["PATH"]) if one)
        for command, expected in transcript(page):
            done = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, env={**os.environ, **given, "PATH": here}, text=True, check=False,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            assert done.stdout == expected, command


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    shown = re.findall(r"^make (\S+)", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    targets = re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert shown == ["render", "test"]
    assert set(shown) | {"setup", "check", "bench", "e2e"} <= set(targets)


def test_links_lead_somewhere() -> None:
    made = {"catalogue.html", "catalogue.json"}
    for page in {*PAGES, *guides.PAGES}:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
            assert "://" in target or target in made or (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_page_is_in_the_list_of_pages_and_on_the_site() -> None:
    listed = (ROOT / "docs/README.md").read_text("utf-8")
    menu = (ROOT / "mkdocs.yml").read_text("utf-8")
    for page in (ROOT / "docs").rglob("*.md"):
        name = page.relative_to(ROOT / "docs").as_posix()
        assert name == "README.md" or f"({name})" in listed, name
        assert f": {name}\n" in menu, name


def test_commands_in_the_readme_are_all_there_are() -> None:
    from kaitops.cli.parser import VERBS

    text = (ROOT / "README.md").read_text()
    assert all(f"`kaitops {verb}" in text for verb in VERBS)


def plain_mode_page() -> str:
    rows = "\n".join(f"| `{one.id}` | {one.reason} |" for one in DEVIATIONS)
    return (
        "# How plain objects differ from KAITO's own\n\n"
        "Plain mode renders what KAITO's controllers create, equal to recordings of the real ones, but for these\n"
        "deviations. `kaitops render --mode plain --parity` turns all of them off.\n\n"
        f"| deviation | reason |\n|---|---|\n{rows}\n\n"
        "The default guardrails policy of RAGEngines comes with KAITO's chart. Plain mode mounts it from the ConfigMap\n"
        "`ragengine-guardrails-policy-template` in the engine's own namespace, where the operator would copy it, and lists\n"
        "it among the needs: the policy is not ours to render. A `guardrails.policy` of the fleet is rendered.\n"
    )


def fleet_page() -> str:
    document = json_schema.fleet_schema()
    known = {"Fleet": document, **document["$defs"]}
    first = ("Model", "Fleet", "Cluster", "Environment", "Tuning", "Rag", "Mirror")
    parts = [(name, known[name]) for name in (*first, *(name for name in known if name not in first))]
    text = (
        "# Every key of fleet.yaml\n\nMade from the models; editors read the same from `presets/fleet.schema.json`.\n"
    )
    for name, part in parts:
        if "properties" not in part:
            continue
        text += (
            f"\n## {name}\n\n{part.get('description', '')}\n\n| key | type | default | meaning |\n|---|---|---|---|\n"
        )
        for key, entry in part["properties"].items():
            default = entry.get("default")
            shown = "" if default in (None, {}, []) else f"`{default}`"
            needed = "**required**" if key in part.get("required", ()) else shown
            text += f"| `{key}` | {_type(entry)} | {needed} | {entry.get('description', '')} |\n"
    return text


def _type(entry: dict) -> str:
    if "$ref" in entry:
        name = entry["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in entry:
        return " or ".join(dict.fromkeys(_type(one) for one in entry["anyOf"] if one.get("type") != "null"))
    if "enum" in entry or "const" in entry:
        return ", ".join(f"`{one}`" for one in entry.get("enum", [entry.get("const")]))
    kind = entry.get("type", "anything")
    if kind == "array":
        return f"list of {_type(entry['items'])}"
    if kind == "object":
        inner = next(iter(entry.get("patternProperties", {}).values()), entry.get("additionalProperties"))
        return f"mapping to {_type(inner)}" if isinstance(inner, dict) and inner else "mapping"
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(kind, kind)


@pytest.mark.parametrize(("name", "make"), [("plain-mode.md", plain_mode_page), ("fleet.md", fleet_page)])
def test_generated_pages_are_up_to_date(name: str, make, request: pytest.FixtureRequest) -> None:
    path = ROOT / "docs" / name
    if request.config.getoption("--update-docs"):
        path.write_text(make(), "utf-8")
    assert path.read_text("utf-8") == make(), "run: .venv/bin/pytest tests/test_docs.py --update-docs"


def test_the_files_on_the_page_of_the_gate_are_taken() -> None:
    files = dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", _GATE, re.DOTALL))
    policy = config.parse(files["kaitops-policy.yaml"].encode(), "kaitops-policy.yaml")
    assert sorted(str(one.severity) for one in policy.overrides.values()) == ["HIGH", "None"]
    held = contexts.read(reader.read_bytes(files["kaitops-context.yaml"].encode(), "kaitops-context.yaml"))
    assert set(held) == set(contexts._KEYS)


def test_every_key_of_a_context_file_is_on_the_page_of_the_gate() -> None:
    rows = _GATE.partition("## Context files")[2].partition("\n## ")[0]
    named = {name for row in re.findall(r"^\| (`.*?) \|", rows, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert named - {"settings"} == {*contexts._KEYS, *contexts._SETTINGS} - {"settings"}


def test_what_why_reads_is_what_its_page_has_somebody_write_down() -> None:
    page = (ROOT / "docs" / "how-to" / "does-not-start.md").read_text("utf-8")
    written = re.findall(r"^kubectl get -A -o json (\S+) >", page, re.MULTILINE)[0].split(",")
    assert sorted(one.partition(".")[0] for one in written) == sorted(kind.plural for kind in KINDS.values())


def test_the_versions_that_are_not_rendered_are_said() -> None:
    page = (ROOT / "docs" / "how-to" / "environments.md").read_text("utf-8")
    whole, older = (
        ", ".join(one for one in facts.versions() if facts.is_complete(one) is said) for said in (True, False)
    )
    first, _, last = older.rpartition(", ")
    assert f"all facts are held of: {whole}. Of {first} and {last} there is only what a step\nneeds" in page
