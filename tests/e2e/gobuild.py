"""Builds Go programs of a module directory of ours, once per machine.

Owns the way from a directory with a `go.mod` to programs outside the checkout, under a name that holds all that went
into them. The directory may hold a program of its own (`controlplane/`) or only pin programs of others as tools
(`argocd/`). Does not start anything.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BUILD_SECONDS = 3600.0
"""A build that takes longer has hung; on two cores the longest takes some ten minutes."""


class AssetsMissing(Exception):
    """There are no programs and no way to make them; the text says what would help."""


def cache_root() -> Path:
    """The directory for what is made once per machine; outside the checkout, so that a fresh clone finds it again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kaitops"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a lock between processes; the kernel lets go of it when its holder dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build_environment() -> dict[str, str]:
    """The environment of `go`: a static program, whatever workspace or flags the user has set."""
    return os.environ | {"CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""}


def go(purpose: str) -> str:
    """Where the Go command is.

    Args:
        purpose: what is missing without it, and what would do instead.

    Raises:
        AssetsMissing: there is none on the PATH.
    """
    found = shutil.which("go")
    if not found:
        raise AssetsMissing(f"{purpose}, or install Go")
    return found


@dataclass(frozen=True)
class GoBuild:
    """Programs that one module directory makes.

    Attributes:
        directory: with `go.mod` and `go.sum`.
        module: the required module whose version names the build.
        packages: what to build, by the file name it gets; `.` is the directory's own program.
        links: further names of the first program.
        stamp: linker flags that take `{version}`, or `{number}` for the version without its `v`.
        instead: completes the message where Go is missing.
    """

    directory: Path
    module: str
    packages: dict[str, str]
    links: tuple[str, ...] = ()
    stamp: tuple[str, ...] = ()
    instead: str = "there is no `go` on the PATH to build it"
    _memo: dict[str, Path] = field(default_factory=dict[str, Path], repr=False, compare=False)

    @property
    def version(self) -> str:
        """The version of the module that `go.mod` asks for, like `v1.36.3`.

        Raises:
            AssetsMissing: go.mod names none.
        """
        text = (self.directory / "go.mod").read_text()
        found = re.search(rf"^(?:\s+|require ){re.escape(self.module)} (v\S+)", text, re.MULTILINE)
        if not found:
            raise AssetsMissing(f"{self.directory / 'go.mod'} requires no {self.module}")
        return found.group(1)

    def flags(self) -> list[str]:
        """The flags of `go build`: no symbols, no paths of this machine, and the version that the program reports."""
        linker = " ".join(["-s -w", *(f"-X {stamp}" for stamp in self.stamp)])
        return [
            "-trimpath",
            "-mod=readonly",
            "-buildvcs=false",
            "-ldflags",
            linker.format(version=self.version, number=self.version[1:]),
        ]

    def key(self) -> str:
        """Names one build: version, platform, and a hash of all that goes into it."""
        answer = subprocess.run(
            [go(self.instead), "env", "GOVERSION", "GOOS", "GOARCH"],
            check=True,
            capture_output=True,
            text=True,
            cwd=self.directory,
            env=build_environment(),
        )
        toolchain, system, processor = answer.stdout.split()
        parts = [toolchain, *self.flags(), *self.links, *(f"{key}={path}" for key, path in self.packages.items())]
        digest = hashlib.sha256("\0".join(parts).encode())
        for path in sorted([*self.directory.glob("*.go"), self.directory / "go.mod", self.directory / "go.sum"]):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
        return f"{self.version}-{system}-{processor}-{digest.hexdigest()[:12]}"

    def find(self) -> Path:
        """The directory with the programs; built at the first call on a machine.

        Raises:
            AssetsMissing: they are not there and cannot be built.
        """
        if "found" not in self._memo:
            target = cache_root() / self.directory.name / self.key()
            if not target.is_dir():
                # Several test runs may come here at once: one builds, the others wait and find what it made.
                with locked(target.parent / f".{target.name}.lock"):
                    if not target.is_dir():
                        self._build(target)
            self._memo["found"] = target
        return self._memo["found"]

    def _build(self, target: Path) -> None:
        """Builds and puts everything in place, all at once or not at all."""
        started = time.monotonic()
        _say(f"building {self.directory.name} {self.version}, once, into {target}")
        with tempfile.TemporaryDirectory(prefix=".building-", dir=target.parent) as scratch:
            staged = Path(scratch) / "programs"
            staged.mkdir()
            for name, package in self.packages.items():
                self._compile(package, staged / name)
            for link in self.links:
                (staged / link).symlink_to(next(iter(self.packages)))
            staged.rename(target)
        _say(f"built in {time.monotonic() - started:.0f} s")

    def _compile(self, package: str, output: Path) -> None:
        command = [go(self.instead), "build", *self.flags(), "-o", str(output), package]
        try:
            done = subprocess.run(
                command,
                cwd=self.directory,
                env=build_environment(),
                capture_output=True,
                text=True,
                timeout=BUILD_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise AssetsMissing(f"building {package} took more than {BUILD_SECONDS:.0f} s") from error
        if done.returncode:
            raise AssetsMissing(f"building {package} failed: {' '.join(command)}\n{done.stderr.strip()[-4000:]}")


def _say(text: str) -> None:
    print(f"kaitops: {text}", file=sys.stderr, flush=True)
