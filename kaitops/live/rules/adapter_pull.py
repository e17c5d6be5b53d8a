"""Rule ``adapter-pull``."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import beside
from kaitops.live.view import View

_PREFIX = "puller-"
_WAYS = (
    (
        r"unauthorized|denied|authentication required|no credentials",
        "the registry refuses it",
        "fleet.yaml: {entry}.adapters.{adapter}.pullSecrets: a Secret that may read the image",
    ),
    (
        r"manifest unknown|not found|name unknown",
        "the registry does not have the image",
        "fleet.yaml: {entry}.adapters.{adapter}.image: one that a tuning has pushed",
    ),
    (
        r"no such host|timeout|refused|unreachable|x509",
        "the registry is not reached",
        "open the way from the nodes to the registry, or copy the image to one that they reach",
    ),
    (
        r"no /data directory",
        "the image is none of an adapter: it holds no folder /data",
        "fleet.yaml: {entry}.adapters.{adapter}.image: an image that KAITO's tuning made",
    ),
    (r"No space left", "the disk is full", "fleet.yaml: {entry}.gpu: a size with a larger local disk"),
)


def _find(view: View) -> Said | None:
    return beside.failed(view, _lost, _WAYS, "logs --previous")


def _lost(container: str) -> str:
    name = container.removeprefix(_PREFIX)
    return f"the adapter {name} is not fetched" if name != container else ""


RULE = Rule(
    "adapter-pull",
    "weights",
    "degraded",
    "the image of an adapter cannot be fetched: not there, not allowed, not reached",
    "the model does not start without its adapter",
    _find,
)
