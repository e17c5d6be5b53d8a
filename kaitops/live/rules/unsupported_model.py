"""A model that the server's vLLM does not know."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_PATTERN = (
    r"has no vLLM implementation|Unrecognized model in |GGUF model with architecture \S+ is not supported"
    r"|does not recognize this architecture|Model architectures? .*(not supported|failed to be inspected)"
)
_CODE = (
    r"contains custom code which must be|requires you to execute the (configuration|model) file"
    r"|consider setting .?trust_remote_code"
)


def _find(view: View) -> Said | None:
    if said := signs.by_crash(
        view,
        _CODE,
        "the model brings code of its own, which the server does not run unasked",
        f"fleet.yaml: {view.entry}.preset: a model without such code ('kaitops catalogue' lists them)",
    ):
        return said
    return signs.by_crash(
        view,
        _PATTERN,
        "the vLLM of this KAITO version does not know the model's architecture",
        "kaitops catalogue (lists what this version serves)",
        f"fleet.yaml: {view.entry}.preset: one of them, or a newer version of KAITO",
    )


RULE = Rule(
    "unsupported-model",
    "engine",
    "degraded",
    "the server does not know the model's architecture, or wants code of its repository",
    "the server ends on every start",
    _find,
)
