"""A benchmark without a result, for which KAITO calls a serving model not ready."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    for kind in ("BenchmarkCompleted", "WorkspaceSucceeded") if view.status_counts else ():
        found = view.condition(kind)
        if found.get("reason") == "BenchmarkFailed":
            serves = bool(view.pods) and not view.unready
            text = "the benchmark has no result" + (", though all pods serve" if serves else "")
            remedy = (
                "a later result heals it; deleting the pod runs it again",
                f"fleet.yaml: {view.entry}.benchmark: false, where nobody needs the figure",
            )
            return Said(text, (signs.cited(found),), remedy, str(found.get("lastTransitionTime") or ""))
    return None


RULE = Rule(
    "benchmark-failed",
    "benchmark",
    "degraded",
    "the benchmark failed or its log cannot be read",
    "KAITO calls the model NotReady although it may serve",
    _find,
)
