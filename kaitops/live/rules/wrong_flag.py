"""A flag that the server does not know or does not take."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = (
    r"unrecognized arguments|error: argument|invalid choice|ambiguous option|expected one argument"
    r"|ValidationError.*(EngineArgs|ModelConfig|VllmConfig)|got an unexpected keyword argument"
)


def _find(view: View) -> Said | None:
    return signs.by_crash(
        view,
        _PATTERN,
        "the server does not take one of its flags",
        f"fleet.yaml: models.{view.name}.vllm: take the flag out or correct it",
        "kaitops gate manifests (judges flags by the vLLM of this KAITO version)",
    )


RULE = Rule(
    "wrong-flag",
    "engine",
    "degraded",
    "the server does not know a flag, or refuses its value",
    "it ends on every start",
    _find,
)
