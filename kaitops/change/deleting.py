"""What is lost when an object is deleted."""

from collections.abc import Mapping, Sequence

from kaitops.change import guards
from kaitops.change.changes import Edit, Outcome
from kaitops.change.succeeding import Successors
from kaitops.documents.plain import Object, at, items, mapping
from kaitops.documents.ref import Local, Ref, namespace_of

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
    "ClusterResourcePlacement": "what it placed is deleted on every member of the hub",
    "Namespace": "everything in the namespace is deleted, what is not in the tree included",
    "Secret": "pods that start from now on and read it do not start",
    "ConfigMap": "pods that start from now on and mount it do not start",
    "Job": "it stops where it is; what it has not written out is lost",
}


_HOOKS = ("argocd.argoproj.io/hook", "helm.sh/hook")
_OPTIONS = "argocd.argoproj.io/sync-options"
# What is not as good as before where it was away for a moment; a Job is replaced in this way as a rule.
_HELD = _LOST.keys() - {"Secret", "ConfigMap", "Job"}
# Definitions, which Helm and Argo CD make first and keep.
_KEPT = "crd-install"


def hook(document: Object) -> str:
    """The annotation by which an object is a hook: made at its time, and deleted again; empty where it has none."""
    notes = mapping(at(document, "metadata", "annotations"))
    return next((key for key in _HOOKS if notes.get(key) not in (None, _KEPT)), "")


def _is_forced(document: Object) -> bool:
    """Argo CD deletes it at each sync and makes it anew, and that loses something."""
    options = str(at(document, "metadata", "annotations", _OPTIONS) or "").split(",")
    return document.get("kind") in _HELD and {"Force=true", "Replace=true"} <= {one.strip() for one in options}


def hooked(
    old: Object,
    new: Object,
    users: Mapping[Local, Sequence[str]],
    base: Sequence[Object],
    head: Sequence[Object],
) -> Edit | None:
    """An object that becomes a hook, or is replaced by force: it is deleted, if only to be made anew; else None.

    Args:
        users: what refers to each object of the base.
        base: all objects of it.
        head: all objects of it that are no hooks.
    """
    key, why = hook(new), _HOOKED
    if not key and _is_forced(new) and not _is_forced(old):
        key, why = _OPTIONS, _FORCED
    if not key or hook(old):
        return None
    found = edit(old, users, base, head, why)
    remedy = found.remedy if found.lowers else "drop the annotation"
    return found._replace(path=("metadata", "annotations", key), remedy=remedy)


def placed(document: Object) -> list[str]:
    """The namespaces that KubeFleet places on the members of a hub by an object."""
    if document.get("kind") != "ClusterResourcePlacement":
        return []
    chosen = map(mapping, items(at(document, "spec", "resourceSelectors")))
    return [str(one.get("name")) for one in chosen if one.get("kind") == "Namespace"]


def displaced(old: Object, new: Object, base: Sequence[Object]) -> Edit | None:
    """Namespaces with models that a placement leaves out from now on; None where there are none."""
    left = [space for space in placed(old) if space not in placed(new)]
    for space in left:
        if served := _models(base, space):
            reason = f"places Namespace {space} no more; in the base {', '.join(served[:3])} run in it"
            path = ("spec", "resourceSelectors")
            return Edit(Outcome.DELETED, path, reason, _LOST["ClusterResourcePlacement"], _KEEP, grave=True)
    return None


_GONE = "is no longer deployed by the tree"
_FORCED = "is replaced by force: Argo CD deletes it and makes it anew at each sync"
_HOOKED = "becomes a hook, which is no part of what stays: it is deleted, and made anew at the time of the hook alone"


def edit(
    document: Object,
    users: Mapping[Local, Sequence[str]],
    base: Sequence[Object] = (),
    head: Sequence[Object] = (),
    why: str = _GONE,
    successors: Successors | None = None,
) -> Edit:
    """The deletion of an object.

    Args:
        users: what refers to each object of the base.
        base, head: all objects of each.
        why: it is deleted.
        successors: of the objects of the change.
    """
    kind = str(document.get("kind"))
    lost = _LOST.get(kind, f"the {kind} is deleted")
    if kind == "Workspace" and at(document, "tuning") is not None:
        lost = "the tuning Job stops where it is; what it has not pushed out is lost, and its machines are given back"
    about = mapping(document.get("metadata"))
    spaces = [str(about.get("name"))] if kind == "Namespace" else placed(document)
    if served := [one for space in spaces for one in _models(base, space)]:
        more = f" and {len(served) - 3} more" if len(served) > 3 else ""
        reason = f"{why}; in the base {', '.join(served[:3])}{more} run in it"
        return Edit(
            Outcome.DELETED, (), reason, f"{lost}, and with it these models and their weights", _KEEP, grave=True
        )
    if lowered := guards.gone(document, head, why):
        return lowered
    using = users.get(Ref.of(document).local, ()) if kind in ("Secret", "ConfigMap", "PersistentVolumeClaim") else ()
    if using and successors is not None and (successor := successors.of(document, using)):
        then = f"nothing refers to it any more: {successor} takes its place"
        return Edit(Outcome.DELETED, (), why, then, expected=True)
    reason = why + (f"; in the base {', '.join(using[:3])} refers to it" if using else "")
    return Edit(Outcome.DELETED, (), reason, lost, _KEEP)


def left(document: Object, why: str) -> Edit:
    """An object that stays although the tree has it no more.

    Args:
        why: it does.
    """
    about = f"the {document.get('kind')} stays as it is, and no change of the tree reaches it any more"
    return Edit(Outcome.LEFT, (), f"{_GONE}, and {why}", about)


def _models(base: Sequence[Object], namespace: str) -> list[str]:
    """What serves or holds a model in a namespace: objects of KAITO, and workloads that ask for a GPU."""
    found: list[str] = []
    for one in base:
        if namespace_of(one) != namespace:
            continue
        group = str(one.get("apiVersion")).partition("/")[0]
        if group == "kaito.sh" or _asks_for_gpu(one):
            found.append(f"{one.get('kind')} {Ref.of(one).name}")
    return found


def _asks_for_gpu(document: Object) -> bool:
    template = at(document, "spec", "template", "spec") or (document.get("kind") == "Pod" and document.get("spec"))
    return any(
        any(str(key).endswith("/gpu") for key in mapping(at(container, "resources", part)))
        for container in items(mapping(template).get("containers"))
        for part in ("limits", "requests")
    )
