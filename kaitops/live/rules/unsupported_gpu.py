"""A machine that is not of the kind that the server was built for."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_WAYS = (
    (
        r"exec format error",
        "the image is of another processor than the node has (arm64 and amd64)",
        "an image that is made for both, or nodes of the image's processor: kubectl get nodes -L kubernetes.io/arch",
    ),
    (
        r"requires \.target sm_\d+ or higher|only supported on GPUs with compute capability"
        r"|requires device with capability|FlashAttention only supports|No \S+ MoE backend supports"
        r"|Minimum capability: |requires CUDA compute capability",
        "its GPU is too old for the model's numbers",
        "fleet.yaml: {entry}.gpu: a size that 'kaitops fit' lists for the model",
    ),
    (
        r"no kernel image is available|No compiled \S+ for (a )?(CUDA )?(device|compute) capability",
        "its image holds nothing for its GPU, which is older or newer than those that the image was built for",
        "fleet.yaml: {entry}.gpu: a size that 'kaitops fit' lists for the model, or an image for this GPU",
    ),
)


def _find(view: View) -> Said | None:
    return signs.by_ways(view, _WAYS, "the server was built for another machine")


RULE = Rule(
    "unsupported-gpu",
    "engine",
    "degraded",
    "the GPU is too old for the model's numbers, or the image is of another processor",
    "the server ends on every start",
    _find,
)
