"""A pod whose deletion does not end, so that none takes its place."""

from kaitops.documents.plain import at, items
from kaitops.live.finding import Rule, Said
from kaitops.live.snapshot import is_ready, name_of
from kaitops.live.view import View

_SECONDS = 10 * 60
"""Longer than any server of KAITO's is given to end, and than a node takes to be found lost."""


def _find(view: View) -> Said | None:
    made = view.controller
    if made is None or made.get("kind") != "StatefulSet":
        return None
    wanted, serving = at(made, "spec", "replicas"), sum(is_ready(one) for one in view.pods)
    if isinstance(wanted, int) and serving >= wanted:
        return None
    for pod in view.pods:
        since = at(pod, "metadata", "deletionTimestamp")
        age = view.snapshot.age(since)
        if age is None or age < _SECONDS:
            continue
        name, node = name_of(pod), str(at(pod, "spec", "nodeName") or "")
        held = ", ".join(str(one) for one in items(at(pod, "metadata", "finalizers")))
        return Said(
            f"pod {name} is being deleted for {int(age // 60)} minutes and does not go"
            + (f", held by {held}" if held else ""),
            (f"pod {name}: being deleted since {since}{f', on node {node}' if node else ''}",),
            (
                *((f"kubectl describe node {node} (does its kubelet answer?)",) if node and not held else ()),
                *((f"see to what {held} waits for",) if held else ()),
                f"where its node is gone for good: kubectl delete pod -n {view.place or 'default'} {name} --force",
            ),
            str(since),
        )
    return None


RULE = Rule(
    "pod-leaves",
    "placed",
    "degraded",
    "a pod is being deleted and does not go, so that none of its name is made",
    "a StatefulSet makes no pod anew before the old one is gone",
    _find,
)
