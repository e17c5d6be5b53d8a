"""What is lost when an object is deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from kaitops.change.changes import Edit, Outcome
from kaitops.documents.plain import at, mapping
from kaitops.references import references

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


def edit(document: Mapping[str, Any], base: Sequence[Mapping[str, Any]]) -> Edit:
    """The deletion of an object."""
    kind = str(document.get("kind"))
    lost = _LOST.get(kind, f"the {kind} is deleted")
    if kind == "Workspace" and at(document, "tuning") is not None:
        lost = "the tuning Job stops where it is; what it has not pushed out is lost, and its machines are given back"
    users = _users(document, base) if kind in ("Secret", "ConfigMap", "PersistentVolumeClaim") else []
    reason = "is no longer in the tree" + (f"; in the base {', '.join(users)} refers to it" if users else "")
    return Edit(Outcome.DELETED, (), reason, lost, _KEEP)


def _users(document: Mapping[str, Any], base: Sequence[Mapping[str, Any]]) -> list[str]:
    about = mapping(document.get("metadata"))
    wanted = (document.get("kind"), about.get("namespace") or "default", about.get("name"))
    return [
        f"{other['kind']} {other['metadata']['name']}"
        for other in base
        if any((one.kind, one.namespace, one.name) == wanted for one in references(other))
    ][:3]
