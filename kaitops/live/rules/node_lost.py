"""A node that is down or gone under a pod."""

from kaitops.documents.plain import at
from kaitops.live import machines
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, name_of
from kaitops.live.view import View

_TAKEN = ("PreemptScheduled", "SpotInterrupted")


def _find(view: View) -> Said | None:
    if not view.snapshot.knows("Node"):
        return _told(view)
    for pod in view.pods:
        name = str(at(pod, "spec", "nodeName") or "")
        if not name or at(pod, "status", "phase") in ("Succeeded", "Failed"):
            continue
        node = view.snapshot.find("Node", "", name)
        taken = [signs.reported(one) for one in view.snapshot.events("Node", "", name) if one.get("reason") in _TAKEN][
            -1:
        ]
        if node is None:
            return Said(
                f"the node {name} of pod {name_of(pod)} is gone{machines.TAKEN_BACK if taken else ''}",
                (f"no Node {name}", *taken),
                (
                    "wait: the pod is collected and placed anew",
                    f"kubectl get nodeclaims -l kaito.sh/workspace={view.name}",
                ),
                signs.first_since(view),
            )
        ready = condition(node, "Ready")
        was = any(one.state == "running" for one in view.containers([pod]))
        if ready and ready.get("status") != "True" and was:
            return Said(
                f"the node {name} of pod {name_of(pod)} is not ready{machines.TAKEN_BACK if taken else ''}",
                (f"Node {name}: {signs.cited(ready)}", *taken),
                (f"kubectl describe node {name}",),
                str(ready.get("lastTransitionTime") or ""),
            )
    return _told(view)


def _told(view: View) -> Said | None:
    nodes = view.condition("NodesReady")
    if not view.status_counts or at(view.obj, "status", "state") != "NotReady" or nodes.get("status") != "False":
        return None
    since = str(nodes.get("lastTransitionTime") or "")
    return Said("it was ready and lost its node", (signs.cited(nodes),), ("kubectl get nodes",), since)


RULE = Rule(
    "node-lost",
    "node",
    "degraded",
    "a node is down or gone under a pod, also while KAITO still says Ready",
    "it does not serve until another node has the model",
    _find,
)
