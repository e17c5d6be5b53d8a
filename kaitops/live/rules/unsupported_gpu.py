"""A machine that is not of the kind that the server was built for."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = (
    r"only supported on GPUs with compute capability|no kernel image is available|requires device with capability"
    r"|Minimum capability: |exec format error"
)


def _find(view: View) -> Said | None:
    return signs.by_crash(
        view,
        _PATTERN,
        "the server was built for other GPUs or processors than the machine has",
        f"fleet.yaml: models.{view.name}.gpu: a size that 'kaitops fit' lists for the model",
    )


RULE = Rule(
    "unsupported-gpu",
    "engine",
    "degraded",
    "the GPU is too old for the model's numbers, or the image is of another processor",
    "the server ends on every start",
    _find,
)
