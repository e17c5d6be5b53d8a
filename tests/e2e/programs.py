"""What plays beside the control plane: Argo CD, Flux's kustomize-controller, kwok, and the tools that they call.

Owns which version of each and where it comes from: a module directory of ours that pins it, or for Redis the packages
of the system. Does not start anything.

`python -m tests.e2e.programs` builds everything ahead of a test run and prints where it is.
"""

import shutil
import sys
from pathlib import Path

from tests.e2e.gobuild import AssetsMissing, GoBuild

HERE = Path(__file__).parent

ARGOCD_PARTS = ("argocd-application-controller", "argocd-repo-server", "argocd-applicationset-controller")

ARGOCD = GoBuild(
    HERE / "argocd",
    "github.com/argoproj/argo-cd/v3",
    {"argocd": "github.com/argoproj/argo-cd/v3/cmd"},
    links=ARGOCD_PARTS,
    # Without it every part reports another version than the one that was built.
    stamp=("github.com/argoproj/argo-cd/v3/common.version={number}",),
)
FLUX = GoBuild(
    HERE / "flux",
    "github.com/fluxcd/kustomize-controller",
    {"kustomize-controller": "github.com/fluxcd/kustomize-controller"},
)
KWOK = GoBuild(HERE / "kwok", "sigs.k8s.io/kwok", {"kwok": "sigs.k8s.io/kwok/cmd/kwok"})
RENDERERS = GoBuild(
    HERE / "renderers",
    "sigs.k8s.io/kustomize/kustomize/v5",
    {"kustomize": "sigs.k8s.io/kustomize/kustomize/v5", "helm": "helm.sh/helm/v3/cmd/helm"},
)
ALL = (KWOK, ARGOCD, FLUX, RENDERERS)


def redis() -> str:
    """Where the Redis server of the system is; Argo CD keeps its cache there.

    Raises:
        AssetsMissing: there is none on the PATH.
    """
    found = shutil.which("redis-server")
    if not found:
        raise AssetsMissing("there is no `redis-server` on the PATH, which Argo CD needs: apt-get install redis-server")
    return found


if __name__ == "__main__":
    try:
        for build in ALL:
            print(build.find())
    except AssetsMissing as missing:
        sys.exit(f"kaitops: {missing}")
