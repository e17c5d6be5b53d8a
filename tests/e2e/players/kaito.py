"""Plays KAITO's controllers: what they add to objects, the children they make, the statuses they write.

Owns the course of events for KAITO's five kinds. What the children are is the engine's own expansion, what statuses
look like is recorded (`tests.e2e.players.statuses`), what is added to an object is the table of observed changes
below. Does not judge objects: the admission webhooks are not played.
"""

import copy
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kaitops.kaito import Release
from tests.e2e.client import Client, Object
from tests.e2e.players import statuses
from tests.e2e.players.player import Player
from tests.version import KAITO

STUCK = "stuck"
"""Scenario of an object that is deleted and never gets rid of its finalizer."""


@dataclass(frozen=True)
class Added:
    """What a controller adds to an object of a kind.

    Attributes:
        api_version: of the kind.
        finalizer: its finalizer.
        annotations: prefix of the annotations `hash` and `revision`; empty where it writes none.
    """

    api_version: str
    finalizer: str
    annotations: str = ""


KINDS: Mapping[str, Added] = {
    "ModelMirror": Added("kaito.sh/v1alpha1", "kaito.sh/model-mirror-cleanup"),
    "MultiRoleInference": Added("kaito.sh/v1alpha1", "multiroleinference.kaito.sh/finalizer"),
    "InferenceSet": Added("kaito.sh/v1beta1", "inferenceset.finalizer.kaito.sh", "inferenceset.kaito.io"),
    "Workspace": Added("kaito.sh/v1beta1", "workspace.finalizer.kaito.sh", "workspace.kaito.io"),
    "RAGEngine": Added("kaito.sh/v1beta1", "ragengine.finalizer.kaito.sh", "ragengine.kaito.io"),
}
WORKLOADS = {"StatefulSet": "readyReplicas", "Deployment": "readyReplicas", "Job": "succeeded"}
SERVER_SIDE = ("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation")


class Kaito(Player):
    """KAITO's controllers.

    Attributes:
        scenario: by kind, namespace (empty for a ModelMirror) and name, a word or recording of
            `tests.e2e.players.statuses`, `unseen` (the controller never looks) or `stuck`.
        default: the scenario of all others; None: the status follows what really became of the children.
    """

    def __init__(self, client: Client, settings: Mapping[str, Any], version: str = KAITO) -> None:
        """Prepares.

        Args:
            client: of the server.
            settings: of the controllers, as `kaitops-context.yaml` has them.
            version: of KAITO.
        """
        super().__init__(client)
        self.settings = settings
        self.scenario: dict[tuple[str, str, str], str] = {}
        self.default: str | None = None
        self._release = Release.load(version)
        self._made: dict[str, tuple[int, list[Object]]] = {}

    def step(self) -> None:
        """One reconcile of everything."""
        found = {kind: self.items(added.api_version, kind) for kind, added in KINDS.items()}
        wrote = [*self.items("v1", "ConfigMap"), *(obj for objects in found.values() for obj in objects)]
        nodes = self.items("v1", "Node")
        for kind, objects in found.items():
            for obj in objects:
                scenario = self.scenario.get(address(obj), self.default)
                if "deletionTimestamp" in obj["metadata"]:
                    self._remove(obj, scenario)
                elif scenario != statuses.UNSEEN and not self._mark(obj, KINDS[kind]):
                    self._children(obj, wrote, nodes)
                    self._report(obj, scenario)

    def _mark(self, obj: Object, added: Added) -> bool:
        """Adds what the controller adds; true when there was something to add."""
        meta: dict[str, Any] = {}
        static = obj["kind"] == "ModelMirror" and obj["spec"].get("mode") == "Static"
        if not static and added.finalizer not in obj["metadata"].get("finalizers", []):
            meta["finalizers"] = [*obj["metadata"].get("finalizers", []), added.finalizer]
        body = {key: obj[key] for key in ("spec", "resource", "inference", "tuning") if key in obj}
        mark = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        noted = obj["metadata"].get("annotations", {})
        options = _preset_options(obj)
        if added.annotations and not options and noted.get(f"{added.annotations}/hash") != mark:
            revision = int(noted.get(f"{added.annotations}/revision", "0")) + 1
            meta["annotations"] = {f"{added.annotations}/hash": mark, f"{added.annotations}/revision": str(revision)}
        patch = options | ({"metadata": meta} if meta else {})
        if patch:
            self.merge(obj, patch)
        return bool(patch)

    def _children(self, obj: Object, wrote: list[Object], nodes: list[Object]) -> None:
        uid, generation = obj["metadata"]["uid"], obj["metadata"]["generation"]
        before = self._made.get(uid)
        if before and before[0] == generation and all(self.client.exists(child) for child in before[1]):
            return
        others = [declared(other) for other in wrote if other["metadata"]["uid"] != uid]
        expansion = self._release.expand([*nodes, *others, declared(obj)], self.settings)
        children = [owned(child, obj) for child in expansion.objects if _direct(child, obj)]
        for child in children:
            if not self.client.exists(child):
                self.create(child)
            elif before and before[0] != generation:
                self.client.apply(child, manager="kaito")
        for gone in before[1] if before else []:
            if (gone["kind"], gone["metadata"]["name"]) not in {(c["kind"], c["metadata"]["name"]) for c in children}:
                self.client.delete(gone)
        # Where a controller gave up, for want of a node for instance, it tries again.
        self._made[uid] = (0 if expansion.errors else generation, children)

    def _report(self, obj: Object, scenario: str | None) -> None:
        word = scenario or (statuses.READY if self._serves(obj) else statuses.PENDING)
        status = statuses.status(obj, word, byo=self.settings.get("nodeProvisioner") == "byo")
        if obj.get("status", {}) != status:
            self.merge(obj, {"status": dict.fromkeys(obj.get("status", {})) | status}, status=True)

    def _serves(self, obj: Object) -> bool:
        """Whether all children that can be ready are."""
        made = self._made[obj["metadata"]["uid"]][1]
        judged = [child for child in made if child["kind"] in WORKLOADS or child["kind"] in KINDS]
        return bool(judged) and all(self._child_serves(child) for child in judged)

    def _child_serves(self, child: Object) -> bool:
        meta = child["metadata"]
        there = self.client.get(child["apiVersion"], child["kind"], meta["name"], meta.get("namespace"))
        status, spec = there.get("status", {}), there.get("spec", {})
        if child["kind"] == "Workspace":
            return status.get("state") in ("Ready", "Succeeded")
        if child["kind"] == "InferenceSet":
            return status.get("readyReplicas", 0) == spec.get("replicas", 1)
        wanted = spec.get("completions") or spec.get("replicas", 1)
        return status.get(WORKLOADS[child["kind"]], 0) >= wanted

    def _remove(self, obj: Object, scenario: str | None) -> None:
        if scenario == STUCK:
            return
        for child in self._made.get(obj["metadata"]["uid"], (0, []))[1]:
            held = child["kind"] not in KINDS and child["metadata"].get("finalizers")
            if held and self.client.exists(child):
                # A mirror's claim is protected by the controller that made it.
                self.merge(child, {"metadata": {"finalizers": []}})
            self.client.delete(child)
        left = [name for name in obj["metadata"].get("finalizers", []) if name != KINDS[obj["kind"]].finalizer]
        if left != obj["metadata"].get("finalizers", []):
            self.merge(obj, {"metadata": {"finalizers": left}})


