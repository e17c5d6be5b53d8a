"""Edits to objects that are not KAITO's: what Kubernetes refuses, what restarts pods, what nobody reads again.

Source: the update validation of Kubernetes for each kind. Kinds that are not listed are written and no more is said.
"""

from collections.abc import Callable, Mapping

from kaitops.change.changes import STEPS, Edit, Outcome
from kaitops.change.fields import becomes, differences, value
from kaitops.change.pair import Pair
from kaitops.documents.plain import MutableObject, Path, at
from kaitops.documents.ref import Ref
from kaitops.kaito.kubernetes import quantity

_ANEW = f"give the object a new name ({STEPS}), or delete it and let it be created anew, and what runs in it is down"
# What may change in the spec of a kind after creation; all else is refused. From Kubernetes 1.36.
_MUTABLE: Mapping[str, frozenset[str]] = {
    "StatefulSet": frozenset(
        {"replicas", "ordinals", "template", "updateStrategy", "persistentVolumeClaimRetentionPolicy",
         "minReadySeconds", "revisionHistoryLimit"}
    ),
    "Job": frozenset(
        {"suspend", "parallelism", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
         "maxFailedIndexes", "backoffLimitPerIndex"}
    ),
    "PersistentVolumeClaim": frozenset({"resources", "volumeAttributesClassName"}),
    "NodeClaim": frozenset(),
}  # fmt: skip
_TOP_IMMUTABLE: Mapping[str, frozenset[str]] = {
    "StorageClass": frozenset({"provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"}),
    "Secret": frozenset({"type"}),
}
_RESTARTING = {"StatefulSet", "Deployment", "DaemonSet"}


def rule(kind: str) -> Callable[[Pair], list[Edit]]:
    """The rule of a kind."""
    return _configuration if kind in ("ConfigMap", "Secret") else _object


def _object(pair: Pair) -> list[Edit]:
    kind = str(pair.head["kind"])
    return [_edit(pair, kind, path, old, new) for path, old, new in differences(*_bodies(pair))]


def _edit(pair: Pair, kind: str, path: Path, old: object, new: object) -> Edit:
    if _immutable(kind, path):
        reason = f"Kubernetes refuses the change from {value(old)} to {value(new)}: the field of a {kind} is immutable"
        return Edit(Outcome.REFUSED, path, reason, "the object stays as it is and the sync fails", _ANEW, True)
    if kind in _RESTARTING and path[:2] == ("spec", "template"):
        gpu = bool(at(pair.head, "spec", "template", "spec"))
        then = "the pods are replaced one after another" + (", and each loads what it serves again" if gpu else "")
        return Edit(Outcome.RESTARTED, path, f"{becomes(new)}, which is part of the pod template", then)
    if kind == "NodePool" and path[:2] == ("spec", "template"):
        reason = f"{becomes(new)}, so Karpenter finds every machine of the pool drifted"
        return Edit(
            Outcome.RESTARTED, path, reason, "the machines are replaced, and weights load again on the new ones",
            anew=True,
        )  # fmt: skip
    if kind == "PersistentVolumeClaim" and path == ("spec", "resources", "requests", "storage"):
        return _claim(path, old, new)
    if path[:2] == ("spec", "replicas"):
        return Edit(Outcome.UPDATED, path, becomes(new), f"it was {value(old)}; the others are not touched")
    return Edit(Outcome.UPDATED, path, becomes(new), "it is written; no pod stops")


def _claim(path: Path, old: object, new: object) -> Edit:
    before, after = quantity.read(old), quantity.read(new)
    if before is not None and (after is None or after < before):
        reason = f"Kubernetes refuses the change from {value(old)} to {value(new)}: a claim never shrinks"
        remedy = "put the size back, or move what it holds to a new, smaller claim"
        return Edit(Outcome.REFUSED, path, reason, "the claim keeps its size and the sync fails", remedy)
    then = "the volume grows where its class allows that (allowVolumeExpansion); else the edit is refused"
    return Edit(Outcome.UPDATED, path, becomes(new), then)


def _immutable(kind: str, path: Path) -> bool:
    if path[:1] == ("spec",) and kind in _MUTABLE:
        return len(path) > 1 and path[1] not in _MUTABLE[kind]
    if kind in ("Deployment", "DaemonSet") and path[:2] == ("spec", "selector"):
        return True
    if kind == "Service" and path[:2] == ("spec", "clusterIP"):
        return True
    return bool(path) and path[0] in _TOP_IMMUTABLE.get(kind, ())


def _configuration(pair: Pair) -> list[Edit]:
    kind = str(pair.head["kind"])
    users = pair.after.users.get(Ref.of(pair.head).local, ())
    immutable = pair.base.get("immutable") is True
    found: list[Edit] = []
    for path, _old, _new in differences(*_bodies(pair)):
        if immutable or (kind == "Secret" and path[:1] == ("type",)):
            fact = "the object is marked immutable" if immutable else "the type of a Secret cannot change"
            found.append(Edit(Outcome.REFUSED, path, fact, "the sync of it fails", _ANEW, True))
        elif users:
            reason = f"{', '.join(users[:3])} reads it when its pods start; nothing watches the content"
            remedy = f"give the {kind} a new name, such as one with a hash of its content, and refer to that"
            found.append(Edit(Outcome.IGNORED, path, reason, "what runs stays as it is", remedy))
        else:
            found.append(Edit(Outcome.UPDATED, path, "no object of the tree refers to it", "it is written"))
    return found


def _bodies(pair: Pair) -> tuple[MutableObject, MutableObject]:
    before, after = (
        {key: part for key, part in document.items() if key not in ("metadata", "status", "apiVersion", "kind")}
        for document in (pair.base, pair.head)
    )
    return before, after
