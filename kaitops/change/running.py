"""What a controller patches in a running workload, and what it leaves, found by expanding both states.

Source: ``pkg/workspace/controllers/workspace_controller.go`` and ``pkg/ragengine/controllers``. On a new revision a
preset's StatefulSet gets its environment, mounts, init containers and volumes; a tuning Job is made anew; a RAGEngine's
Deployment gets its environment; a template's workload and Services get nothing.
"""

from collections.abc import Sequence

from kaitops.change.changes import Edit, Outcome
from kaitops.change.fields import becomes, differences
from kaitops.change.pair import Around, Pair
from kaitops.documents.plain import Object, Path, at, items
from kaitops.kaito.kubernetes.cluster import Seen
from kaitops.references import stand_ins

_ANEW = "delete the StatefulSet, and KAITO makes it anew from the object as it is then (the model is down meanwhile)"
_PATCHED = (("env",), ("volumeMounts",))
_LOADS = "the pods are replaced one after another and each loads its weights again; the model is down meanwhile"


def workspace(pair: Pair) -> list[Edit]:
    """The edits of a Workspace."""
    changed = pair.edits()
    if not changed:
        return []
    if at(pair.head, "tuning") is not None:
        return [_tuning(path, new) for path, _, new in changed]
    if at(pair.head, "inference", "template") is not None:
        return [_inert(path, new, "KAITO never updates the workload of a template", _ANEW) for path, _, new in changed]
    found = [_resource(path, new) for path, _, new in changed if path[0] == "resource"]
    changed = [each for each in changed if each[0][0] != "resource"]
    before, after = _workloads(pair, "StatefulSet") if changed else (None, None)
    if before is None or after is None:
        return found + [_unclear(path, new) for path, _, new in changed]
    patched = [*_container(before, after, _PATCHED), *_pod(before, after, ("initContainers", "volumes"))]
    left = sorted(set(_container(before, after, ())) - set(patched)) + _pod(before, after, ("replicas",))
    return found + [_inference(path, new, patched, left) for path, _, new in changed]


def ragengine(pair: Pair) -> list[Edit]:
    """The edits of a RAGEngine."""
    changed = pair.edits()
    before, after = _workloads(pair, "Deployment")
    if before is None or after is None:
        return [_unclear(path, new) for path, _, new in changed]
    environment = bool(_container(before, after, (("env",),)))
    return [_rag(path, new, environment=environment) for path, _, new in changed]


def _rag(path: Path, new: object, *, environment: bool) -> Edit:
    effective = environment and _reaches_environment(path)
    mounted = path[:2] in (("spec", "storage"), ("spec", "guardrails"))
    if effective and not mounted:
        then = "its one pod is replaced; an index that is not on a volume is lost with it"
        return Edit(Outcome.RESTARTED, path, f"{becomes(new)}, which is in the pod's environment", then)
    reason = "KAITO updates the environment of a running RAGEngine and nothing else"
    remedy = "delete the Deployment, and KAITO makes it anew (an index that is not on a volume is lost)"
    if effective:
        then = "the pod restarts with the new environment, and no volume is mounted, changed or removed"
        return Edit(Outcome.IGNORED, path, f"{becomes(new)}, but {reason}", then, remedy)
    return _inert(path, new, reason, remedy)


def _reaches_environment(path: Path) -> bool:
    # The address and secret of a remote embedding are passed to nobody.
    return path[:2] != ("spec", "compute") and path[:3] != ("spec", "embedding", "remote")


def _tuning(path: Path, new: object) -> Edit:
    if path[0] == "resource":
        return _inert(path, new, "nothing reads it for a Job that exists", "")
    then = "KAITO deletes the tuning Job and starts it from the beginning; what was trained so far is lost"
    return Edit(Outcome.RESTARTED, path, f"{becomes(new)}, which makes a new revision", then, anew=True)


def _resource(path: Path, new: object) -> Edit:
    if path[1:2] == ("preferredNodes",):
        return _inert(path, new, "no controller reads preferredNodes", "remove the field")
    return _inert(path, new, "nodes are counted and chosen once, when the object is new", "")


def _inference(path: Path, new: object, patched: list[str], left: list[str]) -> Edit:
    if not patched:
        return _inert(path, new, "none of what KAITO patches in a running workload differs", _ANEW if left else "")
    reason = f"{becomes(new)}, which changes {', '.join(patched)} of the running workload"
    if left:
        fact = f"{reason}, but KAITO leaves {', '.join(left)} as it was"
        then = "the pods are replaced and load their weights again, and still lack what the rest would have changed"
        return Edit(Outcome.IGNORED, path, fact, then, _ANEW)
    return Edit(Outcome.RESTARTED, path, reason, _LOADS)


def _inert(path: Path, new: object, fact: str, remedy: str) -> Edit:
    return Edit(Outcome.IGNORED, path, f"{becomes(new)}, but {fact}", "what runs stays as it is", remedy)


def _unclear(path: Path, new: object) -> Edit:
    reason = f"{becomes(new)}; what KAITO makes of the object cannot be worked out, before or after"
    return Edit(Outcome.RESTARTED, path, reason, "reckon with the pods being replaced and weights loading again")


def _workloads(pair: Pair, kind: str) -> tuple[Object | None, Object | None]:
    return _workload(pair, pair.base, pair.before, kind), _workload(pair, pair.head, pair.after, kind)


def _workload(pair: Pair, document: Object, around: Around, kind: str) -> Object | None:
    made = pair.release.expand_in(Seen(around.cluster, document, stand_ins(document)), document, pair.settings)
    return next((each for each in made.objects if each["kind"] == kind), None)


def _container(before: Object, after: Object, keys: Sequence[Path]) -> list[str]:
    """The keys of the first container that differ; of all of them where none are named."""
    first, second = (items(at(each, "spec", "template", "spec", "containers"))[:1] for each in (before, after))
    found = [str(path[1]) for path, _, _ in differences(first, second) if len(path) > 1]
    wanted = {key[0] for key in keys}
    return sorted({key for key in found if not wanted or key in wanted})


def _pod(before: Object, after: Object, keys: Sequence[str]) -> list[str]:
    found: list[str] = []
    for key in keys:
        where = ("spec", key) if key == "replicas" else ("spec", "template", "spec", key)
        if at(before, *where) != at(after, *where):
            found.append(key)
    return found
