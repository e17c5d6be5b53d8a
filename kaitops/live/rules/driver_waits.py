"""A node that is up and whose GPU is not announced yet."""

from kaitops.documents.plain import at, items
from kaitops.live import machines
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, is_ready, name_of
from kaitops.live.view import GPU, View

_REASONS = ("NodePluginsNotReady", "ResourceNotRegistered")


def without_gpu(view: View) -> Said | None:
    """A node of the workload's without a GPU, and since when it is up."""
    asks = any(at(one, "resources", "limits", GPU) for pod in view.pods for one in items(at(pod, "spec", "containers")))
    remedy = (
        "kubectl get pods -A | grep -i nvidia",
        "install the driver and the device plugin (GPU operator); on AKS, see docs/infrastructure.md",
    )
    for found in signs.conditions(view, _REASONS):
        since = str(found.get("lastTransitionTime") or "")
        return Said(
            f"the node announces no GPU: {signs.short(found.get('message'))}", (signs.cited(found),), remedy, since
        )
    for node in view.nodes or (machines.fitting(view) if asks else ()):
        if is_ready(node) and (asks or view.claims) and not machines.gpus(node):
            since = str(condition(node, "Ready").get("lastTransitionTime") or "")
            evidence = f"Node {name_of(node)}: ready, capacity without {GPU}"
            return Said(f"the node {name_of(node)} announces no GPU", (evidence,), remedy, since)
    return None


RULE = Rule(
    "driver-waits",
    "node",
    "progressing",
    "the node is up, and driver or device plugin has not announced its GPU yet",
    "no pod that asks for a GPU is placed there before",
    without_gpu,
)
