"""Brought nodes without the labels that say which GPU they have."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    return signs.by_error(
        view,
        r"missing required nvidia\.com labels",
        "KAITO cannot tell the GPU of the node: {error}",
        "kubectl get nodes -L nvidia.com/gpu.product,nvidia.com/gpu.count,nvidia.com/gpu.memory",
        "install NVIDIA's GPU feature discovery, or set the three labels by hand",
    )


RULE = Rule(
    "node-labels",
    "configuration",
    "degraded",
    "a brought node carries no GPU labels (no GPU feature discovery)",
    "KAITO cannot size the model, so nothing starts",
    _find,
)
