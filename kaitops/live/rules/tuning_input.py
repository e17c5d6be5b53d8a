"""What a tuning starts from, fetched by containers that run before it: the model's image and the data."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import beside
from kaitops.live.view import View

_FETCHES = {
    "model-weights-downloader": "the image of the model",
    "data-downloader": "the data",
    "puller": "the image of the data",
}
"""By the names that KAITO gives them."""
_WAYS = (
    (
        r"HTTP status code: 40[13]\b|returned error: 40[13]\b",
        "its server refuses it",
        "fleet.yaml: {entry}.input.urls: a URL that answers without a login, such as one with a token of its own that "
        "has not expired",
    ),
    (
        r"HTTP status code: 404\b|returned error: 404\b",
        "its server has no such file",
        "fleet.yaml: {entry}.input.urls: the file's own address",
    ),
    (
        r"[Cc]ould not resolve host|no such host",
        "the pod's DNS does not know its host",
        "the name in fleet.yaml ({entry}.input), and the DNS servers of the network",
    ),
    (
        r"unauthorized|denied|authentication required|no credentials",
        "the registry refuses it",
        "fleet.yaml: {entry}.input.pullSecrets: a Secret that may read the image",
    ),
    (
        r"manifest unknown|not found|name unknown",
        "the registry does not have it",
        "fleet.yaml: {entry}.input.image: an image that is there",
    ),
    (
        r"no /data directory|can(no|')t (stat|rename) .*/data",
        "the image is none of data: it holds no folder /data",
        "fleet.yaml: {entry}.input.image: an image with the files in its folder /data",
    ),
    (
        r"timed? ?out|refused|unreachable|[Ff]ailed to connect|x509|certificate|HTTP status code: 000",
        "its server is not reached",
        "open the way from the nodes to it, or bring the data as an image or volume",
    ),
    (r"No space left", "the disk is full", "fleet.yaml: {entry}.gpu: a size with a larger local disk"),
)


def _find(view: View) -> Said | None:
    return beside.failed(view, _lost, _WAYS, last=5) if view.tuning else None


def _lost(container: str) -> str:
    return f"{_FETCHES[container]} is not fetched" if container in _FETCHES else ""


RULE = Rule(
    "tuning-input",
    "weights",
    "degraded",
    "what a tuning starts from is not fetched: the image of its model, its data by URL or as an image",
    "the training does not begin; the Job tries again",
    _find,
)
