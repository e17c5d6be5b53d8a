"""How a model is declared: its entry of fleet.yaml, and the command that writes it."""

from kaitops.documents import writer
from kaitops.fleet import names
from kaitops.kaito.preset import Preset

SIZE, TOKENS = "SIZE", "TOKENS"
"""Stand where the page puts the machine size and the context that were chosen."""


def named(preset: Preset) -> str:
    """The name that a fleet takes for the preset: KAITO's own where there is one."""
    return preset.aliases[0] if preset.aliases else preset.title


def entry(preset: Preset) -> str:
    """YAML for fleet.yaml."""
    model: dict[str, object] = {"preset": named(preset), "gpu": SIZE, "context": TOKENS}
    if preset.gated:
        model["secret"] = "hf-token"  # noqa: S105 - the name of a Secret
    return writer.dump({"models": {names.of_model(preset): model}})


def command(preset: Preset) -> str:
    """The line for a shell."""
    secret = " --secret hf-token" if preset.gated else ""
    return f"kaitops add {named(preset)} --size {SIZE} --context {TOKENS}{secret}"
