"""Finds the programs of a Kubernetes control plane, or builds them.

Owns where the programs come from: a directory that the user names in `KUBEBUILDER_ASSETS` (the convention of the
Kubernetes tools), else the Go program in `controlplane/`, built once and kept outside the checkout. Does not start
anything: `tests.e2e.cluster` does.

`python -m tests.e2e.assets` does the same ahead of a test run and prints the directory.
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
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
REQUIRED = PROGRAMS[:2]
SOURCES = Path(__file__).parent / "controlplane"
BUILD_SECONDS = 3600.0
"""A build that takes longer has hung; on two cores it takes some five minutes."""


class AssetsMissing(Exception):
    """There are no programs and no way to make them; the text says what would help."""


@dataclass(frozen=True)
class Assets:
    """A directory with the programs of a control plane.

    Attributes:
        directory: holds the programs under their upstream names.
    """

    directory: Path

    def has(self, program: str) -> bool:
        """Whether the program is there."""
        return os.access(self.directory / program, os.X_OK)

    def path(self, program: str) -> str:
        """Where the program is.

        Raises:
            AssetsMissing: it is not there.
        """
        if not self.has(program):
            raise AssetsMissing(f"{self.directory} holds no {program}")
        return str(self.directory / program)


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


def kubernetes_version() -> str:
    """The version of Kubernetes that `controlplane/go.mod` asks for, like `v1.36.3`.

    Raises:
        AssetsMissing: go.mod names none.
    """
    found = re.search(r"^\s+k8s\.io/kubernetes (v\S+)$", (SOURCES / "go.mod").read_text(), re.MULTILINE)
    if not found:
        raise AssetsMissing(f"{SOURCES / 'go.mod'} requires no k8s.io/kubernetes")
    return found.group(1)


def build_flags() -> list[str]:
    """The flags of `go build`: no symbols, no paths of this machine, and the version that the server reports."""
    version = kubernetes_version()
    major, minor, _ = version.removeprefix("v").split(".", 2)
    stamps = {"gitVersion": version, "gitMajor": major, "gitMinor": minor}
    linker = " ".join(["-s -w", *(f"-X k8s.io/component-base/version.{key}={value}" for key, value in stamps.items())])
    return ["-trimpath", "-mod=readonly", "-buildvcs=false", "-ldflags", linker]


def build_environment() -> dict[str, str]:
    """The environment of `go`: a static program, whatever workspace or flags the user has set."""
    return os.environ | {"CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""}


def go() -> str:
    """Where the Go command is.

    Raises:
        AssetsMissing: there is none on the PATH.
    """
    found = shutil.which("go")
    if not found:
        raise AssetsMissing(
            "no control plane: KUBEBUILDER_ASSETS is not set and there is no `go` on the PATH to build one; "
            "set KUBEBUILDER_ASSETS to a directory with etcd and kube-apiserver, or install Go"
        )
    return found


def cache_key() -> str:
    """Names one build: version, platform, and a hash of all that goes into it."""
    asked = ["GOVERSION", "GOOS", "GOARCH"]
    answer = subprocess.run(
        [go(), "env", *asked], check=True, capture_output=True, text=True, cwd=SOURCES, env=build_environment()
    )
    toolchain, system, processor = answer.stdout.split()
    digest = hashlib.sha256("\0".join([toolchain, *build_flags()]).encode())
    for path in sorted([*SOURCES.glob("*.go"), SOURCES / "go.mod", SOURCES / "go.sum"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"{kubernetes_version()}-{system}-{processor}-{digest.hexdigest()[:12]}"


def build(target: Path) -> None:
    """Builds the Go program and puts it in place under the name of each of its parts, all at once or not at all.

    Args:
        target: the directory to make.

    Raises:
        AssetsMissing: the build failed; the text ends with what Go said.
    """
    started = time.monotonic()
    print(
        f"kaitops: building a Kubernetes {kubernetes_version()} control plane, once, into {target}",
        file=sys.stderr,
        flush=True,
    )
    with tempfile.TemporaryDirectory(prefix=".building-", dir=target.parent) as scratch:
        staged = Path(scratch) / "programs"
        command = [go(), "build", *build_flags(), "-o", str(staged / "controlplane"), "."]
        try:
            done = subprocess.run(
                command,
                cwd=SOURCES,
                env=build_environment(),
                capture_output=True,
                text=True,
                timeout=BUILD_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise AssetsMissing(f"building the control plane took more than {BUILD_SECONDS:.0f} s") from error
        if done.returncode:
            raise AssetsMissing(
                f"building the control plane failed: {' '.join(command)}\n{done.stderr.strip()[-4000:]}"
            )
        for program in PROGRAMS:
            (staged / program).symlink_to("controlplane")
        staged.rename(target)
    print(f"kaitops: built in {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)


def find() -> Assets:
    """Finds the programs, or builds them if they have not been built before.

    Returns:
        A directory with at least etcd and kube-apiserver.

    Raises:
        AssetsMissing: neither is possible.
    """
    if named := os.environ.get("KUBEBUILDER_ASSETS"):
        assets = Assets(Path(named))
        for program in REQUIRED:
            assets.path(program)
        return assets
    target = cache_root() / "controlplane" / cache_key()
    if not target.is_dir():
        # Several test runs may come here at once: one builds, the others wait and find what it made.
        with locked(target.parent / f".{target.name}.lock"):
            if not target.is_dir():
                build(target)
    return Assets(target)


if __name__ == "__main__":
    try:
        print(find().directory)
    except AssetsMissing as missing:
        sys.exit(f"kaitops: {missing}")
