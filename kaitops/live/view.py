"""One workload among the objects of its cluster: what belongs to it, and the questions that rules ask of that."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kaitops import health
from kaitops.documents.plain import Object, at, items, mapping
from kaitops.kaito import facts
from kaitops.live.containers import GPU as GPU
from kaitops.live.containers import Container, of
from kaitops.live.kinds import CONTROLLERS
from kaitops.live.snapshot import Snapshot, condition, labels_of, name_of, namespace_of, owner_of, time_of, when

WORKSPACE, RAG, SET, ROLES = (
    "kaito.sh/workspace",
    "kaito.sh/ragengine",
    "inferenceset.kaito.sh/created-by",
    "multiroleinference.kaito.sh/created-by",
)
MIRROR = "kaito.sh/model-mirror-name"
_POOL = "karpenter.sh/nodepool"
_RAG_NAMESPACE, _WORKSPACE_NAMESPACE = "kaito.sh/ragenginenamespace", "kaito.sh/workspacenamespace"
_TROUBLES = ("NodeClaimReady", "NodesReady", "ResourceReady", "ModelMirrorReady", "InferenceReady", "StorageReady")
_CLOCKS = 60
"""Seconds by which the clocks of two machines of a cluster may differ."""
_CHILD = {"InferenceSet": "Workspace", "MultiRoleInference": "InferenceSet"}


@dataclass
class View:
    """A workload with what belongs to it.

    Attributes:
        obj: the workload itself: of a kind of KAITO, or in plain mode a StatefulSet, Deployment or Job.
        version: of KAITO.
    """

    obj: Object
    snapshot: Snapshot
    version: str

    @property
    def kind(self) -> str:
        """Of the object."""
        return str(self.obj.get("kind"))

    @property
    def name(self) -> str:
        """Of the object."""
        return name_of(self.obj)

    @property
    def namespace(self) -> str:
        """Of the object."""
        return namespace_of(self.obj)

    @property
    def place(self) -> str:
        """Where its pods are: a mirror belongs to no namespace, and its downloads to one."""
        return self.namespace or str(at(self.obj, "spec", "jobNamespace") or "")

    @property
    def subject(self) -> str:
        """Kind, namespace and name, for people."""
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    @property
    def entry(self) -> str:
        """The path in a fleet that declares it: of a replica or a role, that of what it is part of."""
        if self._label == RAG:
            section = "rag"
        elif self.kind == "ModelMirror":
            section = "mirrors"
        else:
            section = "tuning" if self.tuning else "models"
        name, made = self.name, self.obj
        while above := _above(made):
            name = above[1]
            found = self.snapshot.find(above[0], self.namespace, name)
            if found is None:
                break
            made = found
        return f"{section}.{name}"

    @property
    def leaving(self) -> bool:
        """It is being deleted."""
        return at(self.obj, "metadata", "deletionTimestamp") is not None

    @property
    def plain(self) -> bool:
        """Nothing of KAITO stands above it."""
        return self.kind in CONTROLLERS

    @property
    def tuning(self) -> bool:
        """It is a tuning job."""
        return "tuning" in self.obj

    def condition(self, kind: str) -> Object:
        """A condition of the object, empty where there is none."""
        return self._conditions.get(kind) or mapping(None)

    @cached_property
    def _conditions(self) -> Mapping[str, Object]:
        # Every rule asks for some of them.
        found = map(mapping, items(at(self.obj, "status", "conditions")))
        return {str(one.get("type")): one for one in found}

    @cached_property
    def troubles(self) -> list[Object]:
        """The conditions that tell of a trouble of now, along the chain of steps."""
        if not self.status_counts:
            return []
        found = (self.condition(kind) for kind in _TROUBLES)
        return [one for one in found if one and one.get("status") != "True"]

    @cached_property
    def said(self) -> health.Verdict | None:
        """What the object's own status says; None in plain mode, where there is none of KAITO's."""
        return None if self.plain else health.judge(self.obj, self.version)

    @cached_property
    def status_counts(self) -> bool:
        """The status tells of a trouble of now: neither of one before an edit nor of one beside a serving model."""
        return self.said is None or not (self.said.phase == "healthy" or self.said.reason in ("behind", "deleting"))

    @cached_property
    def error(self) -> str:
        """The error of the controller's last reconcile, unless it is one of normal waiting."""
        if not self.status_counts:
            return ""
        known = facts.load(self.version, "health.json")
        for one in items(at(self.obj, "status", "conditions")):
            _, mark, text = str(at(one, "message") or "").partition(known["error"])
            if mark and not any(sign in text for sign in known["waiting"]["errors"]):
                return text.removesuffix(")")
        return ""

    @cached_property
    def children(self) -> "list[View]":
        """What KAITO made of it that is judged in its own right: replicas, roles."""
        kind = _CHILD.get(self.kind)
        found = self.snapshot.owned(kind, self.obj) if kind else []
        if kind and not found:
            label = SET if self.kind == "InferenceSet" else ROLES
            found = self.snapshot.labelled(kind, label, self.name, self.namespace)
        return [View(one, self.snapshot, self.version) for one in sorted(found, key=name_of)]

    @cached_property
    def controller(self) -> Object | None:
        """The StatefulSet, Deployment or Job that makes its pods."""
        if self.plain:
            return self.obj
        if self.kind == "ModelMirror":
            # Each download is a Job of its own; the last one is the one that matters.
            jobs = self.snapshot.labelled("Job", MIRROR, self.name, self.place)
            return max(jobs, key=lambda one: str(at(one, "metadata", "creationTimestamp")), default=None)
        for kind in CONTROLLERS:
            owned = self.snapshot.owned(kind, self.obj)
            if owned:
                return owned[0]
            found = self.snapshot.find(kind, self.namespace, self.name)
            # Without an owner it is a namesake of plain mode only where the template serves another workload.
            if found is not None and owner_of(found) is None and self._label in template_labels(found):
                return found
        return None

    @property
    def _label(self) -> str:
        return RAG if self.kind == "RAGEngine" or RAG in template_labels(self.obj) else WORKSPACE

    @cached_property
    def pods(self) -> list[Object]:
        """Its own pods; those of replicas and roles belong to these."""
        if self.kind in _CHILD or (self.kind == "ModelMirror" and self.controller is None):
            return []
        made = self.controller
        if made is not None:
            wanted = mapping(at(made, "spec", "selector", "matchLabels"))
            key = next((one for one in (WORKSPACE, RAG, *wanted) if one in wanted), "")
            if not key:
                return self.snapshot.owned("Pod", made)
            found = self.snapshot.labelled("Pod", key, str(wanted[key]), self.place)
            return sorted((one for one in found if wanted.items() <= labels_of(one).items()), key=name_of)
        return sorted(self.snapshot.labelled("Pod", self._label, self.name, self.namespace), key=name_of)

    @cached_property
    def unready(self) -> list[Object]:
        """The pods that neither serve, nor are done, nor are on their way out."""
        found = [
            one
            for one in self.pods
            if at(one, "status", "phase") != "Succeeded"
            and condition(one, "Ready").get("status") != "True"
            and at(one, "metadata", "deletionTimestamp") is None
        ]
        wanted = at(self.controller, "spec", "replicas")
        serving = sum(condition(one, "Ready").get("status") == "True" for one in self.pods)
        if isinstance(wanted, int) and serving >= wanted:
            # What failed was replaced, and lies there until it is collected.
            return [one for one in found if at(one, "status", "phase") != "Failed"]
        return found

    def containers(self, pods: list[Object] | None = None) -> Iterator[Container]:
        """The containers of pods, initial ones first.

        Args:
            pods: those that do not serve, where None.
        """
        for pod in self.unready if pods is None else pods:
            yield from of(pod)

    def log(self, pod: Object) -> str:
        """The end of the log of a pod's server, empty where it was not read."""
        return self.snapshot.logs.get((namespace_of(pod), name_of(pod)), "")

    @cached_property
    def claims(self) -> list[Object]:
        """The NodeClaims that were made for it."""
        label, space = (RAG, _RAG_NAMESPACE) if self.kind == "RAGEngine" else (WORKSPACE, _WORKSPACE_NAMESPACE)
        by_name = self.snapshot.labelled("NodeClaim", label, self.name)
        direct = [one for one in by_name if labels_of(one).get(space, self.namespace) == self.namespace]
        pooled = self.snapshot.labelled("NodeClaim", _POOL, self.pool_name)
        return sorted([*direct, *(one for one in pooled if one not in direct)], key=name_of)

    @property
    def pool_name(self) -> str:
        """The name of the NodePool that is made for it."""
        return f"{self.namespace}-{self.name}"

    @cached_property
    def pool(self) -> Object | None:
        """Its NodePool."""
        return self.snapshot.find("NodePool", "", self.pool_name)

    @cached_property
    def claim_events(self) -> list[Object]:
        """What was reported of its NodeClaims, those that are gone among them, oldest first."""
        names = {name_of(one) for one in self.claims}
        # A claim that Karpenter took back is told by its name alone: the pool's and a random end.
        start = f"{self.pool_name}-"
        return [
            event
            for name, event in self.snapshot.events_of("NodeClaim")
            if name in names or (name.startswith(start) and "-" not in name.removeprefix(start))
        ]

    @cached_property
    def nodes(self) -> list[Object]:
        """The nodes that its pods or claims name, or that its selector fits where nothing names one."""
        names = [str(at(one, "spec", "nodeName") or "") for one in self.pods]
        names += [str(at(one, "status", "nodeName") or "") for one in self.claims]
        names += [str(one) for one in items(at(self.obj, "status", "workerNodes"))]
        found = [self.snapshot.find("Node", "", one) for one in dict.fromkeys(names) if one]
        return [one for one in found if one is not None]

    def events(self, *objects: Object) -> list[Object]:
        """What was reported of some objects, and not of predecessors of the same name."""
        found: list[Object] = []
        for one in objects:
            uid, made = at(one, "metadata", "uid"), time_of(at(one, "metadata", "creationTimestamp"))
            for event in self.snapshot.events(str(one.get("kind")), namespace_of(one), name_of(one)):
                about, moment = at(event, "involvedObject", "uid"), time_of(when(event))
                is_before = made is not None and moment is not None and (made - moment).total_seconds() > _CLOCKS
                if (not uid or not about or uid == about) and not is_before:
                    found.append(event)
        return found


def _above(obj: Object) -> tuple[str, str] | None:
    """Kind and name of the set that an object is a replica of, or of what it is a role of."""
    for kind, child in _CHILD.items():
        label = SET if kind == "InferenceSet" else ROLES
        if obj.get("kind") == child:
            owner = owner_of(obj)
            name = owner[1] if owner is not None and owner[0] == kind else labels_of(obj).get(label)
            return (kind, str(name)) if name else None
    return None


def template_labels(obj: Object) -> Object:
    """The labels of the pods that an object makes."""
    return mapping(at(obj, "spec", "template", "metadata", "labels"))
