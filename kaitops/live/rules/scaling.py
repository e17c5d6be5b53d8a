"""An InferenceSet on the way to another number of replicas."""

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    if view.kind != "InferenceSet" or not view.snapshot.knows("Workspace"):
        return None
    wanted = at(view.obj, "spec", "replicas")
    count = 1 if wanted is None else wanted
    going = [one for one in view.children if at(one.obj, "metadata", "deletionTimestamp")]
    there = len(view.children)
    if there == count or not isinstance(count, int):
        return None
    word = "down" if there > count else "up"
    return Said(
        f"it is scaled {word}: {there} replicas, {count} wanted" + (f", {len(going)} being deleted" if going else ""),
        (f"{there} Workspaces of {view.subject}",),
    )


RULE = Rule(
    "scaling",
    "service",
    "progressing",
    "an InferenceSet has more or fewer replicas than it wants",
    "KAITO says not ready until the number is right",
    _find,
    True,
)
