"""Weights that do not come: the download failed or its pod was ended."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.rules.compiler import CACHES
from kaitops.live.view import View

_REASONS = ("DownloadFailed", "DownloadOOMKilled", "DownloadEvicted", "InvalidSpec")
_WAYS = (
    (
        r"Too Many Requests",
        "the hub's limit of requests is reached",
        "a token of Hugging Face for the model (fleet.yaml: secret), or the weights in a mirror",
    ),
    (
        r"Revision ?Not ?Found|is not a valid git identifier",
        "the hub does not have the revision",
        "fleet.yaml: the revision of a commit that the repository has",
    ),
    (
        r"(?<!Local)EntryNotFoundError|Entry Not Found for url",
        "the repository lacks a file that the server asks for, such as config.json",
        "a repository in the format of Hugging Face (config.json, safetensors), or the revision that has them",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED",
        "a proxy on the way shows a certificate that the pod does not trust",
        "let the nodes reach the hub without it, or keep the weights in a mirror",
    ),
    (
        r"SafetensorError|MetadataIncompleteBuffer|Consistency check failed|UnpicklingError: invalid load key"
        r"|config\.json' is not a valid JSON file",
        "a file of the weights is damaged, or holds only what Git LFS puts in its place",
        "delete the pod, which fetches them anew, or write the volume again",
    ),
    (
        rf"^(?!.*{CACHES}).*(No space left on device|Not enough free disk space)",
        "the disk is full",
        "a machine size whose local disk holds the weights twice",
    ),
    (
        r"Errno 5\]|Input/output error|Stale file handle|Transport endpoint is not connected",
        "the volume that they are on no longer answers",
        "kubectl get events of its namespace and the storage account or file server behind the volume; then delete "
        "the pod",
    ),
    (
        r"hf_transfer",
        "hf_transfer, by which the download is done, fails or is not in the image",
        'the variable HF_HUB_ENABLE_HF_TRANSFER: "0", which also shows the real error',
    ),
    (
        r"IncompleteRead|ChunkedEncodingError|RemoteProtocolError|Connection broken",
        "the download was cut",
        "wait: it goes on at the next start where the disk stays; where it lasts, keep the weights in a mirror",
    ),
    (
        r"CAS service error|xethub\.hf\.co",
        "the hub's store of large files refuses or is not reached",
        "let the nodes reach *.hf.co with all below it as well, or keep the weights in a mirror",
    ),
    (
        r"\b50[0234] (Server Error|Internal|Bad|Service|Gateway).*(hugging|hf\.co)",
        "the hub itself fails",
        "wait: it is tried again; where that may not be, keep the weights in a mirror",
    ),
    (
        r"Cannot find any model weights with|Invalid repository ID or local directory|Repo id must be in the form",
        "the folder that the server reads holds no model",
        "put the model's files, config.json among them, into the folder itself and not into one within it",
    ),
    (
        r"weights were not initialized from checkpoint|There is no module or parameter named"
        r"|size mismatch for \S+: copying a param|Attempted to load weight .* into parameter"
        r"|KeyError: '(\w+\.)*layers\.\d+\.|No such file or directory: (?!.*adapter).*\.safetensors\b",
        "they are not whole, or of another model than config.json is",
        "write all files of one model and one commit into the folder anew",
    ),
    (
        r"LocalEntryNotFoundError|outgoing traffic has been disabled|OfflineModeIsEnabled",
        "they are not in the pod's cache, and it is told not to ask the hub, or does not reach it",
        "weights where the server looks for them, or without HF_HUB_OFFLINE and with a way to the hub",
    ),
    (
        r"AuthorizationPermissionMismatch|AuthorizationFailure|not authorized to perform this operation"
        r"|do not have the required permissions needed to perform",
        "the storage account refuses the pod's identity",
        "give the identity the role Storage Blob Data Reader on the account or container",
    ),
    (
        r"(Container|Blob|Share)NotFound|The specified (container|blob|share) does not exist",
        "the storage account has no container, share or file of that name",
        "the names of account, container and folder as the storage account has them: az storage container list",
    ),
    (
        r"AADSTS\d+|matching federated identity record",
        "the identity of the pod's ServiceAccount is not trusted",
        "az identity federated-credential list (issuer, namespace and name of the ServiceAccount)",
    ),
    (
        r"Unable to locate credentials|NoCredentialsError|CredentialUnavailableError|DefaultAzureCredential failed",
        "the storage wants to know who asks, and the pod has no identity",
        "a ServiceAccount with a workload identity, or a Secret with the storage's key",
    ),
    (
        r"core\.windows\.net.*(Name or service not known|name resolution|No such host)",
        "the pod's DNS does not know the storage account",
        "the account's name, and with a private endpoint the zone privatelink.blob.core.windows.net, linked to the "
        "cluster's network",
    ),
    (
        r"Could not receive runai_response from libstreamer",
        "the streamer of the weights does not read them from their storage",
        "the role Storage Blob Data Reader of the pod's identity, the way from the nodes to the account, and the names "
        "of account, container and folder",
    ),
    (
        r"ProxyError|Tunnel connection failed",
        "the proxy on the way does not let it through",
        "let the proxy pass huggingface.co and *.hf.co, or name them in NO_PROXY, or keep the weights in a mirror",
    ),
    (
        r"(hugging|hf\.co).*(Name or service not known|name resolution)"
        r"|(ConnectError|NameResolutionError).*name resolution",
        "the pod's DNS does not know the hub's name",
        "kubectl get pods -n kube-system -l k8s-app=kube-dns, and the DNS servers of the network; or weights in a "
        "mirror",
    ),
    (
        r"httpx\.\w*(Connect|Timeout|Read)\w*|MaxRetryError|ConnectionError.*hugging|ReadTimeout.*(hugging|hf\.co)"
        r"|couldn't connect to '?https?://(hugging|hf\.co)",
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
