"""A container that the kubelet cannot create."""

import re

from kaitops.documents.plain import Object
from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import when
from kaitops.live.view import View

_REASONS = (
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
    "StartError",
    "ContainerCannotRun",
)
_WAYS = (
    (
        r"Multi-Attach error",
        "its volume is attached to another node, where another pod holds it",
        "kubectl get pods -A -o wide (which pod has the claim), and kubectl get volumeattachments; a disk goes to "
        "one node",
    ),
    (
        r"no more free addresses|Failed to allocate IP|no available addresses|failed to request .*IP"
        r"|no (free )?IP addresses",
        "the pods' subnet has no free address",
        "a larger subnet for pods, or fewer of them on it",
    ),
    (
        r"mount error\(13\)|access denied by server|failed to authenticate credentials"
        r"|AuthorizationFailure|AuthenticationFailed",
        "the storage account refuses the key or identity of the mount, or the nodes' network",
        "the key or role that the volume names, and the networks that the storage account lets in",
    ),
    (
        r"mount error\((110|115|112)\)|Connection timed out|No route to host",
        "the file server is not reached from the node",
        "the way from the nodes to it: firewall, private endpoint, DNS",
    ),
    (
        r"not found in the list of registered CSI drivers",
        "the driver of its volume does not run on the node",
        "kubectl get csidrivers, and on AKS az aks update --enable-blob-driver (or --enable-disk-driver, "
        "--enable-file-driver)",
    ),
    (
        r"SecretProviderClass|secrets store objects|objectType:\s?secret",
        "what it mounts from a Key Vault is not there, or may not be read",
        "kubectl get secretproviderclasses of its namespace, and az keyvault secret list --vault-name NAME (its "
        "identity needs the role Key Vault Secrets User)",
    ),
    (
        r"maximum number of data disks",
        "the node has as many disks as its size may have",
        "a size that takes more disks, or volumes of files in place of disks",
    ),
    (
        r"AADSTS\d+|federated identity",
        "the workload identity behind the volume is not trusted for this ServiceAccount",
        "az identity federated-credential list (issuer, namespace and name of the ServiceAccount)",
    ),
    (
        r"no runtime for",
        "the node's container runtime does not know the pod's RuntimeClass",
        "nodes with the NVIDIA container toolkit, or no runtimeClassName",
    ),
    (
        r"executable file not found|no such file or directory: unknown",
        "its command is not in the image",
        "correct the command, or take the image that has it",
    ),
    (
        r"runAsNonRoot",
        "its image runs as root, which the pod forbids",
        "runAsUser with a number, or an image with a user of its own",
    ),
)
_LASTING = r"^(?!.*failed to sync (configmap|secret) cache)"
"""The kubelet had not yet read what the pod mounts, which it does again at once."""
_EVENTS = ("FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox")


def _find(view: View) -> Said | None:
    for one in signs.waiting(view, _REASONS):
        return _said(view, "the container cannot be made", one.detail, signs.shown(one), signs.first_since(view))
    for found in signs.conditions(view, ("ContainerStartError",)):
        since = str(found.get("lastTransitionTime") or "")
        return _said(view, "the container cannot be made", found, signs.cited(found), since)
    for one in view.containers():
        end = signs.ended(one)
        if end.get("reason") in _REASONS:
            since = str(end.get("finishedAt") or "") or signs.first_since(view)
            return _said(view, "the container cannot be run", end, signs.shown(one), since)
    starting = any(one.state == "running" for one in view.containers())
    for event in () if starting else signs.pod_events(view, _EVENTS, _LASTING):
        return _said(view, "the pod cannot be made ready to run", event, signs.reported(event), when(event) or "")
    return None


def _said(view: View, what: str, told: Object, evidence: str, since: str) -> Said:
    """What was told, with the cause where it is a known one."""
    text = signs.short(told.get("message"))
    known = signs.way(_WAYS, text, re.IGNORECASE)
    cause, remedy = (f"{known[0]}: {text}", known[1]) if known else (text, "")
    return Said(
        f"{what}: {cause}", (evidence,), tuple(filter(None, (remedy, *signs.commands(view, "describe pod")))), since
    )


RULE = Rule(
    "start-error",
    "engine",
    "degraded",
    "the kubelet cannot create the container, mount a volume or make the pod's network",
    "nothing starts until the cause is gone",
    _find,
)
