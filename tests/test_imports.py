"""What a render loads: nothing heavy, and not even pydantic."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import FLEET

HEAVY = {
    "pulumi",
    "pulumi_kubernetes",
    "pulumi_azure_native",
    "checkov",
    "rich",
    "httpx",
    "httpx_sse",
    "prometheus_client",
    "prompt_toolkit",
    "kaitops.live",
    "requests",
    "urllib.request",
    "ssl",
}
LAZY = HEAVY | {"pydantic", "pydantic_core", "asyncio", "email", "shtab"}


@pytest.mark.parametrize(
    "arguments", [["render"], ["render", "--mode", "plain"], ["gate", "manifests"], ["fit", "phi-4"]]
)
def test_the_render_path_imports_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "fleet.yaml").write_text(FLEET)
    script = (
        "import sys; from kaitops.cli import main; main(['render', '-q']); code = main(sys.argv[1:]); "
        "print('LOADED', *sorted(sys.modules)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.rsplit("LOADED", 1)[1].split())
    assert loaded & LAZY == set()
    assert "kaitops.render" in loaded


def test_importing_the_package_does_nothing(tmp_path: Path) -> None:
    script = "import sys, kaitops.kaito; print(len(sys.modules)); assert 'yaml' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, capture_output=True)
    assert list(tmp_path.iterdir()) == []


def test_the_render_path_makes_no_dataclass(tmp_path: Path) -> None:
    """``dataclasses`` imports ``inspect`` and compiles each class: a seventh of the time that one model takes.

    ``shutil`` and ``tempfile`` load three compressors and a source of random numbers.
    """
    (tmp_path / "fleet.yaml").write_text(FLEET)
    script = (
        "import sys; from kaitops.cli import main; code = main(['render', '-q']) or main(['gate', '-q', 'manifests', "
        "'--no-checkov']); print('LOADED', *sorted(sys.modules)); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.rsplit("LOADED", 1)[1].split())
    assert "kaitops.gate.run" in loaded
    assert loaded & {"dataclasses", "inspect", "shutil", "tempfile", "lzma"} == set()