def address(obj: Mapping[str, Any]) -> tuple[str, str, str]:
    """How `Kaito.scenario` names an object."""
    return obj["kind"], obj["metadata"].get("namespace", ""), obj["metadata"]["name"]


def declared(obj: Mapping[str, Any]) -> Object:
    """An object as its user wrote it, as far as the server lets one see."""
    found = copy.deepcopy({key: value for key, value in obj.items() if key != "status"})
    for key in SERVER_SIDE:
        found["metadata"].pop(key, None)
    return found


def owned(child: Object, owner: Mapping[str, Any]) -> Object:
    """A child whose reference names the owner that is on the server."""
    found = copy.deepcopy(child)
    for reference in found["metadata"].get("ownerReferences", []):
        reference["uid"] = owner["metadata"]["uid"]
    return found


def _direct(child: Mapping[str, Any], owner: Mapping[str, Any]) -> bool:
    # The engine expands down to the last pod; here the children's own controllers are played too.
    references = child["metadata"].get("ownerReferences")
    if references:
        return (references[0]["kind"], references[0]["name"]) == (owner["kind"], owner["metadata"]["name"])
    return owner["kind"] not in ("InferenceSet", "MultiRoleInference")


def _preset_options(obj: Mapping[str, Any]) -> dict[str, Any]:
    """The empty options that the controllers fill in, as a patch."""
    if obj["kind"] == "Workspace":
        part = "inference" if "inference" in obj else "tuning"
        preset = obj.get(part, {}).get("preset")
        return {part: {"preset": {"presetOptions": {}}}} if preset and "presetOptions" not in preset else {}
    if obj["kind"] != "InferenceSet":
        return {}
    template = obj["spec"]["template"]
    patch: dict[str, Any] = {} if "metadata" in template else {"metadata": {}}
    preset = template.get("inference", {}).get("preset")
    if preset and "presetOptions" not in preset:
        patch["inference"] = {"preset": {"presetOptions": {}}}
    return {"spec": {"template": patch}} if patch else {}
