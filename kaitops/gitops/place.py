"""Where the tree of a cluster lies and who applies it, from what the fleet declares.

Owns the rules between the keys of ``gitops:``. Knows neither Argo CD's nor Flux's objects.
"""

from typing import TYPE_CHECKING, NamedTuple

from kaitops.documents.plain import mapping
from kaitops.errors import BadInput
from kaitops.fleet import shape
from kaitops.fleet.engines import ENGINES
from kaitops.fleet.reading import Source
from kaitops.tree import layout

if TYPE_CHECKING:
    from kaitops.fleet.entries import Cluster

OPERATOR = "operator"
PLACEMENT = "placement"
"""The folder with what makes a hub's tree run on its members."""
SOURCE = "source"
"""The folder of a cluster with the revision that Flux reads the others at, itself read at the fleet's branch."""
STAGES = (layout.NAMESPACES, PLACEMENT, OPERATOR, layout.CONFIGS, layout.WEIGHTS, layout.WORKLOADS)
"""The folders of a cluster in the order in which they are applied."""
ENGINE = "gitops"
"""The folder of a cluster that tells the engine about the others."""
BOOTSTRAP = "bootstrap"
"""The folder of a cluster that is applied once, by hand."""
_FLUX_READS = ("http://", "https://", "ssh://")
_BEFORE = {
    PLACEMENT: (layout.NAMESPACES,),
    OPERATOR: (layout.NAMESPACES,),
    layout.CONFIGS: (OPERATOR, layout.NAMESPACES),
    layout.WEIGHTS: (layout.CONFIGS, OPERATOR, layout.NAMESPACES),
    # Not after the weights: a download takes hours, and most models do not stream them.
    layout.WORKLOADS: (layout.CONFIGS, OPERATOR, layout.NAMESPACES),
}


class Place(NamedTuple):
    """One cluster's tree.

    Attributes:
        repository: address of the Git repository; empty where the tree is an artifact, or nothing is said.
        artifact: address of the OCI artifact; empty where the tree lies in a repository, or nothing is said.
        revision: branch, tag, commit or digest.
        branch: of the repository, which says what the cluster's own revision is; empty where it has none of its own,
            or where the fleet's is no branch and so never moves.
        root: folder of the cluster below the root of the repository.
        namespace: of Argo CD or Flux.
        server: address of the cluster as Argo CD knows it.
        hub: the objects run on other clusters, so their health is not seen here.
        stages: those of the cluster that hold anything, in order.
    """

    cluster: str
    engine: str
    repository: str
    artifact: str
    revision: str
    branch: str
    root: str
    namespace: str
    server: str
    secret: str
    cosign: str
    interval: str
    hub: bool
    stages: tuple[str, ...]

    @property
    def url(self) -> str:
        """Where the tree is fetched from; empty where nothing is said."""
        return self.repository or self.artifact

    def folder(self, name: str) -> str:
        """A folder of the cluster, from the root of the repository."""
        return f"{self.root}/{name}"

    def before(self, stage: str) -> str:
        """The stage that a stage waits for; empty for the first."""
        return next((each for each in _BEFORE.get(stage, ()) if each in self.stages), "")


def place(source: Source, name: str, cluster: "Cluster", folders: set[str], root: str) -> Place:
    """Where the tree of a cluster lies.

    Args:
        cluster: the declaration with its defaults filled in.
        folders: stages that hold anything.
        root: folder above the clusters' within the tree.

    Raises:
        BadInput: keys that exclude or need each other.
    """
    declared = {**shape.load().defaults("GitOps"), **mapping(source.data.get("gitops"))}
    repository, artifact = str(declared.get("repository") or ""), str(declared.get("artifact") or "")

    def refuse(key: str, message: str) -> None:
        raise BadInput(source.at(["gitops", key], message))

    if repository and artifact:
        refuse("artifact", "excludes repository, as one tree has one source; keep one of the two")
    if repository and cluster["gitops"] == "flux" and not repository.startswith(_FLUX_READS):
        text = (
            f"Flux, which cluster {name} has, takes http://, https:// and ssh:// only, so it would refuse the source; "
            "write ssh://git@host/path in place of git@host:path, and serve a folder by one of these"
        )
        refuse("repository", text)
    revision = str(cluster.get("revision") or declared.get("revision") or "")
    if artifact and revision.startswith("sha256:") and cluster["gitops"] == "argocd":
        text = (
            f"Argo CD reads its Applications of cluster {name} from the artifact itself, which cannot name its own "
            "digest; name a tag"
        )
        refuse("artifact", text)
    if artifact and not revision:
        refuse(
            "artifact", "needs a revision, or what runs would change with whatever is pushed next; name tag or digest"
        )
    if declared.get("cosign") and not artifact:
        refuse("cosign", "verifies an artifact, and the tree lies in a repository; drop it, or name an artifact")
    if (declared.get("cosign") or declared.get("secret")) and cluster["gitops"] == "argocd" and not _has_flux(source):
        key = "cosign" if declared.get("cosign") else "secret"
        refuse(key, "is read by Flux only, and no cluster has gitops: flux; Argo CD keeps its own credentials, drop it")
    engine = str(cluster["gitops"])
    followed = str(declared.get("revision") or "main")
    path = str(declared.get("path") or ("." if artifact else "manifests"))
    return Place(
        cluster=name,
        engine=engine,
        repository=repository,
        artifact=artifact,
        revision=revision or "main",
        branch=followed if "revision" in cluster and repository and kind_of_revision(followed) == "branch" else "",
        root=f"{path.strip('/')}/{root}/{name}".removeprefix("./"),
        namespace=str(declared.get("namespace") or ENGINES[engine].namespace),
        server=str(cluster.get("server") or ""),
        secret=str(declared.get("secret") or ""),
        cosign=str(declared.get("cosign") or ""),
        interval=str(declared["interval"]),
        hub="members" in cluster,
        stages=tuple(stage for stage in STAGES if stage in folders),
    )


def kind_of_revision(revision: str) -> str:
    """Flux wants to know what a revision is: a commit by its form, a tag by the form of a version, else a branch."""
    if len(revision) == 40 and all(each in "0123456789abcdef" for each in revision):
        return "commit"
    if revision.startswith("refs/"):
        return "name"
    return "tag" if revision[:1] == "v" and revision[1:2].isdigit() else "branch"


def _has_flux(source: Source) -> bool:
    return any(mapping(each).get("gitops") == "flux" for each in mapping(source.data["clusters"]).values())
