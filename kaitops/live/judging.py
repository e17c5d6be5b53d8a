"""What state a workload is in, from a snapshot of its cluster. Pure: asks nobody, keeps no time.

The object's own status gives a first verdict (:mod:`kaitops.health`); then the truth is looked for where it is. A rule
that finds a failure, or one that is decisive, overrules the status: KAITO's controllers watch no pods.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from kaitops import health
from kaitops.documents.plain import at, items
from kaitops.kaito import facts
from kaitops.live import machines
from kaitops.live.finding import Finding
from kaitops.live.rules import RULES
from kaitops.live.snapshot import Snapshot, condition, is_ready
from kaitops.live.view import View
from kaitops.live.workloads import workloads

Phase = Literal["healthy", "progressing", "degraded", "deleting", "absent", "unknown"]


@dataclass(frozen=True, slots=True)
class State:
    """What is the case with one workload.

    Attributes:
        phase: as of :mod:`kaitops.health`; ``absent`` where it is declared and not there, ``unknown`` where nobody
            could look.
        rule: that gave the phase: of :mod:`kaitops.live.rules`, or of health as ``status:NAME``.
        since: the moment from which on, as the API server writes it; empty where nothing tells.
        age: seconds from then until the look.
        ready: machines that are up.
        wanted: machines that it takes.
        endpoint: address inside of the cluster, empty where it has none.
        revision: that runs, and the declared one where it is another.
        finding: of the rule, None where the status alone decided.
        unread: why kinds could not be looked at, so that the state may be worse than said.
    """

    cluster: str
    kind: str
    namespace: str
    name: str
    phase: Phase
    rule: str
    cause: str
    since: str = ""
    age: float | None = None
    ready: int = 0
    wanted: int = 0
    size: str = ""
    endpoint: str = ""
    revision: str = ""
    finding: Finding | None = None
    unread: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        """Kind, namespace and name, for people."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"


_DECISIVE = frozenset(rule.id for rule in RULES if rule.decisive)
_ASKING = frozenset(rule.id for rule in RULES if rule.asks)


def judge(snapshot: Snapshot, version: str | None = None) -> list[State]:
    """The states of all workloads of a snapshot.

    Args:
        version: of KAITO; the newest that all is known of where None.
    """
    known = version or facts.newest()
    return [judge_one(view) for view in workloads(snapshot, known)]


def judge_one(view: View) -> State:
    """The state of one workload; of sets and roles, with their children looked at first."""
    children = [judge_one(one) for one in view.children]
    phase, rule, cause, since, found = _verdict(view, children)
    up = sum(one.ready for one in children) if children else _ready(view)
    return State(
        view.snapshot.cluster,
        view.kind,
        view.namespace,
        view.name,
        phase,
        rule,
        cause,
        since,
        view.snapshot.age(since),
        up,
        machines.wanted(view),
        machines.size(view) or next((one.size for one in children if one.size), ""),
        endpoint(view),
        _revision(view),
        found,
        tuple(dict.fromkeys(view.snapshot.unread.values())),
    )


def findings(view: View) -> Iterator[Finding]:
    """All that rules find of a workload itself, in their order; of what is being deleted, those that are about that."""
    leaving = view.leaving
    return (one for rule in RULES if rule.of_deletion == leaving and (one := rule.look(view)) is not None)


def _verdict(view: View, children: list[State]) -> tuple[Phase, str, str, str, Finding | None]:
    said = _status(view)
    if said.phase == "deleting":
        stuck = next(findings(view), None)
        if stuck is not None:
            return stuck.phase, stuck.rule, stuck.cause, stuck.since, stuck
        return "deleting", "deleting", _held(view), str(at(view.obj, "metadata", "deletionTimestamp") or ""), None
    first: Finding | None = None
    found = findings(view)
    for one in found:
        if one.rule in _ASKING:
            one = _explained(one, found)
        first = first or one
        if one.phase == "degraded" or one.rule in _DECISIVE:
            return one.phase, one.rule, one.cause, one.since, one
    for worst in ("degraded", "progressing"):
        child = next((one for one in children if one.phase == worst), None)
        if child is not None and (worst == "degraded" or said.phase != "degraded"):
            text = f"{child.kind} {child.name}: {child.cause}{_others(view, children)}"
            return child.phase, child.rule, text, child.since, child.finding
    since = _since(view)
    if said.phase == "progressing" and first is not None:
        return said.phase, first.rule, first.cause, first.since or since, first
    return said.phase, f"status:{said.reason}", said.message, since, None


