"""An adapter that was trained and is not pushed."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import beside
from kaitops.live.view import View

_PUSHER = "pusher"
"""The name that KAITO gives it."""
_WAYS = (
    (
        r"unauthorized|denied|authentication required|no basic auth credentials|insufficient_scope",
        "the registry refuses it",
        "fleet.yaml: {entry}.output.pushSecret: a Secret that may write to the registry",
    ),
    (
        r"adapter_(config|model)\S*: No such file|can't stat .*adapter_",
        "the training left none",
        "fleet.yaml: {entry}.config.TrainingArguments.output_dir: a folder that no later step moves it out of",
    ),
    (
        r"no such host|timed? ?out|refused|unreachable|x509|certificate",
        "the registry is not reached",
        "open the way from the nodes to the registry, or push to one that they reach",
    ),
    (r"name unknown|not found", "the registry has no such repository", "fleet.yaml: {entry}.output.image: one of it"),
)


def _find(view: View) -> Said | None:
    return beside.failed(view, _lost, _WAYS) if view.tuning else None


def _lost(container: str) -> str:
    return "the adapter is trained and not pushed" if container == _PUSHER else ""


RULE = Rule(
    "tuning-output",
    "service",
    "degraded",
    "the adapter of a tuning is not pushed: the registry refuses it, or is not reached",
    "the training is done and its result is lost with the pod; the Job trains again",
    _find,
)
