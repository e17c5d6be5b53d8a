"""What is lost when an object is deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from kaitops.change.changes import Edit, Outcome
from kaitops.change.pair import Target
from kaitops.documents.plain import at, mapping

_KEEP = (
    "to keep it, put it back, or annotate it so that the GitOps tool leaves it: Argo CD Prune=false, "
    "Flux prune: disabled"
)
_LOST = {
    "Workspace": "the model stops serving, its machines are given back and weights on their disks are gone",
    "InferenceSet": "all its replicas stop serving and their machines are given back",
    "MultiRoleInference": "both its roles stop serving and their machines are given back",
    "RAGEngine": "queries stop; an index that is not on a volume of yours or in a database is lost",
    "ModelMirror": "its volume goes with it, so the downloaded weights are lost and every model that streams from it "
    "waits for a new download",
    "StatefulSet": "its pods stop, and volumes that its claims made may go with it",
    "NodePool": "its machines are drained and given back, whatever runs there",
    "PersistentVolumeClaim": "the volume goes with it where its class reclaims by deleting",
    "Namespace": "everything in the namespace is deleted, what is not in the tree included",
    "Secret": "pods that start from now on and read it do not start",
    "ConfigMap": "pods that start from now on and mount it do not start",
    "Job": "it stops where it is; what it has not written out is lost",
}


def edit(document: Mapping[str, Any], users: Mapping[Target, Sequence[str]]) -> Edit:
    """The deletion of an object.

    Args:
        users: what refers to each object of the base.
    """
    kind = str(document.get("kind"))
    lost = _LOST.get(kind, f"the {kind} is deleted")
    if kind == "Workspace" and at(document, "tuning") is not None:
        lost = "the tuning Job stops where it is; what it has not pushed out is lost, and its machines are given back"
    about = mapping(document.get("metadata"))
    target = (kind, str(about.get("namespace") or "default"), str(about.get("name")))
    using = users.get(target, ()) if kind in ("Secret", "ConfigMap", "PersistentVolumeClaim") else ()
    reason = "is no longer in the tree" + (f"; in the base {', '.join(using[:3])} refers to it" if using else "")
    return Edit(Outcome.DELETED, (), reason, lost, _KEEP)
