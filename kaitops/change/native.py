"""Edits to objects that are not KAITO's: what Kubernetes refuses, what restarts pods, what nobody reads again.

Source: the update validation of Kubernetes for each kind. Kinds that are not listed are written and no more is said.
"""

from collections.abc import Callable, Mapping

from kaitops.change.changes import STEPS, Edit, Outcome
from kaitops.change.fields import ABSENT, becomes, differences, value
from kaitops.change.pair import Pair
from kaitops.documents.plain import MutableObject, Object, Path, at, items, mapping
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
         "maxFailedIndexes", "backoffLimitPerIndex", "podReplacementPolicy", "manualSelector"}
    ),
    "PersistentVolumeClaim": frozenset({"resources", "volumeAttributesClassName"}),
    "NodeClaim": frozenset(),
}  # fmt: skip
_SELECTOR: tuple[Path, ...] = (("spec", "selector"),)
# The other way round for kinds of which most may change: what may not.
_FIXED: Mapping[str, tuple[Path, ...]] = {
    "StorageClass": (("provisioner",), ("parameters",), ("reclaimPolicy",), ("volumeBindingMode",)),
    "VolumeAttributesClass": (("driverName",), ("parameters",)),
    "PriorityClass": (("value",), ("preemptionPolicy",)),
    "RuntimeClass": (("handler",),),
    "RoleBinding": (("roleRef",),),
    "ClusterRoleBinding": (("roleRef",),),
    "EndpointSlice": (("addressType",),),
    "IngressClass": (("spec", "controller"),),
    "CSIDriver": (("spec", "attachRequired"), ("spec", "volumeLifecycleModes")),
    "ResourceQuota": (("spec", "scopes"),),
    "Service": (("spec", "clusterIP"), ("spec", "ipFamilies", 0)),
    "NodePool": (
        ("spec", "template", "spec", "nodeClassRef", "group"),
        ("spec", "template", "spec", "nodeClassRef", "kind"),
    ),
    **dict.fromkeys(("Deployment", "DaemonSet", "ReplicaSet"), _SELECTOR),
}
# What stands for a field that is left out, so that writing it changes nothing.
_DEFAULTS: Mapping[tuple[str, str], object] = {
    ("StorageClass", "reclaimPolicy"): "Delete",
    ("StorageClass", "volumeBindingMode"): "Immediate",
    ("PriorityClass", "preemptionPolicy"): "PreemptLowerPriority",
    ("CSIDriver", "attachRequired"): True,
    ("CSIDriver", "volumeLifecycleModes"): ["Persistent"],
    ("StatefulSet", "podManagementPolicy"): "OrderedReady",
    ("PersistentVolume", "volumeMode"): "Filesystem",
    ("PersistentVolumeClaim", "volumeMode"): "Filesystem",
    ("Job", "completionMode"): "NonIndexed",
    ("Pod", "restartPolicy"): "Always",
    ("Pod", "dnsPolicy"): "ClusterFirst",
    ("Pod", "terminationGracePeriodSeconds"): 30,
    ("Pod", "enableServiceLinks"): True,
    ("Pod", "schedulerName"): "default-scheduler",
}
# Of a volume all may change that does not say which disk it is, and which nodes reach it.
_OF_VOLUMES = frozenset(
    {"accessModes", "capacity", "claimRef", "mountOptions", "persistentVolumeReclaimPolicy", "storageClassName",
     "volumeAttributesClassName"}
)  # fmt: skip
_ADDED_LATER = frozenset({"controllerExpandSecretRef", "nodeExpandSecretRef"})
_OF_PODS = frozenset({"activeDeadlineSeconds", "schedulingGates"})
_RESTARTING = {"StatefulSet", "Deployment", "DaemonSet"}


def rule(kind: str) -> Callable[[Pair], list[Edit]]:
    """The rule of a kind."""
    return _configuration if kind in ("ConfigMap", "Secret") else _object


def _object(pair: Pair) -> list[Edit]:
    kind = str(pair.head["kind"])
    return [
        _edit(pair, kind, path, old, new)
        for path, old, new in differences(*_bodies(pair))
        if not _is_default(kind, path, old, new)
    ]


def _is_default(kind: str, path: Path, old: object, new: object) -> bool:
    """What is said is what stands there where nothing is said."""
    default = _DEFAULTS.get((kind, str(path[-1]))) if 0 < len(path) < 3 else None
    one, other = (default if value_ is ABSENT else value_ for value_ in (old, new))
    return default is not None and one == other


def _edit(pair: Pair, kind: str, path: Path, old: object, new: object) -> Edit:
    if _immutable(pair, kind, path, old, new):
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


def _immutable(pair: Pair, kind: str, path: Path, old: object, new: object) -> bool:
    if any(path[: len(fixed)] == fixed for fixed in _FIXED.get(kind, ())):
        return True
    if path[:1] != ("spec",) or len(path) < 2:
        return False
    if kind == "Service" and path[1] == "loadBalancerClass":
        # Set with the type and gone with it.
        return at(pair.base, "spec", "type") == at(pair.head, "spec", "type") == "LoadBalancer"
    if kind == "Pod":
        return _of_a_pod(path, old, new)
    if kind == "PersistentVolume":
        late = path[1] == "nodeAffinity" and at(pair.base, "spec", "nodeAffinity") is None
        return path[1] not in _OF_VOLUMES and not late and _ADDED_LATER.isdisjoint(map(str, path))
    if kind == "Job" and path == ("spec", "completions") and at(pair.head, "spec", "completionMode") == "Indexed":
        return new != at(pair.head, "spec", "parallelism")
    return kind in _MUTABLE and path[1] not in _MUTABLE[kind]


def _of_a_pod(path: Path, old: object, new: object) -> bool:
    """Of a pod that runs images may change, and tolerations be added."""
    if path[1] in _OF_PODS or (path[1] in ("containers", "initContainers") and path[3:] == ("image",)):
        return False
    if path[1] == "tolerations":
        if len(path) == 2 and (old is ABSENT or isinstance(new, list)):
            kept = [_without_time(one) for one in items(new)]
            return any(_without_time(one) not in kept for one in items(old))
        return path[3:] != ("tolerationSeconds",)
    return True


def _without_time(toleration: object) -> Object:
    return {key: part for key, part in mapping(toleration).items() if key != "tolerationSeconds"}


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
