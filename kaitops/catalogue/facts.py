"""What is told of a model besides where it fits, each fact once for the page, its comparison and the JSON."""

from collections.abc import Callable
from dataclasses import dataclass

from kaitops.kaito.preset import Preset

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact.

    Attributes:
        key: its name in the JSON and in the page's address.
        label: its name to people.
    """

    key: str
    label: str
    value: Callable[[Preset], Value]


def _tools(preset: Preset) -> bool:
    return "tool-call-parser" in preset.vllm


FACTS = (
    Fact("licence", "Licence", lambda preset: preset.license or "not known"),
    Fact("gated", "Gated", lambda preset: preset.gated),
    Fact("tools", "Tool calls", _tools),
    Fact("tunable", "Tunable", lambda preset: preset.tunable),
    Fact("reasoning", "Reasoning parser", lambda preset: "reasoning-parser" in preset.vllm),
    Fact("transformers", "Transformers runtime", lambda preset: preset.transformers is not None),
    Fact("weights", "Weights", lambda preset: preset.size),
    Fact("context", "Context limit", lambda preset: preset.token_limit),
    Fact("attention", "Attention", lambda preset: preset.attention),
    Fact("quantisation", "Quantisation", lambda preset: preset.quant_method or "none"),
)
"""In the order they are shown."""
