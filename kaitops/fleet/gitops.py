"""The schema of ``gitops:`` in ``fleet.yaml``: where Argo CD and Flux find the rendered tree."""

from pydantic import Field

from kaitops.fleet.values import REPOSITORY, Declared, Labels, Name, SecretName


class Members(Declared):
    """Clusters that KubeFleet places the tree on: exactly one of the two."""

    names: list[Name] = []
    """Member clusters by name."""
    labels: Labels = {}
    """Labels of member clusters."""


class GitOps(Declared):
    """Where the rendered tree lies for those that apply it."""

    repository: str | None = Field(default=None, pattern=REPOSITORY)
    """Git repository that holds the tree."""
    artifact: str | None = Field(default=None, pattern=r"^oci://\S+$")
    """OCI artifact that holds the tree, in place of a repository."""
    revision: str | None = Field(default=None, pattern=r"^\S+$")
    """Branch, tag or commit of the repository, main where nothing is said; tag or sha256 digest of the artifact."""
    path: str | None = Field(default=None, pattern=r"^[^/\s][^\s]*$")
    """Folder of the tree below the root; manifests in a repository, the root itself in an artifact."""
    secret: SecretName | None = None
    """Secret with the credentials of Flux's source, in Flux's namespace."""
    cosign: SecretName | None = None
    """Secret with the public keys that Flux verifies the artifact's signature by."""
    namespace: Name | None = None
    """Namespace of Argo CD or Flux; argocd and flux-system where nothing is said."""
    interval: str = Field(default="10m", pattern=r"^([0-9]+h)?([0-9]+m)?([0-9]+s)?$", min_length=2)
    """How often Flux looks for drift."""
