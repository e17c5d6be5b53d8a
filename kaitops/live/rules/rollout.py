"""An edit that is on its way: taken and not begun, or pods being replaced."""

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.view import View

_REVISIONS = ("workspace.kaito.io/revision", "ragengine.kaito.io/revision")


def under_way(view: View) -> Said | None:
    """What says that a rollout has not ended; None where none runs."""
    made = view.controller
    if made is None or made.get("kind") == "Job":
        return None
    name = f"{made.get('kind')} {view.namespace}/{view.name}"
    status, wanted = at(made, "status"), at(made, "spec", "replicas")
    for key in () if view.plain else _REVISIONS:
        mine, its = (at(one, "metadata", "annotations", key) for one in (view.obj, made))
        if isinstance(mine, str) and isinstance(its, str) and mine != its:
            evidence = f"{name} is at revision {its}, the {view.kind} at {mine}"
            return Said("an edit was taken and its rollout has not begun", (evidence,))
    generation, seen = at(made, "metadata", "generation"), at(status, "observedGeneration")
    if isinstance(generation, int) and isinstance(seen, int) and seen < generation:
        return Said(
            "an edit was taken and its rollout has not begun", (f"{name}: generation {generation}, observed {seen}",)
        )
    old, new = at(status, "currentRevision"), at(status, "updateRevision")
    updated = at(status, "updatedReplicas") or 0
    if not isinstance(wanted, int) or not isinstance(updated, int):
        return None
    if made.get("kind") == "StatefulSet":
        if old and new and old != new:
            return Said(
                "pods are being replaced after an edit",
                (f"{name}: runs {old}, wanted {new}; {updated} of {wanted} updated",),
            )
        return None
    total = at(status, "replicas") or 0
    if at(status, "replicas") is not None and (updated < wanted or (isinstance(total, int) and total > updated)):
        return Said(
            "pods are being replaced after an edit", (f"{name}: {updated} of {wanted} updated, {total} in all",)
        )
    return None


RULE = Rule(
    "rollout",
    "service",
    "progressing",
    "an edit was taken, and its rollout has not begun or has not ended",
    "the old server goes when the new one is made; KAITO calls it NotReady meanwhile, or still Ready",
    under_way,
    True,
)
