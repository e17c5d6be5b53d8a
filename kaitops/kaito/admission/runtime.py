"""Which runtime serves a workload."""

from collections.abc import Mapping

from kaitops.kaito.admission.review import Review

RUNTIME_ANNOTATION = "kaito.sh/runtime"


def runtime_of(review: Review, annotations: Mapping[str, str]) -> str:
    """``vllm`` or ``transformers``; any other word in the annotation means vLLM."""
    if not review.gate("vLLM"):
        return "transformers"
    return "transformers" if annotations.get(RUNTIME_ANNOTATION) == "transformers" else "vllm"
