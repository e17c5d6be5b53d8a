"""A pod that its node put out."""

import re

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, name_of, when
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    for found in signs.conditions(view, ("NodeDiskPressure", "PodEvicted")):
        return _said(signs.short(found.get("message")), signs.cited(found), str(found.get("lastTransitionTime") or ""))
    for pod in view.unready:
        if at(pod, "status", "reason") == "Evicted":
            text = signs.short(at(pod, "status", "message"))
            return _said(text, f"pod {name_of(pod)}: Evicted: {text}", str(at(pod, "status", "startTime") or ""))
    for event in signs.pod_events(view, ("Evicted",)):
        return _said(signs.short(event.get("message")), signs.reported(event), when(event) or "")
    for node in view.nodes:
        found = condition(node, "DiskPressure")
        if found.get("status") == "True" and view.unready:
            return _said("the disk is full", f"Node {name_of(node)}: {signs.cited(found)}", signs.first_since(view))
    return None


_WAYS = (
    (
        r"EmptyDir volume|local ephemeral storage limit|ephemeral local storage usage exceeds",
        "it wrote more to the node's disk than a limit of the pod allows",
        "raise the limit that it names (sizeLimit of the volume, ephemeral-storage of the container) above the weights",
    ),
    (
        r"ephemeral-storage|disk|inodes",
        "the disk is full",
        "a machine size whose local disk holds the weights twice, or weights on a volume",
    ),
    (
        r"resource: memory",
        "the node's memory is used up",
        "kubectl describe node NAME, and look at what else runs there; a size with more memory",
    ),
)


def _said(text: str, evidence: str, since: str) -> Said:
    cause, remedy = signs.way(_WAYS, text, re.IGNORECASE) or (
        "", "kubectl describe node NAME, and look at what else runs there",
    )  # fmt: skip
    return Said(f"its node put the pod out{f': {cause}' if cause else ''}: {text}", (evidence,), (remedy,), since)


RULE = Rule(
    "evicted",
    "weights",
    "degraded",
    "the node put the pod out: its disk is full, mostly of weights, or its memory, or a limit of the pod is passed",
    "it happens again on a node of the same size",
    _find,
)
