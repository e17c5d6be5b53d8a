"""Finds the programs of a Kubernetes control plane, or builds them.

Owns where the programs come from: a directory that the user names in `KUBEBUILDER_ASSETS` (the convention of the
Kubernetes tools), else the Go program in `controlplane/`. What plays beside the control plane is in
`tests.e2e.programs`. Does not start anything: `tests.e2e.cluster` does.

`python -m tests.e2e.assets` does the same ahead of a test run and prints the directory.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.gobuild import AssetsMissing, GoBuild

PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
REQUIRED = PROGRAMS[:2]
SOURCES = Path(__file__).parent / "controlplane"


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


def control_plane() -> GoBuild:
    """The program in `controlplane/`, which reports the version of Kubernetes that its `go.mod` asks for."""
    build = GoBuild(SOURCES, "k8s.io/kubernetes", {})
    major, minor, _ = build.version.removeprefix("v").split(".", 2)
    stamps = {"gitVersion": build.version, "gitMajor": major, "gitMinor": minor}
    return GoBuild(
        SOURCES,
        "k8s.io/kubernetes",
        {"controlplane": "."},
        links=PROGRAMS,
        stamp=tuple(f"k8s.io/component-base/version.{key}={value}" for key, value in stamps.items()),
        instead=(
            "no control plane: KUBEBUILDER_ASSETS is not set and there is no `go` on the PATH to build one; "
            "set KUBEBUILDER_ASSETS to a directory with etcd and kube-apiserver"
        ),
    )


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
    return Assets(control_plane().find())


if __name__ == "__main__":
    try:
        print(find().directory)
    except AssetsMissing as missing:
        sys.exit(f"kaitops: {missing}")