def _explained(one: Finding, later: Iterator[Finding]) -> Finding:
    """A failure with the cause that another rule finds of it."""
    why = next((each for each in later if each.phase == "degraded" and each.rule != "crash"), None)
    if why is None:
        return one
    return replace(
        one,
        cause=f"{one.cause}: {why.cause}",
        evidence=(*one.evidence, *(text for text in why.evidence if text not in one.evidence)),
        remedy=tuple(dict.fromkeys((*why.remedy, *one.remedy))),
    )


def _others(view: View, children: list[State]) -> str:
    """How many replicas or roles serve beside one that does not."""
    if len(children) < 2:
        return ""
    serving = sum(one.phase == "healthy" for one in children)
    return f"; {serving} of {len(children)} {'roles' if view.kind == 'MultiRoleInference' else 'replicas'} serve"


def _status(view: View) -> health.Verdict:
    """What the object's own status says."""
    if view.said is not None:
        return view.said
    if view.leaving:
        return health.Verdict("deleting", "deleting", "Being deleted")
    if view.kind == "Job":
        done = condition(view.obj, "Complete").get("status") == "True"
        return health.Verdict("healthy", "ready", "Ready") if done else health.Verdict("progressing", "pending", "runs")
    wanted, ready = at(view.obj, "spec", "replicas"), at(view.obj, "status", "readyReplicas") or 0
    wanted = 1 if wanted is None else wanted
    if isinstance(wanted, int) and isinstance(ready, int) and wanted and ready >= wanted:
        return health.Verdict("healthy", "ready", "Ready")
    return health.Verdict("progressing", "pending", f"Not ready yet: {ready} of {wanted} pods serve")


def _held(view: View) -> str:
    names = ", ".join(str(one) for one in items(at(view.obj, "metadata", "finalizers")))
    return f"being deleted; held by {names}" if names else "being deleted"


def _since(view: View) -> str:
    """When its state last changed, by the condition that tells ready."""
    for kind in ("WorkspaceSucceeded", "RAGEngineSucceeded", "InferenceSetReady", "Ready", "Complete"):
        found = view.condition(kind)
        if found.get("lastTransitionTime"):
            return str(found["lastTransitionTime"])
    times: list[Any] = [condition(one, "Ready").get("lastTransitionTime") for one in view.pods]
    return max((str(one) for one in times if one), default=str(at(view.obj, "metadata", "creationTimestamp") or ""))


def _ready(view: View) -> int:
    """Machines that are up; where nodes were not read, the machines that KAITO lists while it calls them ready."""
    if view.snapshot.knows("Node") or view.claims:
        up = {str(at(one, "metadata", "name")) for one in view.nodes if is_ready(one)}
        return len(up) if view.snapshot.knows("Node") else sum(is_ready(one) for one in view.claims)
    workers = items(at(view.obj, "status", "workerNodes"))
    return len(workers) if view.condition("NodesReady").get("status") == "True" else 0


def endpoint(view: View) -> str:
    """The address inside of the cluster: of its Service where that was read, of KAITO's rule elsewhere."""
    if view.kind == "InferenceSet":
        return endpoint(view.children[0]) if view.children else ""
    if view.tuning or view.kind in ("Job", "ModelMirror", "MultiRoleInference"):
        return ""
    service = view.snapshot.find("Service", view.namespace, view.name)
    if service is None and view.snapshot.knows("Service"):
        return ""
    path = "" if view.kind in ("RAGEngine", "Deployment") else "/v1"
    return f"http://{view.name}.{view.namespace}.svc{path}"


def _revision(view: View) -> str:
    mine, its = (
        next(
            (str(found) for key in _REVISIONS if (found := at(one, "metadata", "annotations", key))),
            "",
        )
        for one in (view.obj, view.controller or {})
    )  # fmt: skip
    old, new = (at(view.controller, "status", key) for key in ("currentRevision", "updateRevision"))
    if mine and its and mine != its:
        return f"{its}, declared {mine}"
    if isinstance(old, str) and isinstance(new, str) and old != new:
        return f"{old.rpartition('-')[2]}, declared {new.rpartition('-')[2]}"
    return mine or its or (new.rpartition("-")[2] if isinstance(new, str) else "")


_REVISIONS = ("workspace.kaito.io/revision", "inferenceset.kaito.io/revision", "ragengine.kaito.io/revision")
