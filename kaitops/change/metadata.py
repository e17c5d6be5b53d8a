"""Labels and annotations that change: which of them KAITO reads, and when.

Source: the readers of each annotation in KAITO's controllers. All of them are read when a workload is made; none is
part of the revision that makes a controller look at a running one again.
"""

from kaitops.change.changes import Edit, Outcome
from kaitops.change.fields import ABSENT, differences
from kaitops.change.pair import Pair
from kaitops.documents.plain import mapping

_SERVICE = "a Service is never updated once it is there"
_WORKLOAD = "it is read when the workload is made, and is no part of the revision that makes KAITO look again"
_CREATE = "it is read when the object is created and never again"
_ANNOTATIONS = {
    "kaito.sh/enablelb": (_SERVICE, "delete the Service, and KAITO makes it anew within one reconcile"),
    "kaito.sh/bypass-resource-checks": (_CREATE, "set it before the object is created"),
    "kaito.sh/node-image-family": ("it is read when nodes are made", "delete the nodes one by one to have them anew"),
    "kaito.sh/node-class-name": ("it is read when nodes are made", "delete the NodePool to have the nodes anew"),
}
_REMEDY = "delete the StatefulSet, and KAITO makes it anew from the object as it is then (the model is down meanwhile)"
_PREFIXES = ("kaito.sh/", "inference.kaito.sh/")
_ROLE = "kaito.sh/inference-role"


def edits(pair: Pair) -> list[Edit]:
    """One edit for each label or annotation that differs."""
    before, after = mapping(pair.base.get("metadata")), mapping(pair.head.get("metadata"))
    found: list[Edit] = []
    for part in ("annotations", "labels"):
        for (key, *_), old, _new in differences(dict(mapping(before.get(part))), dict(mapping(after.get(part)))):
            found.append(_edit(pair, part, str(key), old))
    before_rest, after_rest = (
        {key: part for key, part in about.items() if key not in _SEEN} for about in (before, after)
    )
    found += [
        Edit(Outcome.UPDATED, ("metadata", *path), "metadata of the object", "it is written; no pod stops")
        for path, _, _ in differences(before_rest, after_rest)
    ]
    return found


_SEEN = {"annotations", "labels", "name", "namespace"}


def _edit(pair: Pair, part: str, key: str, old: object) -> Edit:
    path = ("metadata", part, key)
    known = part == "annotations" and key.startswith(_PREFIXES)
    if (known or key == _ROLE) and pair.is_declared:
        if pair.head["kind"] == "MultiRoleInference":
            reason, remedy = "it is copied to the roles, whose replicas are not made anew", _CHILDREN
        elif pair.head["kind"] == "InferenceSet":
            reason, remedy = "a replica is made with it, and is not made anew when it changes", _CHILDREN
        else:
            reason, remedy = _ANNOTATIONS.get(key, (_WORKLOAD, _REMEDY))
            if pair.head.get("tuning") is not None:
                remedy = remedy.replace("StatefulSet", "Job").replace("the model is down", "training starts over")
        was = "is set" if old is ABSENT else "changes"
        consequence = "what runs stays as it is"
        return Edit(Outcome.IGNORED, path, f"the {part[:-1]} {was}, but {reason}", consequence, remedy)
    return Edit(Outcome.UPDATED, path, f"{part[:-1]} of the object", "it is written; no pod stops")


_CHILDREN = "delete the child Workspaces one at a time, each after the last is ready: they come back with the new one"
