"""What stands beside a first fleet: its schema for editors, the gate in CI, hooks, and what git passes over."""

from pathlib import Path

from kaitops.errors import BadInput
from kaitops.fleet import json_schema

SCHEMA = "fleet.schema.json"
# Where each CI system reads its file, by the name of ours.
FILES = {
    "github": (".github/workflows/kaitops.yaml", "github.yaml"),
    "gitlab": (".gitlab-ci.yml", "gitlab.yaml"),
    "azure": ("azure-pipelines.yml", "azure-pipelines.yaml"),
}
SOURCE = "OWNER/kaitops@COMMIT"
_PACKAGE = Path(__file__).parents[1]
_IGNORED = """\
# Where a render makes its tree where there is no .git, what the gate reports, and environments.
.kaitops-*/
kaitops.sarif
kaitops.xml
kaitops.md
.venv*/
"""
# A render that was not committed is found first: what the gate would say of an old tree helps nobody.
_HOOKS = """\
repos:
- repo: https://github.com/OWNER/kaitops
  rev: COMMIT
  hooks:
  - id: kaitops-render-check
  - id: kaitops-gate
"""


def editor_line() -> str:
    """What tells an editor the schema of the fleet beside it."""
    return f"# yaml-language-server: $schema={SCHEMA}\n"


def schema(folder: Path) -> dict[Path, str]:
    """The schema that the line names, by its path; nothing where one is there, which is left alone."""
    path = folder / SCHEMA
    return {} if path.exists() else {path: json_schema.text()}


def files(folder: Path, system: str | None) -> dict[Path, str]:
    """What makes a repository of the folder, by path; nothing where no CI system is named.

    Args:
        folder: of the fleet, which is the top of the repository.
        system: a key of ``FILES``.

    Raises:
        BadInput: one of them is there; nothing is written over.
    """
    if system is None:
        return {}
    place, own = FILES[system]
    found = {
        folder / place: (_examples() / own).read_text("utf-8"),
        folder / ".pre-commit-config.yaml": _HOOKS,
        folder / ".gitignore": _IGNORED,
    }
    there = sorted(str(path) for path in found if path.exists())
    if there:
        raise BadInput(
            f"{', '.join(there)}: there already and left alone, so nothing was written; without --ci the fleet alone "
            "is written, and docs/gate.md shows what a pipeline needs"
        )
    return found


def _examples() -> Path:
    """``examples/ci`` of the checkout, or its copy inside the installed package."""
    packaged = _PACKAGE / "_ci"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "examples/ci"
