"""A model or context that the GPU has no room for, as KAITO's estimate says."""

from kaitops.documents.plain import at
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    preset = str(at(view.obj, "inference", "preset", "name") or view.name)
    return signs.by_error(
        view,
        r"is too small|GPU memory|does not fit|exceeds .*(memory|GPU)|not enough .*memory",
        "the model does not fit its machines: {error}",
        f"kaitops fit {preset}",
        f"fleet.yaml: {view.entry}: a larger gpu, or a shorter context",
    )


RULE = Rule(
    "does-not-fit",
    "configuration",
    "degraded",
    "the GPU is too small for the weights or the context",
    "KAITO makes no machine and no server",
    _find,
)
