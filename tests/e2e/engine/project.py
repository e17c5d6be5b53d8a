"""Projects that the real Pulumi engine runs, each with a home and a state of its own.

Owns how the engine is found and called, and what its event log says. Nothing of the user's is read or written: no
login, no plugin folder, no network. `pulumi`, its Python host and the Kubernetes provider come from the `PATH`.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.conftest import lacking

ROOT = Path(__file__).resolve().parents[3]
NEEDED = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-kubernetes")
PASSPHRASE = "only for tests"
TIMEOUT = 300

# The Python host asks pip for the packages of an environment; environments made by uv have no pip.
_PIP = """
import json
from importlib.metadata import distributions
print(json.dumps([{"name": one.metadata["Name"], "version": one.version} for one in distributions()]))
"""
_DOUBLE = f"""#!/bin/sh
PYTHONPATH={ROOT} exec {sys.executable} -m tests.e2e.engine.azure "$@"
"""


def missing() -> list[str]:
    """The programs that are not on the `PATH`."""
    return [name for name in NEEDED if shutil.which(name) is None]


@dataclass(frozen=True)
class Step:
    """What the engine did, or would do, to one resource."""

    op: str
    type: str
    urn: str
    keys: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name in the program."""
        return self.urn.rpartition("::")[2]


@dataclass
class Result:
    """One run of the engine.

    Attributes:
        steps: in the order that the engine took them, without those that changed nothing.
        seconds: of the whole run.
    """

    code: int
    text: str
    steps: list[Step] = field(default_factory=list[Step])
    seconds: float = 0.0

    def ops(self) -> Counter[str]:
        """How often each operation was done, the stack and components included."""
        return Counter(step.op for step in self.steps)

    def of(self, type_: str) -> list[tuple[str, str]]:
        """Operation and name of the steps on a type; its end suffices."""
        return [(step.op, step.name) for step in self.steps if step.type.endswith(type_)]


class Project:
    """One project with one stack."""

    def __init__(self, folder: Path, *, azure: bool = False, environment: Mapping[str, str] | None = None) -> None:
        """Makes the folders; nothing is run.

        Args:
            azure: put the double of azure-native on the `PATH`.
            environment: further variables of every run.
        """
        self.folder = folder / "project"
        self._tools = folder / "tools"
        for one in (self.folder, self._tools / "pip", folder / "home", folder / "state"):
            one.mkdir(parents=True)
        (self._tools / "pip" / "__init__.py").write_text("")
        (self._tools / "pip" / "__main__.py").write_text(_PIP)
        if azure:
            launcher = self._tools / "pulumi-resource-azure-native"
            launcher.write_text(_DOUBLE)
            launcher.chmod(0o755)
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR") if key in os.environ}
        self.environment = {
            **kept,
            # The project file asks for uv, which `make setup` leaves there.
            "PATH": os.pathsep.join([str(self._tools), kept["PATH"], str(ROOT / ".venv-uv" / "bin")]),
            "PYTHONPATH": os.pathsep.join([str(self._tools), str(ROOT)]),
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            # The event log is a command for debugging.
            "PULUMI_DEBUG_COMMANDS": "true",
            "NO_COLOR": "1",
            **(environment or {}),
        }

    def write(self, program: str, name: str = "engine") -> None:
        """The program, and the project around it at the first time."""
        (self.folder / "__main__.py").write_text(program)
        declaration = self.folder / "Pulumi.yaml"
        if not declaration.exists():
            options = {"virtualenv": str(Path(sys.executable).parent.parent)}
            runtime = {"name": "python", "options": options}
            declaration.write_text(json.dumps({"name": name, "runtime": runtime}))
            self.pulumi("stack", "init", "test")

    def adopt(self, **config: Any) -> None:
        """The repository's own program and project file, with a stack's file as a user writes it.

        Args:
            config: every key of the stack's file; what is secret is set with ``pulumi config set --secret`` afterwards.
        """
        shutil.copy(ROOT / "__main__.py", self.folder)
        shutil.copy(ROOT / "Pulumi.yaml", self.folder)
        for name in ("uv.lock", ".venv"):
            if not (self.folder / name).exists():
                source = Path(sys.executable).parent.parent if name == ".venv" else ROOT / name
                (self.folder / name).symlink_to(source)
        file = self.folder / "Pulumi.test.yaml"
        if not file.exists():
            self.pulumi("stack", "init", "test")
        held = yaml.safe_load(file.read_text())
        kept = {
            key: value for key, value in held.get("config", {}).items() if isinstance(value, dict) and "secure" in value
        }
        given = {f"kaitops:{key}": value for key, value in config.items()}
        file.write_text(yaml.safe_dump({**held, "config": {**kept, **given}}))

    def configure(self, **values: str) -> None:
        """Settings of the stack; JSON text for what is not text."""
        for key, value in values.items():
            self.pulumi("config", "set", key, value)

    def pulumi(self, *arguments: str, code: int = 0) -> str:
        """Run a command and return its standard output.

        Raises:
            AssertionError: it left with another code.
        """
        done = self._command(*arguments)
        assert done.returncode == code, f"pulumi {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=TIMEOUT, check=False,
        )  # fmt: skip

    def run(self, command: str, *arguments: str, code: int = 0) -> Result:
        """Run `preview`, `up`, `refresh` or `destroy` and return what it did.

        Raises:
            AssertionError: it left with another code.
        """
        done = self.tried(command, *arguments)
        assert done.code == code, f"pulumi {command} {' '.join(arguments)}: {done.code}\n{done.text}"
        return done

    def tried(self, command: str, *arguments: str) -> Result:
        """The same, whatever its end."""
        log = self.folder.parent / "events.json"
        log.unlink(missing_ok=True)
        confirmed = [] if command == "preview" else ["--yes", "--skip-preview"]
        begun = time.perf_counter()
        done = self._command(command, *confirmed, *arguments, "--event-log", str(log), "--suppress-progress")
        steps = list(_steps(log)) if log.exists() else []
        return Result(done.returncode, done.stdout + done.stderr, steps, time.perf_counter() - begun)

    def state(self) -> dict[str, Any]:
        """The exported state."""
        return json.loads(self.pulumi("stack", "export"))

    def resources(self) -> dict[str, dict[str, Any]]:
        """Resources of the state by name in the program."""
        held: list[dict[str, Any]] = self.state()["deployment"].get("resources", [])
        return {one["urn"].rpartition("::")[2]: one for one in held}


def _steps(log: Path) -> Iterator[Step]:
    for line in log.read_text().splitlines():
        event = json.loads(line)
        told = event.get("resourcePreEvent")
        if told is None or told["metadata"]["op"] in {"same", "read"}:
            continue
        metadata = told["metadata"]
        yield Step(metadata["op"], metadata["type"], metadata["urn"], tuple(metadata.get("diffs") or ()))


@pytest.fixture(scope="session")
def engine() -> None:
    """The engine is on this machine."""
    if lost := missing():
        reason = (
            f"{', '.join(lost)} not on the PATH; put the Pulumi engine, its Python host and Kubernetes provider there"
        )
        if os.environ.get("KAITOPS_ENGINE_REQUIRED"):
            pytest.fail(f"KAITOPS_ENGINE_REQUIRED, but {reason}", pytrace=False)
        lacking(reason, fault=False)


@pytest.fixture
def project(engine: None, tmp_path: Path) -> Project:
    """A project without a provider for Azure."""
    return Project(tmp_path)
