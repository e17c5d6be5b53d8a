"""Recorded statuses of KAITO's kinds, given to other objects.

Owns which recording stands for which word, and what of it has to follow the object: generation, names, counts. The
recordings are those of `tests/recordings/`.
"""

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.recorded import load

READY = "ready"
PENDING = "pending"
UNSEEN = "unseen"

WORDS: Mapping[tuple[str, str], str] = {
    ("Workspace", READY): "ws-karp-drift-done",
    ("Workspace", PENDING): "ws-karp-nodepool-created",
    ("InferenceSet", READY): "is-karp-2-of-2",
    ("InferenceSet", PENDING): "is-byo-0-of-3",
    ("MultiRoleInference", READY): "mri-byo-ready",
    ("MultiRoleInference", PENDING): "mri-byo-prefill-ready",
    ("ModelMirror", READY): "mm-byo-ready",
    ("ModelMirror", PENDING): "mm-byo-pvc-pending",
    ("RAGEngine", READY): "rag-ready",
    ("RAGEngine", PENDING): "rag-gpu-pending",
}
"""The recording that a word stands for; any other scenario is the name of a recording."""

TUNING: Mapping[str, str] = {READY: "ws-karp-tuning-succeeded", PENDING: "ws-karp-tuning-job-pending"}
BYO: Mapping[str, str] = {READY: "ws-byo-template-ready", PENDING: "ws-byo-template-pending"}


@cache
def recordings() -> Mapping[str, Mapping[str, Any]]:
    """All recordings by name."""
    return {row["id"]: row for row in load("status")}


def status(obj: Mapping[str, Any], scenario: str, *, byo: bool = False) -> dict[str, Any]:
    """The status of an object.

    Args:
        obj: as it is on the server.
        scenario: a word (`ready`, `pending`) or the name of a recording.
        byo: nodes are brought, not made; words then mean what KAITO says in that case.

    Raises:
        KeyError: nothing of that name is recorded.
    """
    kind = obj["kind"]
    name = WORDS.get((kind, scenario), scenario)
    if kind == "Workspace" and "tuning" in obj:
        name = TUNING.get(scenario, name)
    elif kind == "Workspace" and byo:
        name = BYO.get(scenario, name)
    recorded = recordings()[name]["object"]
    if recorded["kind"] != kind:
        raise KeyError(f"{name} is recorded of a {recorded['kind']}, not of a {kind}")
    found = copy.deepcopy(recorded.get("status", {}))
    behind = recorded["metadata"]["generation"]
    generation = obj["metadata"].get("generation", 1)
    for holder in [found, *found.get("conditions", [])]:
        if "observedGeneration" in holder:
            # A recording may be of a moment in which the controller is behind; it stays as far behind.
            holder["observedGeneration"] = max(1, generation - (behind - holder["observedGeneration"]))
    if kind == "InferenceSet" and scenario in (READY, PENDING):
        _count(found, obj["metadata"]["name"], obj["spec"].get("replicas", 1), ready=scenario == READY)
    return found


def _count(found: dict[str, Any], name: str, replicas: int, *, ready: bool) -> None:
    number = replicas if ready else 0
    found["selector"] = f"inferenceset.kaito.sh/created-by={name}"
    for key, value in (("replicas", replicas), ("readyReplicas", number)):
        found.pop(key, None)
        if value:
            found[key] = value
    for condition in found.get("conditions", []):
        if condition["type"] == "InferenceSetReady" and not ready:
            condition["message"] = f"{number}/{replicas} replicas are ready"
