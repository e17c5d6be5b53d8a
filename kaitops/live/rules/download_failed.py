"""Weights that do not come: the download failed or its pod was ended."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_REASONS = ("DownloadFailed", "DownloadOOMKilled", "DownloadEvicted", "InvalidSpec")
_PATTERN = (
    r"No space left on device|Consistency check failed|MaxRetryError"
    r"|ConnectionError.*hugging|ReadTimeout.*(hugging|hf\.co)"
)


def _find(view: View) -> Said | None:
    for found in (view.condition("ModelMirrorReady"), view.condition("Ready")):
        if found.get("status") != "True" and found.get("reason") in _REASONS:
            ways = {
                "DownloadOOMKilled": "give the download more memory: a larger node, or weights on a volume",
                "DownloadEvicted": "a node with a larger disk, or another node for the mirror's namespace",
            }
            remedy = (ways.get(str(found.get("reason")), "kubectl get jobs -A | grep -i mirror, and its pod's log"),)
            text = f"the weights are not fetched: {signs.short(found.get('message'))}"
            return Said(text, (signs.cited(found),), remedy, str(found.get("lastTransitionTime") or ""))
    return signs.by_crash(
        view,
        _PATTERN,
        "the weights are not fetched",
        "let the nodes reach the hub, or keep the weights in a mirror",
    )


RULE = Rule(
    "download-failed",
    "weights",
    "degraded",
    "the download of the weights failed, was out of memory or evicted",
    "a mirror's download is tried again after five minutes",
    _find,
)
