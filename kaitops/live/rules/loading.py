"""A server that runs and is not ready yet: weights, compilation, benchmark."""

from kaitops.live import containers
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import condition, name_of
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    for one in view.containers():
        if one.state == "running" and not one.ready:
            since = str(one.detail.get("startedAt") or "")
            told = signs.log_lines(
                view, r"download|Loading (safetensors|model weights)|torch\.compile|Capturing|benchmark"
            )
            what = containers.role(one, view.name)
            doing = "loads the model" if what == containers.SERVER else f"waits for its {what}".removesuffix(",")
            return Said(f"pod {name_of(one.pod)} {doing}", (signs.shown(one), *told), since=since)
    for pod in view.unready:
        found = condition(pod, "Ready")
        if found.get("reason") == "ReadinessGatesNotReady":
            text = f"pod {name_of(pod)} runs, and a readiness gate of another controller is not met"
            since = str(found.get("lastTransitionTime") or "")
            return Said(text, (f"pod {name_of(pod)}: {signs.cited(found)}",), since=since)
    return None


RULE = Rule(
    "loading",
    "engine",
    "progressing",
    "the server runs and fetches, loads or compiles the model, or is benchmarked",
    "some six minutes are usual after the image is there",
    _find,
)
