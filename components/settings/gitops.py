"""Settings of the GitOps engine that Azure installs, and what of them contradicts the rest."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from kaitops.components.settings.values import Section
from kaitops.documents.plain import at

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

_COMMIT = re.compile(r"[0-9a-f]{40}")
_GATE = "gatewayAPIInferenceExtension"
_SHARED = ("helmController", "sourceController")


class GitOps(Section):
    """Flux or Argo CD as an extension of AKS."""

    engine: Literal["flux", "argocd"]
    """Which of the two; the fleet's clusters.<name>.gitops says the same."""
    repository: str | None = Field(default=None, pattern=r"^(https|ssh)://\S+$")
    """Repository of the rendered tree; with flux only."""
    revision: str = Field(default="main", min_length=1)
    """Branch, or a commit by its 40 digits; with flux only."""
    path: str | None = Field(default=None, pattern=r"^\.?/?[-\w./]+$")
    """Folder in the repository that Flux begins with."""
    version: str | None = Field(default=None, pattern=r"^\d+\.\d+\.\d+(-[-.\w]+)?$")
    """Version of the extension; needed with argocd. Without one, Azure raises the minor version of Flux."""
    configuration: dict[str, str] = Field(default={})
    """Further settings of the extension, by key of its chart."""

    @property
    def is_commit(self) -> bool:
        """The revision is one commit, not a branch."""
        return _COMMIT.fullmatch(self.revision) is not None


def problems(settings: GitOps | None, cluster: "Cluster") -> Iterator[str]:
    """What does not hold together with the fleet's declaration of the cluster."""
    if settings is None:
        return
    declared = cluster.get("gitops", "none")
    declared = at(declared, "engine") or declared
    if declared not in ("none", settings.engine):
        yield (
            f"infra.gitops.engine: {settings.engine}, and the fleet says gitops: {declared}, so two engines would "
            "apply one tree and undo each other's work; name the same in both"
        )
    if settings.engine == "flux":
        for key, value in (("repository", settings.repository), ("path", settings.path)):
            if value is None:
                yield f"infra.gitops.{key}: is not said, so Flux would apply nothing; name the rendered tree's"
        own = at(cluster, "operator", "values", "flux2")
        if at(cluster, "featureGates", _GATE) and any(at(own, each, "create") is not False for each in _SHARED):
            yield (
                f"infra.gitops.engine: flux, and with the feature gate {_GATE} KAITO's chart brings Flux's controllers "
                "too, so two of each would act on the same objects; set "
                f"{' and '.join(f'flux2.{each}.create' for each in _SHARED)} to false in operator.values"
            )
        return
    if settings.version is None:
        yield (
            "infra.gitops.version: is not said; the extension of Argo CD is a preview that changes between versions, "
            "so each run might bring another; name the version"
        )
    if settings.repository is not None or settings.path is not None:
        yield (
            "infra.gitops.repository: Azure's extension installs Argo CD and takes no repository, so it would change "
            "nothing; leave repository and path out, and apply the first Application of the rendered tree"
        )
