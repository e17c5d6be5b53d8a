"""A workload that somebody scaled to nothing, which KAITO goes on calling Ready."""

from kaitops.documents.plain import at
from kaitops.live import machines
from kaitops.live.finding import Rule, Said
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    made = view.controller
    if made is None or made.get("kind") == "Job" or at(made, "spec", "replicas") != 0:
        return None
    kind = str(made.get("kind"))
    return Said(
        f"its {kind} is scaled to 0, so nothing serves",
        (f"{kind} {view.namespace}/{view.name}: spec.replicas 0",),
        (f"kubectl scale -n {view.namespace} {kind.lower()} {view.name} --replicas={max(machines.wanted(view), 1)}",),
    )


RULE = Rule(
    "scaled-to-zero",
    "service",
    "degraded",
    "the StatefulSet or Deployment is scaled to 0, while KAITO says Ready",
    "KAITO does not scale it up again by itself",
    _find,
)
