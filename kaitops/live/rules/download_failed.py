"""Weights that do not come: the download failed or its pod was ended."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_REASONS = ("DownloadFailed", "DownloadOOMKilled", "DownloadEvicted", "InvalidSpec")
_WAYS = (
    (
        r"Too Many Requests",
        "the hub's limit of requests is reached",
        "a token of Hugging Face for the model (fleet.yaml: secret), or the weights in a mirror",
    ),
    (
        r"Revision ?Not ?Found",
        "the hub does not have the revision",
        "fleet.yaml: the revision of a commit that the repository has",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED",
        "a proxy on the way shows a certificate that the pod does not trust",
        "let the nodes reach the hub without it, or keep the weights in a mirror",
    ),
    (
        r"SafetensorError|MetadataIncompleteBuffer|Consistency check failed",
        "a file of the weights is damaged",
        "delete the pod, which fetches them anew, or write the volume again",
    ),
    (r"No space left on device", "the disk is full", "a machine size whose local disk holds the weights twice"),
    (
        r"CAS service error|xethub\.hf\.co",
        "the hub's store of large files refuses or is not reached",
        "let the nodes reach *.hf.co with all below it as well, or keep the weights in a mirror",
    ),
    (
        r"\b50[0234] Server Error.*(hugging|hf\.co)",
        "the hub itself fails",
        "wait: it is tried again; where that may not be, keep the weights in a mirror",
    ),
    (
        r"Cannot find any model weights with|Invalid repository ID or local directory",
        "the folder that the server reads holds no model",
        "put the model's files, config.json among them, into the folder itself and not into one within it",
    ),
    (
        r"weights were not initialized from checkpoint|Attempted to load weight .* into parameter",
        "they are not whole, or of another model than config.json is",
        "write all files of one model and one commit into the folder anew",
    ),
    (
        r"LocalEntryNotFoundError|outgoing traffic has been disabled|OfflineModeIsEnabled",
        "they are not in the pod's cache, and it is told not to ask the hub, or does not reach it",
        "weights where the server looks for them, or without HF_HUB_OFFLINE and with a way to the hub",
    ),
    (
        r"AuthorizationPermissionMismatch|AuthorizationFailure|not authorized to perform this operation using",
        "the storage account refuses the pod's identity",
        "give the identity the role Storage Blob Data Reader on the account or container",
    ),
    (
        r"MaxRetryError|ConnectionError.*hugging|ReadTimeout.*(hugging|hf\.co)|couldn't connect to '?https?://(hugging|hf\.co)",
        "the hub is not reached",
        "let the nodes reach the hub, or keep the weights in a mirror",
    ),
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
    return signs.by_ways(view, _WAYS, "the weights are not fetched")


RULE = Rule(
    "download-failed",
    "weights",
    "degraded",
    "the download of the weights failed, was out of memory or evicted",
    "a mirror's download is tried again after five minutes",
    _find,
)
